//! Application packages: apps that an environment has, or may install from the marketplace.

use serde::Deserialize;
use serde_json::Value;

use super::{APP_MANAGEMENT, permissions};
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::{Address, segment};
use crate::read::Read;
use crate::tenancy::Home;
use crate::wire::{HEADERS, open_enum};
use crate::write::Write;

pub(super) static APPLICATION_PACKAGES: CallSpec = CallSpec::new(
    Api::PowerPlatform,
    Shape::Collection,
    "/appmanagement/environments/{environmentId}/applicationPackages",
    "the application packages that an environment has or may install, with version and state",
    &permissions::APPLICATION_PACKAGES,
);

pub(super) static INSTALL: CallSpec = CallSpec::writing(
    Api::PowerPlatform,
    "POST",
    "/appmanagement/environments/{environmentId}/applicationPackages/{uniqueName}/install",
    "begins to install an application package, or to bring it to the offered version",
    &permissions::INSTALL_PACKAGE,
)
.answered_in(&[OPERATION_LOCATION]);

pub(super) static OPERATION: CallSpec = CallSpec::new(
    Api::PowerPlatform,
    Shape::Single,
    "/appmanagement/environments/{environmentId}/operations/{operationId}",
    "how far the installation of an application package is",
    &permissions::APPLICATION_PACKAGES,
);

/// The header that says where the outcome of an installation is told; its body may be empty.
const OPERATION_LOCATION: &str = "Operation-Location";

/// An application package (`ApplicationPackage`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationPackage {
    /// Unique name, by which it is installed.
    pub unique_name: String,
    /// Version, as the service writes it.
    pub version: Option<String>,
    /// Name as shown: somebody's text.
    pub localized_name: Option<String>,
    /// Publisher as shown: somebody's text.
    pub publisher_name: Option<String>,
    /// Whether it is installed, or how far that is.
    pub state: Option<PackageState>,
    /// What went wrong last.
    pub last_error: Option<ErrorDetails>,
    /// The same by the name that recorded answers have.
    pub error_details: Option<ErrorDetails>,
}

impl ApplicationPackage {
    /// What went wrong last, by whichever name it came.
    pub fn error(&self) -> Option<&ErrorDetails> {
        self.last_error.as_ref().or(self.error_details.as_ref())
    }
}

/// What went wrong (`ErrorDetails`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorDetails {
    /// Name of the error.
    pub error_name: Option<String>,
    /// The service's text.
    pub message: Option<String>,
}

open_enum! {
    /// Whether a package is installed, or how far that is (`InstancePackageState`).
    PackageState {
        /// It was never installed.
        None = "None",
        /// It is installed.
        Installed = "Installed",
        /// It was removed.
        Uninstalled = "Uninstalled",
        /// Its installation was asked for.
        InstallRequested = "InstallRequested",
        /// Its installation runs.
        Installing = "Installing",
        /// Its installation waits for its time.
        InstallScheduled = "InstallScheduled",
        /// Its installation is tried again.
        InstallRetrying = "InstallRetrying",
        /// Its installation went wrong.
        InstallFailed = "InstallFailed",
        /// Its removal was asked for.
        UninstallRequested = "UninstallRequested",
        /// Its removal runs.
        Uninstalling = "Uninstalling",
        /// Its removal went wrong.
        UninstallFailed = "UninstallFailed",
        /// It came with the environment's template.
        TemplateInstalled = "TemplateInstalled",
    }
}

/// The application packages that an environment has or may install, with their English names.
pub fn application_packages(environment: &str) -> Read<Vec<ApplicationPackage>, Home> {
    let path = format!(
        "/appmanagement/environments/{}/applicationPackages",
        segment(environment)
    );
    let address = Address::path(path)
        .option("appInstallState", "All")
        .option("lcid", "1033")
        .option("api-version", APP_MANAGEMENT);
    Read::new(&APPLICATION_PACKAGES, address)
}

open_enum! {
    /// How far an installation is (`InstallOperationStatus`).
    InstallStatus {
        /// It waits.
        NotStarted = "NotStarted",
        /// It runs.
        Running = "Running",
        /// It went well.
        Succeeded = "Succeeded",
        /// It went wrong.
        Failed = "Failed",
        /// It was given up.
        Canceled = "Canceled",
    }
}

/// An installation (`InstancePackageOperation` as polled).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InstallOperation {
    /// How far it is.
    pub status: Option<InstallStatus>,
    /// In words.
    pub status_message: Option<String>,
    /// What went wrong.
    pub error: Option<ErrorDetails>,
}

/// Begins to install a package, or to bring it to the offered version. [`operation_of`] reads the answer.
pub fn install(environment: &str, package: &str) -> Write<Home> {
    let path = format!(
        "/appmanagement/environments/{}/applicationPackages/{}/install",
        segment(environment),
        segment(package)
    );
    Write::new(&INSTALL, Address::path(path).option("api-version", APP_MANAGEMENT))
}

/// The id of the operation that an answer to [`install`] names; `None` when it names none.
pub fn operation_of(answer: &Value) -> Option<&str> {
    let address = answer.get(HEADERS)?.get(OPERATION_LOCATION)?.as_str()?;
    let path = address.split(['?', '#']).next()?;
    path.rsplit('/').find(|segment| !segment.is_empty())
}

/// How far an installation is.
pub fn installation(environment: &str, operation: &str) -> Read<InstallOperation, Home> {
    let path = format!(
        "/appmanagement/environments/{}/operations/{}",
        segment(environment),
        segment(operation)
    );
    Read::new(&OPERATION, Address::path(path).option("api-version", APP_MANAGEMENT))
}
