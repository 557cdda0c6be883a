//! Microsoft's clouds: where their services and portals are, and what they lack.
//!
//! A tenant lives in one cloud. Nothing of another one is asked about it: its tokens are of another authority, and its
//! administrators may not even be allowed to reach the other's hosts.

mod table;

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::evidence::Service;

pub use table::PROFILES;

/// One of Microsoft's clouds that run Dynamics 365.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Cloud {
    /// The worldwide cloud.
    #[default]
    Commercial,
    /// US Government Community Cloud: the worldwide Entra ID and Graph, with Dynamics 365 of its own.
    Gcc,
    /// US Government Community Cloud High.
    GccHigh,
    /// US Department of Defense.
    Dod,
    /// China, operated by 21Vianet.
    China,
}

/// An API in a cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Endpoint {
    /// Where requests go.
    pub address: &'static str,
    /// What tokens are asked for, without `/.default`.
    pub audience: &'static str,
    /// Its application id.
    pub app_id: &'static str,
}

/// Where people administer things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Portals {
    /// Entra admin centre.
    pub entra: &'static str,
    /// Microsoft 365 admin centre.
    pub microsoft_365: &'static str,
    /// Power Platform admin centre.
    pub power_platform: &'static str,
    /// Power Apps.
    pub power_apps: &'static str,
    /// Partner Center; `None` where no document names one.
    pub partner_center: Option<&'static str>,
}

/// What a tenant's discovery document says in a cloud (`.well-known/openid-configuration`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Discovery {
    /// `cloud_instance_name`.
    pub instance: &'static str,
    /// `tenant_region_sub_scope`; `None` where there is none.
    pub sub_scope: Option<&'static str>,
}

/// Something a check would ask and that a cloud does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lack {
    /// Who would answer.
    pub service: Service,
    /// The path of the call as its specification writes it; `None` for the whole service.
    pub path: Option<&'static str>,
    /// What is lacking and why, a sentence fragment.
    pub why: &'static str,
    /// Where that is said.
    pub source: &'static str,
}

/// What is different from cloud to cloud, as data. Each value has its source in [`Profile::sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    /// Which cloud.
    pub cloud: Cloud,
    /// What Microsoft calls it.
    pub title: &'static str,
    /// Entra ID's sign-in address.
    pub login: &'static str,
    /// Microsoft Graph.
    pub graph: Endpoint,
    /// What the hosts of environments end with: `crm` and a region's number where `numbered`.
    pub environments: &'static str,
    /// Whether the regions of this cloud have numbers (`crm4.dynamics.com`).
    pub numbered: bool,
    /// Dataverse's application id; address and audience are the environment's own.
    pub dataverse_app_id: &'static str,
    /// The Power Platform API.
    pub power_platform: Endpoint,
    /// The older administration API (BAP).
    pub business_app_platform: Endpoint,
    /// The Partner Center API; `None` where there is none to ask.
    pub partner_center: Option<Endpoint>,
    /// Where people administer things.
    pub portals: Portals,
    /// How a tenant says that it is here.
    pub discovery: Discovery,
    /// What is missing here.
    pub lacks: &'static [Lack],
    /// Where the values are from: what, and the document.
    pub sources: &'static [(&'static str, &'static str)],
}

impl Profile {
    /// The application ids of its APIs.
    pub fn app_ids(&self) -> impl Iterator<Item = Uuid> {
        let partner_center = self.partner_center.map(|api| api.app_id);
        [
            self.graph.app_id,
            self.dataverse_app_id,
            self.power_platform.app_id,
            self.business_app_platform.app_id,
        ]
        .into_iter()
        .chain(partner_center)
        .filter_map(|id| Uuid::parse_str(id).ok())
    }
}

/// There is no such cloud.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no cloud `{}`", .0.escape_debug())]
pub struct NoSuchCloud(String);

impl Cloud {
    /// All of them, the worldwide one first.
    pub const ALL: [Self; 5] = [Self::Commercial, Self::Gcc, Self::GccHigh, Self::Dod, Self::China];

