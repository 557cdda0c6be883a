//! A Conditional Access policy, read whole from Graph's JSON.
//!
//! What this version does not understand is kept by name: inside the conditions it narrows the policy in a way nobody
//! here can tell, so such a policy is never counted as a match and never as MFA (Microsoft Graph documentation,
//! `conditionalAccessPolicy`).

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::facts::tenant::ConditionalAccessPolicy;

use super::situation::{Axis, ClientType, Flow, InsiderRisk, Mask, Platform, Risk};

/// A policy with everything that decides about a sign-in.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// Policy id.
    pub id: String,
    /// Display name: somebody's text.
    pub name: String,
    /// Whether it is enforced.
    pub state: State,
    /// Whom it is for.
    pub users: Users,
    /// What they sign in to.
    pub applications: Applications,
    /// In which situations.
    pub conditions: Conditions,
    /// What it demands.
    pub grant: Grant,
    /// How long a sign-in lasts.
    pub session: Session,
    /// Conditions that this version does not understand, as `path: value`.
    pub not_understood: Vec<String>,
}

/// Whether a policy is enforced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// `enabled`.
    Enabled,
    /// `enabledForReportingButNotEnforced`.
    ReportOnly,
    /// `disabled`.
    Disabled,
    /// A state that this version does not know; it is not taken for enforced.
    Other(String),
}

/// Whom a policy includes and excludes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Users {
    /// Included.
    pub include: UserSet,
    /// Excluded; exclusion wins.
    pub exclude: UserSet,
}

/// A set of users.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserSet {
    /// `All`.
    pub all: bool,
    /// `GuestsOrExternalUsers`: every guest.
    pub guests: bool,
    /// Users by object id.
    pub users: Vec<Uuid>,
    /// Groups by object id.
    pub groups: Vec<Uuid>,
    /// Directory roles by template id.
    pub roles: Vec<Uuid>,
    /// Kinds of guests.
    pub guest_kinds: Option<GuestSet>,
    /// Words that this version does not know.
    pub odd: Vec<String>,
}

/// Kinds of guests, perhaps of certain tenants only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestSet {
    /// Kinds, such as `b2bCollaborationGuest`.
    pub kinds: Vec<String>,
    /// Of certain tenants only; which tenant a guest comes from is not known here.
    pub some_tenants: bool,
}

/// What a policy is for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applications {
    /// Included.
    pub include: AppSet,
    /// Excluded; exclusion wins.
    pub exclude: AppSet,
    /// A rule over attributes of applications, which nobody here can read.
    pub filter: Option<Filter>,
    /// User actions, such as registering security information; then it is not for applications.
    pub user_actions: Vec<String>,
    /// Authentication contexts; then it is not for applications.
    pub contexts: Vec<String>,
}

/// A set of applications.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AppSet {
    /// `All`.
    pub all: bool,
    /// Bundles by name: `Office365`, `MicrosoftAdminPortals` and what may come.
    pub bundles: Vec<String>,
    /// Applications by their application id.
    pub ids: Vec<Uuid>,
}

/// A rule, and whether it includes or excludes what matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// `exclude` rather than `include`.
    pub exclude: bool,
    /// The rule, as it was written.
    pub rule: String,
}

/// In which situations a policy applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conditions {
    /// For each axis the situations it applies in.
    pub axes: [Mask; Axis::COUNT],
    /// Places; `None` for anywhere.
    pub locations: Option<Locations>,
    /// A rule over the device.
    pub device_filter: Option<Filter>,
    /// Device states that are excluded (`Compliant`, `DomainJoined`); an older form of the device filter.
    pub excluded_device_states: Vec<String>,
    /// It is for workload identities and never for a person.
    pub workload_identities: bool,
}

/// Places a policy includes and excludes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Locations {
    /// Included.
    pub include: LocationSet,
    /// Excluded; exclusion wins.
    pub exclude: LocationSet,
}

/// A set of places.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LocationSet {
    /// `All`.
    pub all: bool,
    /// `AllTrusted`.
    pub trusted: bool,
    /// Named locations by id.
    pub ids: Vec<String>,
}

/// What a policy demands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grant {
    /// Whether all controls are demanded, and not any one of them.
    pub all: bool,
    /// The controls.
    pub controls: Vec<Control>,
}

