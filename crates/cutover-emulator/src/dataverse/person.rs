//! People as rows of an environment: what a user's row and settings are made of, and what Dataverse does when it learns
//! of a person from Entra ID.

use jiff::Timestamp;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::write::{moment, text};
use crate::assumed::LicenceTaken;
use crate::state::{Environment, Row, Tables};
use crate::sync::Person;

const READ_WRITE: i64 = 0;
const ADMINISTRATIVE: i64 = 1;
const READ: i64 = 2;

/// What tells users of an environment apart.
#[derive(Debug, Clone, Default)]
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) business_unit: String,
    pub(crate) organization_id: String,
    pub(crate) object_id: Option<String>,
    pub(crate) application_id: Option<String>,
    pub(crate) domain_name: Option<String>,
    pub(crate) full_name: String,
    pub(crate) access_mode: i64,
    pub(crate) licensed: bool,
    pub(crate) disabled: bool,
    pub(crate) disabled_reason: Option<String>,
    pub(crate) deleted: bool,
    pub(crate) setup_user: bool,
    pub(crate) created: Timestamp,
}

fn row(value: Json) -> Row {
    match value {
        Json::Object(row) => row,
        _ => Row::new(),
    }
}

impl User {
    /// The row of `systemusers`.
    pub(crate) fn row(&self) -> Row {
        let (first, last) = self.full_name.split_once(' ').unwrap_or((&self.full_name, ""));
        let created = self.created;
        let mut person = row(json!({
            "systemuserid": self.id, "ownerid": self.id, "fullname": self.full_name, "firstname": first,
            "lastname": last, "middlename": null, "domainname": self.domain_name,
            "internalemailaddress": self.domain_name, "windowsliveid": self.domain_name,
            "azureactivedirectoryobjectid": self.object_id, "applicationid": self.application_id,
            "applicationiduri": null, "accessmode": self.access_mode,
            "caltype": i32::from(self.access_mode == ADMINISTRATIVE),
            "isdisabled": self.disabled, "disabledreason": self.disabled_reason,
            "islicensed": self.licensed, "isintegrationuser": self.application_id.is_some(),
            "setupuser": self.setup_user, "azurestate": i32::from(self.deleted),
            "azuredeletedon": Some(created).filter(|_| self.deleted), "deletedstate": i32::from(self.deleted),
            "userlicensetype": licence_type(self.licensed),
        }));
        // Columns that nothing tells apart.
        person.extend(row(json!({
            "issyncwithdirectory": self.application_id.is_none(), "isallowedbyipfirewall": true,
            "isemailaddressapprovedbyo365admin": false, "displayinserviceviews": true,
            "emailrouteraccessapproval": 0, "employeeid": null, "identityid": 0,
            "importsequencenumber": null, "incomingemaildeliverymethod": 2, "outgoingemaildeliverymethod": 2,
            "invitestatuscode": 4, "jobtitle": null, "title": null, "systemmanagedusertype": 0,
            "userpuid": null, "createdon": created, "modifiedon": created, "versionnumber": 1_000_000,
            "organizationid": self.organization_id, "_businessunitid_value": self.business_unit,
            "_createdby_value": null, "_modifiedby_value": null, "_parentsystemuserid_value": null,
            "_queueid_value": null, "_defaultmailbox_value": null, "_calendarid_value": null,
            "_transactioncurrencyid_value": null,
        })));
        person
    }

    /// The row of `usersettingscollection`, which may still differ in what a person chooses.
    pub(crate) fn settings(&self, locale: u32) -> Row {
        let english = locale == 1033;
        row(json!({
            "systemuserid": self.id, "businessunitid": self.business_unit, "uilanguageid": 0, "helplanguageid": 0,
            "localeid": locale, "timezonecode": 92, "timezonebias": 0, "dateformatcode": 0,
            "dateformatstring": date_format(locale), "dateseparator": if english { "/" } else { "." },
            "decimalsymbol": if english { "." } else { "," }, "numberseparator": if english { "," } else { "." },
            "currencysymbol": "€", "timeformatcode": 0, "timeformatstring": if english { "h:mm tt" } else { "HH:mm" },
            "timeseparator": ":", "paginglimit": 50, "versionnumber": 1_000_000,
            "_transactioncurrencyid_value": null,
        }))
    }
}

fn licence_type(licensed: bool) -> i32 {
    if licensed { 6 } else { -1 }
}

fn date_format(locale: u32) -> &'static str {
    match locale {
        1033 => "M/d/yyyy",
        1043 => "d-M-yyyy",
        2057 | 1036 => "dd/MM/yyyy",
        _ => "dd.MM.yyyy",
    }
}

