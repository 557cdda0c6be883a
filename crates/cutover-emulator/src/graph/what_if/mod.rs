//! What-If: which policies apply to one sign-in (Microsoft Graph, `conditionalAccessRoot: evaluate`).
//!
//! It decides one concrete sign-in at a time, condition by condition, on the policies as they are stored. What the
//! document leaves open is marked `assumed`.

mod device_filter;

use std::net::IpAddr;

use serde_json::{Value, json};

use super::membership::{Directory, text};
use crate::state::Row;

/// One sign-in that is asked about.
pub(super) struct SignIn<'a> {
    user: String,
    groups: Vec<String>,
    roles: Vec<String>,
    guest: Option<String>,
    guest_tenant: Option<String>,
    applications: Vec<String>,
    user_action: Option<String>,
    context: Option<String>,
    conditions: &'a Value,
}

/// Why a question cannot be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Something that has to be there is not, or is of another kind.
    Bad(String),
    /// The user is not there.
    NoSuchUser(String),
}

/// The answer to a question as it came over the wire: every policy with whether it applies and what decided it.
pub(super) fn answer(directory: Directory<'_>, question: &Value) -> Result<Vec<Value>, Refusal> {
    let sign_in = SignIn::read(directory, question)?;
    let only_applied = question.get("appliedPoliciesOnly").and_then(Value::as_bool) == Some(true);
    let mut answers = Vec::new();
    for policy in directory.rows("conditionalAccessPolicies") {
        let reason = sign_in.decided_by(directory, policy);
        if only_applied && reason != APPLIES {
            continue;
        }
        let mut row = policy.clone();
        row.retain(|name, _| !name.starts_with("_emulator_") && name != "deletedDateTime");
        row.insert("policyApplies".to_owned(), json!(reason == APPLIES));
        row.insert("analysisReasons".to_owned(), json!(reason));
        answers.push(Value::Object(row));
    }
    Ok(answers)
}

/// The reason of a policy that applies (`whatIfAnalysisReasons`).
const APPLIES: &str = "notSet";

