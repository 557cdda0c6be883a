//! The emulator's Dataverse against a schema of the Web API: each table, column, navigation property, function and
//! action that it has stands there with that type, or is listed here with the document that it comes from.
//!
//! The schema is not part of this project. `CUTOVER_SCHEMAS` names the folder that holds `dataverse-subset.csdl.xml`;
//! without it nothing is compared, and the test says so.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test may fail, and says what it skips"
)]

use std::collections::{BTreeMap, BTreeSet};

use cutover_emulator::exchange::Call;
use cutover_emulator::{Emulator, World, coverage};
use http::{Method, header};
use roxmltree::{Document, Node};
use serde_json::{Value, json};

const URL: &str = "https://contoso.crm4.dynamics.com";
const SYSTEM_ADMINISTRATOR: &str = "627090ff-40a3-4053-8790-584edc5be201";

/// What the schema leaves out, and where it is described.
const NOT_IN_THE_SUBSET: &[(&str, &[&str], &str)] = &[
    ("account", &["*"], "entity reference: account"),
    ("contact", &["*"], "entity reference: contact"),
    (
        "systemuser",
        &[
            "calendarid",
            "defaultmailbox",
            "queueid",
            "transactioncurrencyid",
            "user_accounts",
            "user_parent_user",
            "lk_asyncoperation_createdby",
            "lk_importjobbase_createdby",
        ],
        "Web API reference: systemuser",
    ),
    (
        "fieldpermission",
        &["organizationid"],
        "Web API reference: fieldpermission",
    ),
    (
        "usersettings",
        &["transactioncurrencyid"],
        "Web API reference: usersettings",
    ),
    (
        "organization",
        &[
            "orgdborgsettings",
            "systemuserid",
            "organization_business_units",
            "organization_publisher",
            "organization_solution",
        ],
        "Web API reference: organization",
    ),
    (
        "businessunit",
        &["business_unit_teams", "business_unit_parent_business_unit"],
        "Web API reference: businessunit",
    ),
    ("solution", &["configurationpageid"], "Web API reference: solution"),
    (
        "asyncoperation",
        &["workflowactivationid"],
        "Web API reference: asyncoperation",
    ),
    ("workflow", &["*"], "Web API reference: workflow"),
    (
        "",
        &["RetrieveCurrentOrganization"],
        "Web API function reference: RetrieveCurrentOrganization",
    ),
];

fn is_left_out(table: &str, name: &str) -> bool {
    let mut rows = NOT_IN_THE_SUBSET.iter();
    rows.any(|(left, names, _)| *left == table && (names.contains(&"*") || names.contains(&name)))
}

/// Names with their types.
type Typed = BTreeMap<String, String>;

/// The parameters of a function or an action with their types, and what it returns.
type Signature = (Vec<(String, String)>, Option<String>);

/// The schema, taken apart.
#[derive(Default)]
struct Schema {
    /// Properties and navigation properties of each type.
    types: BTreeMap<String, (Typed, Typed)>,
    enums: BTreeMap<String, BTreeSet<String>>,
    sets: BTreeMap<String, String>,
    operations: BTreeMap<String, Signature>,
}

fn schema(text: &str) -> Schema {
    let document = Document::parse(text).unwrap();
    let attribute = |node: Node<'_, '_>, name: &str| node.attribute(name).unwrap_or_default().to_owned();
    let mut schema = Schema::default();
    for node in document.descendants() {
        let name = attribute(node, "Name");
        let named = |element: &str| -> Vec<(String, String)> {
            let children = node
                .children()
                .filter(|child| child.has_tag_name_ignoring_namespace(element));
            children
                .map(|child| (attribute(child, "Name"), attribute(child, "Type")))
                .collect()
        };
        match node.tag_name().name() {
            "EntityType" | "ComplexType" => {
                let properties = named("Property").into_iter().collect();
                let navigations = named("NavigationProperty").into_iter().collect();
                schema.types.insert(name, (properties, navigations));
            }
            "EnumType" => {
                schema
                    .enums
                    .insert(name, named("Member").into_iter().map(|(name, _)| name).collect());
            }
            "EntitySet" => {
                schema
                    .sets
                    .insert(name, attribute(node, "EntityType").replace("mscrm.", ""));
            }
            "Function" | "Action" => {
                let returns = named("ReturnType")
                    .pop()
                    .map(|(_, returned)| returned.replace("mscrm.", ""));
                schema.operations.insert(name, (named("Parameter"), returns));
            }
            _ => {}
        }
    }
    schema
}

