//! Which of our calls reads answers of a kind.

use cutover_clients::Failure;
use cutover_clients::dataverse::{
    async_operations, entity_definitions, organizations, roles, solutions, system_users, who_am_i,
};
use cutover_clients::graph::{
    UserKey, applications, authentication, groups, licences, organization, policies, service_principals, users,
};
use cutover_clients::partner_center::organization_profile;
use cutover_clients::power_platform::{application_packages, environments};
use cutover_clients::tenancy::{Home, Partner};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::answering::answered;
use crate::recorded::{Origin, Recorded};
use crate::shortened::{self, PutBack};

/// What became of a recorded answer.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It was read as it is.
    Read,
    /// It was read after what its page left out was put back.
    Completed,
    /// It was not read, and why.
    Missed(String),
}

/// A kind of answer that one of our calls reads, or why none does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    User,
    LicenceDetails,
    DirectoryRole,
    Group,
    Application,
    ServicePrincipal,
    Grant,
    Sku,
    Organization,
    Method,
    ConditionalAccess,
    SecurityDefaults,
    WhoAmI,
    Tables,
    Columns,
    Choices,
    SystemUser,
    Role,
    Solution,
    AsyncOperation,
    DataverseOrganization,
    Profile,
    Packages,
    Error,
    /// No call of this crate reads it.
    NotRead(&'static str),
}

/// The kind of a recorded answer.
pub(crate) fn kind_of(recorded: &Recorded) -> Kind {
    if recorded.status >= 400 {
        return Kind::Error;
    }
    match recorded.origin {
        Origin::Graph => of_graph(recorded),
        Origin::Dataverse => of_dataverse(recorded),
        Origin::PartnerCenter if recorded.path == "profiles/organization" => Kind::Profile,
        Origin::PartnerCenter => Kind::NotRead("customers, invoices and other profiles"),
        Origin::PowerPlatform => of_power_platform(recorded),
    }
}

fn of_graph(recorded: &Recorded) -> Kind {
    let segments: Vec<&str> = recorded.path.split('/').collect();
    if segments.last() == Some(&"$count") {
        return Kind::NotRead("a bare number");
    }
    match segments.as_slice() {
        ["users" | "me"] | ["users", _] | ["me" | "users", .., "assignLicense" | "reprocessLicenseAssignment"] => {
            Kind::User
        }
        [.., "licenseDetails"] => Kind::LicenceDetails,
        [.., "memberOf" | "transitiveMemberOf", "microsoft.graph.group"] => Kind::Group,
        ["groups"] | ["groups", _] | ["groups", _, "assignLicense"] => Kind::Group,
        ["groups", _, "members", "microsoft.graph.user"] => Kind::User,
        ["directoryRoles"] | ["directoryRoles", _] => Kind::DirectoryRole,
        ["applications"] | ["applications", _] => Kind::Application,
        ["servicePrincipals"] | ["servicePrincipals", _] => Kind::ServicePrincipal,
        ["oauth2PermissionGrants", ..] | [.., "oauth2PermissionGrants"] => Kind::Grant,
        ["subscribedSkus", ..] => Kind::Sku,
        ["organization"] => Kind::Organization,
        [.., "authentication", "methods"] => Kind::Method,
        ["identity", "conditionalAccess", "policies", ..] => Kind::ConditionalAccess,
        ["policies", "identitySecurityDefaultsEnforcementPolicy"] => Kind::SecurityDefaults,
        [.., "memberOf" | "transitiveMemberOf"] | ["groups" | "directoryRoles", _, "members"] => {
            Kind::NotRead("members of several types together; we ask for one type at a time")
        }
        _ => Kind::NotRead("objects of Graph that no check looks at"),
    }
}

fn of_dataverse(recorded: &Recorded) -> Kind {
    let path = recorded.path.as_str();
    if path.starts_with("WhoAmI") {
        Kind::WhoAmI
    } else if path.starts_with("EntityDefinitions") && path.ends_with("/OptionSet") {
        Kind::NotRead("choices by themselves; we ask for them with their column")
    } else if path.starts_with("EntityDefinitions") && path.contains("AttributeMetadata") {
        Kind::Choices
    } else if path.starts_with("EntityDefinitions") && path.ends_with("/Attributes") {
        Kind::Columns
    } else if path.starts_with("EntityDefinitions") {
        Kind::Tables
    } else {
        Kind::NotRead("rows of other tables")
    }
}

