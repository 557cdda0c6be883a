//! W101.

use crate::check::check;
use crate::context::{Context, Undecided};
use crate::facts::Reason;
use crate::facts::tenant::RolePolicy;
use crate::need::Need;
use crate::reading::directory_roles::{Ends, GLOBAL_ADMINISTRATOR, Standing, standing};
use crate::reading::powers::{self, Assigner};
use crate::scene::Part;
use crate::verdict::{Evidence, Fix, Judged, Loan};

check! {
    /// A Global Administrator is available: the borrower is one now, or can become one for the run.
    ///
    /// # Why
    /// The article asks for a Global Administrator to switch on MFA and to consent for the whole organisation. Nobody
    /// needs the role for longer than that, and nobody needs to hold it for a tenant to be ready: it is a loan.
    ///
    /// # Evidence
    /// The borrower's directory roles that are active now, directly or through a role-assignable group, with their end
    /// from Privileged Identity Management (PIM); the roles the borrower may activate; and whether the signed-in identity,
    /// or the caller in person, may assign roles. PIM needs Entra ID P2; without it an assignment has no end of its own, which is said.
    ///
    /// # By hand
    /// Entra admin centre > ID Governance > Privileged Identity Management > My roles > Activate; or Entra admin centre >
    /// Users > the user > Assigned roles > Add assignment. Take the role back the same way.
    101,
    needs: [
        SignedIn, Account(Borrower), ActiveRoles(Borrower), RoleSchedules(Borrower), GlobalAdministratorPolicy, Account(Caller),
        ActiveRoles(Caller),
    ],
    // Who the caller is in person decides only whether a person could assign the role.
    matters: |scene, need| {
        scene.caller.is_user() || !matches!(need, Need::Account(Part::Caller) | Need::ActiveRoles(Part::Caller))
    },
    judge: judge,
}

const WANTED: &str = "Global Administrator: active, or there to be activated or assigned for the run";

fn judge(context: &Context<'_>) -> Result<Judged, Undecided> {
    let facts = context.facts;
    let who = &facts.scene.borrower;
    let person = facts.of(Part::Borrower);
    let (account, calls) = person.account.read()?;
    let usable = account.as_ref().is_some_and(|account| account.enabled);
    if !usable {
        let fault = if account.is_some() {
            "is disabled"
        } else {
            "does not exist in this tenant"
        };
        let fix = Fix::by_hand(format!(
            "name another person as borrower, or put the account {who} right"
        ))
        .at(
            "Entra admin centre > Users > All users",
            "https://entra.microsoft.com/#view/Microsoft_AAD_UsersAndTenants/UserManagementMenuBlade/~/AllUsers",
        );
        return Ok(Judged::missing(
            Evidence::new(calls, format!("{who} {fault}"), WANTED),
            format!("{who} {fault}"),
            fix,
        ));
    }
    let stands = match standing(person, GLOBAL_ADMINISTRATOR) {
        Ok(stands) => stands,
        // Whether the borrower may activate the role is not known; assigning it is still a way that is.
        Err(blind) => {
            let (Ok(Some(by)), Ok((_, calls))) = (powers::assigner_of_roles(facts, false), person.active_roles.read())
            else {
                return Err(blind.into());
            };
            let evidence = Evidence::new(calls, "not active; eligibility could not be read", WANTED);
            return Ok(assignment(context, evidence, false, by).warn(format!("eligibility: {}", blind.message)));
        }
    };
    Ok(match stands {
        Standing::Active { calls, ends, group } => {
            let through = group
                .map(|group| format!(" through the group {group}"))
                .unwrap_or_default();
            let until = match ends {
                Ends::At(ends) => format!("until {ends}"),
                Ends::Never => "without an end".to_owned(),
                Ends::NotKnown => "for how long could not be read".to_owned(),
            };
            let evidence = Evidence::new(
                &calls,
                format!("Global Administrator, active{through}, {until}"),
                WANTED,
            );
            let judged = Judged::met(evidence, format!("{who} is Global Administrator{through}, {until}"));
            match ends {
                Ends::Never => judged.warn("a standing Global Administrator: eligible in PIM would do (see W901)"),
                Ends::At(ends) if ends <= context.at => judged.warn("this activation ends now"),
                _ => judged,
            }
        }
        Standing::Eligible { calls, ends } => activation(context, Evidence::new(&calls, eligible(ends), WANTED)),
        Standing::None { calls } => {
            let evidence = Evidence::new(&calls, "neither active nor eligible", WANTED);
            assign_or_missing(context, evidence, true)?
        }
        Standing::NoneWithoutPim { calls } => {
            let evidence = Evidence::new(&calls, "not active, and the tenant has no PIM (Entra ID P2)", WANTED);
            assign_or_missing(context, evidence, false)?
        }
    })
}