/// Element names without regard to the namespace they stand in.
trait Tagged {
    fn has_tag_name_ignoring_namespace(&self, name: &str) -> bool;
}

impl Tagged for Node<'_, '_> {
    fn has_tag_name_ignoring_namespace(&self, name: &str) -> bool {
        self.tag_name().name() == name
    }
}

/// An environment whose reader is a System Administrator, with his token.
fn tenant() -> (Emulator, String) {
    let emulator = Emulator::from_world(&World::built_in("ready").unwrap());
    emulator.write(|state| {
        let tables = &mut state.environments[0].tables;
        let user = tables
            .rows("systemusers")
            .iter()
            .find(|row| row["applicationid"].is_string());
        let user = user.unwrap()["systemuserid"].as_str().unwrap().to_owned();
        let mut roles = tables.rows("roles").iter();
        let role = roles
            .find(|row| row["_roletemplateid_value"] == SYSTEM_ADMINISTRATOR)
            .unwrap();
        let role = role["roleid"].as_str().unwrap().to_owned();
        tables.link("systemuserroles_association", &user, &role);
    });
    let form = format!(
        "grant_type=client_credentials&client_id=c07e7000-0000-4000-8000-00000000000a\
         &client_secret=emulated-secret-of-cutover-reader&scope={URL}/.default"
    );
    let call = Call::new(
        Method::POST,
        "https://login.microsoftonline.com",
        "/contoso.onmicrosoft.com/oauth2/v2.0/token",
    );
    let body: Value = serde_json::from_slice(&emulator.answer(&call.with_body(form)).body).unwrap();
    let token = format!("Bearer {}", body["access_token"].as_str().unwrap());
    (emulator, token)
}

fn ask(tenant: &(Emulator, String), method: Method, target: &str, body: &Value) -> (u16, Value) {
    let call = Call::new(method, URL, &format!("/api/data/v9.2/{target}"))
        .with(header::AUTHORIZATION, &tenant.1)
        .with_body(if body.is_null() {
            String::new()
        } else {
            body.to_string()
        });
    let reply = tenant.0.answer(&call);
    let body = serde_json::from_slice(&reply.body).unwrap_or_default();
    (reply.status.as_u16(), body)
}

fn get(tenant: &(Emulator, String), target: &str) -> Value {
    let (status, body) = ask(tenant, Method::GET, target, &Value::Null);
    assert_eq!(status, 200, "{target}: {body}");
    body
}

fn rows(body: &Value) -> &[Value] {
    body["value"].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text<'v>(row: &'v Value, name: &str) -> &'v str {
    row[name].as_str().unwrap_or_default()
}

/// The type in the schema of a column with an `AttributeType`.
fn edm(attribute_type: &str) -> &'static str {
    match attribute_type {
        "String" | "Memo" => "Edm.String",
        "Integer" | "Picklist" | "State" | "Status" => "Edm.Int32",
        "BigInt" => "Edm.Int64",
        "Double" => "Edm.Double",
        "Boolean" => "Edm.Boolean",
        "DateTime" => "Edm.DateTimeOffset",
        "Uniqueidentifier" | "Lookup" => "Edm.Guid",
        "ManagedProperty" => "mscrm.BooleanManagedProperty",
        other => panic!("no type for {other}"),
    }
}

