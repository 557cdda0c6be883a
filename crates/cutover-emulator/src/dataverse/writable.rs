//! What may be written: which verbs a table takes, and which of its columns.
//!
//! After the Web API reference (operations of each table) and the entity reference (valid for create, valid for
//! update, system required). A value for a column that is not valid for an operation is passed over (assumed: no
//! document says that it is refused). Tables that bring no rules here take everything, as those of apps do.

use super::metadata::{Kind, Table};
use super::principal::Action::{self, Append, AppendTo, Assign, Create, Delete, Write};

/// What may be done to the rows of one table.
struct Rules {
    /// Logical name.
    table: &'static str,
    /// What can be done at all; anything else may be possible in Dataverse and is not in the emulator.
    actions: &'static [Action],
    /// Columns that a new row must be given, by the name they have in the metadata.
    required: &'static [&'static str],
    /// Columns that are only valid for create.
    create_only: &'static [&'static str],
    /// Columns that the service fills.
    read_only: &'static [&'static str],
}

/// Columns that the service fills in every table.
const SYSTEM: &[&str] = &[
    "componentstate",
    "createdby",
    "createdon",
    "ismanaged",
    "modifiedby",
    "modifiedon",
    "organizationid",
    "overwritetime",
    "owningbusinessunit",
    "owningteam",
    "owninguser",
    "solutionid",
    "versionnumber",
];
/// Columns of every table that are only valid for create.
const CREATE_ONLY: &[&str] = &["importsequencenumber"];

const EVERYTHING: &[Action] = &[Create, Write, Delete, Append, AppendTo, Assign];
const REST: Rules = Rules {
    table: "",
    actions: EVERYTHING,
    required: &[],
    create_only: &[],
    read_only: &["fullname"],
};

const RULES: &[Rules] = &[
    Rules {
        table: "systemuser",
        actions: &[Write, AppendTo],
        read_only: &[
            "applicationid",
            "applicationiduri",
            "azureactivedirectoryobjectid",
            "azuredeletedon",
            "azurestate",
            "calendarid",
            "defaultmailbox",
            "deletedstate",
            "disabledreason",
            "domainname",
            "fullname",
            "isallowedbyipfirewall",
            "isemailaddressapprovedbyo365admin",
            "isintegrationuser",
            "ownerid",
            "setupuser",
            "systemmanagedusertype",
            "userlicensetype",
            "userpuid",
            "windowsliveid",
        ],
        ..REST
    },
    Rules {
        table: "team",
        actions: &[Create, Write, Delete, AppendTo],
        required: &["name"],
        create_only: &["azureactivedirectoryobjectid", "membershiptype", "teamtype"],
        read_only: &["isdefault", "ownerid", "systemmanaged"],
    },
    Rules {
        table: "businessunit",
        actions: &[Write, AppendTo],
        read_only: &["isdisabled", "parentbusinessunitid"],
        ..REST
    },
    Rules {
        table: "role",
        actions: &[Assign],
        ..REST
    },
    Rules {
        table: "roletemplate",
        actions: &[],
        ..REST
    },
    Rules {
        table: "workflow",
        actions: &[],
        ..REST
    },
    Rules {
        table: "fieldsecurityprofile",
        actions: &[Create, Write, Delete],
        required: &["name"],
        read_only: &["fieldsecurityprofileidunique"],
        ..REST
    },
    Rules {
        table: "fieldpermission",
        actions: &[Create, Write, Delete],
        required: &["attributelogicalname", "entityname", "fieldsecurityprofileid"],
        create_only: &["attributelogicalname", "entityname", "fieldsecurityprofileid"],
        ..REST
    },
    Rules {
        table: "usersettings",
        actions: &[Write],
        read_only: &["businessunitid", "systemuserid_systemuser", "timezonebias"],
        ..REST
    },
    Rules {
        table: "organization",
        actions: &[Write],
        read_only: &[
            "initialversion",
            "isdisabled",
            "languagecode",
            "name",
            "organizationstate",
            "schemaname",
            "systemuserid",
        ],
        ..REST
    },
    Rules {
        table: "solution",
        actions: &[Create, Write, Delete],
        required: &["friendlyname", "publisherid", "uniquename", "version"],
        create_only: &["uniquename"],
        read_only: &[
            "installedon",
            "isapimanaged",
            "isinternal",
            "parentsolutionid",
            "solutionpackageversion",
            "thumbprint",
            "updatedon",
            "upgradeinfo",
        ],
    },
    Rules {
        table: "publisher",
        actions: &[Create, Write, Delete, AppendTo],
        required: &["customizationprefix", "friendlyname", "uniquename"],
        create_only: &["uniquename"],
        read_only: &["isreadonly"],
    },
    Rules {
        table: "importjob",
        actions: &[Delete],
        ..REST
    },
    Rules {
        table: "asyncoperation",
        actions: &[Delete],
        ..REST
    },
];

fn rules(table: &Table<'_>) -> &'static Rules {
    RULES
        .iter()
        .find(|rules| rules.table == table.logical_name)
        .unwrap_or(&REST)
}

/// What can be done to the rows of a table.
pub(super) fn actions(table: &Table<'_>) -> &'static [Action] {
    rules(table).actions
}

/// Columns that a new row must be given, and that no row can do without; by their names in the metadata.
pub(super) fn required(table: &Table<'_>) -> &'static [&'static str] {
    rules(table).required
}

/// Whether a client may give a column a value in a new row, or in one that is there.
pub(super) fn takes(table: &Table<'_>, column: &str, is_new: bool) -> bool {
    let rules = rules(table);
    let own_key = column == table.primary_id;
    let is_principal = table
        .column(column)
        .is_some_and(|column| matches!(column.kind, Kind::Principal));
    let key_is_taken = is_new || !own_key;
    let created = is_new || !(CREATE_ONLY.contains(&column) || rules.create_only.contains(&column));
    key_is_taken && created && !is_principal && !SYSTEM.contains(&column) && !rules.read_only.contains(&column)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataverse::tables::TABLES;

    #[test]
    fn rules_speak_of_columns_that_are_there() {
        for rules in RULES {
            let table = TABLES.iter().find(|table| table.logical_name == rules.table);
            let table = table.unwrap_or_else(|| panic!("no table {}", rules.table));
            let named = rules.required.iter().chain(rules.create_only).chain(rules.read_only);
            for name in named.filter(|name| **name != "fullname") {
                let known = table.columns.iter().any(|column| column.logical_name() == *name);
                assert!(known || table.navigation(name).is_some(), "{name} of {}", rules.table);
            }
            for name in rules.required {
                assert!(takes(table, name, true), "{name} of {} can be given", rules.table);
            }
        }
    }

    #[test]
    fn a_key_is_only_taken_with_a_new_row() {
        let accounts = TABLES.iter().find(|table| table.set == "accounts").expect("accounts");
        assert!(takes(accounts, "accountid", true) && !takes(accounts, "accountid", false));
        assert!(takes(accounts, "name", false) && !takes(accounts, "createdon", true));
        let team = TABLES.iter().find(|table| table.set == "teams").expect("teams");
        assert!(takes(team, "teamtype", true) && !takes(team, "teamtype", false));
    }
}