/// A grant control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Control {
    /// `block`.
    Block,
    /// `mfa`.
    Mfa,
    /// An authentication strength that only combinations of two factors satisfy.
    MfaStrength(String),
    /// Anything else: a compliant device, terms of use, a weaker or unknown strength.
    Other(String),
}

/// How long a sign-in lasts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Session {
    /// Sign-in frequency `everyTime`.
    pub every_time: bool,
    /// Sign-in frequency in words, such as `4 hours`; `None` when it is not set.
    pub frequency: Option<String>,
}

/// What a policy's grant controls amount to for MFA.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demand {
    /// Nobody gets in.
    Block,
    /// Nobody gets in without MFA.
    Mfa,
    /// MFA is one of several ways in, or one thing of several that would do.
    MfaOrOther,
    /// Something else, or nothing at all.
    NotMfa,
}

impl Grant {
    /// What it amounts to: `mfa` or a strength counts when all controls are demanded, or when every alternative is one.
    pub fn demand(&self) -> Demand {
        if self.controls.contains(&Control::Block) {
            return Demand::Block;
        }
        let is_mfa = |control: &Control| matches!(control, Control::Mfa | Control::MfaStrength(_));
        let some = self.controls.iter().any(is_mfa);
        match (some, self.all || self.controls.iter().all(is_mfa)) {
            (true, true) => Demand::Mfa,
            (true, false) => Demand::MfaOrOther,
            (false, _) => Demand::NotMfa,
        }
    }

    /// The controls that would do instead of MFA.
    pub fn instead_of_mfa(&self) -> impl Iterator<Item = &str> {
        self.controls.iter().filter_map(|control| match control {
            Control::Other(name) => Some(name.as_str()),
            _ => None,
        })
    }
}

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

impl Policy {
    /// Reads a stored policy; its id, name and state are stored beside it.
    pub fn stored(policy: &ConditionalAccessPolicy) -> Self {
        Self {
            id: policy.id.clone(),
            name: policy.name.clone(),
            state: State::read(&policy.state),
            ..Self::read(&policy.policy)
        }
    }
}

