//! Starts the installation of an application package. That it comes to its end is another step.

use cutover_clients::Refused;
use cutover_clients::power_platform::application_packages::{
    ApplicationPackage, InstallStatus, PackageState, application_packages, install, installation, operation_of,
};
use cutover_core::plan::action::InstallPackage;
use cutover_core::version::Version;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::carry_out::CannotLook;
use crate::carry_out::ensure::{Back, Ensure, Made, Meaning, Move, Trace};
use crate::carry_out::import::short;
use crate::carry_out::site::{Change, Site};
use crate::carry_out::standing::standing;
use crate::carry_out::window::closed;

const FREE_AGAIN: SignedDuration = SignedDuration::from_mins(2);

/// A package as Power Platform lists it, and what is installed of its solution.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(in crate::carry_out) struct Package {
    /// The version of the solution that tells which version is installed.
    pub(in crate::carry_out) installed: Option<Version>,
    /// One row for what is installed, one for what may be.
    pub(in crate::carry_out) rows: Vec<Row>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(in crate::carry_out) struct Row {
    pub(in crate::carry_out) version: Option<Version>,
    pub(in crate::carry_out) state: String,
    pub(in crate::carry_out) error: Option<String>,
}

/// States in which an installation is under way.
const UNDER_WAY: [PackageState; 4] = [
    PackageState::InstallRequested,
    PackageState::Installing,
    PackageState::InstallScheduled,
    PackageState::InstallRetrying,
];

fn row(package: ApplicationPackage) -> Row {
    let error = package.error();
    let error = error.and_then(|error| error.message.as_deref().or(error.error_name.as_deref()).map(short));
    Row {
        error,
        version: package.version.as_deref().and_then(|version| version.parse().ok()),
        state: package.state.as_ref().map_or("", PackageState::as_str).to_owned(),
    }
}

/// Reads a package's rows.
pub(in crate::carry_out) async fn rows(site: &Site, environment: &str, name: &str) -> Result<Vec<Row>, CannotLook> {
    let all = site.ask(application_packages(environment)).await;
    let all = all.map_err(|unread| site.cannot(unread))?;
    Ok(of_it(all, name))
}

/// The same; `None` where they are shown to whoever administers environments alone, which somebody who follows may not.
pub(in crate::carry_out) async fn rows_if_shown(
    site: &Site,
    environment: &str,
    name: &str,
) -> Result<Option<Vec<Row>>, CannotLook> {
    match site.ask(application_packages(environment)).await {
        Ok(all) => Ok(Some(of_it(all, name))),
        Err(unread) if unread.is_hidden() => Ok(None),
        Err(unread) => Err(site.cannot(unread)),
    }
}

fn of_it(all: Vec<ApplicationPackage>, name: &str) -> Vec<Row> {
    let of_it = all
        .into_iter()
        .filter(|package| package.unique_name.eq_ignore_ascii_case(name));
    of_it.map(row).collect()
}

impl Package {
    /// What an installation of the package that is under way does, in words.
    pub(in crate::carry_out) fn under_way(&self, name: &str) -> Option<String> {
        let of = |row: &Row| UNDER_WAY.iter().position(|state| state.as_str() == row.state);
        Some(match self.rows.iter().find_map(of)? {
            0 => format!("Power Platform was asked to install {name}"),
            1 => format!("Power Platform installs {name}"),
            2 => format!("Power Platform will install {name} when its time has come"),
            _ => format!("Power Platform tries once more to install {name}"),
        })
    }

    /// The row of an installation that went wrong.
    pub(in crate::carry_out) fn failed(&self) -> Option<&Row> {
        let failed = PackageState::InstallFailed;
        self.rows.iter().find(|row| row.state == failed.as_str())
    }

    /// The newest version that is listed.
    fn offered(&self) -> Option<Version> {
        self.rows.iter().filter_map(|row| row.version).max()
    }
}

fn is_there(action: &InstallPackage, seen: &Package) -> bool {
    match &action.solution {
        Some(_) => seen.installed.is_some_and(|installed| installed >= action.version),
        None => seen.rows.iter().any(|row| {
            row.state == PackageState::Installed.as_str() && row.version.is_some_and(|there| there >= action.version)
        }),
    }
}

impl Ensure for InstallPackage {
    type Seen = Package;

