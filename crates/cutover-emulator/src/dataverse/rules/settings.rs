//! Settings of a user.

use serde_json::Value as Json;

use super::broken;
use crate::dataverse::error::Refusal;
use crate::dataverse::write::Writing;
use crate::state::Row;

/// A language must be provisioned; 0 stands for the base language. Which code refuses another one is assumed.
pub(super) fn update(writing: &Writing<'_>, values: &Row) -> Result<(), Refusal> {
    let provisioned = &writing.environment().languages;
    for column in ["uilanguageid", "helplanguageid"] {
        let Some(language) = values
            .get(column)
            .and_then(Json::as_i64)
            .filter(|language| *language != 0)
        else {
            continue;
        };
        if !provisioned.iter().any(|there| i64::from(*there) == language) {
            return Err(broken(
                0x8004_4195,
                format!("The language code {language} of '{column}' is not a valid language for this organization."),
            ));
        }
    }
    Ok(())
}
