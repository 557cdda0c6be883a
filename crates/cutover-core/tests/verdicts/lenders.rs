//! Loans: only where somebody could really lend.

use cutover_core::Facts;
use cutover_core::facts::Reason;
use cutover_core::facts::principal::DirectoryRole;
use cutover_core::reading::directory_roles::PRIVILEGED_ROLE_ADMINISTRATOR;
use cutover_core::scene::Principal;

use crate::fixture::{
    Case, SALES, admin_of, blind, check, global_administrator, id, known, now, ready, sales_licence, schedule,
    service_of, system_administrator, value,
};

#[test]
fn global_administrator_is_met_borrowed_or_missing() {
    check(&[
        Case {
            what: "eligible",
            change: |_| {},
            code: 101,
            verdict: "loan",
            says: "activate the role in PIM for up to PT8H",
        },
        Case {
            what: "active until later",
            change: |facts| {
                let admin = admin_of(facts);
                admin.active_roles = known(vec![global_administrator()]);
                admin.role_assignments = known(vec![schedule(Some("2026-11-23T16:00:00Z".parse().unwrap()))]);
            },
            code: 101,
            verdict: "met",
            says: "until 2026-11-23T16:00:00Z",
        },
        Case {
            what: "active for good",
            change: |facts| {
                let admin = admin_of(facts);
                admin.active_roles = known(vec![global_administrator()]);
                admin.role_assignments = known(vec![schedule(None)]);
            },
            code: 101,
            verdict: "met",
            says: "standing Global Administrator",
        },
        Case {
            what: "active, the end not to be seen",
            change: |facts| {
                let admin = admin_of(facts);
                admin.active_roles = known(vec![global_administrator()]);
                admin.role_assignments = blind(Reason::MissingPermission);
            },
            code: 101,
            verdict: "met",
            says: "could not be read",
        },
        Case {
            what: "neither, and nobody to assign it",
            change: |facts| admin_of(facts).role_eligibilities = known(vec![]),
            code: 101,
            verdict: "missing",
            says: "nobody here could make it so",
        },
        Case {
            what: "the caller may assign roles",
            change: |facts| {
                admin_of(facts).role_eligibilities = known(vec![]);
                value(&mut facts.tenant.signed_in)
                    .permissions
                    .push("RoleManagement.ReadWrite.Directory".into());
            },
            code: 101,
            verdict: "loan",
            says: "with an end time",
        },
        Case {
            what: "the caller may assign roles, without PIM",
            change: |facts| {
                admin_of(facts).role_eligibilities = blind(Reason::MissingLicence);
                value(&mut facts.tenant.signed_in)
                    .permissions
                    .push("RoleManagement.ReadWrite.Directory".into());
            },
            code: 101,
            verdict: "loan",
            says: "only its return takes it back",
        },
        Case {
            what: "a permission without a role is not enough for a person",
            change: |facts| {
                admin_of(facts).role_eligibilities = known(vec![]);
                let signed_in = value(&mut facts.tenant.signed_in);
                signed_in.application = false;
                signed_in.permissions.push("RoleManagement.ReadWrite.Directory".into());
            },
            code: 101,
            verdict: "missing",
            says: "nobody here",
        },
        Case {
            what: "a person whose role the directory shows, though the token is older",
            change: |facts| {
                facts_of_a_role_activated_later(facts);
                value(&mut facts.tenant.signed_in).object_id = id(10);
            },
            code: 101,
            verdict: "loan",
            says: "with an end time",
        },
        Case {
            what: "an application looks at the tenant, and the caller in person may assign roles",
            change: |facts| admin_assigns_roles(facts),
            code: 101,
            verdict: "loan",
            says: "admin@contoso.example, who may assign roles",
        },
        Case {
            what: "another borrower, whom the caller in person may make it",
            change: |facts| {
                facts.scene.borrower = Principal::user("owner@contoso.example");
                let mut other = facts.principals[&facts.scene.caller].clone();
                other.role_eligibilities = blind(Reason::MissingLicence);
                let borrower = facts.scene.borrower.clone();
                facts.principals.insert(borrower, other);
                let caller = facts.scene.caller.clone();
                facts.principals.get_mut(&caller).unwrap().active_roles = known(vec![privileged_role_administrator()]);
            },
            code: 101,
            verdict: "loan",
            says: "only its return takes it back",
        },
        Case {
            what: "a caller who may not sign in assigns nothing",
            change: |facts| {
                facts.scene.borrower = Principal::user("owner@contoso.example");
                let mut other = facts.principals[&facts.scene.caller].clone();
                other.role_eligibilities = known(vec![]);
                let borrower = facts.scene.borrower.clone();
                facts.principals.insert(borrower, other);
                let caller = facts.scene.caller.clone();
                let caller = facts.principals.get_mut(&caller).unwrap();
                caller.active_roles = known(vec![privileged_role_administrator()]);
                value(&mut caller.account).as_mut().unwrap().enabled = false;
            },
            code: 101,
            verdict: "missing",
            says: "nobody here",
        },
        Case {
            what: "the role of somebody else does not help who is signed in",
            change: facts_of_a_role_activated_later,
            code: 101,
            verdict: "missing",
            says: "nobody here",
        },
        Case {
            what: "no PIM, nobody to assign it",
            change: |facts| admin_of(facts).role_eligibilities = blind(Reason::MissingLicence),
            code: 101,
            verdict: "missing",
            says: "no PIM",
        },
        Case {
            what: "eligibility not to be seen",
            change: |facts| admin_of(facts).role_eligibilities = blind(Reason::MissingPermission),
            code: 101,
            verdict: "unknown",
            says: "a key",
        },
        Case {
            what: "a narrow permission assigns only through PIM",
            change: |facts| {
                admin_of(facts).role_eligibilities = blind(Reason::MissingLicence);
                let permissions = &mut value(&mut facts.tenant.signed_in).permissions;
                permissions.push("RoleAssignmentSchedule.ReadWrite.Directory".into());
            },
            code: 101,
            verdict: "missing",
            says: "nobody here",
        },
        Case {
            what: "the borrower is disabled",
            change: |facts| value(&mut admin_of(facts).account).as_mut().unwrap().enabled = false,
            code: 101,
            verdict: "missing",
            says: "is disabled",
        },
    ]);
}

