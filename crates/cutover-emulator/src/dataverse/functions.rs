//! Functions: what a GET can ask beside rows.

use http::{Method, StatusCode};
use serde_json::{Map, Value as Json, json};

use super::address::{Arguments, Segment, Value};
use super::check;
use super::error::{JSON, Refusal};
use super::import_job;
use super::metadata::Table;
use super::privilege;
use super::read::{Request, alias_value};
use super::view::id_of;
use crate::exchange::Reply;
use crate::odata::project;
use crate::state::Row;

/// A function of the service, with and without parentheses.
pub(super) struct Function {
    /// Its name.
    pub name: &'static str,
    /// Parameters it must be given.
    parameters: &'static [&'static str],
    answer: Answer,
}

/// Functions that are bound to no row.
pub(super) const FUNCTIONS: &[Function] = &[
    plain("WhoAmI", |request, _| {
        Ok(json!({
            "BusinessUnitId": request.principal.business_unit_id,
            "UserId": request.principal.id,
            "OrganizationId": request.view.environment.organization_id,
        }))
    }),
    plain("RetrieveVersion", |request, _| {
        Ok(json!({"Version": request.view.environment.version}))
    }),
    plain("RetrieveProvisionedLanguages", |request, _| {
        Ok(json!({"RetrieveProvisionedLanguages": provisioned(request)}))
    }),
    plain("RetrieveAvailableLanguages", |request, _| {
        Ok(json!({"LocaleIds": provisioned(request)}))
    }),
    plain("RetrieveInstalledLanguagePacks", |request, _| {
        Ok(json!({"RetrieveInstalledLanguagePacks": installed(request)}))
    }),
    plain("RetrieveDeprovisionedLanguages", |request, _| {
        let provisioned = provisioned(request);
        let rest: Vec<u32> = installed(request)
            .into_iter()
            .filter(|language| !provisioned.contains(language))
            .collect();
        Ok(json!({"RetrieveDeprovisionedLanguages": rest}))
    }),
    Function {
        name: "RetrieveCurrentOrganization",
        parameters: &["AccessType"],
        answer: current_organization,
    },
    Function {
        name: "RetrieveSolutionImportResult",
        parameters: &["ImportJobId"],
        answer: |request, given| {
            request.principal.needs("prvReadImportJob")?;
            let id = given.first().map_or("", |(_, id)| id.as_str());
            import_job::result(request, id)
        },
    },
    Function {
        name: "RetrieveMissingDependencies",
        parameters: &["SolutionUniqueName"],
        answer: missing_dependencies,
    },
];

/// Functions bound to a row: name and table.
pub(super) const BOUND: &[(&str, &str)] = &[("RetrieveUserPrivileges", "systemuser")];

/// Language packs that come with every environment (LCID), English and the ones Microsoft ships with it.
pub(super) const LANGUAGE_PACKS: &[u32] = &[
    1025, 1026, 1027, 1028, 1029, 1030, 1031, 1032, 1033, 1035, 1036, 1037, 1038, 1040, 1041, 1042, 1043, 1044, 1045,
    1046, 1048, 1049, 1050, 1051, 1053, 1054, 1055, 1057, 1058, 1060, 1061, 1062, 1063, 1066, 1069, 1081, 1086, 1087,
    1110, 2052, 2070, 2074, 3076, 3082, 3098,
];

/// The solution that a row of `dependencies` belongs to, by unique name.
const DEPENDENCY_OF: &str = "_emulator_missing_of";