    async fn read(&self, site: &Site) -> Result<Package, CannotLook> {
        let installed = match &self.solution {
            Some(solution) => standing(site, solution).await?.version(),
            None => None,
        };
        let rows = rows(site, &self.environment.to_string(), &self.package).await?;
        Ok(Package { installed, rows })
    }

    fn held(&self, seen: &Package) -> bool {
        is_there(self, seen) || seen.under_way(&self.package).is_some()
    }

    fn words(&self, seen: &Package) -> String {
        let mut words = match (is_there(self, seen), seen.installed) {
            (_, Some(installed)) => format!("{installed} is installed"),
            (true, None) => format!("{} is installed", self.version),
            (false, None) => format!("{} is not installed", self.version),
        };
        if let Some(under_way) = seen.under_way(&self.package) {
            words.push_str(&format!(", {under_way}"));
        } else if let Some(row) = seen.failed() {
            let why = row.error.as_deref().unwrap_or("it says no reason");
            words.push_str(&format!(", the newest installation of {} failed: {why}", self.package));
        }
        words
    }

    fn make(&self, site: &Site, now: &Package) -> Move {
        let what = format!("the installation of {}", self.package);
        if let Some(stop) = closed(site, self.not_after, &what) {
            return stop;
        }
        let why = match now.offered() {
            None => format!(
                "Power Platform does not offer the package {} to the environment",
                self.package
            ),
            Some(offered) if offered < self.version => format!(
                "Power Platform offers {} in {offered}, and {} is wanted",
                self.package, self.version
            ),
            Some(_) => {
                let write = install(&self.environment.to_string(), &self.package);
                return Move::Send(Change::Here(write));
            }
        };
        let next = "install by a solution file, or let the vendor install, and plan again";
        Move::Stop(format!("{why}: {next}"), None)
    }

    fn refused(&self, site: &Site, _: &Package, refused: &Refused) -> Meaning {
        match refused.status {
            409 => {
                let why = "another installation in the environment runs";
                Meaning::Later(why.to_owned(), site.after(FREE_AGAIN))
            }
            400 => Meaning::Never(format!(
                "Power Platform does not install {} {} in this environment: plan again with the solution file, or let the \
                 vendor install",
                self.package, self.version
            )),
            _ => Meaning::AsUsual,
        }
    }

    fn trace_in(&self, answer: &Value) -> Trace {
        match operation_of(answer) {
            Some(operation) => Trace::Done(
                json!({"operation": operation}),
                format!(
                    "Power Platform has begun to install {} {} (operation {})",
                    self.package,
                    self.version,
                    short(operation)
                ),
            ),
            None => Trace::None,
        }
    }

    async fn trace(&self, site: &Site, made: &Made<'_>, now: &Package) -> Result<Trace, CannotLook> {
        let operation = made.handle.made.get("operation").and_then(Value::as_str);
        if let Some(operation) = operation {
            let read = site.ask(installation(&self.environment.to_string(), operation)).await;
            let read = read.map_err(|unread| site.cannot(unread))?;
            if !matches!(read.status, Some(InstallStatus::Failed | InstallStatus::Canceled)) {
                return Ok(Trace::Done(json!({"operation": operation}), self.words(now)));
            }
            let said = read.error.and_then(|error| error.message).or(read.status_message);
            return Ok(Trace::Failed(failure(self, said.as_deref())));
        }
        // What failed before the attempt says nothing of it.
        let before: Option<Package> = made
            .state
            .before
            .clone()
            .and_then(|before| serde_json::from_value(before).ok());
        let failed_before = before.is_some_and(|before| before.failed().is_some());
        Ok(match now.failed() {
            Some(row) if !failed_before => Trace::Failed(failure(self, row.error.as_deref())),
            _ => Trace::None,
        })
    }

    async fn back(&self, _: &Site, _: &Package, now: &Package, _: &Made<'_>) -> Result<Back, CannotLook> {
        Ok(Back::NotOurs(format!("{}, and stays", self.words(now))))
    }

    /// It is never asked for a second time before it is known that nothing came of the first.
    fn shows_within(&self) -> SignedDuration {
        SignedDuration::from_mins(10)
    }
}

fn failure(action: &InstallPackage, said: Option<&str>) -> String {
    format!(
        "Power Platform did not install {} {}: {}. Look at Dynamics 365 apps of the environment for details, mend it, and \
         plan again; a solution file or the vendor's installation are other ways",
        action.package,
        action.version,
        said.map_or_else(|| "it says no reason".to_owned(), short)
    )
}
