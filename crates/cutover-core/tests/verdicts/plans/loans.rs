//! What is lent, to whom, and how it comes back.

use cutover_core::facts::Reason;
use cutover_core::facts::principal::{DirectoryRole, RoleSchedule};
use cutover_core::plan::{Action, Loan, StepId, returns};
use cutover_core::scene::Principal;
use cutover_core::{Decisions, Facts, Plan};
use jiff::{SignedDuration, Timestamp};
use uuid::{Uuid, uuid};

use super::{emergency, planned, steps};
use crate::fixture::{
    GLOBAL_ADMINISTRATOR, admin_of, blind, global_administrator, id, known, schedule, service_of, system_administrator,
    value,
};

const PRIVILEGED_ROLE_ADMINISTRATOR: Uuid = uuid!("e8611ab8-c189-46e8-94e1-60213ab1f814");
const LICENSE_ADMINISTRATOR: Uuid = uuid!("4d6ac14f-3453-41d0-bef9-a3e0c569773a");

fn loan<'a>(plan: &'a Plan, id: &str) -> &'a Loan {
    let step = plan.step(&StepId::from(id));
    step.and_then(|step| step.loan.as_ref())
        .unwrap_or_else(|| panic!("no loan {id}: {:?}", steps(plan)))
}

fn no_role(facts: &mut Facts) {
    service_of(facts).security_roles = known(vec![]);
}

fn no_consent(facts: &mut Facts) {
    facts.tenant.work365_grants = known(vec![]);
}

fn no_licence(facts: &mut Facts) {
    service_of(facts).licences = known(vec![]);
}

fn may_activate(facts: &mut Facts, role: Uuid) {
    value(&mut admin_of(facts).role_eligibilities).push(RoleSchedule { role, ..schedule(None) });
}

fn is(facts: &mut Facts, template: Uuid, name: &str) {
    let role = DirectoryRole {
        template,
        name: name.into(),
    };
    value(&mut admin_of(facts).active_roles).push(role);
}

fn nothing(_: &mut Decisions) {}

#[test]
fn one_loan_serves_every_step_and_comes_back_before_system_administrator() {
    let plan = planned(
        |facts| {
            no_role(facts);
            no_consent(facts);
            service_of(facts).profiles = known(vec![]);
        },
        nothing,
    );
    assert_eq!(
        steps(&plan),
        [
            "lend-global-administrator",
            "consent-microsoft-graph",
            "consent-dynamics",
            "lend-system-administrator",
            "assign-role-work-365-service",
            "assign-profile-work-365-admin",
        ]
    );
    let global = loan(&plan, "lend-global-administrator");
    assert_eq!(
        global.for_steps,
        [
            "consent-microsoft-graph",
            "consent-dynamics",
            "lend-system-administrator"
        ]
        .map(StepId::from)
    );
    assert!(global.ends_by_itself && global.return_after.is_empty());
    let system = loan(&plan, "lend-system-administrator");
    assert_eq!(
        system.for_steps,
        ["assign-role-work-365-service", "assign-profile-work-365-admin"].map(StepId::from)
    );
    assert_eq!(system.return_after, ["lend-global-administrator"].map(StepId::from));
    let order: Vec<_> = returns::returns(&plan).iter().map(|back| back.loan.0.clone()).collect();
    assert_eq!(order, ["lend-global-administrator", "lend-system-administrator"]);
    assert!(
        plan.notes
            .iter()
            .any(|note| note.contains("Cloud Application Administrator or Application Administrator"))
    );
}

#[test]
fn the_smallest_role_that_does_is_lent() {
    let plan = planned(
        |facts| {
            no_licence(facts);
            no_consent(facts);
            may_activate(facts, LICENSE_ADMINISTRATOR);
        },
        |decisions| decisions.lasting_licence = true,
    );
    assert_eq!(
        steps(&plan),
        [
            "lend-license-administrator",
            "assign-licence",
            "lend-global-administrator",
            "consent-microsoft-graph",
            "consent-dynamics"
        ]
    );
    assert_eq!(
        loan(&plan, "lend-license-administrator").for_steps,
        ["assign-licence"].map(StepId::from)
    );
}

