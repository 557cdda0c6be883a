//! A tenant at random, and sign-ins to it: as rows of the emulated Graph, and as the core is asked.

use std::collections::BTreeSet;

use cutover_core::conditional_access::{
    Application, Axis, Circumstance, ClientType, Flow, InsiderRisk, Place, Platform, Risk, Situation, Subject,
};
use cutover_emulator::exchange::Call;
use cutover_emulator::state::Row;
use cutover_emulator::{Emulator, World};
use http::{Method, header};
use jiff::SignedDuration;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use uuid::{Uuid, uuid};

/// An account, and what kind of guest its type and name make it (Microsoft Entra, "external user types").
pub(crate) struct User {
    pub(crate) id: &'static str,
    name: &'static str,
    kind: &'static str,
    guest: &'static [&'static str],
}

pub(crate) const USERS: &[User] = &[
    user("a0000000-0000-4000-8000-000000000001", "ann@contoso.com", "Member", &[]),
    user("a0000000-0000-4000-8000-000000000002", "bob@contoso.com", "Member", &[]),
    user(
        "a0000000-0000-4000-8000-000000000003",
        "cy_fabrikam.com#EXT#@contoso.com",
        "Guest",
        &["b2bCollaborationGuest"],
    ),
    user(
        "a0000000-0000-4000-8000-000000000004",
        "di@contoso.com",
        "Guest",
        &["internalGuest"],
    ),
    user(
        "a0000000-0000-4000-8000-000000000005",
        "ed_fabrikam.com#EXT#@contoso.com",
        "Member",
        &["b2bCollaborationMember"],
    ),
];