    /// The name in configuration and facts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Commercial => "commercial",
            Self::Gcc => "gcc",
            Self::GccHigh => "gcc-high",
            Self::Dod => "dod",
            Self::China => "china",
        }
    }

    /// What is different in it.
    pub const fn profile(self) -> &'static Profile {
        match self {
            Self::Commercial => &PROFILES[0],
            Self::Gcc => &PROFILES[1],
            Self::GccHigh => &PROFILES[2],
            Self::Dod => &PROFILES[3],
            Self::China => &PROFILES[4],
        }
    }

    /// The cloud whose environments have such hosts: `contoso.crm9.dynamics.com`, with or without `.api` inside. `None` for
    /// any other host.
    pub fn of_environment(host: &str) -> Option<Self> {
        let host = host.to_ascii_lowercase();
        let (name, domain) = host.split_once('.')?;
        let domain = domain.strip_prefix("api.").unwrap_or(domain);
        if name.is_empty() {
            return None;
        }
        // GCC's region has a number among the others, so whole names come first.
        let exact = PROFILES
            .iter()
            .find(|profile| !profile.numbered && profile.environments == domain);
        let numbered = || {
            PROFILES.iter().find(|profile| {
                let region = domain
                    .strip_suffix(profile.environments)
                    .and_then(|it| it.strip_prefix("crm"));
                profile.numbered && region.is_some_and(|number| number.bytes().all(|it| it.is_ascii_digit()))
            })
        };
        exact.or_else(numbered).map(|profile| profile.cloud)
    }

    /// Why this cloud cannot answer a call; `None` when it can.
    pub fn lack(self, service: Service, path: &str) -> Option<&'static Lack> {
        let lacks = self.profile().lacks.iter();
        lacks
            .filter(|lack| lack.service == service)
            .find(|lack| lack.path.is_none_or(|lacking| lacking == path))
    }

    /// The same place in this cloud's portals. `None` where this cloud has no such portal that a document names; an address
    /// that is no portal of the worldwide cloud stays as it is.
    pub fn link(self, commercial: &str) -> Option<String> {
        let (from, to) = (&Self::Commercial.profile().portals, &self.profile().portals);
        let pairs = [
            (Some(from.entra), Some(to.entra)),
            (Some(from.microsoft_365), Some(to.microsoft_365)),
            (Some(from.power_platform), Some(to.power_platform)),
            (Some(from.power_apps), Some(to.power_apps)),
            (from.partner_center, to.partner_center),
        ];
        let below = |root: &str| {
            let rest = commercial.strip_prefix(root)?;
            (rest.is_empty() || rest.starts_with(['/', '#', '?'])).then_some(rest)
        };
        let found = pairs.into_iter().find_map(|(from, to)| Some((to, below(from?)?)));
        match found {
            Some((to, rest)) => to.map(|to| format!("{to}{rest}")),
            None => Some(commercial.to_owned()),
        }
    }

    /// The cloud that a discovery document speaks of; `None` when it says nothing, or several would fit.
    pub fn of_discovery(instance: &str, sub_scope: Option<&str>) -> Option<Self> {
        let same = |one: Option<&str>, other: Option<&str>| match (one, other) {
            (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
            (one, other) => one.is_none() && other.is_none(),
        };
        let sub_scope = sub_scope.filter(|scope| !scope.is_empty());
        let mut fitting = PROFILES.iter().filter(|profile| {
            profile.discovery.instance.eq_ignore_ascii_case(instance) && same(profile.discovery.sub_scope, sub_scope)
        });
        fitting.next().map(|profile| profile.cloud)
    }

    /// Whether a discovery document may be one of this cloud. What it leaves out contradicts nothing.
    pub fn may_be(self, instance: Option<&str>, sub_scope: Option<&str>) -> bool {
        let known = &self.profile().discovery;
        let Some(instance) = instance.filter(|instance| !instance.is_empty()) else {
            return true;
        };
        if !instance.eq_ignore_ascii_case(known.instance) {
            return false;
        }
        match (known.sub_scope, sub_scope.filter(|scope| !scope.is_empty())) {
            (Some(known), Some(told)) => known.eq_ignore_ascii_case(told),
            // A sub-scope of a cloud that is known belongs to that one; any other may come tomorrow.
            (None, Some(told)) => Self::of_discovery(instance, Some(told)).is_none_or(|other| other == self),
            (_, None) => true,
        }
    }
}

impl fmt::Display for Cloud {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl FromStr for Cloud {
    type Err = NoSuchCloud;

    fn from_str(text: &str) -> Result<Self, NoSuchCloud> {
        Self::ALL
            .into_iter()
            .find(|cloud| cloud.name() == text)
            .ok_or_else(|| NoSuchCloud(text.to_owned()))
    }
}

#[cfg(test)]
mod tests;