#[test]
fn pim_bounds_a_loan_and_asks_for_what_it_asks() {
    let limit = |change: fn(&mut Facts), decide: fn(&mut Decisions)| {
        let plan = planned(
            |facts| {
                no_consent(facts);
                change(facts);
            },
            decide,
        );
        (loan(&plan, "lend-global-administrator").limit, plan)
    };
    let hours = SignedDuration::from_hours;
    assert_eq!(limit(|_| {}, |_| {}).0, hours(4));
    let (short, plan) = limit(
        |facts| value(&mut facts.tenant.global_administrator_policy).longest = Some("PT2H".into()),
        |_| {},
    );
    assert_eq!(short, hours(2));
    assert!(matches!(&plan.steps[0].action, Action::ActivateDirectoryRole(role) if role.duration == hours(2)));
    assert_eq!(
        limit(|_| {}, |decisions| decisions.loan_limit = SignedDuration::from_hours(1)).0,
        hours(1)
    );
    let (limit, plan) = limit(
        |facts| value(&mut facts.tenant.global_administrator_policy).approval = Some(true),
        |_| {},
    );
    assert_eq!(
        plan.steps[0].settling.at_most, limit,
        "an approval is waited for no longer than the loan is out"
    );

    let ticket: fn(&mut Facts) = |facts| {
        no_consent(facts);
        value(&mut facts.tenant.global_administrator_policy).ticket = true;
    };
    let plan = planned(ticket, nothing);
    assert!(plan.steps.is_empty());
    assert_eq!(plan.refused[0].unless.as_deref(), Some("--ticket NUMBER"));
    let plan = planned(ticket, |decisions| decisions.ticket = Some("4711".into()));
    assert_eq!((plan.steps.len(), plan.ticket.as_deref()), (3, Some("4711")));
}

#[test]
fn who_may_assign_roles_lends_to_himself_and_takes_back_by_that_right() {
    let assigns: fn(&mut Facts) = |facts| {
        no_consent(facts);
        admin_of(facts).role_eligibilities = known(vec![]);
        is(facts, PRIVILEGED_ROLE_ADMINISTRATOR, "Privileged Role Administrator");
    };
    let plan = planned(assigns, nothing);
    assert_eq!(plan.steps[0].id.0, "lend-cloud-application-administrator");
    assert!(matches!(plan.steps[0].action, Action::AssignDirectoryRole(_)));
    let lent = plan.steps[0].loan.as_ref().unwrap();
    assert!(lent.ends_by_itself && lent.returned_by.ends_with("as Privileged Role Administrator"));

    // Without PIM nothing ends by itself, and that is said.
    let plan = planned(
        |facts| {
            assigns(facts);
            admin_of(facts).role_eligibilities = blind(Reason::MissingLicence);
            admin_of(facts).role_assignments = blind(Reason::MissingLicence);
        },
        nothing,
    );
    assert!(matches!(plan.steps[0].action, Action::AssignStandingDirectoryRole(_)));
    assert!(!plan.steps[0].loan.as_ref().unwrap().ends_by_itself);
    assert!(plan.notes.iter().any(|note| note.contains("does not end by itself")));

    let plan = planned(assigns, |decisions| decisions.role_group = Some(emergency()));
    assert!(matches!(&plan.steps[0].action, Action::AddGroupMember(member) if member.group == emergency()));
}

#[test]
fn what_is_held_is_not_lent() {
    let plan = planned(
        |facts| {
            no_consent(facts);
            admin_of(facts).active_roles = known(vec![global_administrator()]);
            admin_of(facts).role_assignments = known(vec![schedule(None)]);
        },
        nothing,
    );
    assert_eq!(steps(&plan), ["consent-microsoft-graph", "consent-dynamics"]);
}

