//! The installation itself: an old portal goes, a restore point is taken, what an earlier upgrade left goes or is finished, and
//! the new version comes by one of three drivers.

use jiff::SignedDuration;
use uuid::Uuid;

use super::{LeftOver, Upgrading};
use crate::code::Code;
use crate::facts::package::SolutionFile;
use crate::facts::power_platform::ApplicationPackage;
use crate::plan::action::{
    AssignFieldSecurityProfile, AssignSecurityRole, FollowInstallation, InstallPackage, PackageIn, PromoteSolution,
    RemoveSolution, RoleNamed, TakeBackup, UpgradeSolution,
};
use crate::plan::{Action, Refusal};
use crate::planner::draft::{Draft, Returned, Stretch};
use crate::planner::licence::Seat;
use crate::planner::{service_identity, slug};
use crate::reading::installed::HOLDING_SUFFIX;
use crate::reading::package::{is_portals, is_products, newest};
use crate::scene::{InstallDriver, Principal};
use crate::verdict::Verdict;
use crate::version::Version;

const LEFT_OVERS: Code = Code::new(803);
const INSTALLABLE: Code = Code::new(804);
const RESTORE_POINT: Code = Code::new(805);
const ROUTE: Code = Code::new(802);
/// How long a licence is out at most: an installation, and what follows it.
const LICENSED: SignedDuration = SignedDuration::from_hours(12);
/// How long an installation that cutover began is followed.
const IMPORTED: SignedDuration = SignedDuration::from_hours(4);
/// How long somebody else's installation is waited for.
const GUIDED: SignedDuration = SignedDuration::from_hours(24);

pub(super) fn propose(upgrading: &Upgrading<'_>, draft: &mut Draft, against: &mut Vec<Refusal>) {
    if upgrading.case.facts.scene.install != InstallDriver::Guided {
        licences(upgrading, draft, against);
    }
    if let Some(portal) = upgrading
        .route
        .installed
        .portal
        .filter(|_| upgrading.route.portal_goes_first())
    {
        let remove = RemoveSolution {
            solution: portal.unique_name.clone(),
            name: portal.friendly_name.clone(),
            version: portal.version,
        };
        draft.step(ROUTE, "remove-portal", Action::RemoveSolution(remove));
    }
    restore_point(upgrading, draft, against);
    // What takes the place of the installed version, or deletes a part of the next, wants a way back as the installation does.
    left_overs(upgrading, draft);
    core(upgrading, draft, against);
}

/// Whoever runs the upgrade holds a licence for it (opening rule, row 2).
fn licences(upgrading: &Upgrading<'_>, draft: &mut Draft, against: &mut Vec<Refusal>) {
    let case = &upgrading.case;
    let scene = &case.facts.scene;
    let people: [(Code, &Principal); 2] = [(Code::new(2), &scene.caller), (Code::new(201), &scene.borrower)];
    for (code, who) in people {
        let is_lent = case
            .finding(code)
            .is_some_and(|finding| matches!(finding.verdict(), Verdict::Loan(_)));
        if !is_lent {
            continue;
        }
        match Seat::of(case, who) {
            Ok(seat) => {
                let location = seat
                    .location
                    .map(|location| draft.step(code, "set-usage-location", Action::SetUsageLocation(location)));
                draft.note(format!(
                    "{} of {} free; {who} is lent one for the installation",
                    seat.free, seat.licence.name
                ));
                let returned = Returned {
                    serves: Stretch::Promote,
                    comes_back: Stretch::Finish,
                    limit: LICENSED,
                };
                let id = format!("lend-licence-{}", slug(&who.to_string()));
                let id = draft.loan(code, &id, Action::AssignLicence(seat.licence), returned);
                draft.after(&id, location);
            }
            Err(obstacle) => against.push(Refusal {
                requirement: code,
                what: format!("lend a Dynamics 365 licence to {who}"),
                why: obstacle.why,
                unless: obstacle.unless,
            }),
        }
    }
}

fn left_overs(upgrading: &Upgrading<'_>, draft: &mut Draft) {
    for holding in &upgrading.route.installed.holding {
        let solution = holding.unique_name.trim_end_matches(HOLDING_SUFFIX).to_owned();
        match upgrading.decisions.left_over {
            Some(LeftOver::Finish) => {
                let promote = PromoteSolution {
                    solution,
                    version: holding.version,
                    not_after: upgrading.decisions.window.as_ref().map(|window| window.ends),
                };
                draft.step(LEFT_OVERS, "finish-left-over", Action::PromoteSolution(promote));
            }
            Some(LeftOver::Clear) => {
                let remove = RemoveSolution {
                    solution: holding.unique_name.clone(),
                    name: holding.friendly_name.clone(),
                    version: holding.version,
                };
                draft.step(LEFT_OVERS, "clear-left-over", Action::RemoveSolution(remove));
            }
            None => {}
        }
    }
}

