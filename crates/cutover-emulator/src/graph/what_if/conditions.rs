//! Which condition of a policy stands against a sign-in, one condition after the other.

use std::net::IpAddr;

use serde_json::Value;

use super::device_filter;
use super::question::{Guest, Question, Situation, Target, Who};
use crate::graph::membership::{Directory, text};
use crate::state::Row;

/// Why a policy does not apply (`whatIfAnalysisReasons`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    PolicyNotEnabled,
    NotEnoughInformation,
    InvalidCondition,
    Users,
    WorkloadIdentities,
    Application,
    UserActions,
    AuthenticationContext,
    DevicePlatform,
    Devices,
    ClientApps,
    Location,
    SignInRisk,
    UserRisk,
    InsiderRisk,
    AuthenticationFlow,
    EmptyPolicy,
}

impl Reason {
    /// As Graph spells it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::PolicyNotEnabled => "policyNotEnabled",
            Self::NotEnoughInformation => "notEnoughInformation",
            Self::InvalidCondition => "invalidCondition",
            Self::Users => "users",
            Self::WorkloadIdentities => "workloadIdentities",
            Self::Application => "application",
            Self::UserActions => "userActions",
            Self::AuthenticationContext => "authenticationContext",
            Self::DevicePlatform => "devicePlatform",
            Self::Devices => "devices",
            Self::ClientApps => "clientApps",
            Self::Location => "location",
            Self::SignInRisk => "signInRisk",
            Self::UserRisk => "userRisk",
            Self::InsiderRisk => "insiderRisk",
            Self::AuthenticationFlow => "authenticationFlow",
            Self::EmptyPolicy => "emptyPolicy",
        }
    }
}

/// Parts of the condition set that are looked at. A part that says something and is not among them is nothing that
/// anybody could answer for.
const KNOWN: &[&str] = &[
    "users",
    "applications",
    "clientAppTypes",
    "platforms",
    "locations",
    "devices",
    "signInRiskLevels",
    "userRiskLevels",
    "insiderRiskLevels",
    "servicePrincipalRiskLevels",
    "authenticationFlows",
    "clientApplications",
];

impl Question {
    /// What decides against a policy; `None` when it applies.
    pub(super) fn decided_by(&self, directory: Directory<'_>, policy: &Row) -> Option<Reason> {
        if text(policy, "state") == "disabled" {
            return Some(Reason::PolicyNotEnabled);
        }
        let Some(conditions) = policy.get("conditions").filter(|conditions| is_given(conditions)) else {
            return Some(Reason::EmptyPolicy);
        };
        let unclear = (conditions.as_object().into_iter().flatten())
            .any(|(part, value)| !KNOWN.contains(&part.as_str()) && is_given(value));
        // What excludes a sign-in for certain is said before what cannot be told.
        let decided = [
            self.who(conditions),
            self.target(&conditions["applications"]),
            self.situation.client(&conditions["clientAppTypes"]),
            self.situation.platform(&conditions["platforms"]),
            self.situation.place(directory, &conditions["locations"]),
            self.situation.device(&conditions["devices"]),
            self.situation.risks(conditions),
            self.situation.flow(&conditions["authenticationFlows"]),
        ];
        let certain = |reason: &&Reason| **reason != Reason::NotEnoughInformation;
        let first = decided.iter().flatten().find(certain);
        let first = first.or_else(|| decided.iter().flatten().next()).copied();
        first.or(unclear.then_some(Reason::NotEnoughInformation))
    }

    fn who(&self, conditions: &Value) -> Option<Reason> {
        let workload = &conditions["clientApplications"];
        let is_workload = is_given(workload) || is_given(&conditions["servicePrincipalRiskLevels"]);
        match &self.who {
            Who::User { .. } if is_workload => Some(Reason::WorkloadIdentities),
            Who::User {
                id,
                groups,
                roles,
                guest,
            } => {
                let users = &conditions["users"];
                let within = |side: &str| {
                    let named = |name: &str| &users[format!("{side}{name}")];
                    let any = |name: &str, mine: &[String]| mine.iter().any(|id| lists(named(name), id));
                    lists(named("Users"), "All")
                        || lists(named("Users"), id)
                        || any("Groups", groups)
                        || any("Roles", roles)
                        || guest.as_ref().is_some_and(|guest| {
                            lists(named("Users"), "GuestsOrExternalUsers")
                                || guest.is_among(named("GuestsOrExternalUsers"))
                        })
                };
                (!within("include") || within("exclude")).then_some(Reason::Users)
            }
            Who::ServicePrincipal { .. } if !is_workload => Some(Reason::Users),
            Who::ServicePrincipal { id } => {
                let included = &workload["includeServicePrincipals"];
                if lists(&workload["excludeServicePrincipals"], id)
                    || !(lists(included, id) || lists(included, "ServicePrincipalsInMyTenant"))
                {
                    return Some(Reason::WorkloadIdentities);
                }
                // Rules over attributes of applications cannot be read here.
                is_given(&workload["servicePrincipalFilter"]).then_some(Reason::NotEnoughInformation)
            }
        }
    }

