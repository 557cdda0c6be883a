//! What follows the installation: roles that came with it, consent, the portal, and what only people can do in the new version.

use super::{Upgrading, install};
use crate::code::Code;
use crate::plan::action::{AddServicePrincipal, GrantConsent, Side, Task};
use crate::plan::{Action, HandWork};
use crate::planner::draft::Draft;
use crate::planner::slug;
use crate::reading::consent::{DATAVERSE, GRAPH};
use crate::scene::Tier;
use crate::verdict::Verdict;
use crate::version::Version;

const CONSENT: Code = Code::new(103);
const ACCEPTED: Code = Code::new(104);
/// From here on settings of integrations are in the Admin Hub (PROVCFG, AU2).
const ADMIN_HUB: (u32, u32) = (3, 5);

pub(super) fn propose(upgrading: &Upgrading<'_>, draft: &mut Draft) {
    let case = &upgrading.case;
    let is_due = |code| {
        case.finding(code)
            .is_some_and(|finding| matches!(finding.verdict(), Verdict::Due(_)))
    };
    install::due_roles(upgrading, draft);
    // The portal comes before people look at it, and while a role that may install is lent anyway.
    let followed =
        (upgrading.route.portal_follows() || upgrading.route.portal_goes_first()) && install::portal(upgrading, draft);
    if is_due(CONSENT) {
        consent(upgrading, draft);
    }
    if is_due(ACCEPTED) {
        accept(upgrading, draft);
    }
    confirm_identity(upgrading, draft);
    if case.facts.scene.tier == Tier::DirectBill {
        connectivity(upgrading, draft);
    }
    if upgrading.route.portal_follows() && !followed {
        portal_by_hand(upgrading, draft);
    }
    if upgrading.route.changes_units() {
        units(upgrading, draft);
    }
}

/// What the installation needs consent for, where the application came with it.
fn consent(upgrading: &Upgrading<'_>, draft: &mut Draft) {
    let case = &upgrading.case;
    let Some(app_id) = case.pack.app_id(case.facts.scene.region) else {
        return;
    };
    let product = &case.pack.product;
    let mut last = draft.step(
        CONSENT,
        format!("add-{}", slug(product)),
        Action::AddServicePrincipal(AddServicePrincipal {
            app_id,
            name: product.clone(),
            side: Side::Home,
        }),
    );
    for scope in [GRAPH, DATAVERSE] {
        let grant = GrantConsent {
            client: app_id,
            client_name: product.clone(),
            resource: scope.api,
            resource_name: scope.api_name.to_owned(),
            scopes: vec![scope.scope.to_owned()],
            side: Side::Home,
        };
        let id = format!("consent-{}", slug(scope.api_name));
        last = draft.step_after(CONSENT, id, Action::GrantConsent(grant), Some(last));
    }
}

struct ByHand<'a> {
    name: &'a str,
    requirement: Code,
    title: String,
    what: Vec<String>,
    path: String,
    asks: &'a str,
    attests: Option<Code>,
    private_window: bool,
}

fn task(upgrading: &Upgrading<'_>, draft: &mut Draft, by_hand: ByHand<'_>) {
    let case = &upgrading.case;
    let task = Task {
        name: by_hand.name.to_owned(),
        title: by_hand.title,
        work: HandWork {
            requirement: by_hand.requirement,
            what: by_hand.what,
            path: Some(by_hand.path),
            link: Some(case.facts.scene.environment_url.clone()),
            verified_by: format!("cutover check --only {}, and what you say of it", by_hand.requirement),
        },
        asks: by_hand.asks.to_owned(),
        attests: by_hand.attests,
        taken_back_by: None,
        private_window: by_hand.private_window,
    };
    draft.step(by_hand.requirement, by_hand.name, Action::Task(task));
}

fn configuration(version: Version) -> String {
    match version.major_minor() >= ADMIN_HUB {
        true => "Work 365 app > Administration > Admin Hub".to_owned(),
        false => "Work 365 app > Administration > Configuration".to_owned(),
    }
}