fn restore_point(upgrading: &Upgrading<'_>, draft: &mut Draft, against: &mut Vec<Refusal>) {
    if upgrading.decisions.without_restore_point {
        draft.note("no restore point is taken, by decision: there is no way back but the platform's own backups");
        return;
    }
    let finding = upgrading.case.finding(RESTORE_POINT);
    if finding.is_some_and(|finding| matches!(finding.verdict(), Verdict::Waived { .. } | Verdict::NotApplicable(_))) {
        return;
    }
    let refusal = |why: String| Refusal {
        requirement: RESTORE_POINT,
        what: "take a backup of the environment".to_owned(),
        why,
        unless: Some("--without-restore-point, by decision".to_owned()),
    };
    match environment(upgrading) {
        Ok((id, false)) => {
            let label = format!("before {} {}", upgrading.case.pack.product, upgrading.route.target);
            draft.step(
                RESTORE_POINT,
                "restore-point",
                Action::TakeBackup(TakeBackup { environment: id, label }),
            );
            draft.note(
                "the restore point can be restored as a rule into a sandbox only: to go back, restore it into a sandbox of the same region, check it, and ask Microsoft to swap; what was written since is lost",
            );
        }
        Ok((_, true)) => against.push(refusal(
            "the default environment cannot be backed up by hand".to_owned(),
        )),
        Err(why) => against.push(refusal(why)),
    }
}

/// The environment's id in Power Platform, and whether it is the default one.
fn environment(upgrading: &Upgrading<'_>) -> Result<(Uuid, bool), String> {
    let known = upgrading.case.facts.power_platform.environment.value();
    match known {
        Ok(Some(environment)) => {
            let is_default = environment.kind.eq_ignore_ascii_case("Default");
            let id = environment.id.trim_start_matches("Default-");
            let id = Uuid::parse_str(id).map_err(|_| "its id in Power Platform is no GUID".to_owned())?;
            Ok((id, is_default))
        }
        Ok(None) => Err("Power Platform shows no environment of this address".to_owned()),
        Err(blind) => Err(format!(
            "the environment's id in Power Platform could not be read: {}",
            blind.message
        )),
    }
}

fn core(upgrading: &Upgrading<'_>, draft: &mut Draft, against: &mut Vec<Refusal>) {
    let facts = upgrading.case.facts;
    let not_after = upgrading.decisions.window.as_ref().map(|window| window.ends);
    let solution = upgrading.route.installed.core.map(|core| core.unique_name.clone());
    match &facts.scene.install {
        InstallDriver::ApplicationPackage { unique_name } => {
            let pack = upgrading.case.pack;
            let packages = facts.power_platform.packages.value();
            let named = |package: &&ApplicationPackage| match unique_name {
                Some(name) => package.unique_name.eq_ignore_ascii_case(name),
                None => is_products(pack, package),
            };
            let found = packages
                .as_ref()
                .ok()
                .and_then(|packages| newest(packages.iter().filter(named)));
            let (Some((version, package)), Ok((environment, _))) = (found, environment(upgrading)) else {
                let package = unique_name.clone().unwrap_or_else(|| format!("of {}", pack.product));
                let why = match (packages, environment(upgrading)) {
                    (Err(blind), _) => format!("the packages could not be read: {}", blind.message),
                    (_, Err(why)) => why,
                    (Ok(_), Ok(_)) => format!("Power Platform offers no package {package} for this environment"),
                };
                return against.push(Refusal {
                    requirement: INSTALLABLE,
                    what: "install the application package".to_owned(),
                    why,
                    unless: Some("install.file in the configuration, or a guided installation".to_owned()),
                });
            };
            let install = InstallPackage {
                environment,
                package: package.unique_name.clone(),
                version,
                solution: solution.clone(),
                not_after,
            };
            draft.step(INSTALLABLE, "install-core", Action::InstallPackage(install));
            follow(
                upgrading,
                draft,
                solution,
                version,
                Some(PackageIn {
                    environment,
                    name: package.unique_name.clone(),
                }),
                false,
                IMPORTED,
            );
        }
        InstallDriver::SolutionFile { file } => {
            let (unique_name, version, sha256) = match facts.solution_file.value() {
                Ok(SolutionFile::Solution {
                    unique_name,
                    version,
                    sha256,
                    ..
                }) => (unique_name, version, sha256),
                Ok(SolutionFile::Refused { because }) => return against.push(unusable(file, because)),
                Err(blind) => return against.push(unusable(file, &blind.message)),
            };
            let beside = upgrading.decisions.in_two_steps;
            let import = UpgradeSolution {
                file: file.clone(),
                sha256: sha256.clone(),
                solution: unique_name.clone(),
                version: *version,
                beside,
                not_after,
            };
            let id = if beside { "import-core-beside" } else { "install-core" };
            draft.step(INSTALLABLE, id, Action::UpgradeSolution(import));
        }
        InstallDriver::Guided => {
            follow(upgrading, draft, solution, upgrading.route.target, None, false, GUIDED);
        }
    }
}

