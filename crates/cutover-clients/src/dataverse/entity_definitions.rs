//! Table definitions: what a table, its columns and its choices are called.
//!
//! Definitions can be filtered by properties of primitive type only, and `startswith` is among the functions that are not
//! there for them (Web API documentation, query table definitions; microsoft/PowerPlatform-DataverseModelBuilder, issue 16:
//! no API finds tables by the beginning of their name). So the custom tables come whole, with few properties and the labels
//! of one language, and columns are asked of single tables. Definitions have no pages.

use serde::Deserialize;

use super::permissions;
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::{Address, quoted};
use crate::read::Read;
use crate::tenancy::Home;

pub(super) static CUSTOM_TABLES: CallSpec = CallSpec::new(
    Api::Dataverse,
    Shape::Collection,
    "/EntityDefinitions",
    "the names of the tables that apps have brought",
    &permissions::DEFINITION,
);
pub(super) static COLUMNS: CallSpec = CallSpec::new(
    Api::Dataverse,
    Shape::Collection,
    "/EntityDefinitions(LogicalName='{name}')/Attributes",
    "the columns of one table with their display names",
    &permissions::DEFINITION,
);
pub(super) static STATUSES: CallSpec = CallSpec::new(
    Api::Dataverse,
    Shape::Collection,
    "/EntityDefinitions(LogicalName='{name}')/Attributes/Microsoft.Dynamics.CRM.StatusAttributeMetadata",
    "the states that rows of one table can have, with their names",
    &permissions::DEFINITION,
);

/// A table (`EntityMetadata`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Table {
    /// Logical name, beginning with the prefix of its publisher.
    pub logical_name: String,
    /// Name of the set in addresses.
    pub entity_set_name: Option<String>,
    /// Column of the row id.
    pub primary_id_attribute: Option<String>,
    /// Column of the row's name.
    pub primary_name_attribute: Option<String>,
    /// Name as shown, in the language that was asked for.
    pub display_name: Option<Label>,
}

impl Table {
    /// Whether it is one of the publisher with this prefix: the prefix ends with an underscore in the table's name.
    pub fn has_prefix(&self, prefix: &str) -> bool {
        self.logical_name
            .strip_prefix(prefix)
            .is_some_and(|rest| rest.starts_with('_'))
    }
}

/// A column of a table (`AttributeMetadata`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Column {
    /// Logical name.
    pub logical_name: String,
    /// Kind, such as `DateTime`.
    pub attribute_type: Option<String>,
    /// Name as shown, in the language that was asked for.
    pub display_name: Option<Label>,
}

/// The status column of a table (`StatusAttributeMetadata`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StatusColumn {
    /// Logical name: `statuscode`.
    pub logical_name: String,
    /// The states to choose from.
    pub option_set: Option<OptionSet>,
}

/// What a choice column offers (`OptionSetMetadata`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct OptionSet {
    /// The choices.
    #[serde(default)]
    pub options: Vec<Choice>,
}

/// A choice (`OptionMetadata`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Choice {
    /// The number in rows.
    pub value: Option<i64>,
    /// Name as shown, in the language that was asked for.
    pub label: Option<Label>,
}

/// A text in several languages (`Label`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Label {
    /// The text by language.
    #[serde(default)]
    pub localized_labels: Vec<LocalizedLabel>,
    /// The text in the caller's language, whichever that is.
    pub user_localized_label: Option<LocalizedLabel>,
}

/// A text in one language (`LocalizedLabel`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct LocalizedLabel {
    /// The text: somebody's.
    pub label: Option<String>,
    /// Locale id, such as 1033 for English.
    pub language_code: i64,
}

impl Label {
    /// The text in a language; `None` when there is none in it.
    pub fn in_language(&self, locale: i64) -> Option<&str> {
        self.localized_labels
            .iter()
            .chain(&self.user_localized_label)
            .find(|label| label.language_code == locale)
            .and_then(|label| label.label.as_deref())
    }
}

fn definitions(path: String, locale: i64) -> Address {
    Address::path(path).option("LabelLanguages", &locale.to_string())
}

/// The path of one table's definition. Its name comes from the environment, so it is encoded like any other argument.
fn table(logical_name: &str) -> String {
    format!("/EntityDefinitions(LogicalName={})", quoted(logical_name))
}

/// The tables that apps have brought, with labels of one language. [`Table::has_prefix`] tells those of one publisher.
pub fn custom_tables(locale: i64) -> Read<Vec<Table>, Home> {
    let address = definitions(CUSTOM_TABLES.path.to_owned(), locale)
        .select("LogicalName,EntitySetName,PrimaryIdAttribute,PrimaryNameAttribute,DisplayName")
        .filter("IsCustomEntity eq true");
    Read::new(&CUSTOM_TABLES, address)
}

/// The columns of a table, with labels of one language.
pub fn columns(logical_name: &str, locale: i64) -> Read<Vec<Column>, Home> {
    let address = definitions(format!("{}/Attributes", table(logical_name)), locale)
        .select("LogicalName,AttributeType,DisplayName");
    Read::new(&COLUMNS, address)
}

/// The status column of a table with its choices, with labels of one language; one row.
pub fn statuses(logical_name: &str, locale: i64) -> Read<Vec<StatusColumn>, Home> {
    let path = format!(
        "{}/Attributes/Microsoft.Dynamics.CRM.StatusAttributeMetadata",
        table(logical_name)
    );
    let address = definitions(path, locale).select("LogicalName").expand("OptionSet");
    Read::new(&STATUSES, address)
}