fn of_power_platform(recorded: &Recorded) -> Kind {
    let file = recorded.path.as_str();
    let starts = |list: &[&str]| list.iter().any(|start| file.starts_with(start));
    if recorded.name.contains("_application_packages/") && file == "get_applications" {
        Kind::Packages
    } else if file == "get_systemusers" || starts(&["get_systemuser_", "get_systemusers_"]) {
        Kind::SystemUser
    } else if file == "get_security_roles" {
        Kind::Role
    } else if starts(&["get_solution", "get_installed_solutions"]) && file != "get_solution_import_result" {
        Kind::Solution
    } else if file == "get_async_operations" {
        Kind::AsyncOperation
    } else if starts(&["organisations", "get_organisations"]) {
        Kind::DataverseOrganization
    } else if starts(&["get_entitydefinition"]) && file.ends_with("_attributes") {
        Kind::Columns
    } else if starts(&["get_entitydefinition"]) {
        Kind::Tables
    } else if starts(&["get_environment"]) {
        Kind::NotRead("environments of the older control plane")
    } else {
        Kind::NotRead("objects of the older control plane, and answers to writes")
    }
}

/// The objects in an answer: its rows, or the one that it is.
fn rows(body: &Value) -> Vec<Value> {
    match body.get("value").and_then(Value::as_array) {
        Some(rows) => rows.clone(),
        None => vec![body.clone()],
    }
}

/// What could not be read of some objects: which one, where in it, and why.
struct Wrong {
    row: usize,
    path: String,
    problem: String,
}

impl Wrong {
    /// From a failure in object `row`, or in a list of objects.
    fn read(failure: &Failure, row: Option<usize>) -> Self {
        let text = failure.to_string();
        let text = text.strip_prefix("the answer is not readable: ").unwrap_or(&text);
        let (path, problem) = text.split_once(": ").unwrap_or(("", text));
        let of_list = path.strip_prefix('[').and_then(|path| path.split_once(']'));
        let (row, path) = match (row, of_list) {
            (Some(row), _) => (row, path),
            (None, Some((row, path))) => (row.parse().unwrap_or_default(), path),
            (None, None) => (0, path),
        };
        Self {
            row,
            path: path.trim_matches('.').to_owned(),
            problem: problem.to_owned(),
        }
    }
}

/// Reads each object by itself.
macro_rules! each {
    ($rows:expr, $tenant:ty, $read:expr) => {
        for (place, row) in $rows.iter().enumerate() {
            let answer = answered::<_, $tenant, _>($read, 200, &row.to_string()).await;
            answer.map_err(|failure| Wrong::read(&failure, Some(place)))?;
        }
    };
}

/// Reads the objects as the list that they come in.
macro_rules! list {
    ($text:expr, $tenant:ty, $read:expr) => {{
        let answer = answered::<_, $tenant, _>($read, 200, $text).await;
        answer.map_err(|failure| Wrong::read(&failure, None))?;
    }};
}

/// Reads objects of a kind with every call that asks for it.
async fn objects(kind: Kind, rows: &[Value], text: &str) -> Result<(), Wrong> {
    let id = Uuid::from_u128(7);
    let user: UserKey = id.into();
    match kind {
        Kind::NotRead(_) | Kind::Error => {}
        Kind::User => each!(rows, Home, users::user(&user)),
        Kind::LicenceDetails => list!(text, Home, users::licence_details(&user)),
        Kind::DirectoryRole => list!(text, Home, users::directory_roles(&user)),
        Kind::Group => {
            list!(text, Home, users::groups(&user));
            list!(text, Partner, groups::by_names(&["x"]));
        }
        Kind::Application => {
            list!(text, Home, applications::applications());
            each!(rows, Partner, applications::application(id));
        }
        Kind::ServicePrincipal => each!(rows, Home, service_principals::service_principal(id)),
        Kind::Grant => list!(text, Home, service_principals::delegated_grants(id)),
        Kind::Sku => list!(text, Home, licences::subscribed_skus()),
        Kind::Organization => list!(text, Home, organization::organization()),
        Kind::Method => list!(text, Home, authentication::methods(&user)),
        Kind::ConditionalAccess => list!(text, Home, policies::conditional_access()),
        Kind::SecurityDefaults => each!(rows, Home, policies::security_defaults()),
        Kind::WhoAmI => each!(rows, Home, who_am_i::who_am_i()),
        Kind::Tables => list!(text, Home, entity_definitions::custom_tables(1033)),
        Kind::Columns => list!(text, Home, entity_definitions::columns("x", 1033)),
        Kind::Choices => list!(text, Home, entity_definitions::statuses("x", 1033)),
        Kind::SystemUser => list!(text, Home, system_users::rows_by_name_start("x")),
        Kind::Role => {
            list!(text, Home, roles::by_name("x"));
            list!(text, Home, system_users::roles(id));
        }
        Kind::Solution => list!(text, Home, solutions::by_publisher_prefix("x")),
        Kind::AsyncOperation => list!(text, Home, async_operations::open_operations()),
        Kind::DataverseOrganization => list!(text, Home, organizations::organizations()),
        Kind::Profile => each!(rows, Partner, organization_profile::organization_profile()),
        Kind::Packages => list!(text, Home, application_packages::application_packages("e")),
    }
    Ok(())
}