/// What was imported beside the installed version takes its place.
pub(super) fn promote(upgrading: &Upgrading<'_>, draft: &mut Draft) {
    let facts = upgrading.case.facts;
    let by_file = matches!(facts.scene.install, InstallDriver::SolutionFile { .. });
    if !by_file || !upgrading.decisions.in_two_steps {
        return;
    }
    let Ok(SolutionFile::Solution {
        unique_name, version, ..
    }) = facts.solution_file.value()
    else {
        return;
    };
    let promote = PromoteSolution {
        solution: unique_name.clone(),
        version: *version,
        // What is begun is brought to its end.
        not_after: None,
    };
    draft.step(INSTALLABLE, "promote-core", Action::PromoteSolution(promote));
}

fn unusable(file: &str, why: &str) -> Refusal {
    Refusal {
        requirement: INSTALLABLE,
        what: format!("install {file}"),
        why: format!("{file} cannot be installed: {why}"),
        unless: Some("the vendor's managed core solution as install.file".to_owned()),
    }
}

fn follow(
    upgrading: &Upgrading<'_>,
    draft: &mut Draft,
    solution: Option<String>,
    version: Version,
    package: Option<PackageIn>,
    portal: bool,
    at_most: SignedDuration,
) {
    let names = &upgrading.case.pack.names;
    let follow = FollowInstallation {
        solution,
        prefix: names.publisher_prefix.clone(),
        portal_marker: names.portal_marker.clone(),
        portal,
        version,
        package,
        at_most,
    };
    let id = if portal { "follow-portal" } else { "follow-core" };
    draft.step(INSTALLABLE, id, Action::FollowInstallation(follow));
}

/// What the new version brings, and the service identity needs: looked up when the step begins. It comes after an installation
/// that nobody waits for with a tenant role, and with that role the platform ends System Administrator: so it is no part of the
/// installation's own stretch, and has what it needs lent anew.
pub(super) fn due_roles(upgrading: &Upgrading<'_>, draft: &mut Draft) {
    let case = &upgrading.case;
    let is_due = |code| {
        case.finding(code)
            .is_some_and(|finding| matches!(finding.verdict(), Verdict::Due(_)))
    };
    let Some(row) = service_identity::usable_row(case) else {
        return;
    };
    let names = &case.pack.names;
    for (code, role) in [
        (Code::new(301), &names.service_role),
        (Code::new(302), &names.portal_service_role),
    ] {
        if is_due(code) {
            let assign = AssignSecurityRole {
                row: row.clone(),
                role: RoleNamed::Name(role.clone()),
            };
            draft.step(
                code,
                format!("assign-role-{}", slug(role)),
                Action::AssignSecurityRole(assign),
            );
        }
    }
    if is_due(Code::new(401)) {
        let assign = AssignFieldSecurityProfile {
            row,
            profile: names.profile.clone(),
        };
        let id = format!("assign-profile-{}", slug(&names.profile));
        draft.step(Code::new(401), id, Action::AssignFieldSecurityProfile(assign));
    }
}

/// The portal, after the core.
pub(super) fn portal(upgrading: &Upgrading<'_>, draft: &mut Draft) -> bool {
    let facts = upgrading.case.facts;
    let pack = upgrading.case.pack;
    let packages = facts.power_platform.packages.value();
    let found = packages
        .ok()
        .and_then(|packages| newest(packages.iter().filter(|package| is_portals(pack, package))));
    let found = found.filter(|(version, _)| version.major_minor() <= upgrading.route.target.major_minor());
    let by_package = matches!(facts.scene.install, InstallDriver::ApplicationPackage { .. });
    let (Some((version, package)), Ok((environment, _)), true) = (found, environment(upgrading), by_package) else {
        return false;
    };
    let there = upgrading
        .route
        .installed
        .portal
        .filter(|_| !upgrading.route.portal_goes_first());
    if there.is_some_and(|portal| portal.version >= version) {
        return false;
    }
    let solution = there.map(|portal| portal.unique_name.clone());
    let install = InstallPackage {
        environment,
        package: package.unique_name.clone(),
        version,
        solution: solution.clone(),
        not_after: None,
    };
    draft.step(INSTALLABLE, "install-portal", Action::InstallPackage(install));
    follow(
        upgrading,
        draft,
        solution,
        version,
        Some(PackageIn {
            environment,
            name: package.unique_name.clone(),
        }),
        true,
        IMPORTED,
    );
    true
}
