//! What Power Platform's control plane says of the environment.

use cutover_clients::Wave;
use cutover_clients::power_platform::{application_packages, backups as copies, environments, operations as log};
use cutover_clients::tenancy::Home;
use cutover_core::facts::power_platform::{AdministeredEnvironment, ApplicationPackage, Backup, EnvironmentOperation};
use cutover_core::facts::{Blind, Fact, Facts};
use cutover_core::need::Need;
use cutover_core::scene::Scene;
use url::Url;
use uuid::Uuid;

use super::{Asking, Step, asked, settled};
use crate::blind::{Absent, OrAbsent, fact};

/// The environment behind the scene's address, found by its host: the control plane has ids of its own.
pub(super) fn environment(asking: &Asking<'_>, wave: &mut Wave<Home>) -> Step {
    let host = host(&asking.question.scene.environment_url);
    let ticket = wave.ask(environments::environments());
    asked::<Home>(move |answers, facts| {
        facts.power_platform.environment = fact(answers.take(ticket), |all| {
            let same = |environment: &environments::Environment| {
                host.is_some() && environment.url.as_deref().and_then(self::host) == host
            };
            let mut found = all.into_iter().filter(same);
            match (found.next(), found.next()) {
                (None, _) => Ok(None),
                (Some(environment), None) => administered(environment).map(Some),
                (Some(_), Some(_)) => Err(Absent("a single environment of this address")),
            }
        });
    })
}

fn host(url: &str) -> Option<String> {
    Url::parse(url).ok()?.host_str().map(str::to_lowercase)
}

fn administered(environment: environments::Environment) -> Result<AdministeredEnvironment, Absent> {
    Ok(AdministeredEnvironment {
        id: environment.id,
        name: environment.display_name.unwrap_or_default(),
        kind: environment.kind.or_absent("type")?,
        state: environment.state.or_absent("state")?,
        admin_mode: environment.admin_mode,
        background_operations: environment.background_operations_state,
        organization: environment.dataverse_id,
        security_group: environment.security_group_id,
    })
}

/// Takes nothing that Power Platform says for this environment's when it knows another organisation behind the address.
pub(super) fn distrust_another_organization(scene: &Scene, facts: &mut Facts) {
    let Ok((Some(environment), calls)) = facts.power_platform.environment.read() else {
        return;
    };
    let told = environment
        .organization
        .as_deref()
        .map(|id| (id, Uuid::parse_str(id).ok()));
    let here = facts.environment.who_am_i.value().ok().map(|who| who.organization);
    if let (Some((told, id)), Some(here)) = (told, scene.organization_id.or(here))
        && id != Some(here)
    {
        let message = format!(
            "Power Platform says that organisation {told} is behind {}, and not {here}: what it tells may be of another environment",
            scene.environment_url
        );
        let blind = Blind::not_decidable(message, calls);
        facts.power_platform.distrust(&blind);
    }
}

/// The environment's id in the control plane; otherwise what is to be done without it.
fn id(asking: &Asking<'_>, none: impl Fn(&mut Facts, Blind) + Send + 'static) -> Result<String, Step> {
    if asking.waits_for(Need::PowerPlatformEnvironment) {
        return Err(Step::NotYet);
    }
    let blind = match asking.facts.power_platform.environment.read() {
        Ok((Some(environment), _)) => return Ok(environment.id.clone()),
        Ok((None, calls)) => {
            let mut blind = Blind::not_decidable(
                format!(
                    "Power Platform shows this sign-in no environment at {}",
                    asking.question.scene.environment_url
                ),
                calls,
            );
            blind.lacking = vec![crate::blind::POWER_PLATFORM.to_owned()];
            blind
        }
        Err(blind) => Blind::depends_on(blind),
    };
    Err(settled(move |facts| none(facts, blind)))
}

pub(super) fn packages(asking: &Asking<'_>, wave: &mut Wave<Home>) -> Step {
    let id = match id(asking, |facts, blind| {
        facts.power_platform.packages = Fact::Unknown(blind)
    }) {
        Ok(id) => id,
        Err(step) => return step,
    };
    let ticket = wave.ask(application_packages::application_packages(&id));
    asked::<Home>(move |answers, facts| {
        facts.power_platform.packages = fact(answers.take(ticket), |packages| {
            packages.into_iter().map(package).collect()
        });
    })
}

fn package(package: application_packages::ApplicationPackage) -> Result<ApplicationPackage, Absent> {
    let last_error = package.error().map(|error| {
        let parts = [error.error_name.clone(), error.message.clone()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(": ")
    });
    Ok(ApplicationPackage {
        name: package.localized_name.unwrap_or_else(|| package.unique_name.clone()),
        unique_name: package.unique_name,
        publisher: package.publisher_name.unwrap_or_default(),
        version: package.version.or_absent("the version of a package")?,
        state: package.state.or_absent("the state of a package")?.as_str().to_owned(),
        last_error: last_error.filter(|error| !error.is_empty()),
    })
}

pub(super) fn backups(asking: &Asking<'_>, wave: &mut Wave<Home>) -> Step {
    let id = match id(asking, |facts, blind| {
        facts.power_platform.backups = Fact::Unknown(blind)
    }) {
        Ok(id) => id,
        Err(step) => return step,
    };
    let ticket = wave.ask(copies::backups(&id));
    asked::<Home>(move |answers, facts| {
        facts.power_platform.backups = fact(answers.take(ticket), |backups| {
            let read = |backup: copies::Backup| {
                Ok(Backup {
                    id: backup.id,
                    label: backup.label.filter(|label| !label.is_empty()),
                    point: backup.backup_point_date_time.or_absent("backupPointDateTime")?,
                    expires: backup.backup_expiry_date_time,
                })
            };
            backups.into_iter().map(read).collect()
        });
    })
}

pub(super) fn operations(asking: &Asking<'_>, wave: &mut Wave<Home>) -> Step {
    let id = match id(asking, |facts, blind| {
        facts.power_platform.operations = Fact::Unknown(blind)
    }) {
        Ok(id) => id,
        Err(step) => return step,
    };
    let ticket = wave.ask(log::operations(&id));
    asked::<Home>(move |answers, facts| {
        facts.power_platform.operations = fact(answers.take(ticket), |operations| {
            let mut open = Vec::new();
            for operation in operations {
                let status = operation.status.or_absent("the status of an operation")?;
                if !ended(&status) {
                    open.push(EnvironmentOperation {
                        id: operation.operation_id,
                        name: operation
                            .name
                            .unwrap_or_else(|| "an operation without a name".to_owned()),
                        status: status.as_str().to_owned(),
                        started: operation.start_time,
                    });
                }
            }
            Ok(open)
        });
    })
}

/// Whether nothing more will come of an operation. A state that is not documented may be one that runs.
fn ended(status: &log::OperationStatus) -> bool {
    use log::OperationStatus::{
        Failed, InProgress, NoOperation, Other, Queued, Succeeded, ValidationFailed, ValidationPassed,
    };
    match status {
        Succeeded | ValidationFailed | Failed | NoOperation | ValidationPassed => true,
        Queued | InProgress | Other(_) => false,
    }
}
