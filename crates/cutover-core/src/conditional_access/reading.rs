//! Conditions read from Graph's JSON, in Graph's words.

use serde_json::Value;
use uuid::Uuid;

use super::controls::{grant, session};
use super::policy::{
    AppSet, Applications, Conditions, Filter, GuestSet, LocationSet, Locations, Policy, State, UserSet, Users,
};
use super::situation::{Axis, ClientType, Flow, InsiderRisk, Mask, Platform, Risk};
use super::taken::Taken;

impl Policy {
    /// Reads a policy. Nothing in it can make this fail: what is not understood is listed.
    pub fn read(policy: &Value) -> Self {
        let mut whole = Taken::new(policy);
        let mut conditions = whole.object("conditions");
        let mut odd = Vec::new();
        let users = users(&mut conditions, &mut odd);
        let applications = applications(&mut conditions, &mut odd);
        let situations = situations(&mut conditions, &mut odd);
        conditions.rest("conditions", &mut odd);
        let grant = grant(&mut whole.object("grantControls"));
        let session = session(&mut whole.object("sessionControls"));
        Self {
            id: whole.text("id").unwrap_or_default(),
            name: whole.text("displayName").unwrap_or_default(),
            state: State::read(&whole.text("state").unwrap_or_default()),
            users,
            applications,
            conditions: situations,
            grant,
            session,
            not_understood: odd,
        }
    }
}

impl State {
    pub(super) fn read(word: &str) -> Self {
        match word {
            "enabled" => Self::Enabled,
            "enabledForReportingButNotEnforced" => Self::ReportOnly,
            "disabled" => Self::Disabled,
            other => Self::Other(other.to_owned()),
        }
    }
}

fn users(conditions: &mut Taken, odd: &mut Vec<String>) -> Users {
    let mut users = conditions.object("users");
    let set = |users: &mut Taken, side: &str| {
        let mut set = UserSet::default();
        for word in users.texts(&format!("{side}Users")) {
            match (word.as_str(), Uuid::parse_str(&word)) {
                ("All", _) => set.all = true,
                ("GuestsOrExternalUsers", _) => set.guests = true,
                ("None", _) => {}
                (_, Ok(id)) => set.users.push(id),
                (_, Err(_)) => set.odd.push(word),
            }
        }
        let mut ids = |name: &str| {
            let words = users.texts(&format!("{side}{name}"));
            let (ids, others): (Vec<_>, Vec<_>) = words.into_iter().partition(|word| Uuid::parse_str(word).is_ok());
            set.odd.extend(others);
            ids.iter().filter_map(|id| Uuid::parse_str(id).ok()).collect()
        };
        let groups = ids("Groups");
        let roles = ids("Roles");
        set.groups = groups;
        set.roles = roles;
        let mut guests = users.object(&format!("{side}GuestsOrExternalUsers"));
        let kinds = guests.flags("guestOrExternalUserTypes");
        let mut tenants = guests.object("externalTenants");
        let kind = tenants.text("membershipKind");
        let some = !tenants.texts("members").is_empty() || kind.as_deref().is_some_and(|kind| kind != "all");
        if kinds.iter().any(|kind| kind != "none") {
            set.guest_kinds = Some(GuestSet {
                kinds,
                some_tenants: some,
            });
        }
        let mut left = Vec::new();
        tenants.rest("externalTenants", &mut left);
        guests.rest("guests", &mut left);
        set.odd.extend(left);
        set
    };
    let read = Users {
        include: set(&mut users, "include"),
        exclude: set(&mut users, "exclude"),
    };
    users.rest("conditions.users", odd);
    read
}

fn applications(conditions: &mut Taken, odd: &mut Vec<String>) -> Applications {
    let mut apps = conditions.object("applications");
    let mut set = |name: &str| {
        let mut set = AppSet::default();
        for word in apps.texts(name) {
            match (word.as_str(), Uuid::parse_str(&word)) {
                ("All", _) => set.all = true,
                ("None", _) => {}
                (_, Ok(id)) => set.ids.push(id),
                (_, Err(_)) => set.bundles.push(word),
            }
        }
        set
    };
    let include = set("includeApplications");
    let exclude = set("excludeApplications");
    let read = Applications {
        include,
        exclude,
        filter: filter(&mut apps, "applicationFilter", "conditions.applications", odd),
        user_actions: apps.texts("includeUserActions"),
        contexts: apps.texts("includeAuthenticationContextClassReferences"),
    };
    apps.rest("conditions.applications", odd);
    read
}

fn filter(within: &mut Taken, name: &str, path: &str, odd: &mut Vec<String>) -> Option<Filter> {
    let mut filter = within.object(name);
    let rule = filter.text("rule");
    let mode = filter.text("mode");
    filter.rest(&format!("{path}.{name}"), odd);
    let rule = rule.filter(|rule| !rule.trim().is_empty())?;
    match mode.as_deref() {
        Some("include") => Some(Filter { exclude: false, rule }),
        Some("exclude") => Some(Filter { exclude: true, rule }),
        other => {
            odd.push(format!("{path}.{name}.mode: {}", other.unwrap_or("not set")));
            None
        }
    }
}

