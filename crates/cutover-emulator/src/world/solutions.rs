//! Solutions, publishers, jobs, and the tables an app brings.

use serde_json::{Value, json};

use super::WorldError;
use super::description::EntityTable;
use super::names::{Place, row};
use crate::state::{Row, Tables};

/// Publishers, solutions, imports, asynchronous operations, tables.
pub(super) fn expand(place: &Place<'_>, tables: &mut Tables) -> Result<(), WorldError> {
    publishers(place, tables)?;
    installed(place, tables)?;
    for (alias, import) in &place.environment.import {
        let started = import.started.or(import.completed);
        tables.insert(
            "importjobs",
            row(json!({
                "importjobid": place.id("import", alias, import.id.as_deref()), "name": "Customizations",
                "solutionname": import.solution, "progress": import.progress, "data": null,
                "startedon": started, "completedon": import.completed, "createdon": started,
                "modifiedon": import.completed.or(started), "_createdby_value": null,
                "_modifiedby_value": null, "_organizationid_value": place.organization(),
            })),
        );
    }
    jobs(place, tables)?;
    processes(place, tables)?;
    for (logical_name, table) in &place.environment.table {
        entity(place, logical_name, table, tables)?;
    }
    Ok(())
}

fn publishers(place: &Place<'_>, tables: &mut Tables) -> Result<(), WorldError> {
    let created = place.environment.created;
    let mut insert = |id: String, unique: &str, friendly: &str, prefix: &str, read_only: bool| {
        tables.insert(
            "publishers",
            row(json!({
                "publisherid": id, "uniquename": unique, "friendlyname": friendly,
                "customizationprefix": prefix, "customizationoptionvalueprefix": 10_000,
                "isreadonly": read_only, "emailaddress": null, "supportingwebsiteurl": null,
                "createdon": created, "modifiedon": created, "versionnumber": 1_000_000,
                "_organizationid_value": place.organization(),
            })),
        );
    };
    let own = place.id("publisher", "default of the organization", None);
    let own_name = format!("DefaultPublisher{}", place.environment.name);
    insert(own, &own_name, "Default Publisher", "new", false);
    for (alias, publisher) in &place.environment.publisher {
        let unique = publisher.unique_name.as_deref().unwrap_or(alias);
        insert(
            place.publisher("", alias)?,
            unique,
            publisher.friendly_name.as_deref().unwrap_or(unique),
            &publisher.prefix,
            publisher.read_only,
        );
    }
    Ok(())
}

fn installed(place: &Place<'_>, tables: &mut Tables) -> Result<(), WorldError> {
    let created = place.environment.created;
    let default_publisher = place.id("publisher", "default of the organization", None);
    let mut insert = |id: String, name: (&str, &str), version: &str, managed: bool, publisher: String, at| {
        tables.insert(
            "solutions",
            row(json!({
                "solutionid": id, "uniquename": name.0, "friendlyname": name.1, "description": null,
                "version": version, "ismanaged": managed, "isvisible": true, "isapimanaged": false,
                "isinternal": false, "solutiontype": 0, "installedon": at, "updatedon": at,
                "createdon": at, "modifiedon": at, "solutionpackageversion": null, "templatesuffix": null,
                "thumbprint": null, "upgradeinfo": null, "versionnumber": 1_000_000,
                "_publisherid_value": publisher, "_parentsolutionid_value": null,
                "_configurationpageid_value": null, "_organizationid_value": place.organization(),
                "_createdby_value": null, "_modifiedby_value": null,
            })),
        );
    };
    insert(
        place.id("solution", "default", None),
        ("Default", "Default Solution"),
        "1.0",
        false,
        default_publisher.clone(),
        created,
    );
    insert(
        place.id("solution", "active", None),
        ("Active", "Active Solution"),
        "1.0",
        false,
        default_publisher,
        created,
    );
    for (alias, solution) in &place.environment.solution {
        let key = place.key(&format!("solution.{alias}"));
        if solution.version.split('.').count() != 4
            || solution.version.split('.').any(|part| part.parse::<u32>().is_err())
        {
            return Err(place
                .names
                .wrong(&format!("{key}.version"), "a version has four numbers"));
        }
        let unique = solution.unique_name.as_deref().unwrap_or(alias);
        insert(
            place.id("solution", alias, solution.id.as_deref()),
            (unique, solution.friendly_name.as_deref().unwrap_or(unique)),
            &solution.version,
            solution.managed,
            place.publisher(&format!("{key}.publisher"), &solution.publisher)?,
            solution.installed.unwrap_or(created),
        );
    }
    Ok(())
}