impl State {
    fn read(word: &str) -> Self {
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
            match known.iter().find(|(name, _)| *name == word) {
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
        match Flow::WORDS.iter().find(|(name, _)| *name == word) {
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
    let mut workload = conditions.object("clientApplications");
    let principals = !workload.texts("includeServicePrincipals").is_empty();
    let filtered = !workload.object("servicePrincipalFilter").is_empty();
    let _ = workload.texts("excludeServicePrincipals");
    workload.rest("conditions.clientApplications", odd);
    let workload_risk = !conditions.flags("servicePrincipalRiskLevels").is_empty();
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
        workload_identities: principals || filtered || workload_risk,
    }
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
            match Platform::WORDS.iter().find(|(known, _)| known == word) {
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

/// Built-in authentication strengths, each of which only combinations of two factors satisfy (Microsoft Graph,
/// `authenticationStrengthPolicy`).
const BUILT_IN_STRENGTHS: &[&str] = &[
    "00000000-0000-0000-0000-000000000002",
    "00000000-0000-0000-0000-000000000003",
    "00000000-0000-0000-0000-000000000004",
];

/// Single combinations that are two factors by themselves; the others need a comma (`password,sms`), except those that
/// are one factor only.
const TWO_FACTORS: &[&str] = &[
    "windowsHelloForBusiness",
    "fido2",
    "x509CertificateMultiFactor",
    "deviceBasedPush",
    "temporaryAccessPassOneTime",
    "temporaryAccessPassMultiUse",
    "federatedMultiFactor",
];

fn grant(controls: &mut Taken) -> Grant {
    let operator = controls.text("operator");
    let mut all: Vec<Control> = Vec::new();
    for word in controls.texts("builtInControls") {
        all.push(match word.as_str() {
            "block" => Control::Block,
            "mfa" => Control::Mfa,
            _ => Control::Other(word),
        });
    }
    for factor in controls.texts("customAuthenticationFactors") {
        all.push(Control::Other(format!("custom factor {factor}")));
    }
    for terms in controls.texts("termsOfUse") {
        all.push(Control::Other(format!("terms of use {terms}")));
    }
    let mut strength = controls.object("authenticationStrength");
    if !strength.is_empty() {
        all.push(read_strength(&mut strength));
    }
    let mut left = Vec::new();
    controls.rest("grantControls", &mut left);
    all.extend(left.into_iter().map(Control::Other));
    Grant {
        all: operator.as_deref() == Some("AND"),
        controls: all,
    }
}

fn read_strength(strength: &mut Taken) -> Control {
    let id = strength.text("id").unwrap_or_default();
    let name = strength.text("displayName").unwrap_or_else(|| format!("strength {id}"));
    let combinations = strength.texts("allowedCombinations");
    let two_factors = |combination: &String| combination.contains(',') || TWO_FACTORS.contains(&combination.as_str());
    let is_mfa = match strength.text("requirementsSatisfied").as_deref() {
        // Somebody's own strength may allow a combination of one factor; what it allows outweighs what it is called.
        Some("mfa") => combinations.iter().all(two_factors),
        Some(_) => false,
        None if combinations.is_empty() => BUILT_IN_STRENGTHS.contains(&id.as_str()),
        None => combinations.iter().all(two_factors),
    };
    if is_mfa {
        Control::MfaStrength(name)
    } else {
        Control::Other(format!("authentication strength {name}"))
    }
}

fn session(controls: &mut Taken) -> Session {
    let mut frequency = controls.object("signInFrequency");
    if frequency.flag("isEnabled") != Some(true) {
        return Session::default();
    }
    if frequency.text("frequencyInterval").as_deref() == Some("everyTime") {
        return Session {
            every_time: true,
            frequency: Some("every time".to_owned()),
        };
    }
    let span = match (frequency.number("value"), frequency.text("type")) {
        (Some(value), Some(unit)) => Some(format!("{value} {unit}")),
        _ => None,
    };
    Session {
        every_time: false,
        frequency: span,
    }
}

/// A JSON object from which properties are taken as they are understood, so that the rest is what was not.
struct Taken(Map<String, Value>);

impl Taken {
    fn new(value: &Value) -> Self {
        Self(value.as_object().cloned().unwrap_or_default())
    }

    fn is_empty(&self) -> bool {
        self.0.values().all(is_nothing)
    }

    fn object(&mut self, name: &str) -> Self {
        match self.0.get(name) {
            Some(Value::Object(_)) => match self.0.remove(name) {
                Some(Value::Object(map)) => Self(map),
                _ => Self(Map::new()),
            },
            _ => Self(Map::new()),
        }
    }

    fn text(&mut self, name: &str) -> Option<String> {
        let text = self.0.get(name)?.as_str()?.to_owned();
        self.0.remove(name);
        Some(text)
    }

    fn flag(&mut self, name: &str) -> Option<bool> {
        let flag = self.0.get(name)?.as_bool()?;
        self.0.remove(name);
        Some(flag)
    }

    fn number(&mut self, name: &str) -> Option<i64> {
        let number = self.0.get(name)?.as_i64()?;
        self.0.remove(name);
        Some(number)
    }

    /// A list of texts; one that holds anything else is left, and so not understood.
    fn texts(&mut self, name: &str) -> Vec<String> {
        let Some(Value::Array(items)) = self.0.get(name) else {
            return Vec::new();
        };
        let texts: Option<Vec<String>> = items.iter().map(|item| item.as_str().map(str::to_owned)).collect();
        if texts.is_some() {
            self.0.remove(name);
        }
        texts.unwrap_or_default()
    }

    /// Flags, which Graph writes as a list or as one text with commas.
    fn flags(&mut self, name: &str) -> Vec<String> {
        match self.0.get(name) {
            Some(Value::String(text)) => {
                let words = text.split(',').map(|word| word.trim().to_owned());
                let words = words.filter(|word| !word.is_empty()).collect();
                self.0.remove(name);
                words
            }
            _ => self.texts(name),
        }
    }

    /// Lists what was not taken, as `path: value`.
    fn rest(&mut self, path: &str, odd: &mut Vec<String>) {
        for (name, value) in std::mem::take(&mut self.0) {
            if !name.contains("@odata.") && !is_nothing(&value) {
                odd.push(format!("{path}.{name}: {value}"));
            }
        }
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map
            .iter()
            .all(|(name, value)| name.contains("@odata.") || is_nothing(value)),
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}