type Answer = fn(&Request<'_>, &[(String, String)]) -> Result<Json, Refusal>;

const fn plain(name: &'static str, answer: Answer) -> Function {
    Function {
        name,
        parameters: &[],
        answer,
    }
}

/// The function that a path's first segment names.
pub(super) fn named(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

/// Calls a function.
pub(super) fn call(request: &Request<'_>, function: &Function, segments: &[Segment]) -> Result<Reply, Refusal> {
    let (segment, rest) = segments
        .split_first()
        .ok_or_else(|| Refusal::no_resource(function.name))?;
    if let Some(rest) = rest.first() {
        return Err(Refusal::no_resource(&rest.name));
    }
    check::only(request.query, &[])?;
    let given = arguments(request, segment)?;
    let missing = function
        .parameters
        .iter()
        .any(|wanted| !given.iter().any(|(name, _)| name == wanted));
    let unknown = given
        .iter()
        .any(|(name, _)| !function.parameters.contains(&name.as_str()));
    if missing || unknown {
        return Err(Refusal::no_resource(function.name));
    }
    let answer = (function.answer)(request, &given)?;
    Ok(reply(request, function.name, answer))
}

fn reply(request: &Request<'_>, name: &str, answer: Json) -> Reply {
    let mut body = Map::new();
    // A function that answers with rows names their set.
    let type_name = match answer.get("value") {
        Some(Json::Array(_)) => "dependencies".to_owned(),
        _ => format!("Microsoft.Dynamics.CRM.{name}Response"),
    };
    let context = format!("{}/$metadata#{type_name}", request.base);
    body.insert("@odata.context".into(), json!(context));
    if let Json::Object(answer) = answer {
        body.extend(answer);
    }
    Reply::json(StatusCode::OK, JSON, &body.into())
}

/// The arguments in a segment's parentheses, aliases replaced.
fn arguments(request: &Request<'_>, segment: &Segment) -> Result<Vec<(String, String)>, Refusal> {
    match &segment.arguments {
        None | Some(Arguments::Plain(None)) => Ok(Vec::new()),
        Some(Arguments::Plain(Some(_))) => Err(Refusal::no_resource(&segment.name)),
        Some(Arguments::Named(named)) => named
            .iter()
            .map(|(name, value)| {
                let text = match value {
                    Value::Bare(alias) if alias.starts_with('@') => alias_value(request.query, alias)?,
                    other => other.text().to_owned(),
                };
                Ok((name.clone(), text))
            })
            .collect(),
    }
}

fn provisioned(request: &Request<'_>) -> Vec<u32> {
    let mut languages = request.view.environment.languages.clone();
    languages.sort_unstable();
    languages.dedup();
    languages
}

fn installed(request: &Request<'_>) -> Vec<u32> {
    let mut languages = provisioned(request);
    languages.extend(LANGUAGE_PACKS);
    languages.sort_unstable();
    languages.dedup();
    languages
}

/// What an installed solution needs and has not: rows of `dependencies` that the environment ties to the solution.
fn missing_dependencies(request: &Request<'_>, given: &[(String, String)]) -> Result<Json, Refusal> {
    request.principal.needs("prvReadSolution")?;
    let name = given.first().map_or("", |(_, name)| name.as_str());
    let tables = &request.view.environment.tables;
    if tables.find("solutions", "uniquename", name).is_none() {
        return Err(Refusal::no_row("Solution", name));
    }
    let rows = tables.rows("dependencies").iter();
    let missing: Vec<Json> = rows
        .filter(|row| row.get(DEPENDENCY_OF).and_then(Json::as_str) == Some(name))
        .map(|row| Json::Object(project(row, None)))
        .collect();
    Ok(json!({"value": missing}))
}

fn current_organization(request: &Request<'_>, arguments: &[(String, String)]) -> Result<Json, Refusal> {
    let access = arguments
        .iter()
        .map(|(_, value)| value.as_str())
        .next()
        .unwrap_or_default();
    let member = access
        .strip_prefix("Microsoft.Dynamics.CRM.EndpointAccessType")
        .unwrap_or(access)
        .trim_matches('\'');
    if !["Default", "Internet", "Intranet"].contains(&member) {
        return Err(Refusal::bad_request(format!(
            "The value '{member}' is not a member of 'Microsoft.Dynamics.CRM.EndpointAccessType'."
        )));
    }
    let environment = request.view.environment;
    let row = environment
        .tables
        .find("organizations", "organizationid", &environment.organization_id);
    let column = |name: &str| row.and_then(|row| row.get(name)).cloned().unwrap_or_default();
    let host = environment
        .url
        .split_once("://")
        .map_or(environment.url.as_str(), |(_, host)| host);
    Ok(json!({"Detail": {
        "OrganizationId": environment.organization_id,
        "FriendlyName": column("friendlyname"),
        "OrganizationVersion": environment.version,
        "TenantId": request.tenant_id,
        "UrlName": host.split('.').next(),
        "UniqueName": column("name"),
        "State": "Enabled",
        "Endpoints": {
            "Count": 3,
            "IsReadOnly": false,
            "Keys": ["WebApplication", "OrganizationService", "OrganizationDataService"],
            "Values": [
                format!("{}/", environment.url),
                format!("{}/XRMServices/2011/Organization.svc", environment.url),
                format!("{}/XRMServices/2011/OrganizationData.svc", environment.url),
            ],
        },
    }}))
}

/// Calls a function bound to a row: `systemusers({id})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges()`.
pub(super) fn bound(request: &Request<'_>, table: &Table<'_>, row: &Row, segment: &Segment) -> Result<Reply, Refusal> {
    let name = segment
        .name
        .strip_prefix("Microsoft.Dynamics.CRM.")
        .ok_or_else(|| Refusal::no_resource(&segment.name))?;
    if !BOUND.contains(&(name, table.logical_name)) {
        return Err(Refusal::not_emulated(
            &Method::GET,
            &format!("/{}({{key}})/{}", table.set, segment.name),
        ));
    }
    check::only(request.query, &[])?;
    if !arguments(request, segment)?.is_empty() {
        return Err(Refusal::no_resource(&segment.name));
    }
    let id = id_of(row).unwrap_or_default();
    let user = super::principal::Principal::by_id(request.view.environment, id)?;
    let privileges: Vec<Json> = user
        .privileges(request.view.schema)
        .into_iter()
        .map(|(name, (depth, business_unit_id))| {
            json!({
                "Depth": depth.name(),
                "PrivilegeId": privilege::id(&name),
                "BusinessUnitId": business_unit_id,
                "PrivilegeName": name,
            })
        })
        .collect();
    Ok(reply(request, name, json!({"RolePrivileges": privileges})))
}
