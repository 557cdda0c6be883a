//! `[install]`: how Work 365 will be installed.

use std::path::{Path, PathBuf};

use cutover_core::scene::InstallDriver;
use serde::Deserialize;
use toml::Spanned;

use super::diagnose::Problem;

/// How Work 365 will be installed, and where the file of it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct InstallSettings {
    /// As the scene knows it: a file by its name alone.
    pub(crate) driver: InstallDriver,
    /// The folder of that file.
    pub(crate) folder: PathBuf,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawInstall {
    driver: Option<Spanned<String>>,
    package: Option<Spanned<String>>,
    file: Option<Spanned<String>>,
}

/// Microsoft's install operation takes the name as a segment of the address.
const MOST_LETTERS: usize = 200;

impl RawInstall {
    pub(super) fn check(self) -> Result<InstallSettings, Problem> {
        if let (Some(_), Some(file)) = (&self.package, &self.file) {
            return Err(Problem::at(file, "both a package and a file are given")
                .hint("Work 365 is installed from one of them: keep package, or file"));
        }
        let unique_name = self.package.as_ref().map(package).transpose()?;
        let file = self.file.as_ref().map(file).transpose()?;
        let Some(driver) = &self.driver else {
            return Ok(match (unique_name, file) {
                (Some(name), _) => application_package(Some(name)),
                (None, Some(file)) => file,
                (None, None) => InstallSettings::default(),
            });
        };
        match (driver.get_ref().as_str(), unique_name, file) {
            ("guided", None, None) => Ok(InstallSettings::default()),
            ("application-package", name, None) => Ok(application_package(name)),
            ("solution-file", None, Some(file)) => Ok(file),
            ("solution-file", ..) => {
                Err(Problem::at(driver, "the solution file is not named").hint("file = \"Work365.zip\""))
            }
            ("guided" | "application-package", ..) => {
                let message = format!("the driver `{}` does not go with what else is given", driver.get_ref());
                Err(Problem::at(driver, message).hint(
                    "leave driver out: package alone installs an application package, file alone a solution file",
                ))
            }
            (other, ..) => Err(
                Problem::at(driver, format!("`{}` is not a way to install", other.escape_debug()))
                    .choices(other, &["guided", "application-package", "solution-file"]),
            ),
        }
    }
}

fn application_package(unique_name: Option<String>) -> InstallSettings {
    InstallSettings {
        driver: InstallDriver::ApplicationPackage { unique_name },
        ..InstallSettings::default()
    }
}

fn package(name: &Spanned<String>) -> Result<String, Problem> {
    let written = name.get_ref().as_str();
    let sound = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.');
    if written.is_empty() || written.len() > MOST_LETTERS || !written.chars().all(sound) {
        let message = format!("`{}` is not the unique name of a package", written.escape_debug());
        return Err(Problem::at(name, message)
            .hint("letters, digits and _ - . only; driver = \"application-package\" alone finds the package by the product's name"));
    }
    Ok(written.to_owned())
}

/// A path as this system writes it; only its last part goes into facts and reports.
fn file(path: &Spanned<String>) -> Result<InstallSettings, Problem> {
    let written = Path::new(path.get_ref());
    let name = written.file_name().and_then(|name| name.to_str());
    let Some(name) = name.filter(|name| !name.chars().any(char::is_control)) else {
        let message = format!("`{}` does not name a file", path.get_ref().escape_debug());
        return Err(
            Problem::at(path, message).hint("the solution file that Work 365 gave you, such as \"Work365.zip\"")
        );
    };
    Ok(InstallSettings {
        driver: InstallDriver::SolutionFile { file: name.to_owned() },
        folder: written.parent().map(Path::to_owned).unwrap_or_default(),
    })
}