/// Reads a recorded answer with the calls that ask for its kind. What its page left out is put back, once it is missed.
pub(crate) async fn parse(recorded: &Recorded, put_back: &mut PutBack) -> Outcome {
    let mut own = PutBack::new();
    let outcome = attempt(recorded, &mut own).await;
    let outcome = match outcome {
        Ok(()) if own.is_empty() => Outcome::Read,
        Ok(()) => Outcome::Completed,
        Err(wrong) => Outcome::Missed(wrong),
    };
    for (reason, count) in own {
        *put_back.entry(reason).or_default() += count;
    }
    outcome
}

async fn attempt(recorded: &Recorded, put_back: &mut PutBack) -> Result<(), String> {
    let kind = kind_of(recorded);
    let (body, mut text) = match &recorded.body {
        Some(body) => (body.clone(), recorded.text.clone()),
        None => {
            let body = shortened::json(&recorded.text, put_back).ok_or("the page does not show JSON")?;
            let text = body.to_string();
            (body, text)
        }
    };
    if kind == Kind::Error {
        return error(recorded, &body, &text).await;
    }
    let mut rows = rows(&body);
    if !body["value"].is_array() {
        text = json!({ "value": rows }).to_string();
    }
    loop {
        let Err(wrong) = objects(kind, &rows, &text).await else {
            return Ok(());
        };
        let known = rows
            .get_mut(wrong.row)
            .is_some_and(|row| shortened::object(row, &wrong.path, &wrong.problem, put_back));
        if !known {
            return Err(format!("[{}].{}: {}", wrong.row, wrong.path, wrong.problem));
        }
        text = json!({ "value": rows }).to_string();
    }
}

/// A refusal is read when its code and text came through.
async fn error(recorded: &Recorded, found: &Value, text: &str) -> Result<(), String> {
    let status = recorded.status;
    let failure = match recorded.origin {
        Origin::Graph => answered::<_, Home, _>(licences::subscribed_skus(), status, text)
            .await
            .err(),
        Origin::Dataverse => answered::<_, Home, _>(who_am_i::who_am_i(), status, text).await.err(),
        Origin::PartnerCenter => {
            let read = organization_profile::organization_profile();
            answered::<_, Partner, _>(read, status, text).await.err()
        }
        Origin::PowerPlatform => answered::<_, Home, _>(environments::environments(), status, text)
            .await
            .err(),
    };
    let inside = found.get("error").unwrap_or(found);
    let code = match &inside["code"] {
        Value::Number(number) => number.to_string(),
        code => code.as_str().unwrap_or_default().to_owned(),
    };
    let said = ["message", "description"]
        .iter()
        .find_map(|name| inside[*name].as_str())
        .unwrap_or_default();
    match failure {
        Some(
            Failure::Refused {
                code: read, message, ..
            }
            | Failure::NotFound { code: read, message }
            | Failure::Forbidden {
                code: read, message, ..
            }
            | Failure::Explained {
                code: read, message, ..
            },
        ) if read == code && message == said && !message.is_empty() => Ok(()),
        other => Err(format!("code {code:?} and text {said:?} became {other:?}")),
    }
}