#[test]
fn system_administrator_is_lent_only_where_the_platform_ends_it() {
    let global: fn(&mut Facts, Option<Timestamp>) = |facts, ends| {
        no_role(facts);
        admin_of(facts).active_roles = known(vec![global_administrator()]);
        admin_of(facts).role_assignments = known(vec![schedule(ends)]);
    };
    let standing = planned(|facts| global(facts, None), nothing);
    assert!(standing.steps.is_empty());
    assert!(
        standing.refused[0].why.contains("nobody could give it back"),
        "{:?}",
        standing.refused
    );

    let ends = "2026-11-23T10:30:00Z".parse().unwrap();
    let activated = planned(|facts| global(facts, Some(ends)), nothing);
    assert_eq!(
        steps(&activated),
        ["lend-system-administrator", "assign-role-work-365-service"]
    );
    let lent = loan(&activated, "lend-system-administrator");
    assert_eq!((lent.limit, lent.ends_by_itself), (SignedDuration::from_mins(90), true));

    // An assignment with an end is no activation: the platform leaves the Dataverse role when it ends.
    let assigned = planned(
        |facts| {
            global(facts, Some(ends));
            value(&mut admin_of(facts).role_assignments)[0].activated = false;
        },
        nothing,
    );
    assert!(assigned.steps.is_empty(), "{:?}", steps(&assigned));

    for hidden in [
        planned(
            |facts| {
                no_role(facts);
                facts.power_platform.environment = blind(Reason::MissingPermission);
            },
            nothing,
        ),
        planned(
            |facts| {
                no_role(facts);
                admin_of(facts).role_eligibilities = known(vec![]);
            },
            nothing,
        ),
    ] {
        assert!(hidden.steps.is_empty());
        assert_eq!(hidden.refused.len(), 1);
    }
}

#[test]
fn an_application_needs_its_permissions_and_is_lent_nothing() {
    let application: fn(&mut Facts) = |facts| {
        no_consent(facts);
        facts.scene.caller = Principal::Application(id(31));
        facts.principals.insert(facts.scene.caller.clone(), Default::default());
    };
    let plan = planned(application, nothing);
    assert!(plan.steps.is_empty() && plan.caller.application);
    assert!(
        plan.refused[0].why.contains("DelegatedPermissionGrant.ReadWrite.All"),
        "{:?}",
        plan.refused
    );
    let plan = planned(
        |facts| {
            application(facts);
            no_role(facts);
            let permissions = &mut value(&mut facts.tenant.signed_in).permissions;
            permissions.push("DelegatedPermissionGrant.ReadWrite.All".into());
            facts.environment.own_roles = known(vec![system_administrator()]);
        },
        nothing,
    );
    assert_eq!(
        steps(&plan),
        [
            "consent-microsoft-graph",
            "consent-dynamics",
            "assign-role-work-365-service"
        ]
    );
    assert_eq!(plan.caller.object_id, id(30));
}

#[test]
fn whoever_carries_it_out_is_named() {
    // The tenant was looked at by an application that may only read: the caller of the scene carries the plan out.
    let plan = planned(no_consent, nothing);
    assert_eq!((plan.caller.object_id, plan.caller.application), (id(10), false));
    assert!(
        plan.notes
            .iter()
            .any(|note| note.contains("has to be signed in for it"))
    );
    // One that may write carries it out itself.
    let plan = planned(
        |facts| {
            no_consent(facts);
            let permissions = &mut value(&mut facts.tenant.signed_in).permissions;
            permissions.push("DelegatedPermissionGrant.ReadWrite.All".into());
        },
        nothing,
    );
    assert_eq!((plan.caller.object_id, plan.caller.application), (id(30), true));
    assert!(plan.loans().next().is_none());
    // Nobody who may sign in: nothing is carried out.
    let plan = planned(
        |facts| {
            no_consent(facts);
            value(&mut admin_of(facts).account).as_mut().unwrap().enabled = false;
        },
        nothing,
    );
    assert!(
        plan.steps.is_empty()
            && plan
                .refused
                .iter()
                .any(|refusal| refusal.why.contains("nobody is known"))
    );
}

#[test]
fn the_role_that_is_lent_is_named_by_its_template() {
    let plan = planned(no_consent, nothing);
    assert!(matches!(&plan.steps[0].action, Action::ActivateDirectoryRole(role) if role.role == GLOBAL_ADMINISTRATOR));
}