fn accept(upgrading: &Upgrading<'_>, draft: &mut Draft) {
    let product = &upgrading.case.pack.product;
    let what = vec![
        format!(
            "open the consent of {product} in a private window, signed in as a Global Administrator and as nobody else"
        ),
        "give it for the organisation; a grant in Entra alone tells the vendor nothing".to_owned(),
        "look which identity the page then shows".to_owned(),
    ];
    task(
        upgrading,
        draft,
        ByHand {
            name: "accept-consent",
            requirement: ACCEPTED,
            title: format!("give {product} its consent on its own page"),
            what,
            path: configuration(upgrading.route.target),
            asks: "the service account or application id that the page shows",
            attests: None,
            private_window: true,
        },
    );
}

fn confirm_identity(upgrading: &Upgrading<'_>, draft: &mut Draft) {
    let product = &upgrading.case.pack.product;
    let hover = match upgrading.route.target.major_minor() >= ADMIN_HUB {
        true => "hover over the user icon",
        false => "look at the top right of the page",
    };
    task(
        upgrading,
        draft,
        ByHand {
            name: "clear-cache",
            requirement: ACCEPTED,
            title: format!("clear the cache of {product}, and look which identity it shows"),
            what: vec![
                "press Clear Cache".to_owned(),
                format!(
                    "{hover}: it should show {}",
                    upgrading.case.facts.scene.service_identity
                ),
            ],
            path: configuration(upgrading.route.target),
            asks: "the identity that is shown",
            attests: Some(ACCEPTED),
            private_window: false,
        },
    );
}

fn connectivity(upgrading: &Upgrading<'_>, draft: &mut Draft) {
    task(
        upgrading,
        draft,
        ByHand {
            name: "verify-connectivity",
            requirement: ACCEPTED,
            title: "verify the connection to Partner Center, and sync the provider accounts".to_owned(),
            what: vec![
                "open the provider Microsoft Partner Center and press Verify Connectivity".to_owned(),
                "if it is refused with 401 or 403: give both consents anew in a private window, signed in as the integration account".to_owned(),
                "press Sync Provider Accounts".to_owned(),
            ],
            path: match upgrading.route.target.major_minor() >= ADMIN_HUB {
                true => "Work 365 app > Administration > Admin Hub > Integrations".to_owned(),
                false => "Work 365 app > Provider Management > Providers".to_owned(),
            },
            asks: "what Verify Connectivity said",
            attests: None,
            private_window: true,
        },
    );
}

fn portal_by_hand(upgrading: &Upgrading<'_>, draft: &mut Draft) {
    let target = upgrading.route.target;
    let (title, import) = match upgrading.route.portal_goes_first() {
        true => (
            format!("put the portal back, in its version for {target}"),
            "ask the vendor for the portal's newest solution, and import it: the old one was uninstalled",
        ),
        false => (
            format!("let the portal follow to {target}"),
            "ask the vendor for the portal's newest solution, and import it as an upgrade",
        ),
    };
    task(
        upgrading,
        draft,
        ByHand {
            name: "upgrade-portal",
            requirement: Code::new(802),
            title,
            what: vec![
                import.to_owned(),
                "it takes 15 to 25 minutes; the portal stays behind the core until then, and cutover looks at its version after the run"
                    .to_owned(),
            ],
            path: "Power Apps > Solutions > Import solution".to_owned(),
            asks: "the version that the portal's solution shows",
            attests: None,
            private_window: false,
        },
    );
}

fn units(upgrading: &Upgrading<'_>, draft: &mut Draft) {
    task(
        upgrading,
        draft,
        ByHand {
            name: "review-units",
            requirement: Code::new(802),
            title: "look over the unit groups and the unit mapping".to_owned(),
            what: vec![
                "check that the unit group Subscriptions has the units Monthly, Annual and Triennial, each with its billing frequency".to_owned(),
                "put the unit mapping into the order in which it is to be tried: the topmost comes first".to_owned(),
            ],
            path: "Work 365 app > Administration > Admin Hub > Unit Groups, and Unit Mapping".to_owned(),
            asks: "what was changed, if anything",
            attests: None,
            private_window: false,
        },
    );
}
