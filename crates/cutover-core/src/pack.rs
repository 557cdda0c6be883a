//! Requirement packs: which checks apply to a product, with their severity, phase, source and date, as data.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::code::Code;
use crate::scene::{Region, Scene, Tier};
use crate::version::Version;

/// The requirements of one product's upgrade. Read from TOML; unknown keys are errors.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// Form of the file: 1.
    pub format: u32,
    /// Short name, as in the file name.
    pub name: String,
    /// What the pack is about.
    pub title: String,
    /// The product, as people say it.
    pub product: String,
    /// Names the product uses in a tenant.
    pub names: Names,
    /// The product's data centres.
    pub region: BTreeMap<String, RegionFacts>,
    /// What it needs in Partner Center.
    pub partner_center: PartnerCenter,
    /// What an organisation may choose otherwise.
    pub settings: Settings,
    /// How versions follow each other.
    pub route: Route,
    /// The requirements, in the order they are told.
    pub requirement: Vec<Requirement>,
}

/// Names the product uses in a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// Customisation prefix of the product's publisher.
    pub publisher_prefix: String,
    /// A word that only the portal solution carries in its names.
    pub portal_marker: String,
    /// The service identity's security role.
    pub service_role: String,
    /// The application user's additional security role.
    pub portal_service_role: String,
    /// The security role of whoever works with the product's configuration and billing.
    pub admin_role: String,
    /// The field security profile.
    pub profile: String,
    /// How sign-in names of the vendor's support users begin.
    pub support_user_prefix: String,
    /// The language (LCID) the product's back end needs.
    pub english: i64,
    /// How the display name of the product's application packages begins.
    pub application: String,
    /// English display name of the product's table of jobs.
    pub jobs_table: String,
    /// English display name of that table's column that says when a job is due.
    pub job_scheduled: String,
    /// English labels of the states in which a job has not ended.
    pub open_jobs: Vec<String>,
    /// English display name of the product's table of billing contracts.
    pub billing_table: String,
    /// English display names of that table's columns by which the product bills, charges and synchronises by itself.
    pub automatic_flags: Vec<String>,
}

/// What the product needs in Partner Center.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartnerCenter {
    /// Application id of the Partner Center API.
    pub api: Uuid,
    /// From this version of the product on, a newer page of the vendor asks for no application of the partner's own; `None`
    /// when no page says so.
    pub no_own_app_from: Option<Version>,
    /// Roles of the integration account that satisfy the product, the vendor's default first.
    pub role_set: Vec<RoleSet>,
}

/// Partner Center roles that together are enough. They are groups of the partner tenant and directory roles (Microsoft:
/// assign users roles and permissions).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleSet {
    /// Short name, as the setting `partner_roles` names it.
    pub name: String,
    /// The roles in Partner Center's words, such as `Admin agent`.
    pub title: String,
    /// Display names of the groups that stand for them.
    pub groups: Vec<String>,
    /// Role templates of the directory roles among them.
    #[serde(default)]
    pub directory_roles: Vec<Uuid>,
}

/// What differs between the product's data centres.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegionFacts {
    /// Application id of the product's enterprise application.
    pub app_id: Uuid,
}

/// How strictly MFA is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MfaDemand {
    /// A policy demands it; an MFA claim of an earlier session may be reused.
    Demanded,
    /// It is asked at every sign-in.
    EverySignIn,
}

/// What an organisation may choose otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// How strictly MFA is meant.
    pub mfa: MfaDemand,
    /// Days after which an MFA sign-in is old.
    pub sign_in_age_days: u32,
    /// Hours after which an import without an end is a left-over.
    pub half_done_hours: u32,
    /// Name of the role set that the integration account is to have.
    pub partner_roles: String,
}

impl Settings {
    /// [`Settings::sign_in_age_days`] as a span.
    pub fn sign_in_age(&self) -> SignedDuration {
        SignedDuration::from_hours(i64::from(self.sign_in_age_days) * 24)
    }

    /// [`Settings::half_done_hours`] as a span.
    pub fn half_done(&self) -> SignedDuration {
        SignedDuration::from_hours(i64::from(self.half_done_hours))
    }
}

/// How versions follow each other.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// The newest version the pack knows.
    pub newest: Version,
    /// Where the route comes from.
    pub source: Source,
    /// Versions that older installations are brought to first.
    #[serde(default)]
    pub stop: Vec<Stop>,
    /// What holds for the portal.
    pub portal: PortalRule,
}

/// A version on the way.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stop {
    /// The version to stop at.
    pub version: Version,
    /// Why.
    pub why: String,
}

/// What holds for the portal solution.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortalRule {
    /// With a core below this version the portal is removed first.
    pub remove_before: Version,
    /// A portal must not be of a higher major and minor version than the core.
    pub never_above_core: bool,
    /// Why.
    pub why: String,
}

/// When a requirement has to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Before the install step.
    Before,
    /// Inside a run's window only.
    Window,
    /// After the install step.
    After,
}

/// Whether a requirement can keep a tenant from being ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// It can.
    Required,
    /// It is advice.
    Advisory,
}

/// How long what satisfies a requirement stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Life {
    /// A loan: given back after the run.
    Temporary,
    /// It stays.
    Lasting,
    /// Nothing is held.
    None,
}

