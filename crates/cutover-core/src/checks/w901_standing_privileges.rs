//! W901.

use crate::check::check;
use crate::context::{Context, Undecided};
use crate::facts::principal::PrincipalFacts;
use crate::facts::{Blind, Calls};
use crate::reading::directory_roles::{Ends, GLOBAL_ADMINISTRATOR, Standing, standing};
use crate::reading::environment_user::{Holding, Row, holding, is_system_administrator, row, sees_all};
use crate::reading::licence::{Entitlement, entitlement};
use crate::scene::{Part, Principal};
use crate::verdict::{Evidence, Fix, Judged};

check! {
    /// No standing privilege is left lying about.
    ///
    /// # Why
    /// What was borrowed for an upgrade is forgotten afterwards: this is what auditors find. The service account does its work
    /// without System Administrator, the vendor's support user needs it only while somebody supports, and the borrower's
    /// Global Administrator, System Administrator and licence were for the upgrade alone.
    ///
    /// # Evidence
    /// Outside a run: Global Administrator without an end and System Administrator of the service identity and the borrower,
    /// a Dynamics licence of the borrower, System Administrator of vendor support users. Advisory: somebody may hold a
    /// privilege for another reason, so each is listed and given back only by decision.
    ///
    /// # By hand
    /// Entra admin centre > Users > the user > Assigned roles; Power Platform admin centre > Environments > the environment >
    /// Settings > Users; Microsoft 365 admin centre > Users > Licenses and apps.
    901,
    needs: [
        Account(ServiceIdentity), ActiveRoles(ServiceIdentity), RoleSchedules(ServiceIdentity),
        SystemUsers(ServiceIdentity), SecurityRoles(ServiceIdentity), Account(Borrower), ActiveRoles(Borrower),
        RoleSchedules(Borrower), SystemUsers(Borrower), SecurityRoles(Borrower), Licences(Borrower), SupportUsers,
        Solutions, OwnPrivileges,
    ],
    judge: judge,
}

const WANTED: &str = "no standing Global Administrator, System Administrator or licence outside a run";

/// Privileges found so far, and the calls that showed what there is and is not.
#[derive(Default)]
struct Search {
    found: Vec<String>,
    calls: Option<Calls>,
    /// Why it is not known whether a privilege that somebody holds now has an end.
    hidden: Option<Blind>,
}

impl Search {
    fn saw(&mut self, calls: &Calls) {
        self.calls = Some(match self.calls.take() {
            Some(earlier) => earlier.and(calls),
            None => calls.clone(),
        });
    }
}

fn judge(context: &Context<'_>) -> Result<Judged, Undecided> {
    let scene = &context.facts.scene;
    let mut search = Search::default();
    let mut people = vec![(&scene.service_identity, Part::ServiceIdentity)];
    if scene.borrower != scene.service_identity {
        people.push((&scene.borrower, Part::Borrower));
    }
    for (who, part) in people {
        look(context, &mut search, who, part)?;
    }
    let (support_users, calls) = context.facts.environment.support_users.read()?;
    search.saw(&calls.clone().and(sees_all(context.facts, &["prvReadUser"])?));
    for support in support_users
        .iter()
        .filter(|support| !support.user.disabled && !support.user.deleted)
    {
        if support.roles.iter().any(is_system_administrator) {
            search.found.push(format!(
                "{} (vendor support): System Administrator",
                support.user.domain_name
            ));
        }
    }
    let calls = search.calls.as_ref().unwrap_or(calls);
    if let (true, Some(blind)) = (search.found.is_empty(), search.hidden) {
        return Err(blind.into());
    }
    if search.found.is_empty() {
        let evidence = Evidence::new(
            calls,
            "none of the service identity, the borrower and vendor support users holds one",
            WANTED,
        );
        return Ok(Judged::met(evidence, "nobody holds a privilege that the upgrade lent"));
    }
    let listed = search.found.join("; ");
    let fix = Fix::by_hand("take back what nobody needs outside an upgrade, the Entra role before the Dataverse role")
        .at(
            "Entra admin centre > Users > Assigned roles; Power Platform admin centre > Users",
            "https://entra.microsoft.com/#view/Microsoft_AAD_UsersAndTenants/UserManagementMenuBlade/~/AllUsers",
        );
    Ok(Judged::missing(
        Evidence::new(calls, listed.clone(), WANTED),
        format!("standing privileges: {listed}"),
        fix,
    ))
}

fn look(context: &Context<'_>, search: &mut Search, who: &Principal, part: Part) -> Result<(), Undecided> {
    let facts = context.facts;
    let principal = facts.of(part);
    if who.is_user()
        && let Standing::Active { calls, ends, .. } = standing_or_absent(context, who, search)?
    {
        search.saw(&calls);
        match (ends, end_hidden_by(principal)) {
            (Ends::At(_), _) => {}
            (Ends::NotKnown, Some(blind)) => search.hidden = Some(blind.clone()),
            (Ends::Never | Ends::NotKnown, _) => {
                search.found.push(format!("{who}: Global Administrator without an end"));
            }
        }
    }
    let row = row(facts, who)?;
    search.saw(row.calls());
    if let Row::Usable(user, _) = &row {
        let (held, calls) = holding(facts, who, user, is_system_administrator)?;
        search.saw(&calls);
        match held {
            Holding::Direct => search.found.push(format!("{who}: System Administrator")),
            Holding::Team(team) => search
                .found
                .push(format!("{who}: System Administrator through the team {}", team.name)),
            Holding::No(_) => {}
        }
    }
    let account_is_there = principal.account.value().is_ok_and(Option::is_some);
    if part == Part::Borrower && account_is_there {
        let (licences, calls) = principal.licences.read()?;
        search.saw(calls);
        if let Entitlement::Held { part_number, .. } = entitlement(licences) {
            search
                .found
                .push(format!("{who}: licence {part_number}, if it was only for the upgrade"));
        }
    }
    Ok(())
}

/// What hides the end of an active role: the schedules, or the groups whose schedules were not asked for.
fn end_hidden_by(person: &PrincipalFacts) -> Option<&Blind> {
    person
        .role_assignments
        .value()
        .err()
        .or(person.role_groups.value().err())
}

/// How the person stands to Global Administrator; somebody who does not exist holds nothing.
fn standing_or_absent<'a>(
    context: &Context<'a>,
    who: &Principal,
    search: &mut Search,
) -> Result<Standing<'a>, Undecided> {
    let person = context.facts.of_principal(who);
    let (account, calls) = person.account.read()?;
    search.saw(calls);
    if account.is_none() {
        return Ok(Standing::None { calls: calls.clone() });
    }
    // Eligibility is not a standing privilege, so a view of what is active is enough.
    match standing(person, GLOBAL_ADMINISTRATOR) {
        Ok(stands) => Ok(stands),
        Err(blind) => {
            let (_, calls) = person.active_roles.read().map_err(|_| Undecided::from(blind))?;
            Ok(Standing::None { calls: calls.clone() })
        }
    }
}