    fn target(&self, applications: &Value) -> Option<Reason> {
        let included = &applications["includeApplications"];
        let excluded = &applications["excludeApplications"];
        let actions = &applications["includeUserActions"];
        let contexts = &applications["includeAuthenticationContextClassReferences"];
        match &self.to {
            // A policy for all applications meets user actions, too (third example of the document).
            Target::UserAction(action) => {
                (!lists(actions, action) && !lists(included, "All")).then_some(Reason::UserActions)
            }
            Target::AuthenticationContext(context) => {
                (!lists(contexts, context)).then_some(Reason::AuthenticationContext)
            }
            Target::Applications(_) if is_given(actions) => Some(Reason::UserActions),
            Target::Applications(_) if is_given(contexts) => Some(Reason::AuthenticationContext),
            Target::Applications(asked) => {
                let named =
                    |set: &Value| lists(set, "All") || asked.iter().all(|app| app.in_tenant && lists(set, &app.id));
                if asked.iter().any(|app| lists(excluded, &app.id)) {
                    return Some(Reason::Application);
                }
                // What bundles such as `Office365` hold, and what filters match, is not known here.
                let filter = is_given(&applications["applicationFilter"]);
                match named(included) {
                    true if filter || is_bundled(excluded) => Some(Reason::NotEnoughInformation),
                    true => None,
                    false if filter || is_bundled(included) => Some(Reason::NotEnoughInformation),
                    false => Some(Reason::Application),
                }
            }
        }
    }
}

impl Guest {
    fn is_among(&self, guests: &Value) -> bool {
        let tenants = &guests["externalTenants"];
        let from = tenants["membershipKind"] != "enumerated"
            || self
                .tenant
                .as_ref()
                .is_some_and(|tenant| lists(&tenants["members"], tenant));
        lists(&guests["guestOrExternalUserTypes"], &self.kind) && from
    }
}

impl Situation {
    fn client(&self, clients: &Value) -> Option<Reason> {
        if !is_given(clients) || lists(clients, "all") {
            return None;
        }
        match &self.client {
            None => Some(Reason::NotEnoughInformation),
            Some(client) => (!lists(clients, client)).then_some(Reason::ClientApps),
        }
    }

    fn platform(&self, platforms: &Value) -> Option<Reason> {
        let (included, excluded) = (&platforms["includePlatforms"], &platforms["excludePlatforms"]);
        let limited = is_given(included) && !lists(included, "all");
        if !limited && !is_given(excluded) {
            return None;
        }
        let Some(platform) = &self.platform else {
            return Some(Reason::NotEnoughInformation);
        };
        let left_out = lists(excluded, platform) || lists(excluded, "all");
        (left_out || (limited && !lists(included, platform))).then_some(Reason::DevicePlatform)
    }

    fn place(&self, directory: Directory<'_>, locations: &Value) -> Option<Reason> {
        if !is_given(locations) {
            return None;
        }
        // Whether it comes from one of a set of places: `None` when it is not told where it comes from.
        let within = |set: &Value| -> Option<bool> {
            if lists(set, "All") {
                return Some(true);
            }
            let mut told = Some(false);
            for place in directory.rows("namedLocations") {
                let trusted = place.get("isTrusted") == Some(&Value::Bool(true));
                if lists(set, text(place, "id")) || (trusted && lists(set, "AllTrusted")) {
                    match self.is_inside(place) {
                        Some(true) => return Some(true),
                        Some(false) => {}
                        None => told = None,
                    }
                }
            }
            told
        };
        let included = &locations["includeLocations"];
        let included = if is_given(included) {
            within(included)
        } else {
            Some(true)
        };
        match (included, within(&locations["excludeLocations"])) {
            (Some(false), _) | (_, Some(true)) => Some(Reason::Location),
            (Some(true), Some(false)) => None,
            _ => Some(Reason::NotEnoughInformation),
        }
    }

