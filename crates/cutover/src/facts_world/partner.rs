//! The partner's side: its tenant, agents' groups, native apps, and Partner Center.

use std::collections::BTreeSet;

use cutover_core::Pack;
use cutover_core::facts::partner::{PartnerFacts, Relationship};
use cutover_core::facts::{Blind, Fact, Reason};
use cutover_core::scene::{PartnerScene, Principal};
use cutover_emulator::World;
use serde_json::json;
use uuid::Uuid;

use super::draft::Draft;
use super::{applications, people};

/// Invented: who signs in to the partner's side, where the facts do not tell.
const INVENTED: Uuid = Uuid::from_u128(0xc07e_7000_0000_4000_8000_0000_0000_000b);
/// Invented, as the secret is.
const TOKEN: &str = "emulated-refresh-token-of-a-world-from-facts";
/// Invented: facts do not hold the number by which Microsoft knows a partner, and Partner Center always has one.
const PARTNER_ID: &str = "1000001";

/// What signs in to the partner's side.
pub(super) struct SignIn {
    /// The application there.
    pub(super) client_id: Uuid,
    /// Whether it has a secret: not where nothing proved a sign-in.
    pub(super) proven: bool,
    /// The refresh token of a person.
    pub(super) person: Option<&'static str>,
}

/// Describes it. `home` is the application that signs in to the Dynamics tenant, when that is this very tenant.
pub(super) fn describe(
    draft: &mut Draft,
    facts: &PartnerFacts,
    scene: &PartnerScene,
    pack: &Pack,
    home: Option<Uuid>,
    (lacking, with_schedules): (&BTreeSet<String>, bool),
) -> SignIn {
    let Principal::User(name) = &scene.integration_account else {
        draft.leave_out("an integration account that is an application");
        return SignIn {
            client_id: INVENTED,
            proven: false,
            person: None,
        };
    };
    // Before the people, whose groups are these.
    for group in facts.agent_groups.value().into_iter().flatten() {
        let alias = draft.group(group.id);
        draft.put(
            &["group", &alias],
            json!({"display_name": group.name, "security": group.security, "mail": !group.security}),
        );
    }
    people::person(draft, name, &facts.integration, with_schedules);
    native_apps(draft, facts);
    let sign_in = sign_in(draft, facts, name, home, lacking);
    partner_center(draft, facts);
    imitated_groups(draft, facts, pack);
    sign_in
}

fn sign_in(
    draft: &mut Draft,
    facts: &PartnerFacts,
    name: &str,
    home: Option<Uuid>,
    lacking: &BTreeSet<String>,
) -> SignIn {
    let told = facts.tenant.signed_in.value().ok();
    let nobody = matches!(&facts.tenant.signed_in, Fact::Unknown(blind) if blind.reason == Reason::NotSignedIn);
    if nobody {
        return SignIn {
            client_id: INVENTED,
            proven: false,
            person: None,
        };
    }
    let client_id = told.map(|told| told.app_id).or(home).unwrap_or(INVENTED);
    if home != Some(client_id) {
        // A token for Partner Center does not tell what the application may ask of Graph; that for Graph does.
        let of_graph = facts.directory_sign_in.value().ok().or(told);
        let of_graph =
            of_graph.filter(|told| told.application && told.app_id == client_id && !told.permissions.is_empty());
        let permissions = of_graph.map(|told| told.permissions.as_slice());
        applications::reader(draft, client_id, "partner-reader", permissions, lacking);
    }
    let signed_in = told
        .filter(|told| !told.application)
        .and_then(|told| draft.user_of(told.object_id));
    let person = signed_in.or_else(|| draft.known_user(name));
    // An application by itself is not asked at all.
    let blind = facts.organization.value().err();
    let asked = !blind.is_some_and(|blind| matches!(blind.reason, Reason::NotCollected | Reason::MissingPermission));
    let wants_mfa = blind.is_some_and(wants_mfa);
    let revoked = !wants_mfa && blind.is_some_and(|blind| blind.reason == Reason::NotSignedIn);
    let token = person.filter(|_| asked).map(|user| {
        let app = draft.app(client_id, "reader");
        let compliant = facts.mfa_compliant.value().ok().copied().flatten();
        if compliant == Some(true) && facts.integration.methods.value().is_err() {
            // Nobody signs in with a second factor who has none.
            draft.add(&["user", &user], "methods", "microsoftAuthenticator");
            draft.leave_out(format!(
                "{name}: what the second factor is; Microsoft Authenticator stands for it"
            ));
        }
        draft.put(
            &["grant", "partner-center"],
            json!({"client": app, "resource": "partner-center", "scope": "user_impersonation", "principal": user}),
        );
        draft.put(
            &["refresh_token", "person"],
            json!({
                "value": TOKEN, "user": user, "app": app, "mfa": compliant.unwrap_or(!wants_mfa), "revoked": revoked,
            }),
        );
        if wants_mfa {
            draft.put(&["partner_center"], json!({"mfa_enforced": true}));
        }
        TOKEN
    });
    SignIn {
        client_id,
        proven: true,
        person: token,
    }
}