fn eligible(ends: Option<jiff::Timestamp>) -> String {
    match ends {
        Some(ends) => format!("eligible in PIM until {ends}, not active"),
        None => "eligible in PIM, not active".to_owned(),
    }
}

fn activation(context: &Context<'_>, evidence: Evidence) -> Judged {
    let who = &context.facts.scene.borrower;
    let (longest, needs, warning) = match context.facts.tenant.global_administrator_policy.value() {
        Ok(policy) => (policy.longest.clone(), demands(policy), None),
        Err(blind) if blind.reason == Reason::NotCollected => (None, Vec::new(), None),
        Err(blind) => (
            None,
            Vec::new(),
            Some(format!("what PIM asks for could not be read: {}", blind.message)),
        ),
    };
    let duration = longest
        .map(|longest| format!(" for up to {longest}"))
        .unwrap_or_default();
    let loan = Loan {
        how: format!("activate the role in PIM{duration}; it ends by itself"),
        by: who.to_string(),
        needs,
    };
    Judged::loan(
        evidence,
        format!("{who} may activate Global Administrator for the run"),
        loan,
    )
    .warn_all(warning)
}

/// What PIM asks of somebody who activates the role.
fn demands(policy: &RolePolicy) -> Vec<String> {
    let asked = [
        (policy.mfa, "a sign-in with MFA"),
        (policy.justification, "a justification"),
        (policy.ticket, "a ticket number"),
        (policy.approval == Some(true), "the approval of another person"),
        (
            policy.approval.is_none(),
            "perhaps the approval of another person: the policy does not say",
        ),
    ];
    asked
        .into_iter()
        .filter(|(asked, _)| *asked)
        .map(|(_, what)| what.to_owned())
        .collect()
}

fn assign_or_missing(context: &Context<'_>, evidence: Evidence, pim: bool) -> Result<Judged, Undecided> {
    if let Some(by) = powers::assigner_of_roles(context.facts, pim)? {
        return Ok(assignment(context, evidence, pim, by));
    }
    let who = &context.facts.scene.borrower;
    let lend = match pim {
        true => "make it eligible in PIM, or assign it with an end time",
        false => "assign it, and take it back after the upgrade: without PIM it has no end of its own",
    };
    let ask = format!("Global Administrator for {who}: have a Global or Privileged Role Administrator {lend}");
    let fix = Fix::by_hand(ask)
        .or_by_hand("or name a person as borrower who is Global Administrator, or may become it")
        .at(
            format!("Entra admin centre > Users > {who} > Assigned roles"),
            "https://entra.microsoft.com/#view/Microsoft_AAD_IAM/RolesManagementMenuBlade/~/AllRoles",
        );
    Ok(Judged::missing(
        evidence,
        format!("{who} is not Global Administrator, and nobody here could make it so"),
        fix,
    ))
}

fn assignment(context: &Context<'_>, evidence: Evidence, pim: bool, by: Assigner) -> Judged {
    let scene = &context.facts.scene;
    let who = &scene.borrower;
    let how = if pim {
        "assign the role in PIM with an end time"
    } else {
        "assign the role, and take it back after the run"
    };
    let loan = Loan {
        how: how.into(),
        by: match by {
            Assigner::SignedIn => "the signed-in identity, which may assign roles".to_owned(),
            Assigner::Caller => format!("{}, who may assign roles", scene.caller),
        },
        needs: Vec::new(),
    };
    let judged = Judged::loan(
        evidence,
        format!("{who} can be made Global Administrator for the run"),
        loan,
    );
    if pim {
        judged
    } else {
        judged.warn("without PIM the role does not end by itself: only its return takes it back")
    }
}