fn jobs(place: &Place<'_>, tables: &mut Tables) -> Result<(), WorldError> {
    for (alias, job) in &place.environment.job {
        let key = place.key(&format!("job.{alias}"));
        let owner = job
            .owner
            .as_deref()
            .map(|owner| place.system_user(&format!("{key}.owner"), owner))
            .transpose()?;
        if job.state == 3 && job.completed.is_none() {
            return Err(place
                .names
                .wrong(&key, "a completed operation says when it was completed"));
        }
        let created = job.created.unwrap_or(place.environment.created);
        tables.insert(
            "asyncoperations",
            row(json!({
                "asyncoperationid": place.id("job", alias, job.id.as_deref()),
                "name": job.name.as_deref().unwrap_or(alias), "operationtype": job.operation_type,
                "statecode": job.state, "statuscode": job.status, "errorcode": null, "message": null,
                "friendlymessage": null, "messagename": job.message_name, "data": null,
                "correlationid": place.id("job correlation", alias, None),
                "requestid": place.id("job request", alias, None), "depth": 1, "retrycount": 0,
                "createdon": created, "startedon": created, "completedon": job.completed,
                "modifiedon": job.completed.unwrap_or(created), "postponeuntil": job.postponed_until,
                "executiontimespan": null, "primaryentitytype": null, "retainjobhistory": true,
                "_ownerid_value": owner, "_owninguser_value": owner, "_owningteam_value": null,
                "_owningbusinessunit_value": place.business_unit(&key, None)?, "_createdby_value": owner,
                "_modifiedby_value": owner, "_regardingobjectid_value": null,
                "_workflowactivationid_value": null,
            })),
        );
    }
    Ok(())
}

fn processes(place: &Place<'_>, tables: &mut Tables) -> Result<(), WorldError> {
    for (alias, process) in &place.environment.process {
        let key = place.key(&format!("process.{alias}"));
        let owner = place.system_user(&format!("{key}.owner"), &process.owner)?;
        let created = place.environment.created;
        tables.insert(
            "workflows",
            row(json!({
                "workflowid": place.id("process", alias, process.id.as_deref()),
                "name": process.name.as_deref().unwrap_or(alias), "category": process.category, "type": 1,
                "statecode": i32::from(!process.draft), "statuscode": if process.draft { 1 } else { 2 },
                "description": null, "ismanaged": false, "primaryentity": "none", "uniquename": null,
                "createdon": created, "modifiedon": created, "versionnumber": 1_000_000,
                "_ownerid_value": owner, "_owninguser_value": owner, "_owningteam_value": null,
                "_owningbusinessunit_value": place.business_unit(&key, None)?, "_createdby_value": owner,
                "_modifiedby_value": owner,
            })),
        );
    }
    Ok(())
}

/// A table of an app: its definition, under the metadata property names, and its rows.
fn entity(place: &Place<'_>, logical_name: &str, table: &EntityTable, tables: &mut Tables) -> Result<(), WorldError> {
    let key = place.key(&format!("table.{logical_name}"));
    if table.entity_set.is_empty() || table.primary_id.is_empty() {
        return Err(place.names.wrong(&key, "entity_set and primary_id must be given"));
    }
    let label = |name: &str, text: &str| {
        let label = json!({"Label": text, "LanguageCode": 1033, "IsManaged": true,
                           "MetadataId": place.id("label", name, None), "HasChanged": null});
        json!({"LocalizedLabels": [label], "UserLocalizedLabel": label})
    };
    let mut attributes: Vec<Value> = table
        .column
        .iter()
        .map(|(name, column)| {
            json!({"LogicalName": name, "AttributeType": column.kind,
                   "DisplayName": label(&format!("{logical_name}/{name}"), &column.display_name)})
        })
        .collect();
    if !table.status.is_empty() {
        let mut choices: Vec<(&String, &i64)> = table.status.iter().collect();
        choices.sort_by_key(|(_, value)| **value);
        let options: Vec<Value> = choices
            .into_iter()
            .map(|(text, value)| {
                json!({"Value": value, "State": i32::from(table.inactive.contains(text)),
                       "Label": label(&format!("{logical_name}/statuscode/{value}"), text)})
            })
            .collect();
        attributes.push(json!({"LogicalName": "statuscode", "AttributeType": "Status",
            "DisplayName": label(&format!("{logical_name}/statuscode"), "Status Reason"),
            "OptionSet": {"Options": options}}));
    }
    tables.insert(
        "EntityDefinitions",
        row(json!({
            "MetadataId": place.id("entity", logical_name, None), "LogicalName": logical_name,
            "SchemaName": logical_name, "EntitySetName": table.entity_set,
            "LogicalCollectionName": table.entity_set, "PrimaryIdAttribute": table.primary_id,
            "PrimaryNameAttribute": table.primary_name, "IsManaged": true, "IsCustomEntity": !table.standard,
            "DisplayName": label(logical_name, &table.display_name), "Attributes": attributes,
        })),
    );
    for (alias, columns) in &table.row {
        let mut entry = Row::new();
        entry.insert(table.primary_id.clone(), json!(place.id(logical_name, alias, None)));
        // Every custom table has states, and a row is active where nothing else is said.
        if !table.standard {
            entry.insert("statecode".to_owned(), json!(0));
        }
        for (column, value) in columns {
            let value = match value {
                toml::Value::String(label) if column == "statuscode" => {
                    let known = table.status.get(label).ok_or_else(|| {
                        place
                            .names
                            .dangling(&format!("{key}.row.{alias}.statuscode"), "status of the table", label)
                    })?;
                    entry.insert("statecode".to_owned(), json!(i32::from(table.inactive.contains(label))));
                    json!(known)
                }
                toml::Value::Datetime(time) => Value::String(time.to_string()),
                other => serde_json::to_value(other).map_err(|error| {
                    place
                        .names
                        .wrong(&format!("{key}.row.{alias}.{column}"), error.to_string())
                })?,
            };
            entry.insert(column.clone(), value);
        }
        tables.insert(&table.entity_set, entry);
    }
    Ok(())
}
