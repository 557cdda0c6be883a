//! Installing an application package: what stands against it, how it goes on, and what it leaves behind.

use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::error::Refusal;
use super::packages::instance;
use super::{JSON, Request, accepted};
use crate::assumed::{Assumed, InstallUpgrades};
use crate::dataverse::{self, Import};
use crate::exchange::Reply;
use crate::faults::{Failure, Service};
use crate::later::{AdministrationChange, Change, EnvironmentChange, Scheduled};
use crate::state::{Environment, Installation, Package, SolutionOperation, SolutionOperationKind, Tables, numbers};

/// How long an installation waits, and how long it takes in all (assumed; the vendor speaks of 15 to 25 minutes).
const WAITS: SignedDuration = SignedDuration::from_mins(1);
const TAKES: SignedDuration = SignedDuration::from_mins(20);

/// Begins it; a start whose answer is lost has begun all the same.
pub(super) fn install(request: &Request<'_>) -> Result<Reply, Refusal> {
    request.body()?;
    let name = request.key(1);
    let (body, operation_id) = request.change(|state, at| {
        let assumed = state.assumed.clone();
        let environment = state
            .environments
            .get(at)
            .ok_or_else(|| Refusal::no_environment(request.key(0)))?;
        if let Some(other) = environment.installing(request.now) {
            let text = format!("Another installation is in progress: {}.", other.name);
            return Err(Refusal::conflict(text));
        }
        // Assumed: the control plane says no at once where Dataverse would.
        if let Some(other) = dataverse::running(environment, request.now) {
            let text = format!("Another solution operation is in progress: {other}.");
            return Err(Refusal::conflict(text));
        }
        let mut packages = environment.administration.packages.iter();
        let package = packages.find(|package| package.listed && package.unique_name.eq_ignore_ascii_case(name));
        let Some((package, version)) = package.and_then(|package| Some((package, package.offered.clone()?))) else {
            let text = format!("The application package '{name}' is not available to the environment.");
            return Err(Refusal::not_found("ApplicationPackageNotFound", text));
        };
        let is_upgrade = package.installed.as_ref().is_some_and(|there| *there != version);
        if is_upgrade && assumed.install_upgrades == InstallUpgrades::Refused {
            let text = format!("The application package '{name}' is installed already.");
            return Err(Refusal::bad_request("ApplicationPackageInstalled", text));
        }
        let failure = request.emulator.faults().failure(Service::PowerPlatform, request.call);
        let failure = package
            .fails_with
            .clone()
            .or_else(|| unmet(package, &environment.tables))
            .map(|message| Failure {
                code: 0,
                message,
                percent: 50,
            })
            .or(failure);
        let later = |wait: SignedDuration| request.now.checked_add(wait).unwrap_or(Timestamp::MAX);
        let installation = Installation {
            operation_id: request.id.clone(),
            version,
            asked: request.now,
            begins: later(WAITS),
            ends: later(TAKES),
            error: failure.as_ref().map(|failure| failure.message.clone()),
        };
        let changes = if is_upgrade && assumed.install_upgrades == InstallUpgrades::NothingChanges {
            Vec::new()
        } else {
            course(environment, package, &installation, failure.as_ref(), &assumed)
        };
        let begun = EnvironmentChange::Begun(SolutionOperation {
            id: request.id.clone(),
            kind: SolutionOperationKind::Installation,
            name: package.unique_name.clone(),
            version: installation.version.clone(),
            begun: request.now,
            ends: installation.ends,
            error: installation.error.clone(),
        });
        let body = instance(package, &installation, request.now);
        let (organization_id, package) = (environment.organization_id.clone(), package.unique_name.clone());
        state.change_environment(&organization_id, begun);
        for (at, change) in changes {
            let organization_id = organization_id.clone();
            state.schedule(Scheduled::by_time(
                at,
                Change::Environment {
                    organization_id,
                    change,
                },
            ));
        }
        let packages = state.environments.get_mut(at).into_iter();
        let mut packages = packages.flat_map(|environment| &mut environment.administration.packages);
        if let Some(package) = packages.find(|known| known.unique_name == package) {
            package.installation = Some(installation);
        }
        Ok((body, request.id.clone()))
    })?;
    let path = format!(
        "/appmanagement/environments/{}/operations/{operation_id}",
        request.key(0)
    );
    let mut reply = accepted(request.call, &path).with(http::header::CONTENT_TYPE, JSON);
    reply.status = StatusCode::ACCEPTED;
    reply.body = body.to_string().into();
    Ok(reply)
}

/// How an installation goes on: its imports are seen in Dataverse (assumed), and at its end it holds or has failed.
fn course(
    environment: &Environment,
    package: &Package,
    installation: &Installation,
    failure: Option<&Failure>,
    assumed: &Assumed,
) -> Vec<(Timestamp, EnvironmentChange)> {
    let ends = installation.ends;
    let solutions = package.release(&installation.version).map(|release| &release.solutions);
    let mut later = Vec::new();
    for (solution, version) in solutions.into_iter().flatten() {
        let id = Uuid::new_v5(
            &Uuid::NAMESPACE_OID,
            format!("{}/{solution}", installation.operation_id).as_bytes(),
        );
        let import = Import {
            id: &id.to_string(),
            solution,
            friendly_name: &package.name,
            user: None,
            begins: installation.begins,
            ends,
            failure: failure
                .filter(|failure| !failure.is_of_promotion())
                .map(|failure| (failure.percent, failure.message.as_str())),
            warnings: Vec::new(),
        };
        later.extend(import.later(environment));
        let stays = |failure: &Failure| failure.is_of_promotion() || assumed.failed_installation_leaves_holding;
        if failure.is_some_and(stays) {
            let holding = dataverse::holding(environment, solution, version, ends);
            later.extend(holding.map(|change| (ends, change)));
        }
    }
    match failure {
        Some(failure) => later.push((
            ends,
            EnvironmentChange::Administration(AdministrationChange::Failed {
                package: package.unique_name.clone(),
                error: failure.message.clone(),
            }),
        )),
        None => later.extend(
            changes_of(package, installation)
                .into_iter()
                .map(|change| (ends, change)),
        ),
    }
    later
}

/// What the offered version of a package depends on and the environment has not; `None` when nothing is missing.
fn unmet(package: &Package, tables: &Tables) -> Option<String> {
    let offered = package.offered.as_deref()?;
    let missing = "a solution that the package depends on is missing in the environment";
    let Some(release) = package.release(offered) else {
        // What is installed in this version already needs nothing more.
        return (package.installed.as_deref() != Some(offered)).then(|| missing.to_owned());
    };
    let is_missing = |(name, version): &(&String, &String)| {
        let there = tables.find("solutions", "uniquename", name);
        let there = there.and_then(|row| row.get("version")?.as_str());
        there.is_none_or(|there| numbers(there) < numbers(version))
    };
    let (name, version) = release.required.iter().find(is_missing)?;
    Some(format!("{missing}: {name} {version}"))
}

/// What an installation changes when it has ended well: what the package's manifest says, and that it is there.
fn changes_of(package: &Package, installation: &Installation) -> Vec<EnvironmentChange> {
    let release = package.release(&installation.version);
    let changes = release.map(|release| package.changes_of(release)).unwrap_or_default();
    let mut changes: Vec<EnvironmentChange> = changes
        .into_iter()
        .map(|change| change.dated(installation.ends))
        .collect();
    changes.push(EnvironmentChange::Administration(AdministrationChange::Installed {
        package: package.unique_name.clone(),
        version: installation.version.clone(),
    }));
    changes
}