/// Whether Partner Center or Entra refused because the sign-in was without MFA.
fn wants_mfa(blind: &Blind) -> bool {
    let codes = ["AADSTS50076", "(900421)"];
    codes.iter().any(|code| blind.message.contains(code))
        || blind
            .lacking
            .iter()
            .any(|lacking| lacking.contains("multifactor authentication"))
}

fn native_apps(draft: &mut Draft, facts: &PartnerFacts) {
    for app in facts.applications.value().into_iter().flatten() {
        let alias = draft.app(app.app_id, "native");
        let mut asks_for = serde_json::Map::new();
        for api in &app.asks_for {
            let api = api.to_string();
            match World::first_party().find(|known| known.app_id == api) {
                Some(known) => {
                    asks_for.insert(known.alias.to_owned(), known.scope.into_iter().collect());
                }
                None => draft.leave_out(format!("that the application {} asks for the API {api}", app.name)),
            }
        }
        draft.put(
            &["app", &alias],
            json!({
                "display_name": app.name, "registered_here": true, "public_client": app.public_client,
                "asks_for": asks_for,
            }),
        );
    }
}

fn partner_center(draft: &mut Draft, facts: &PartnerFacts) {
    draft.put(&["partner_center"], json!({"mpn_id": PARTNER_ID}));
    draft.leave_out("the partner's number at Microsoft and its customers");
    if let Ok(organization) = facts.organization.value() {
        draft.put(&["partner_center"], json!({"company": organization.company}));
    }
    if facts.mfa_compliant.value().is_ok_and(Option::is_none) {
        draft.put(&["partner_center"], json!({"tells_mfa": false}));
    }
    if let Ok(agreement) = facts.agreement.value() {
        draft.put(&["partner_center"], json!({"agreement": agreement.signed}));
    }
    relationships(
        draft,
        "reseller",
        facts.resellers.value().map(Vec::as_slice).unwrap_or_default(),
    );
    relationships(
        draft,
        "provider",
        facts.providers.value().map(Vec::as_slice).unwrap_or_default(),
    );
}

fn relationships(draft: &mut Draft, kind: &str, all: &[Relationship]) {
    for (number, other) in all.iter().enumerate() {
        draft.put(
            &["partner_center", kind, &format!("{kind}-{}", number + 1)],
            json!({"id": other.id, "name": other.name, "state": other.state, "mpn_id": PARTNER_ID}),
        );
    }
}

/// A group that bears an agents' name without being one of them would make two of one.
fn imitated_groups(draft: &mut Draft, facts: &PartnerFacts, pack: &Pack) {
    let sets = pack.partner_center.role_set.iter().flat_map(|set| &set.groups);
    let told = facts.agent_groups.value().is_ok();
    for name in sets.filter(|_| !told) {
        draft.leave_out(format!("whether there is a group {name}: in the world there is none"));
    }
}