impl<'a> SignIn<'a> {
    fn read(directory: Directory<'_>, question: &'a Value) -> Result<Self, Refusal> {
        let bad = |what: &str| Refusal::Bad(what.to_owned());
        let identity = question.get("signInIdentity").ok_or_else(|| bad("signInIdentity is required"))?;
        let user = identity
            .get("userId")
            .and_then(Value::as_str)
            .ok_or_else(|| bad("signInIdentity.userId is required"))?;
        let row = directory
            .find("users", "id", user)
            .ok_or_else(|| Refusal::NoSuchUser(user.to_owned()))?;
        let context = question.get("signInContext").ok_or_else(|| bad("signInContext is required"))?;
        let list = |name: &str| -> Vec<String> {
            let items = context.get(name).and_then(Value::as_array);
            items.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let one = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let guest = match (one(identity, "externalUserType"), text(row, "userType")) {
            (Some(kind), _) if kind != "none" => Some(kind),
            // assumed: a guest whose kind is not said counts as the usual kind of guest.
            (_, kind) if kind.eq_ignore_ascii_case("Guest") => Some("b2bCollaborationGuest".to_owned()),
            _ => None,
        };
        Ok(Self {
            user: user.to_owned(),
            groups: directory
                .groups_of(user, true)
                .into_iter()
                .map(|group| text(group, "id").to_owned())
                .collect(),
            roles: directory
                .transitive_role_assignments(user)
                .iter()
                .map(|assignment| text(assignment, "roleDefinitionId").to_owned())
                .collect(),
            guest,
            guest_tenant: one(identity, "externalTenantId"),
            applications: list("includeApplications"),
            user_action: one(context, "userAction"),
            context: one(context, "authenticationContext"),
            conditions: question.get("signInConditions").unwrap_or(&Value::Null),
        })
    }

    /// What decides about a policy; [`APPLIES`] when nothing stands against it.
    fn decided_by(&self, directory: Directory<'_>, policy: &Row) -> &'static str {
        let conditions = policy.get("conditions").unwrap_or(&Value::Null);
        // Report-only policies come back as if they were enforced (documented).
        if text(policy, "state") == "disabled" {
            return "policyNotEnabled";
        }
        if is_given(&conditions["clientApplications"]) || is_given(&conditions["servicePrincipalRiskLevels"]) {
            return "workloadIdentities";
        }
        if !self.is_user(&conditions["users"]) {
            return "users";
        }
        if let Some(reason) = self.not_the_target(&conditions["applications"]) {
            return reason;
        }
        let one = |name: &str| self.conditions.get(name).and_then(Value::as_str);
        let clients = &conditions["clientAppTypes"];
        let client = one("clientAppType").unwrap_or("all");
        if is_given(clients) && client != "all" && !lists(clients, "all") && !lists(clients, client) {
            return "clientApps";
        }
        if !self.is_platform(&conditions["platforms"]) {
            return "devicePlatform";
        }
        if !self.is_place(directory, &conditions["locations"]) {
            return "location";
        }
        if let Some(reason) = self.not_the_device(&conditions["devices"]) {
            return reason;
        }
        for (given, asked, reason) in [
            ("signInRiskLevels", "signInRiskLevel", "signInRisk"),
            ("userRiskLevels", "userRiskLevel", "userRisk"),
            ("insiderRiskLevels", "insiderRiskLevel", "insiderRisk"),
        ] {
            let levels = &conditions[given];
            if is_given(levels) && !lists(levels, one(asked).unwrap_or("none")) {
                return reason;
            }
        }
        let flows = &conditions["authenticationFlows"]["transferMethods"];
        let flow = self.conditions["authenticationFlow"]["transferMethod"].as_str().unwrap_or("none");
        if is_given(flows) && !lists(flows, "none") && !lists(flows, flow) {
            return "authenticationFlow";
        }
        APPLIES
    }

    fn is_user(&self, users: &Value) -> bool {
        let within = |side: &str| {
            let named = |name: &str| &users[format!("{side}{name}")];
            let any = |name: &str, mine: &[String]| mine.iter().any(|id| lists(named(name), id));
            lists(named("Users"), "All")
                || lists(named("Users"), &self.user)
                || (self.guest.is_some() && lists(named("Users"), "GuestsOrExternalUsers"))
                || any("Groups", &self.groups)
                || any("Roles", &self.roles)
                || self.is_guest(named("GuestsOrExternalUsers"))
        };
        within("include") && !within("exclude")
    }

    fn is_guest(&self, guests: &Value) -> bool {
        let Some(kind) = &self.guest else {
            return false;
        };
        let tenants = &guests["externalTenants"];
        let from = tenants["membershipKind"].as_str() != Some("enumerated")
            || self.guest_tenant.as_ref().is_some_and(|tenant| lists(&tenants["members"], tenant));
        lists(&guests["guestOrExternalUserTypes"], kind) && from
    }

    fn not_the_target(&self, applications: &Value) -> Option<&'static str> {
        let actions = &applications["includeUserActions"];
        let contexts = &applications["includeAuthenticationContextClassReferences"];
        if is_given(actions) {
            let asked = self.user_action.as_ref();
            return (!asked.is_some_and(|action| lists(actions, action))).then_some("userActions");
        }
        if is_given(contexts) {
            let asked = self.context.as_ref();
            return (!asked.is_some_and(|context| lists(contexts, context))).then_some("authenticationContext");
        }
        let within = |set: &Value| {
            let named = |id: &String| lists(set, id);
            lists(set, "All") || (!self.applications.is_empty() && self.applications.iter().all(named))
        };
        let meant = within(&applications["includeApplications"]);
        let left_out = self.applications.iter().any(|id| lists(&applications["excludeApplications"], id))
            || lists(&applications["excludeApplications"], "All");
        (!meant || left_out || self.applications.is_empty()).then_some("application")
    }

    fn is_platform(&self, platforms: &Value) -> bool {
        let included = &platforms["includePlatforms"];
        if !is_given(platforms) || !is_given(included) {
            return true;
        }
        let platform = self.conditions["devicePlatform"].as_str().unwrap_or_default();
        let within = |set: &Value| lists(set, "all") || (!platform.is_empty() && lists(set, platform));
        within(included) && !within(&platforms["excludePlatforms"])
    }

    fn is_place(&self, directory: Directory<'_>, locations: &Value) -> bool {
        if !is_given(locations) {
            return true;
        }
        let within = |set: &Value| {
            lists(set, "All")
                || directory.rows("namedLocations").any(|place| {
                    let trusted = place.get("isTrusted").and_then(Value::as_bool) == Some(true);
                    let meant = lists(set, text(place, "id")) || (trusted && lists(set, "AllTrusted"));
                    meant && self.is_inside(place)
                })
        };
        within(&locations["includeLocations"]) && !within(&locations["excludeLocations"])
    }

    fn is_inside(&self, place: &Row) -> bool {
        if let Some(countries) = place.get("countriesAndRegions") {
            return match self.conditions["country"].as_str() {
                Some(country) => lists(countries, country),
                None => place.get("includeUnknownCountriesAndRegions").and_then(Value::as_bool) == Some(true),
            };
        }
        let Some(address) = self.conditions["ipAddress"].as_str().and_then(|ip| ip.parse::<IpAddr>().ok()) else {
            return false;
        };
        let ranges = place.get("ipRanges").and_then(Value::as_array);
        ranges
            .into_iter()
            .flatten()
            .filter_map(|range| range["cidrAddress"].as_str())
            .any(|range| in_range(address, range))
    }

    fn not_the_device(&self, devices: &Value) -> Option<&'static str> {
        let filter = &devices["deviceFilter"];
        let rule = filter["rule"].as_str().unwrap_or_default();
        if rule.is_empty() {
            return None;
        }
        let none = json!({});
        let device = self.conditions.get("deviceInfo").filter(|info| info.is_object()).unwrap_or(&none);
        match device_filter::matches(rule, device) {
            None => Some("invalidCondition"),
            Some(matched) => (matched == (filter["mode"] == "exclude")).then_some("devices"),
        }
    }
}

/// Whether a condition says anything at all.
fn is_given(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        Value::Object(parts) => parts.values().any(is_given),
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
