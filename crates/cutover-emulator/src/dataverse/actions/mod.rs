//! Actions: what a POST can ask for beside rows (*Use Web API actions*).

mod imports;
mod languages;
mod promotion;
mod publishing;
mod solution_file;
mod staging;

use http::StatusCode;
use serde_json::{Map, Value as Json, json};

use super::address::{Arguments, Segment};
use super::error::{JSON, Refusal};
use super::payload;
use super::write::{Answer, Plan, Writing};
use crate::exchange::Reply;

#[cfg(test)]
pub(super) use self::solution_file::testing;

/// An action that is bound to no row.
pub(super) struct Action {
    /// Its name.
    pub(super) name: &'static str,
    /// The privilege it takes.
    pub(super) privilege: &'static str,
    /// Its parameters.
    pub(super) parameters: &'static [Parameter],
    plan: fn(&Writing<'_>, &Body) -> Result<Plan, Refusal>,
}

/// A parameter of an action.
pub(super) struct Parameter {
    /// Its name.
    pub(super) name: &'static str,
    /// Its type.
    pub(super) kind: Type,
    /// Whether it must be given.
    pub(super) required: bool,
}

/// The type of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    /// `Edm.Int32`
    Number,
    /// `Edm.Boolean`
    Boolean,
    /// `Edm.Guid`
    Guid,
    /// `Edm.String`
    Text,
    /// `Edm.Binary`, as base64.
    Binary,
    /// A complex type, by its name in the schema.
    Complex(&'static str),
    /// A collection of what has this type.
    Collection(&'static str),
}

impl Type {
    /// The name in the schema.
    pub(super) fn name(self) -> String {
        match self {
            Self::Number => "Edm.Int32".to_owned(),
            Self::Boolean => "Edm.Boolean".to_owned(),
            Self::Guid => "Edm.Guid".to_owned(),
            Self::Text => "Edm.String".to_owned(),
            Self::Binary => "Edm.Binary".to_owned(),
            Self::Complex(name) => format!("mscrm.{name}"),
            Self::Collection(name) => format!("Collection(mscrm.{name})"),
        }
    }

    fn takes(self, value: &Json) -> bool {
        match self {
            Self::Number => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
            Self::Boolean => value.is_boolean(),
            Self::Guid => value.as_str().is_some_and(|text| uuid::Uuid::try_parse(text).is_ok()),
            // Base64 is judged by whoever reads it, once.
            Self::Text | Self::Binary => value.is_string(),
            Self::Complex(_) => value.is_object(),
            Self::Collection(_) => value.is_array(),
        }
    }
}

const fn required(name: &'static str, kind: Type) -> Parameter {
    Parameter {
        name,
        kind,
        required: true,
    }
}

const fn optional(name: &'static str, kind: Type) -> Parameter {
    Parameter {
        name,
        kind,
        required: false,
    }
}

/// All actions.
pub(super) const ACTIONS: &[Action] = &[
    languages::PROVISION,
    languages::PROVISION_ASYNC,
    staging::STAGE,
    imports::IMPORT,
    imports::IMPORT_ASYNC,
    imports::UPGRADE,
    imports::UPGRADE_ASYNC,
    promotion::PROMOTE,
    promotion::PROMOTE_ASYNC,
    publishing::PUBLISH_ALL,
];

/// The action that a path's first segment names.
pub(super) fn named(name: &str) -> Option<&'static Action> {
    ACTIONS.iter().find(|action| action.name == name)
}

/// The values that a body gives an action's parameters.
pub(super) struct Body(Map<String, Json>);

impl Body {
    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    fn number(&self, name: &str) -> Option<i64> {
        self.0.get(name)?.as_i64()
    }

    fn flag(&self, name: &str) -> bool {
        self.0.get(name).and_then(Json::as_bool).unwrap_or_default()
    }

    fn within(&self, name: &str, inner: &str) -> Option<&str> {
        self.0.get(name)?.get(inner)?.as_str()
    }
}

/// The plan of `POST /{action}`.
pub(super) fn plan(writing: &Writing<'_>, action: &Action, segments: &[Segment]) -> Result<Plan, Refusal> {
    let [segment] = segments else {
        return Err(Refusal::no_resource(
            segments.get(1).map_or("", |segment| &segment.name),
        ));
    };
    let call = writing.request.call;
    if call.method != http::Method::POST || !matches!(segment.arguments, None | Some(Arguments::Plain(None))) {
        return Err(Refusal::no_operation(&format!("{}{}", call.origin, call.path)));
    }
    writing.request.principal.needs(action.privilege)?;
    let body = match (call.body.is_empty(), action.parameters) {
        (true, []) => Map::new(),
        _ => payload::object(&call.body, action.name)?,
    };
    for (name, value) in &body {
        // Annotations are no parameters.
        if name.contains('@') {
            continue;
        }
        let parameter = action.parameters.iter().find(|parameter| parameter.name == name);
        let Some(parameter) = parameter else {
            return Err(Refusal::bad_payload(
                action.name,
                &format!(
                    "Microsoft.OData.ODataException: The parameter '{name}' in the request payload is not a valid \
                     parameter for the operation '{}'.",
                    action.name
                ),
            ));
        };
        let empty = value.is_null() && !parameter.required;
        if !empty && !parameter.kind.takes(value) {
            return Err(Refusal::bad_payload(
                action.name,
                &format!(
                    "Microsoft.OData.ODataException: Cannot convert the value of '{name}' to the expected type '{}'.",
                    parameter.kind.name()
                ),
            ));
        }
    }
    let missing = |parameter: &&Parameter| parameter.required && !body.contains_key(parameter.name);
    if let Some(parameter) = action.parameters.iter().find(missing) {
        return Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            0x8004_0203,
            format!("Required field '{}' is missing", parameter.name),
        ));
    }
    (action.plan)(writing, &Body(body))
}

/// The answer of an action that has one.
fn answer(writing: &Writing<'_>, name: &str, values: Json) -> Answer {
    let mut body = Map::new();
    let context = format!(
        "{}/$metadata#Microsoft.Dynamics.CRM.{name}Response",
        writing.request.base
    );
    body.insert("@odata.context".into(), json!(context));
    if let Json::Object(values) = values {
        body.extend(values);
    }
    Answer::Reply(Reply::json(StatusCode::OK, JSON, &body.into()))
}