const fn user(id: &'static str, name: &'static str, kind: &'static str, guest: &'static [&'static str]) -> User {
    User { id, name, kind, guest }
}

pub(crate) const GROUPS: &[&str] = &[
    "b0000000-0000-4000-8000-000000000001",
    "b0000000-0000-4000-8000-000000000002",
    "b0000000-0000-4000-8000-000000000003",
    "b0000000-0000-4000-8000-000000000004",
];
/// Dynamics 365 Administrator, Global Reader, Security Administrator, by template.
pub(crate) const ROLES: &[&str] = &[
    "44367163-eba1-44c3-98af-f5787879f96a",
    "f2ef992c-3afb-46b9-b7cf-a126ee74c451",
    "194ae4cb-b126-40b2-bd5b-6091b380977d",
];
pub(crate) const PRINCIPAL: &str = "d0000000-0000-4000-8000-000000000001";
pub(crate) const EXCHANGE: Uuid = uuid!("00000002-0000-0ff1-ce00-000000000000");
/// Dataverse and Exchange, which have service principals here, and one that has none.
pub(crate) const APPLICATIONS: &[&str] = &[
    "00000007-0000-0000-c000-000000000000",
    "00000002-0000-0ff1-ce00-000000000000",
    "44444444-0000-4000-8000-0000000000ff",
];

const OFFICE: &str = "e0000000-0000-4000-8000-000000000001";
const TUNNEL: &str = "e0000000-0000-4000-8000-000000000002";
const BRANCH: &str = "e0000000-0000-4000-8000-000000000003";
const BENELUX: &str = "e0000000-0000-4000-8000-000000000004";
const GERMANY: &str = "e0000000-0000-4000-8000-000000000005";
pub(crate) const PLACES: &[&str] = &[OFFICE, TUNNEL, BRANCH, BENELUX, GERMANY];

/// Addresses, and in which named places each is: worked out by hand, for the two sides to be compared with.
const ADDRESSES: &[(&str, &[&str])] = &[
    ("203.0.113.7", &[OFFICE]),
    ("203.0.113.200", &[OFFICE, TUNNEL]),
    ("2001:db8:7::1", &[OFFICE]),
    ("198.51.100.129", &[BRANCH]),
    ("198.51.100.127", &[]),
    ("192.0.2.1", &[]),
];
const COUNTRIES: &[(&str, &[&str])] = &[("NL", &[BENELUX]), ("DE", &[GERMANY]), ("US", &[]), ("BE", &[BENELUX])];
const TRUSTED: &[&str] = &[OFFICE, TUNNEL];

/// Rules over devices.
pub(crate) const RULES: &[&str] = &[
    "device.isCompliant -eq True",
    "device.trustType -eq \"ServerAD\" -or device.displayName -startsWith \"PAW-\"",
    "device.operatingSystem -ne \"Windows\"",
    "device.extensionAttribute3 -notIn [\"kiosk\", \"lab\"]",
];

/// Devices, and which of the rules each matches; one that is not registered has no attributes, and negative operators
/// hold for it (Microsoft Entra, "filter for devices").
fn devices() -> Vec<(Value, [bool; 4])> {
    vec![
        (json!({}), [false, false, true, true]),
        (
            json!({"isCompliant": true, "operatingSystem": "windows", "trustType": "ServerAD"}),
            [true, true, false, true],
        ),
        (
            json!({"displayName": "paw-7", "operatingSystem": "MacOS", "extensionAttribute3": "LAB"}),
            [false, true, true, false],
        ),
        (
            json!({"isCompliant": true, "displayName": "MY-PAW-7", "extensionAttribute3": "desk"}),
            [true, false, true, true],
        ),
    ]
}

const RISKS: &[(&str, Risk)] = &[
    ("none", Risk::None),
    ("low", Risk::Low),
    ("medium", Risk::Medium),
    ("high", Risk::High),
];
const INSIDER_RISKS: &[(&str, InsiderRisk)] = &[
    ("none", InsiderRisk::None),
    ("minor", InsiderRisk::Minor),
    ("moderate", InsiderRisk::Moderate),
    ("elevated", InsiderRisk::Elevated),
];
const CLIENTS: &[(&str, ClientType)] = &[
    ("browser", ClientType::Browser),
    ("mobileAppsAndDesktopClients", ClientType::MobileAndDesktop),
    ("exchangeActiveSync", ClientType::ExchangeActiveSync),
    ("other", ClientType::Other),
];
const PLATFORMS: &[(&str, Platform)] = &[
    ("android", Platform::Android),
    ("iOS", Platform::Ios),
    ("windows", Platform::Windows),
    ("windowsPhone", Platform::WindowsPhone),
    ("macOS", Platform::MacOs),
    ("linux", Platform::Linux),
];
const FLOWS: &[(&str, Flow)] = &[
    ("none", Flow::Direct),
    ("deviceCodeFlow", Flow::DeviceCode),
    ("authenticationTransfer", Flow::Transfer),
];

/// Who is in which group (users and groups by number), and who holds which role.
#[derive(Debug, Clone)]
pub(crate) struct Directory {
    users_in: BTreeSet<(usize, usize)>,
    groups_in: BTreeSet<(usize, usize)>,
    user_roles: BTreeSet<(usize, usize)>,
    group_roles: BTreeSet<(usize, usize)>,
}

pub(crate) fn directories() -> impl Strategy<Value = Directory> {
    let pairs = |left: usize, right: usize, most: usize| proptest::collection::btree_set((0..left, 0..right), 0..=most);
    let (users, groups, roles) = (USERS.len(), GROUPS.len(), ROLES.len());
    (
        pairs(users, groups, 5),
        pairs(groups, groups, 4),
        pairs(users, roles, 3),
        pairs(groups, roles, 2),
    )
        .prop_map(|(users_in, groups_in, user_roles, group_roles)| Directory {
            users_in,
            groups_in,
            user_roles,
            group_roles,
        })
}

impl Directory {
    /// The account as the core sees it: groups through groups, roles held and inherited.
    pub(crate) fn subject(&self, user: usize) -> Subject {
        let mut groups: BTreeSet<usize> = BTreeSet::new();
        let direct = self.users_in.iter().filter(|(member, _)| *member == user);
        let mut open: Vec<usize> = direct.map(|(_, group)| *group).collect();
        while let Some(group) = open.pop() {
            if groups.insert(group) {
                let above = self.groups_in.iter().filter(|(member, _)| *member == group);
                open.extend(above.map(|(_, group)| *group));
            }
        }
        let held = self.user_roles.iter().filter(|(holder, _)| *holder == user);
        let inherited = self.group_roles.iter().filter(|(holder, _)| groups.contains(holder));
        let roles: BTreeSet<usize> = held.chain(inherited).map(|(_, role)| *role).collect();
        let id = |text: &str| Uuid::parse_str(text).unwrap();
        Subject {
            id: id(USERS[user].id),
            groups: groups.into_iter().map(|group| id(GROUPS[group])).collect(),
            roles: roles.into_iter().map(|role| id(ROLES[role])).collect(),
            guest_kinds: USERS[user].guest.iter().map(|kind| (*kind).to_owned()).collect(),
        }
    }
}

/// The named places as the core sees them.
pub(crate) fn places() -> Vec<Place> {
    let place = |id: &str, countries: Option<&[&str]>| Place {
        id: id.to_owned(),
        name: id.to_owned(),
        trusted: TRUSTED.contains(&id),
        countries: countries.map(|codes| codes.iter().map(|code| (*code).to_owned()).collect()),
    };
    vec![
        place(OFFICE, None),
        place(TUNNEL, None),
        place(BRANCH, None),
        place(BENELUX, Some(&["BE", "NL", "LU"])),
        place(GERMANY, Some(&["DE"])),
    ]
}

/// A sign-in, by numbers in the tables above.
#[derive(Debug, Clone)]
pub(crate) struct SignIn {
    pub(crate) user: usize,
    application: usize,
    client: usize,
    platform: usize,
    from: (usize, usize),
    device: usize,
    risks: (usize, usize, usize),
    flow: usize,
    /// Whether the kind of guest is said, or left to be found.
    says_kind: bool,
}

pub(crate) fn sign_ins() -> impl Strategy<Value = SignIn> {
    // Risks and flows are rare in life and here, so that not every policy over them applies.
    let risk = |count: usize| prop_oneof![2 => Just(0), 1 => 0..count];
    (
        0..USERS.len(),
        0..APPLICATIONS.len(),
        0..CLIENTS.len(),
        0..PLATFORMS.len(),
        (0..ADDRESSES.len(), 0..COUNTRIES.len()),
        0..devices().len(),
        (risk(RISKS.len()), risk(RISKS.len()), risk(INSIDER_RISKS.len())),
        risk(FLOWS.len()),
        select(vec![true, false]),
    )
        .prop_map(
            |(user, application, client, platform, from, device, risks, flow, says_kind)| SignIn {
                user,
                application,
                client,
                platform,
                from,
                device,
                risks,
                flow,
                says_kind,
            },
        )
}

impl SignIn {
    pub(crate) fn client(&self) -> ClientType {
        CLIENTS[self.client].1
    }

    pub(crate) fn application(&self) -> Application {
        Application {
            id: Uuid::parse_str(APPLICATIONS[self.application]).unwrap(),
            in_tenant: self.application < 2,
        }
    }

    /// As the core is asked.
    pub(crate) fn situation(&self) -> Situation {
        let mut at = [0; Axis::COUNT];
        at[Axis::Client.index()] = self.client().bit();
        at[Axis::Platform.index()] = PLATFORMS[self.platform].1.bit();
        at[Axis::SignInRisk.index()] = RISKS[self.risks.0].1.bit();
        at[Axis::UserRisk.index()] = RISKS[self.risks.1].1.bit();
        at[Axis::InsiderRisk.index()] = INSIDER_RISKS[self.risks.2].1.bit();
        at[Axis::Flow.index()] = FLOWS[self.flow].1.bit();
        let inside: Vec<&str> = [ADDRESSES[self.from.0].1, COUNTRIES[self.from.1].1].concat();
        let mut holds: Vec<Circumstance> = inside
            .iter()
            .map(|id| Circumstance::Location((*id).to_owned()))
            .collect();
        if inside.iter().any(|id| TRUSTED.contains(id)) {
            holds.push(Circumstance::Trusted);
        }
        let matched = devices()[self.device].1;
        let rules = RULES.iter().zip(matched).filter(|(_, matched)| *matched);
        holds.extend(rules.map(|(rule, _)| Circumstance::DeviceRule((*rule).to_owned())));
        Situation { at, holds }
    }

    /// As What-If is asked.
    fn question(&self) -> Value {
        let user = &USERS[self.user];
        let mut identity = json!({"@odata.type": "#microsoft.graph.userSignIn", "userId": user.id});
        if self.says_kind {
            identity["externalUserType"] = json!(user.guest.first().unwrap_or(&"none"));
        }
        json!({
            "signInIdentity": identity,
            "signInContext": {"@odata.type": "#microsoft.graph.applicationContext",
                              "includeApplications": [APPLICATIONS[self.application]]},
            "signInConditions": {
                "clientAppType": CLIENTS[self.client].0, "devicePlatform": PLATFORMS[self.platform].0,
                "ipAddress": ADDRESSES[self.from.0].0, "country": COUNTRIES[self.from.1].0,
                "deviceInfo": devices()[self.device].0, "signInRiskLevel": RISKS[self.risks.0].0,
                "userRiskLevel": RISKS[self.risks.1].0, "insiderRiskLevel": INSIDER_RISKS[self.risks.2].0,
                "authenticationFlow": {"transferMethod": FLOWS[self.flow].0},
            },
        })
    }
}

/// The emulated tenant.
pub(crate) struct Tenant {
    emulator: Emulator,
    token: String,
}

impl Tenant {
    pub(crate) fn new(directory: &Directory, policies: &[Value]) -> Self {
        let world = World::built_in("ready").unwrap();
        let emulator = Emulator::from_world(&world);
        let rows = rows(directory, policies);
        emulator.write(|state| {
            for (set, row) in rows {
                state.directory.insert(set, row);
            }
            let links = directory.users_in.iter().map(|(user, group)| (USERS[*user].id, *group));
            let nested = directory
                .groups_in
                .iter()
                .map(|(member, group)| (GROUPS[*member], *group));
            for (member, group) in links.chain(nested) {
                state.directory.link("groups/members", GROUPS[group], member);
            }
        });
        let notes = world.notes_for("cutover").unwrap();
        let form = format!(
            "grant_type=client_credentials&client_id={}&client_secret={}&scope=https://graph.microsoft.com/.default",
            notes["client_id"].as_str().unwrap(),
            notes["client_secret"].as_str().unwrap()
        );
        let sign_in = Call::new(
            Method::POST,
            "https://login.microsoftonline.com",
            "/contoso.onmicrosoft.com/oauth2/v2.0/token",
        );
        let answer: Value = serde_json::from_slice(&emulator.answer(&sign_in.with_body(form)).body).unwrap();
        let token = format!("Bearer {}", answer["access_token"].as_str().unwrap());
        Self { emulator, token }
    }

    fn ask(&self, method: Method, path: &str, body: &Value) -> Vec<Value> {
        // Conditional Access takes one request a second.
        self.emulator.clock().advance(SignedDuration::from_secs(2));
        let call = Call::new(method, "https://graph.microsoft.com", path)
            .with(header::AUTHORIZATION, &self.token)
            .with(header::CONTENT_TYPE, "application/json")
            .with_body(body.to_string());
        let reply = self.emulator.answer(&call);
        let answer: Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(reply.status, 200, "{answer}");
        answer["value"].as_array().cloned().unwrap_or_default()
    }

    /// The policies as Graph lists them.
    pub(crate) fn policies(&self) -> Vec<Value> {
        self.ask(Method::GET, "/v1.0/identity/conditionalAccess/policies", &Value::Null)
    }

    /// What-If's answer of every policy.
    pub(crate) fn what_if(&self, sign_in: &SignIn) -> Vec<Value> {
        let path = "/v1.0/identity/conditionalAccess/evaluate";
        self.ask(Method::POST, path, &sign_in.question())
    }
}

fn rows(directory: &Directory, policies: &[Value]) -> Vec<(&'static str, Row)> {
    let range = |ranges: &[&str]| -> Value { ranges.iter().map(|range| json!({"cidrAddress": range})).collect() };
    let mut rows = vec![
        (
            "namedLocations",
            json!({"id": OFFICE, "isTrusted": true, "ipRanges": range(&["203.0.113.0/24", "2001:db8::/32"])}),
        ),
        (
            "namedLocations",
            json!({"id": TUNNEL, "isTrusted": true, "ipRanges": range(&["203.0.113.192/26"])}),
        ),
        (
            "namedLocations",
            json!({"id": BRANCH, "isTrusted": false, "ipRanges": range(&["198.51.100.128/25"])}),
        ),
        (
            "namedLocations",
            json!({"id": BENELUX, "countriesAndRegions": ["BE", "NL", "LU"]}),
        ),
        ("namedLocations", json!({"id": GERMANY, "countriesAndRegions": ["DE"]})),
        (
            "servicePrincipals",
            json!({"id": PRINCIPAL, "appId": APPLICATIONS[1], "displayName": "Exchange Online"}),
        ),
    ];
    for user in USERS {
        rows.push((
            "users",
            json!({"id": user.id, "userPrincipalName": user.name, "userType": user.kind}),
        ));
    }
    for group in GROUPS {
        rows.push((
            "groups",
            json!({"id": group, "displayName": group, "securityEnabled": true}),
        ));
    }
    let of_users = directory.user_roles.iter().map(|(user, role)| (USERS[*user].id, *role));
    let of_groups = directory
        .group_roles
        .iter()
        .map(|(group, role)| (GROUPS[*group], *role));
    for (number, (holder, role)) in of_users.chain(of_groups).enumerate() {
        rows.push((
            "roleAssignments",
            json!({"id": format!("ra-{number}"), "principalId": holder,
            "roleDefinitionId": ROLES[role], "directoryScopeId": "/"}),
        ));
    }
    rows.extend(
        policies
            .iter()
            .map(|policy| ("conditionalAccessPolicies", policy.clone())),
    );
    rows.into_iter()
        .map(|(set, value)| (set, value.as_object().cloned().unwrap()))
        .collect()
}