/// What an environment does when it learns of a person: a licensed one becomes a user, without a role; the account of a
/// user is enabled or disabled; a licence that came or went changes what the user may do (*Create users*; how far is
/// assumed, [`crate::assumed`]).
pub(crate) fn learn(environment: &mut Environment, person: &Person, at: Timestamp) {
    let known = environment.tables.rows("systemusers").iter().find(|row| {
        text(row, "azureactivedirectoryobjectid").eq_ignore_ascii_case(&person.object_id)
            && row.get("deletedstate").and_then(Json::as_i64) != Some(1)
    });
    let Some(user) = known.map(|row| text(row, "systemuserid").to_owned()) else {
        if person.enabled && person.licensed {
            add(environment, person, READ_WRITE, at);
        }
        return;
    };
    let tables = &mut environment.tables;
    let Some(row) = tables.find_mut("systemusers", "systemuserid", &user) else {
        return;
    };
    let is = |row: &Row, column: &str| row.get(column) == Some(&Json::Bool(true));
    let mode = row.get("accessmode").and_then(Json::as_i64).unwrap_or_default();
    let (was_licensed, was_disabled) = (is(row, "islicensed"), is(row, "isdisabled"));
    let mut change = |column: &str, value: Json| row.insert(column.to_owned(), value);
    if was_licensed != person.licensed {
        change("islicensed", json!(person.licensed));
        change("userlicensetype", json!(licence_type(person.licensed)));
    }
    let mut disabled = !person.enabled;
    match (was_licensed, person.licensed) {
        (false, true) if mode == ADMINISTRATIVE && person.licence_opens => {
            change("accessmode", json!(READ_WRITE));
            change("caltype", json!(0));
        }
        (true, false) if matches!(mode, READ_WRITE | READ) => match person.licence_taken {
            LicenceTaken::Administrative => {
                change("accessmode", json!(ADMINISTRATIVE));
                change("caltype", json!(1));
            }
            LicenceTaken::Disabled => disabled = true,
            LicenceTaken::Untouched => {}
        },
        // Whoever was disabled for want of a licence stays so.
        (false, false) if person.licence_taken == LicenceTaken::Disabled => disabled |= was_disabled,
        _ => {}
    }
    if was_disabled != disabled {
        change("isdisabled", json!(disabled));
        let reason = if person.enabled {
            "The user has no licence."
        } else {
            "The user is disabled in Entra ID."
        };
        change("disabledreason", json!(Some(reason).filter(|_| disabled)));
    }
    change("modifiedon", json!(moment(at)));
    if was_licensed && !person.licensed && person.processes_stop {
        stop_processes(tables, &user);
    }
}

/// Active processes of a user become drafts.
fn stop_processes(tables: &mut Tables, user: &str) {
    let owned: Vec<String> = tables
        .rows("workflows")
        .iter()
        .filter(|row| text(row, "_ownerid_value").eq_ignore_ascii_case(user))
        .map(|row| text(row, "workflowid").to_owned())
        .collect();
    for id in owned {
        if let Some(row) = tables.find_mut("workflows", "workflowid", &id) {
            row.insert("statecode".to_owned(), json!(0));
            row.insert("statuscode".to_owned(), json!(1));
        }
    }
}

/// Adds a person to the root business unit and its team; says the id of the new row.
pub(crate) fn add(environment: &mut Environment, person: &Person, access_mode: i64, at: Timestamp) -> Option<String> {
    let units = environment.tables.rows("businessunits").iter();
    let root = units
        .into_iter()
        .find(|unit| text(unit, "_parentbusinessunitid_value").is_empty())?;
    let root = text(root, "businessunitid").to_owned();
    let namespace = Uuid::parse_str(&environment.organization_id).unwrap_or(Uuid::NAMESPACE_OID);
    // Somebody who was deleted and comes back gets a row of another id.
    let id =
        (0_u32..).map(|turn| Uuid::new_v5(&namespace, format!("{}/{turn}", person.object_id).as_bytes()).to_string());
    let mut free = id.filter(|id| environment.tables.find("systemusers", "systemuserid", id).is_none());
    let user = User {
        id: free.next()?,
        business_unit: root.clone(),
        organization_id: environment.organization_id.clone(),
        object_id: Some(person.object_id.clone()),
        domain_name: Some(person.name.clone()),
        full_name: person.full_name.clone(),
        access_mode,
        licensed: person.licensed,
        created: at,
        ..User::default()
    };
    drop(free);
    let locale = environment.administration.base_language;
    let tables = &mut environment.tables;
    tables.insert("systemusers", user.row());
    tables.insert("usersettingscollection", user.settings(locale));
    let is_default =
        |team: &&Row| text(team, "_businessunitid_value") == root && team.get("isdefault") == Some(&Json::Bool(true));
    let team = tables.rows("teams").iter().find(is_default);
    if let Some(team) = team.map(|team| text(team, "teamid").to_owned()) {
        tables.link("teammembership_association", &team, &user.id);
    }
    Some(user.id)
}
