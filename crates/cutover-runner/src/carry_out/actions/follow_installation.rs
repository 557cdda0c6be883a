//! Follows an installation to its end, whoever made it. It writes nothing.

use cutover_clients::dataverse::import_jobs::newest;
use cutover_clients::dataverse::solutions::{Solution, by_publisher_prefix, named};
use cutover_core::plan::action::FollowInstallation;
use cutover_core::reading::installed::HOLDING_SUFFIX;
use cutover_core::version::Version;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::install_package::{Package, rows_if_shown};
use crate::carry_out::CannotLook;
use crate::carry_out::ensure::{Back, Ensure, Made, Move, Trace};
use crate::carry_out::import::{Import, import};
use crate::carry_out::site::Site;
use crate::carry_out::standing::{Standing, of_rows};

/// How long nothing may go on before an installation counts as ended: what one service knows, another one shows later.
const ENDED: SignedDuration = SignedDuration::from_mins(10);

/// How far the installation is.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::carry_out) struct Followed {
    standing: Standing,
    /// `None` where a person installs, or it is not shown to whoever follows.
    package: Option<Package>,
    /// The newest import of the solution, and when it ended.
    newest: Option<(Uuid, Option<Timestamp>)>,
}

fn line_of(action: &FollowInstallation) -> &'static str {
    if action.portal { "portal" } else { "core" }
}

fn package_name(action: &FollowInstallation) -> &str {
    action
        .package
        .as_ref()
        .map_or("the package", |package| package.name.as_str())
}

/// Which of the publisher's solutions it is, as facts are read ([`cutover_core::reading::installed`]).
fn name_of(action: &FollowInstallation, all: &[Solution]) -> Option<String> {
    let names = |solution: &Solution| {
        let shown = solution.friendlyname.as_deref().unwrap_or_default();
        format!("{}\n{shown}", solution.uniquename).to_lowercase()
    };
    let marker = action.portal_marker.to_lowercase();
    let of_line: Vec<&Solution> = all
        .iter()
        .filter(|solution| solution.parent_solution.is_none() && !solution.uniquename.ends_with(HOLDING_SUFFIX))
        .filter(|solution| names(solution).contains(&marker) == action.portal)
        .collect();
    let core: Vec<&&Solution> = of_line
        .iter()
        .filter(|solution| names(solution).contains("core"))
        .collect();
    let found = match (of_line.as_slice(), core.as_slice()) {
        ([only], _) => Some(*only),
        ([first, ..], _) if action.portal => Some(*first),
        (_, [only]) => Some(**only),
        _ => None,
    };
    found.map(|solution| solution.uniquename.clone())
}

/// Whether a version is the one that is waited for, or a later one of its line.
fn is_reached_by(action: &FollowInstallation, there: Version) -> bool {
    there >= action.version && there.major_minor() == action.version.major_minor()
}

/// What is waited for, in words.
fn waits_for(action: &FollowInstallation, now: &Followed) -> String {
    let mut words = Vec::new();
    let name = package_name(action);
    let installs = now.package.as_ref().and_then(|package| package.under_way(name));
    words.extend(installs);
    if let Some(import) = now.standing.import_words() {
        words.push(import);
    } else if now.standing.holding.is_some() && action.package.is_none() {
        words.push(format!(
            "{}; somebody has to apply the upgrade (Power Apps > Solutions > Apply Upgrade)",
            now.standing.words()
        ));
        return words.join("; ");
    }
    let is = match now.standing.version() {
        Some(version) => format!("is {version}"),
        None => "is not installed".to_owned(),
    };
    words.push(format!(
        "the {} {is}, and {} is waited for",
        line_of(action),
        action.version
    ));
    words.join("; ")
}

/// Why an installation that nobody goes on with did not bring the version.
fn not_brought(action: &FollowInstallation, now: &Followed) -> String {
    let (what, name) = (line_of(action), package_name(action));
    let standing = now.standing.words();
    match &now.standing.holding {
        Some(_) => format!(
            "the installation of {name} ended, and the new version was not put in place: {standing}. Plan again, which \
             proposes to finish it"
        ),
        None => format!(
            "the installation of {name} ended well, and the {what} is not {}: {standing}. This package does not upgrade \
             what is installed: plan again with the solution file, or let the vendor install",
            action.version
        ),
    }
}

impl Ensure for FollowInstallation {
    type Seen = Followed;