fn situations(conditions: &mut Taken, odd: &mut Vec<String>) -> Conditions {
    let mut mask = |name: &str, known: &[(&str, Mask)], all: Mask| {
        let words = conditions.flags(name);
        if words.is_empty() {
            return all;
        }
        let mut mask = 0;
        for word in words {
            match known.iter().find(|(name, _)| name.eq_ignore_ascii_case(&word)) {
                Some((_, bits)) => mask |= bits,
                None => odd.push(format!("conditions.{name}: {word}")),
            }
        }
        mask
    };
    let clients = mask("clientAppTypes", ClientType::WORDS, ClientType::ALL);
    let sign_in_risk = mask("signInRiskLevels", Risk::WORDS, Risk::ALL);
    let user_risk = mask("userRiskLevels", Risk::WORDS, Risk::ALL);
    let insider_risk = mask("insiderRiskLevels", InsiderRisk::WORDS, InsiderRisk::ALL);
    let mut flows = conditions.object("authenticationFlows");
    let words: Vec<String> = flows
        .flags("transferMethods")
        .into_iter()
        .filter(|word| word != "none")
        .collect();
    flows.rest("conditions.authenticationFlows", odd);
    let mut flow = if words.is_empty() { Flow::ALL } else { 0 };
    for word in words {
        match Flow::WORDS.iter().find(|(name, _)| name.eq_ignore_ascii_case(&word)) {
            Some((_, bits)) => flow |= bits,
            None => odd.push(format!("conditions.authenticationFlows.transferMethods: {word}")),
        }
    }
    let platforms = platforms(conditions, odd);
    let locations = locations(conditions, odd);
    let mut devices = conditions.object("devices");
    let device_filter = filter(&mut devices, "deviceFilter", "conditions.devices", odd);
    let mut excluded_device_states = Vec::new();
    for (name, include, exclude) in [
        ("devices", "includeDevices", "excludeDevices"),
        ("devices", "includeDeviceStates", "excludeDeviceStates"),
    ] {
        states(&mut devices, name, include, exclude, &mut excluded_device_states, odd);
    }
    devices.rest("conditions.devices", odd);
    let mut older = conditions.object("deviceStates");
    states(
        &mut older,
        "deviceStates",
        "includeStates",
        "excludeStates",
        &mut excluded_device_states,
        odd,
    );
    older.rest("conditions.deviceStates", odd);
    let workload_identities = workload_identities(conditions, odd);
    let mut axes = [0; Axis::COUNT];
    for (axis, bits) in [
        (Axis::Client, clients),
        (Axis::Platform, platforms),
        (Axis::SignInRisk, sign_in_risk),
        (Axis::UserRisk, user_risk),
        (Axis::InsiderRisk, insider_risk),
        (Axis::Flow, flow),
    ] {
        if let Some(slot) = axes.get_mut(axis.index()) {
            *slot = bits;
        }
    }
    Conditions {
        axes,
        locations,
        device_filter,
        excluded_device_states,
        workload_identities,
    }
}

/// Whether a policy is for applications or for agents that sign in by themselves; then it is not for people (Microsoft
/// Graph, `conditionalAccessConditionSet`: either users or client applications).
fn workload_identities(conditions: &mut Taken, odd: &mut Vec<String>) -> bool {
    let mut workload = conditions.object("clientApplications");
    let mut said = false;
    for name in ["includeServicePrincipals", "includeAgentIdServicePrincipals"] {
        said |= !workload.texts(name).is_empty();
    }
    for name in ["servicePrincipalFilter", "agentIdServicePrincipalFilter"] {
        said |= !workload.object(name).is_empty();
    }
    for name in ["excludeServicePrincipals", "excludeAgentIdServicePrincipals"] {
        let _ = workload.texts(name);
    }
    workload.rest("conditions.clientApplications", odd);
    for name in ["servicePrincipalRiskLevels", "agentIdRiskLevels"] {
        said |= !conditions.flags(name).is_empty();
    }
    said
}

/// Older forms of the device condition: everything is included, some states are excluded.
fn states(
    devices: &mut Taken,
    place: &str,
    include: &str,
    exclude: &str,
    excluded: &mut Vec<String>,
    odd: &mut Vec<String>,
) {
    for word in devices.texts(include) {
        if word != "All" {
            odd.push(format!("conditions.{place}.{include}: {word}"));
        }
    }
    for word in devices.texts(exclude) {
        if ["Compliant", "DomainJoined"].contains(&word.as_str()) {
            excluded.push(word);
        } else {
            odd.push(format!("conditions.{place}.{exclude}: {word}"));
        }
    }
}

fn platforms(conditions: &mut Taken, odd: &mut Vec<String>) -> Mask {
    let mut platforms = conditions.object("platforms");
    let mut mask = |name: &str| {
        let mut mask = 0;
        let words = platforms.texts(name);
        for word in &words {
            match Platform::WORDS
                .iter()
                .find(|(known, _)| known.eq_ignore_ascii_case(word))
            {
                Some((_, bits)) => mask |= bits,
                None => odd.push(format!("conditions.platforms.{name}: {word}")),
            }
        }
        (mask, words.is_empty())
    };
    let (include, none_included) = mask("includePlatforms");
    let (exclude, _) = mask("excludePlatforms");
    platforms.rest("conditions.platforms", odd);
    let include = if none_included { Platform::ALL } else { include };
    include & !exclude
}

fn locations(conditions: &mut Taken, odd: &mut Vec<String>) -> Option<Locations> {
    let mut locations = conditions.object("locations");
    let mut set = |name: &str| {
        let mut set = LocationSet::default();
        for word in locations.texts(name) {
            match word.as_str() {
                "All" => set.all = true,
                "AllTrusted" => set.trusted = true,
                _ => set.ids.push(word.to_ascii_lowercase()),
            }
        }
        set
    };
    let mut include = set("includeLocations");
    let exclude = set("excludeLocations");
    locations.rest("conditions.locations", odd);
    if include == LocationSet::default() && exclude == LocationSet::default() {
        return None;
    }
    // Graph always writes what is included; exclusions alone are read as exclusions from everywhere.
    if include == LocationSet::default() {
        include.all = true;
    }
    Some(Locations { include, exclude })
}
