//! Version numbers of solutions: four integers, compared as such.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A solution version such as `4.6.0.35`; parts that are left out are zero, so `4.8` equals `4.8.0.0`.
///
/// Dataverse compares solution versions number by number, never as text (`10.0` is above `9.9`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Version([u32; 4]);

impl Version {
    /// The first two numbers: what the vendor ties core and portal together by.
    pub fn major_minor(self) -> (u32, u32) {
        let [major, minor, ..] = self.0;
        (major, minor)
    }
}

impl Version {
    /// Whether going to this version from an installed one would go backwards. A target of two numbers means the whole
    /// line: `4.8` is not behind `4.8.0.12`.
    pub fn is_behind(self, installed: Self) -> bool {
        let [_, _, build, revision] = self.0;
        let names_a_line = build == 0 && revision == 0;
        installed > self && !(names_a_line && installed.major_minor() == self.major_minor())
    }
}

/// Why a text is not a version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a version: expected one to four numbers with dots between them, such as `4.8` or `4.6.0.35`")]
pub struct VersionError {
    text: String,
}

impl FromStr for Version {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        let error = || VersionError {
            text: text.chars().take(40).collect(),
        };
        let mut parts = [0; 4];
        let mut given = text.trim().split('.');
        for part in &mut parts {
            let Some(digits) = given.next() else { break };
            if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(error());
            }
            *part = digits.parse().map_err(|_| error())?;
        }
        if given.next().is_some() {
            Err(error())
        } else {
            Ok(Self(parts))
        }
    }
}

impl TryFrom<String> for Version {
    type Error = VersionError;

    fn try_from(text: String) -> Result<Self, VersionError> {
        text.parse()
    }
}

impl From<Version> for String {
    fn from(version: Version) -> Self {
        version.to_string()
    }
}

impl fmt::Display for Version {
    /// At least two numbers; zeros at the end are left out beyond them.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, build, revision] = self.0;
        write!(out, "{major}.{minor}")?;
        if build != 0 || revision != 0 {
            write!(out, ".{build}.{revision}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_number_by_number() {
        let parse = |text: &str| text.parse::<Version>().unwrap();
        assert!(parse("10.0") > parse("9.9"));
        assert!(parse("4.6.0.35") > parse("4.6.0.13"));
        assert_eq!(parse("4.8"), parse("4.8.0.0"));
        assert_eq!(parse("4.8.0.0").to_string(), "4.8");
        assert_eq!(parse("4.6.0.35").to_string(), "4.6.0.35");
    }

    #[test]
    fn a_target_of_two_numbers_means_the_line() {
        let parse = |text: &str| text.parse::<Version>().unwrap();
        assert!(!parse("4.8").is_behind(parse("4.8.0.12")));
        assert!(parse("4.8.0.5").is_behind(parse("4.8.0.12")));
        assert!(parse("4.6").is_behind(parse("4.8.0.12")));
        assert!(!parse("4.8").is_behind(parse("4.6.0.35")));
    }

    #[test]
    fn refuses_what_is_not_a_version() {
        for text in ["", "4.", ".4", "4.x", "1.2.3.4.5", "-1", "99999999999", "4 8", "٤.٨"] {
            assert!(text.parse::<Version>().is_err(), "{text:?} was taken for a version");
        }
    }
}