#[test]
fn system_administrator_does_not_follow_from_global_administrator() {
    check(&[
        Case {
            what: "active Global Administrator, no role",
            change: |facts| admin_of(facts).active_roles = known(vec![global_administrator()]),
            code: 102,
            verdict: "loan",
            says: "self-elevate",
        },
        Case {
            what: "held directly",
            change: |facts| admin_of(facts).security_roles = known(vec![system_administrator()]),
            code: 102,
            verdict: "met",
            says: "assigned directly",
        },
        Case {
            what: "held directly, Administrative access",
            change: |facts| {
                admin_of(facts).security_roles = known(vec![system_administrator()]);
                value(&mut admin_of(facts).system_users)[0].access_mode = 1;
            },
            code: 1,
            verdict: "met",
            says: "not for working in apps",
        },
        Case {
            what: "nobody could lend it",
            change: |facts| admin_of(facts).role_eligibilities = known(vec![]),
            code: 1,
            verdict: "missing",
            says: "have a System Administrator",
        },
        Case {
            what: "the signed-in identity administers the environment",
            change: |facts| {
                admin_of(facts).role_eligibilities = known(vec![]);
                facts.environment.own_roles = known(vec![system_administrator()]);
            },
            code: 102,
            verdict: "loan",
            says: "associate the role",
        },
        Case {
            what: "no row: nothing can be associated, but the person can self-elevate",
            change: |facts| admin_of(facts).system_users = known(vec![]),
            code: 102,
            verdict: "loan",
            says: "is not a user of the environment",
        },
        Case {
            what: "another caller than the borrower, lent by the borrower",
            change: |facts| {
                facts.scene.caller = Principal::user("svc2@contoso.example");
                let mut other = facts.principals[&facts.scene.borrower].clone();
                other.role_eligibilities = known(vec![]);
                let caller = facts.scene.caller.clone();
                facts.principals.insert(caller, other);
            },
            code: 1,
            verdict: "loan",
            says: "once System Administrator",
        },
        Case {
            what: "a disabled caller is lent nothing",
            change: |facts| value(&mut admin_of(facts).account).as_mut().unwrap().enabled = false,
            code: 1,
            verdict: "missing",
            says: "is disabled in Entra",
        },
        Case {
            what: "a person who does not exist is lent nothing",
            change: |facts| {
                admin_of(facts).account = known(None);
                value(&mut facts.tenant.signed_in)
                    .permissions
                    .push("RoleManagement.ReadWrite.Directory".into());
            },
            code: 102,
            verdict: "missing",
            says: "does not exist",
        },
        Case {
            what: "another caller, lent by a borrower who is System Administrator already",
            change: |facts| {
                let mut other = admin_of(facts).clone();
                other.role_eligibilities = known(vec![]);
                let borrower = admin_of(facts);
                borrower.role_eligibilities = known(vec![]);
                borrower.security_roles = known(vec![system_administrator()]);
                facts.scene.caller = Principal::user("svc2@contoso.example");
                let caller = facts.scene.caller.clone();
                facts.principals.insert(caller, other);
            },
            code: 1,
            verdict: "loan",
            says: "who is System Administrator",
        },
        Case {
            what: "the caller is the service account",
            change: |facts| facts.scene.caller = facts.scene.service_identity.clone(),
            code: 1,
            verdict: "met",
            says: "the service identity itself",
        },
        Case {
            what: "roles not to be seen",
            change: |facts| admin_of(facts).security_roles = blind(Reason::MissingRole),
            code: 102,
            verdict: "unknown",
            says: "a key",
        },
    ]);
}

