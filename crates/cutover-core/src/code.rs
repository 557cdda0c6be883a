//! Codes of requirements: stable names that people quote and scripts match.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The code of a requirement, such as `W301`. A code never changes its meaning and is never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Code(u16);

/// Why a text is not a code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a code: expected a W and three digits, such as `W301`")]
pub struct CodeError {
    text: String,
}

impl Code {
    /// The code with this number: `Code::new(301)` is `W301`. Numbers above 999 are cut to it.
    pub const fn new(number: u16) -> Self {
        Self(if number > 999 { 999 } else { number })
    }
}

impl FromStr for Code {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        let digits = text.strip_prefix(['W', 'w']).filter(|rest| rest.len() == 3);
        let number = digits
            .filter(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|rest| rest.parse().ok());
        number.map(Self).ok_or_else(|| CodeError {
            text: text.chars().take(40).collect(),
        })
    }
}

impl TryFrom<String> for Code {
    type Error = CodeError;

    fn try_from(text: String) -> Result<Self, CodeError> {
        text.parse()
    }
}

impl From<Code> for String {
    fn from(code: Code) -> Self {
        code.to_string()
    }
}

impl fmt::Display for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "W{:03}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints() {
        assert_eq!("W001".parse::<Code>().unwrap().to_string(), "W001");
        assert_eq!("w301".parse::<Code>().unwrap(), Code::new(301));
        for text in ["", "W", "W1", "W0301", "X301", "W30a", "301"] {
            assert!(text.parse::<Code>().is_err(), "{text:?} was taken for a code");
        }
    }
}