/// What kind of identity Work 365 runs as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdentityKind {
    /// A licensed user.
    ServiceAccount,
    /// An application user, without a licence.
    ApplicationUser,
}

impl IdentityKind {
    /// The kind a scene has.
    pub fn of(scene: &Scene) -> Self {
        if scene.service_identity.is_user() {
            Self::ServiceAccount
        } else {
            Self::ApplicationUser
        }
    }

    /// As a person says it.
    pub fn words(self) -> &'static str {
        match self {
            Self::ServiceAccount => "a service account",
            Self::ApplicationUser => "an application user",
        }
    }
}

/// One requirement.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// Its code, which is also the check's.
    pub code: Code,
    /// The row of the vendor's article.
    pub row: String,
    /// What is required, in one line.
    pub title: String,
    /// When it has to hold.
    pub phase: Phase,
    /// Whether it can keep a tenant from being ready.
    pub severity: Severity,
    /// How long what satisfies it stays.
    pub life: Life,
    /// For whom it is a requirement at all; for everybody when left out.
    #[serde(default)]
    pub applies: Applies,
    /// For which kind of identity it is only advice.
    pub advisory_for: Option<IdentityKind>,
    /// Whether a person's attestation can meet it.
    #[serde(default)]
    pub attestable: bool,
    /// Where it comes from, with dates; older, contradicting documents among them.
    pub sources: Vec<Source>,
}

/// For whom a requirement holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Applies {
    /// Only for this kind of service identity.
    pub identity: Option<IdentityKind>,
    /// Only for this tier.
    pub tier: Option<Tier>,
    /// Only from this target version on.
    pub since: Option<Version>,
    /// Only below this target version.
    pub until: Option<Version>,
}

/// A document a requirement rests on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its title.
    pub title: String,
    /// Its address.
    pub url: String,
    /// Its date, as far as the page shows one.
    pub date: Option<String>,
    /// What it says, where it differs.
    pub says: Option<String>,
}

/// Why a text is not a pack.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// The TOML or its keys are wrong; the message shows the place.
    #[error("the pack cannot be read: {0}")]
    Toml(#[from] toml::de::Error),
    /// Its form is of another version.
    #[error("the pack has format {0}, this version of cutover reads format 1")]
    Format(u32),
    /// A requirement names a check this version does not have.
    #[error("the pack names {0}, and this version of cutover has no check of that code")]
    NoSuchCheck(Code),
    /// The same code twice.
    #[error("the pack names {0} twice")]
    Twice(Code),
    /// A region is missing.
    #[error("the pack has no [region.{0}]")]
    NoRegion(&'static str),
    /// The setting `partner_roles` names roles that the pack does not list.
    #[error("the pack's setting partner_roles names `{0}`, and no [[partner_center.role_set]] has that name")]
    NoRoleSet(String),
}

impl Pack {
    /// The requirements of Work 365 as they are built in, in TOML.
    pub const WORK365: &str = include_str!("../../../packs/work365.toml");

    /// The built-in pack for Work 365.
    ///
    /// # Errors
    /// Never in a released program: a test reads it.
    pub fn work365() -> Result<Self, PackError> {
        // That every code of the built-in pack has a check is shown by a test.
        Self::from_toml(Self::WORK365, |_| true)
    }

    /// Reads a pack, and asks of each code whether this version has a check for it.
    ///
    /// # Errors
    /// When the text is not a pack, or names a check that does not exist.
    pub fn from_toml(text: &str, has_check: impl Fn(Code) -> bool) -> Result<Self, PackError> {
        #[derive(Deserialize)]
        struct Head {
            format: u32,
        }
        // A newer pack may have keys that this version does not know: its format is looked at before them.
        let head: Head = toml::from_str(text)?;
        if head.format != 1 {
            return Err(PackError::Format(head.format));
        }
        let pack: Self = toml::from_str(text)?;
        for (index, requirement) in pack.requirement.iter().enumerate() {
            if !has_check(requirement.code) {
                return Err(PackError::NoSuchCheck(requirement.code));
            }
            if pack
                .requirement
                .iter()
                .take(index)
                .any(|earlier| earlier.code == requirement.code)
            {
                return Err(PackError::Twice(requirement.code));
            }
        }
        for region in [Region::Us, Region::Eu] {
            if pack.app_id(region).is_none() {
                return Err(PackError::NoRegion(region.word()));
            }
        }
        if pack.role_set().is_none() {
            return Err(PackError::NoRoleSet(pack.settings.partner_roles));
        }
        Ok(pack)
    }

    /// Application id of the product in a region; every pack that was read has one for each.
    pub fn app_id(&self, region: Region) -> Option<Uuid> {
        self.region.get(region.word()).map(|facts| facts.app_id)
    }

    /// The requirement of a code.
    pub fn requirement(&self, code: Code) -> Option<&Requirement> {
        self.requirement.iter().find(|requirement| requirement.code == code)
    }

    /// The Partner Center roles that the setting `partner_roles` asks for.
    pub fn role_set(&self) -> Option<&RoleSet> {
        let sets = &self.partner_center.role_set;
        sets.iter().find(|set| set.name == self.settings.partner_roles)
    }

    /// The version the upgrade goes to.
    pub fn target(&self, scene: &Scene) -> Version {
        scene.target.unwrap_or(self.route.newest)
    }
}