#[test]
fn a_licence_is_borrowed_only_from_a_free_seat_by_somebody_who_may() {
    check(&[
        Case {
            what: "a free seat",
            change: |_| {},
            code: 201,
            verdict: "loan",
            says: "3 of 5 seat(s) free",
        },
        Case {
            what: "held",
            change: |facts| admin_of(facts).licences = known(vec![sales_licence("Success")]),
            code: 201,
            verdict: "met",
            says: "assigned directly",
        },
        Case {
            what: "inherited from a group",
            change: |facts| {
                let admin = admin_of(facts);
                admin.licences = known(vec![sales_licence("Success")]);
                value(&mut admin.account).as_mut().unwrap().licence_assignments[0].by_group = Some(SALES);
            },
            code: 2,
            verdict: "met",
            says: "inherited from group",
        },
        Case {
            what: "no seat",
            change: |facts| value(&mut facts.tenant.skus)[0].consumed = 5,
            code: 201,
            verdict: "missing",
            says: "no seat is free",
        },
        Case {
            what: "a suspended SKU has no seats",
            change: |facts| value(&mut facts.tenant.skus)[0].status = "Suspended".into(),
            code: 201,
            verdict: "missing",
            says: "no seat is free",
        },
        Case {
            what: "a free seat, and nobody to assign it",
            change: |facts| admin_of(facts).role_eligibilities = known(vec![]),
            code: 201,
            verdict: "missing",
            says: "nobody here may assign one",
        },
        Case {
            what: "a free seat, assigned by the signed-in identity",
            change: |facts| {
                admin_of(facts).role_eligibilities = known(vec![]);
                value(&mut facts.tenant.signed_in)
                    .permissions
                    .push("LicenseAssignment.ReadWrite.All".into());
            },
            code: 201,
            verdict: "loan",
            says: "by: \"the signed-in identity\"",
        },
        Case {
            what: "no usage location",
            change: |facts| value(&mut admin_of(facts).account).as_mut().unwrap().usage_location = None,
            code: 201,
            verdict: "loan",
            says: "a usage location",
        },
        Case {
            what: "still being set up",
            change: |facts| admin_of(facts).licences = known(vec![sales_licence("PendingProvisioning")]),
            code: 2,
            verdict: "missing",
            says: "10 to 15 minutes",
        },
        Case {
            what: "the stock not to be seen",
            change: |facts| facts.tenant.skus = blind(Reason::MissingPermission),
            code: 201,
            verdict: "unknown",
            says: "a key",
        },
        Case {
            what: "a SKU that cannot be told",
            change: |facts| {
                let mut new = sales_licence("Success");
                new.sku_id = uuid::uuid!("00000000-0000-4000-8000-00000000abcd");
                new.sku_part_number = "DYNAMICS_OF_TOMORROW".into();
                admin_of(facts).licences = known(vec![new]);
            },
            code: 201,
            verdict: "unknown",
            says: "DYNAMICS_OF_TOMORROW",
        },
        Case {
            what: "the service account lacks one, and the stock is not to be seen",
            change: |facts| {
                service_of(facts).licences = known(vec![]);
                facts.tenant.skus = blind(Reason::MissingPermission);
            },
            code: 300,
            verdict: "missing",
            says: "assign a Dynamics 365",
        },
        Case {
            what: "an application needs none",
            change: |facts| {
                facts.scene.caller = Principal::Application(SALES);
                facts
                    .principals
                    .insert(Principal::Application(SALES), Default::default());
            },
            code: 2,
            verdict: "not applicable",
            says: "needs no licence",
        },
        Case {
            what: "the service account keeps its own for good",
            change: |facts| service_of(facts).licences = known(vec![]),
            code: 300,
            verdict: "missing",
            says: "assign DYN365_ENTERPRISE_SALES",
        },
    ]);
}

#[test]
fn a_loan_that_ends_now_is_said() {
    let mut facts = ready();
    let admin = admin_of(&mut facts);
    admin.active_roles = known(vec![global_administrator()]);
    admin.role_assignments = known(vec![schedule(Some(now()))]);
    let finding = crate::fixture::finding(&facts, 101);
    assert!(
        finding.warnings().iter().any(|warning| warning.contains("ends now")),
        "{finding:?}"
    );
    let hours_left = "2026-11-23T16:00:00Z".parse().unwrap();
    admin_of(&mut facts).role_assignments = known(vec![schedule(Some(hours_left))]);
    let finding = crate::fixture::finding(&facts, 101);
    assert!(finding.warnings().is_empty(), "{finding:?}");
}

/// The borrower is Privileged Role Administrator now, and somebody signed in before that.
fn privileged_role_administrator() -> DirectoryRole {
    DirectoryRole {
        template: PRIVILEGED_ROLE_ADMINISTRATOR,
        name: "Privileged Role Administrator".into(),
    }
}

fn admin_assigns_roles(facts: &mut Facts) {
    let admin = admin_of(facts);
    admin.role_eligibilities = known(vec![]);
    admin.active_roles = known(vec![privileged_role_administrator()]);
}

fn facts_of_a_role_activated_later(facts: &mut Facts) {
    admin_assigns_roles(facts);
    let signed_in = value(&mut facts.tenant.signed_in);
    signed_in.application = false;
    signed_in.permissions.push("RoleManagement.ReadWrite.Directory".into());
}