    async fn read(&self, site: &Site) -> Result<Followed, CannotLook> {
        let (name, all) = match &self.solution {
            Some(name) => {
                let all = site.ask(named(name)).await.map_err(|unread| site.cannot(unread))?;
                (Some(name.clone()), all)
            }
            None => {
                let all = site.ask(by_publisher_prefix(&self.prefix)).await;
                let all = all.map_err(|unread| site.cannot(unread))?;
                (name_of(self, &all), all)
            }
        };
        let newest = match &name {
            Some(name) => {
                let jobs = site.ask(newest(name, 1)).await.map_err(|unread| site.cannot(unread))?;
                jobs.first().map(|job| (job.importjobid, job.completedon))
            }
            None => None,
        };
        let package = match &self.package {
            // The tenant role that started it may be back: then the environment alone tells how far it is.
            Some(package) => rows_if_shown(site, &package.environment.to_string(), &package.name)
                .await?
                .map(|rows| Package { installed: None, rows }),
            None => None,
        };
        Ok(Followed {
            standing: of_rows(site, name, &all).await?,
            package,
            newest,
        })
    }

    fn held(&self, seen: &Followed) -> bool {
        let standing = &seen.standing;
        let there = standing.version().is_some_and(|there| is_reached_by(self, there));
        there && standing.holding.is_none() && standing.running.is_empty()
    }

    fn words(&self, seen: &Followed) -> String {
        match self.held(seen) {
            true => format!("the {} is there: {}", line_of(self), seen.standing.words()),
            false => waits_for(self, seen),
        }
    }

    fn make(&self, _: &Site, now: &Followed) -> Move {
        Move::Wait(waits_for(self, now), Value::Null)
    }

    async fn trace(&self, site: &Site, made: &Made<'_>, now: &Followed) -> Result<Trace, CannotLook> {
        let (standing, what) = (&now.standing, line_of(self));
        // The newest import, if it ended since this is followed.
        let ended = match (now.newest, made.state.begun) {
            (Some((id, Some(ended))), Some(begun)) if ended >= begun => {
                import(site, id, what).await?.map(|it| (id, it))
            }
            _ => None,
        };
        if self.held(now) {
            // What the import says of itself is kept with what came of it.
            return Ok(match ended {
                Some((id, Import::Passed { said, .. })) => Trace::Ended(json!({"import": id}), said),
                Some((id, _)) => Trace::Made(json!({"import": id})),
                None => Trace::None,
            });
        }
        if let Some((_, Import::Failed(said))) = ended {
            return Ok(Trace::Failed(format!(
                "the import of the {what} failed: {said} (Power Apps > Solutions > History shows it). {}: mend what it names, \
                 have it installed again, and plan again",
                standing.words()
            )));
        }
        if let Some(row) = now.package.as_ref().and_then(Package::failed) {
            let said = row.error.as_deref().unwrap_or("it says no reason");
            return Ok(Trace::Failed(format!(
                "Power Platform did not install {}: {said}. {}: look at Dynamics 365 apps of the environment, mend it, and plan \
                 again; a solution file or the vendor's installation are other ways",
                package_name(self),
                standing.words(),
                said = said.trim_end_matches('.'),
            )));
        }
        let beyond = standing
            .version()
            .filter(|there| *there > self.version && !is_reached_by(self, *there));
        if let Some(there) = beyond {
            return Ok(Trace::Failed(format!(
                "the {what} is {there} now, which is beyond {}: plan again for that version",
                self.version
            )));
        }
        let under_way = now
            .package
            .as_ref()
            .is_some_and(|package| package.under_way(package_name(self)).is_some());
        if now.package.is_none() || under_way || !standing.running.is_empty() {
            return Ok(Trace::Waits(waits_for(self, now), json!({"idle": null})));
        }
        let idle = made.handle.made.get("idle").and_then(Value::as_str);
        let idle: Timestamp = idle.and_then(|idle| idle.parse().ok()).unwrap_or(site.now());
        Ok(match site.now().duration_since(idle) >= ENDED {
            true => Trace::Failed(not_brought(self, now)),
            false => Trace::Waits(waits_for(self, now), json!({"idle": idle})),
        })
    }

    async fn back(&self, _: &Site, _: &Followed, now: &Followed, _: &Made<'_>) -> Result<Back, CannotLook> {
        Ok(Back::Gone(self.words(now)))
    }
}
