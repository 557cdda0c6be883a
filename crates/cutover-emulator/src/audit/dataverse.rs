//! What an environment of Dataverse holds: users, roles, profiles, settings, languages, solutions, processes, jobs,
//! and the rows of the tables that apps brought.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::Holdings;
use crate::graph::text;
use crate::state::{Environment, Row, SolutionOperation};

/// Settings of a user that a run may change.
const SETTINGS: [&str; 5] = [
    "uilanguageid",
    "helplanguageid",
    "localeid",
    "timezonecode",
    "dateformatstring",
];

/// Tells what the rows of an environment come to.
pub(super) fn tell(environment: &Environment, now: Timestamp, holdings: &mut Holdings) {
    let host = environment.url.trim_start_matches("https://");
    let names = Names::of(environment);
    let tables = &environment.tables;
    for user in tables.rows("systemusers") {
        let name = format!("{host}/user/{}", names.of_id(text(user, "systemuserid")));
        holdings.tell(
            name,
            json!({
                "disabled": user.get("isdisabled"), "licensed": user.get("islicensed"),
                "accessMode": user.get("accessmode"), "deleted": user.get("deletedstate"),
                "businessUnit": names.of_id(text(user, "_businessunitid_value")),
            }),
        );
    }
    for settings in tables.rows("usersettingscollection") {
        let user = names.of_id(text(settings, "systemuserid"));
        let value: Map<String, Value> = SETTINGS
            .iter()
            .map(|name| ((*name).to_owned(), settings.get(*name).cloned().unwrap_or_default()))
            .collect();
        holdings.tell(format!("{host}/settings/{user}"), value);
    }
    for (relation, from, to) in tables.links() {
        let kind = match relation {
            "systemuserroles_association" => "role",
            "teamroles_association" => "team-role",
            "systemuserprofiles_association" => "profile",
            "teamprofiles_association" => "team-profile",
            "teammembership_association" => "team-member",
            _ => continue,
        };
        let (from, to) = (names.of_id(from), names.of_id(to));
        holdings.tell(format!("{host}/{kind}/{from}/{to}"), true);
    }
    for language in &environment.languages {
        holdings.tell(format!("{host}/language/{language}"), true);
    }
    for solution in tables.rows("solutions") {
        let object = format!("{host}/solution/{}", text(solution, "uniquename"));
        holdings.tell(object, text(solution, "version"));
    }
    for process in tables.rows("workflows") {
        let value = json!({
            "state": process.get("statecode"), "owner": names.of_id(text(process, "_ownerid_value")),
        });
        holdings.tell(format!("{host}/process/{}", text(process, "name")), value);
    }
    for job in tables.rows("asyncoperations") {
        let value = json!({"state": job.get("statecode"), "status": job.get("statuscode")});
        holdings.tell(format!("{host}/job/{}", text(job, "name")), value);
    }
    for operation in &environment.solution_operations {
        let SolutionOperation {
            kind, name, version, ..
        } = operation;
        holdings.tell(format!("{host}/{}/{name} {version}", kind.name()), operation.state(now));
    }
    rows_of_apps(environment, host, holdings);
}

/// The rows of the tables that apps brought, by their primary names, without ids, times and the service's own marks.
fn rows_of_apps(environment: &Environment, host: &str, holdings: &mut Holdings) {
    let tables = &environment.tables;
    for definition in tables.rows("EntityDefinitions") {
        let (id, name) = (
            text(definition, "PrimaryIdAttribute"),
            text(definition, "PrimaryNameAttribute"),
        );
        let told = |column: &&String| {
            let of_service = [id, name, "versionnumber", "createdon", "modifiedon"].contains(&column.as_str());
            !of_service && !column.starts_with('_')
        };
        for row in tables.rows(text(definition, "EntitySetName")) {
            let value: Map<String, Value> = row
                .iter()
                .filter(|(column, _)| told(column))
                .map(|(column, value)| (column.clone(), value.clone()))
                .collect();
            let object = format!("{host}/{}/{}", text(definition, "LogicalName"), text(row, name));
            holdings.tell(object, value);
        }
    }
}

/// What rows are called, by their ids.
struct Names(BTreeMap<String, String>);

impl Names {
    fn of(environment: &Environment) -> Self {
        let tables = &environment.tables;
        let mut names = BTreeMap::new();
        for (set, id, name) in [
            ("businessunits", "businessunitid", "name"),
            ("systemusers", "systemuserid", "domainname"),
            ("teams", "teamid", "name"),
            ("fieldsecurityprofiles", "fieldsecurityprofileid", "name"),
        ] {
            for row in tables.rows(set) {
                names.insert(text(row, id).to_ascii_lowercase(), text(row, name).to_owned());
            }
        }
        let mut named = Self(names);
        let roles: Vec<(String, String)> = tables.rows("roles").iter().map(|role| named.role(role)).collect();
        named.0.extend(roles);
        named
    }

    /// A role is named with the unit whose copy it is.
    fn role(&self, role: &Row) -> (String, String) {
        let unit = self.of_id(text(role, "_businessunitid_value"));
        (
            text(role, "roleid").to_ascii_lowercase(),
            format!("{} of {unit}", text(role, "name")),
        )
    }

    fn of_id<'n>(&'n self, id: &'n str) -> &'n str {
        self.0.get(&id.to_ascii_lowercase()).map_or(id, String::as_str)
    }
}