    fn is_inside(&self, place: &Row) -> Option<bool> {
        if let Some(countries) = place.get("countriesAndRegions") {
            let country = self.country.as_ref()?;
            return Some(lists(countries, country));
        }
        let address = self.address?;
        let ranges = place.get("ipRanges").and_then(Value::as_array);
        let mut ranges = ranges.into_iter().flatten();
        Some(ranges.any(|range| {
            range["cidrAddress"]
                .as_str()
                .is_some_and(|range| in_range(address, range))
        }))
    }

    fn device(&self, devices: &Value) -> Option<Reason> {
        let filter = &devices["deviceFilter"];
        let rule = filter["rule"].as_str().unwrap_or_default();
        if rule.is_empty() {
            return is_given(devices).then_some(Reason::NotEnoughInformation);
        }
        let Some(device) = &self.device else {
            return Some(Reason::NotEnoughInformation);
        };
        match (device_filter::matches(rule, device), filter["mode"].as_str()) {
            (Some(matched), Some(mode @ ("include" | "exclude"))) => {
                (matched != (mode == "include")).then_some(Reason::Devices)
            }
            _ => Some(Reason::InvalidCondition),
        }
    }

    fn risks(&self, conditions: &Value) -> Option<Reason> {
        [
            ("signInRiskLevels", &self.sign_in_risk, Reason::SignInRisk),
            ("userRiskLevels", &self.user_risk, Reason::UserRisk),
            ("insiderRiskLevels", &self.insider_risk, Reason::InsiderRisk),
            // `whatIfAnalysisReasons` has no word for this one; that it is this is assumed.
            (
                "servicePrincipalRiskLevels",
                &self.service_principal_risk,
                Reason::WorkloadIdentities,
            ),
        ]
        .into_iter()
        .find(|(levels, level, _)| is_given(&conditions[levels]) && !lists(&conditions[levels], level))
        .map(|(_, _, reason)| reason)
    }

    fn flow(&self, flows: &Value) -> Option<Reason> {
        let methods = &flows["transferMethods"];
        let limited = is_given(methods) && !lists(methods, "none");
        (limited && !lists(methods, &self.flow)).then_some(Reason::AuthenticationFlow)
    }
}

/// Whether a condition says anything at all.
fn is_given(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        Value::Object(parts) => parts
            .iter()
            .any(|(name, part)| !name.starts_with('@') && is_given(part)),
        Value::String(text) => !text.is_empty(),
        _ => true,
    }
}

/// Whether a list, or flags in one text, names something; ids compare without regard to case.
fn lists(set: &Value, wanted: &str) -> bool {
    match set {
        Value::Array(items) => items
            .iter()
            .filter_map(Value::as_str)
            .any(|item| item.eq_ignore_ascii_case(wanted)),
        Value::String(flags) => flags.split(',').any(|flag| flag.trim().eq_ignore_ascii_case(wanted)),
        _ => false,
    }
}

/// Whether a set of applications names anything but applications.
fn is_bundled(set: &Value) -> bool {
    let items = set.as_array().into_iter().flatten().filter_map(Value::as_str);
    items
        .filter(|item| !["All", "None"].contains(item))
        .any(|item| uuid::Uuid::parse_str(item).is_err())
}

/// Whether an address is in a range such as `203.0.113.0/24`.
fn in_range(address: IpAddr, range: &str) -> bool {
    let Some((base, length)) = range.split_once('/') else {
        return false;
    };
    let (Ok(base), Ok(length)) = (base.parse::<IpAddr>(), length.parse::<u32>()) else {
        return false;
    };
    let number = |ip: IpAddr| match ip {
        IpAddr::V4(ip) => (u128::from(u32::from(ip)), 32),
        IpAddr::V6(ip) => (u128::from(ip), 128),
    };
    let ((address, width), (base, base_width)) = (number(address), number(base));
    width == base_width
        && length <= width
        && (length == 0 || (address >> (width - length)) == (base >> (width - length)))
}