#[test]
fn dataverse_is_as_its_schema_says() {
    let Some(folder) = std::env::var_os("CUTOVER_SCHEMAS") else {
        eprintln!("skipped: CUTOVER_SCHEMAS names no folder with dataverse-subset.csdl.xml");
        return;
    };
    let path = std::path::Path::new(&folder).join("dataverse-subset.csdl.xml");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let schema = schema(&text);
    let tenant = tenant();
    let (columns, wrong) = tables(&schema, &tenant);
    let mut wrong = wrong;
    let (operations, more) = operations(&schema, &tenant);
    wrong.extend(more);
    assert!(
        wrong.is_empty(),
        "{} of the emulator differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    eprintln!("{columns} columns and navigation properties, {operations} operations compared");
    assert!(columns > 200 && operations > 15, "what is compared is what there is");
}

/// Columns, lookups and collections of Microsoft's tables.
fn tables(schema: &Schema, tenant: &(Emulator, String)) -> (usize, Vec<String>) {
    let mut wrong = Vec::new();
    let mut compared = 0;
    let definitions = get(
        tenant,
        "EntityDefinitions?$filter=IsCustomEntity eq false&$select=LogicalName,EntitySetName&$expand=Attributes,OneToManyRelationships,ManyToManyRelationships",
    );
    for definition in rows(&definitions) {
        let table = text(definition, "LogicalName");
        let mut differs = |name: &str, has: &str, there: Option<&String>| {
            compared += 1;
            if !is_left_out(table, name) && there.map(String::as_str) != Some(has) {
                wrong.push(format!("{table}.{name}: {has}, in the schema {there:?}"));
            }
        };
        differs(
            "",
            table,
            schema
                .sets
                .get(text(definition, "EntitySetName"))
                .or(Some(&table.to_owned()).filter(|_| is_left_out(table, ""))),
        );
        let empty = Default::default();
        let (properties, navigations) = schema.types.get(table).unwrap_or(&empty);
        for attribute in definition["Attributes"].as_array().unwrap() {
            let name = text(attribute, "LogicalName");
            let kind = text(attribute, "AttributeType");
            if kind != "Lookup" {
                // `ownerid` stands in the type that users and teams share.
                let shared = schema
                    .types
                    .get("principal")
                    .and_then(|(properties, _)| properties.get(name));
                differs(name, edm(kind), properties.get(name).or(shared));
                continue;
            }
            let column = format!("_{name}_value");
            if !is_left_out(table, name) {
                differs(&column, edm(kind), properties.get(&column));
            }
            let targets = attribute["Targets"].as_array().unwrap();
            let target = match targets.as_slice() {
                [only] => format!("mscrm.{}", only.as_str().unwrap()),
                [] => "mscrm.crmbaseentity".to_owned(),
                _ => "mscrm.principal".to_owned(),
            };
            differs(name, &target, navigations.get(name));
        }
        for relation in definition["OneToManyRelationships"].as_array().unwrap() {
            let name = text(relation, "ReferencedEntityNavigationPropertyName");
            let has = format!("Collection(mscrm.{})", text(relation, "ReferencingEntity"));
            differs(name, &has, navigations.get(name));
        }
        for relation in definition["ManyToManyRelationships"].as_array().unwrap() {
            let name = text(relation, "SchemaName");
            let (one, two) = (
                text(relation, "Entity1LogicalName"),
                text(relation, "Entity2LogicalName"),
            );
            let other = if one == table { two } else { one };
            differs(name, &format!("Collection(mscrm.{other})"), navigations.get(name));
        }
    }
    (compared, wrong)
}

/// Functions by what they answer, actions by the parameters they take and what they answer.
fn operations(schema: &Schema, tenant: &(Emulator, String)) -> (usize, Vec<String>) {
    let mut wrong = Vec::new();
    let mut compared = 0;
    let import_job = get(tenant, "importjobs?$top=1");
    let import_job = text(&rows(&import_job)[0], "importjobid").to_owned();
    let ours = coverage::operations().filter(|operation| operation.service == "Dataverse v9.2");
    for operation in ours {
        let name = operation.path.rsplit(['/', '.']).next().unwrap();
        let name = name.strip_suffix("()").unwrap_or(name);
        let is_function = operation.path.ends_with("()");
        let is_action = operation.method == "POST" && name.chars().next().is_some_and(char::is_uppercase);
        if !is_function && !is_action || is_left_out("", name) {
            continue;
        }
        compared += 1;
        let Some((parameters, returns)) = schema.operations.get(name) else {
            wrong.push(format!("{name}: not in the schema"));
            continue;
        };
        if is_action {
            wrong.extend(parameters_of(name, parameters, tenant));
            continue;
        }
        let target = match name {
            "RetrieveUserPrivileges" => {
                let who = get(tenant, "WhoAmI");
                format!("systemusers({})/Microsoft.Dynamics.CRM.{name}()", text(&who, "UserId"))
            }
            "RetrieveSolutionImportResult" => format!("{name}(ImportJobId={import_job})"),
            "RetrieveMissingDependencies" => format!("{name}(SolutionUniqueName='Active')"),
            _ => format!("{name}()"),
        };
        let answer = get(tenant, &target);
        let returns = returns.as_deref().unwrap_or_default();
        fits(schema, name, returns, &answer, &mut wrong);
    }
    let staged = json!({"CustomizationFile": "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="});
    assert_eq!(ask(tenant, Method::POST, "StageSolution", &staged).0, 400);
    (compared, wrong)
}

/// Each parameter of the schema is one of the emulator's, of the same type; one that is not is refused.
fn parameters_of(name: &str, parameters: &[(String, String)], tenant: &(Emulator, String)) -> Vec<String> {
    let mut wrong = Vec::new();
    let refusal = |body: &Value| {
        let (_, answer) = ask(tenant, Method::POST, name, body);
        text(&answer["error"], "message").to_owned()
    };
    for (parameter, kind) in parameters {
        // What no type takes: a text for what is no text, a number for what is.
        let misfit = if matches!(kind.as_str(), "Edm.String" | "Edm.Binary") {
            json!(1)
        } else {
            json!("?")
        };
        let said = refusal(&json!({parameter: misfit}));
        if !said.contains(&format!("'{parameter}' to the expected type '{kind}'")) {
            wrong.push(format!(
                "{name}({parameter}): {kind} in the schema, the emulator says: {said}"
            ));
        }
    }
    if !parameters.is_empty() && !refusal(&json!({"NoSuchParameter": 1})).contains("is not a valid parameter") {
        wrong.push(format!("{name} takes a parameter that the schema has not"));
    }
    wrong
}

/// Whether a value has only the properties that its type has, all the way down.
fn fits(schema: &Schema, place: &str, kind: &str, value: &Value, wrong: &mut Vec<String>) {
    if let Some(inner) = kind.strip_prefix("Collection(").and_then(|rest| rest.strip_suffix(')')) {
        let items = value.as_array().or_else(|| value["value"].as_array());
        match items {
            Some(items) => items.iter().for_each(|item| fits(schema, place, inner, item, wrong)),
            None => wrong.push(format!("{place}: no collection")),
        }
        return;
    }
    let name = kind.strip_prefix("mscrm.").unwrap_or(kind);
    if let Some(members) = schema.enums.get(name) {
        if !value.as_str().is_some_and(|member| members.contains(member)) {
            wrong.push(format!("{place}: {value} is no {name}"));
        }
        return;
    }
    let Some((properties, _)) = schema.types.get(name) else {
        let fine = match kind {
            "Edm.Guid" => value.as_str().is_some_and(|text| uuid::Uuid::try_parse(text).is_ok()),
            "Edm.String" => value.is_string() || value.is_null(),
            "Edm.Int32" => value.is_i64(),
            "Edm.Boolean" => value.is_boolean(),
            _ => false,
        };
        if !fine {
            wrong.push(format!("{place}: {value} is no {kind}"));
        }
        return;
    };
    for (property, value) in value
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, _)| !name.contains('@'))
    {
        match properties.get(property) {
            Some(kind) => fits(schema, &format!("{place}/{property}"), kind, value, wrong),
            None => wrong.push(format!("{place}: {name} has no {property}")),
        }
    }
}
