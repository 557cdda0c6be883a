//! Accounts and contacts: the tables that clients which know no product try first.
//!
//! Names and types come from the entity reference of `account` and `contact`; most of their two hundred columns are
//! left out.

use std::borrow::Cow;

use super::choices::{ACCOUNT_CATEGORY, ACTIVE_STATE, ACTIVE_STATUS};
use super::metadata::Kind::{Big, Boolean, Double, Guid, Lookup, Number, Text, Time};
use super::metadata::{Column, Columns, Table};
use super::tables::{UNIT, USER, column};

pub(super) const ACCOUNT: Table<'static> = Table {
    set: "accounts",
    logical_name: "account",
    schema_name: "Account",
    display_name: ("Account", "Accounts"),
    object_type_code: 1,
    primary_id: "accountid",
    primary_name: "name",
    privilege: Cow::Borrowed("prvReadAccount"),
    // Assumed: an organization defines its alternate keys itself, and this is the one that most of them have.
    alternate_keys: &[&["accountnumber"]],
    is_custom: false,
    columns: Columns::Known(ACCOUNT_COLUMNS),
};

const ACCOUNT_COLUMNS: &[Column<'static>] = &[
    column("accountcategorycode", ACCOUNT_CATEGORY),
    column("accountid", Guid),
    column("accountnumber", Text),
    column("address1_city", Text),
    column("address1_country", Text),
    column("address1_latitude", Double),
    column("address1_line1", Text),
    column("address1_longitude", Double),
    column("address1_postalcode", Text),
    column("_createdby_value", USER),
    column("createdon", Time),
    column("creditonhold", Boolean),
    column("description", Text),
    column("emailaddress1", Text),
    column("fax", Text),
    column("importsequencenumber", Number),
    column("_modifiedby_value", USER),
    column("modifiedon", Time),
    column("name", Text),
    column("numberofemployees", Number),
    column("_ownerid_value", Lookup(&["systemuser", "team"])),
    column("_owningbusinessunit_value", UNIT),
    column("_owningteam_value", Lookup(&["team"])),
    column("_owninguser_value", USER),
    column("_parentaccountid_value", Lookup(&["account"])),
    column("_primarycontactid_value", Lookup(&["contact"])),
    column("revenue", Double),
    column("statecode", ACTIVE_STATE),
    column("statuscode", ACTIVE_STATUS),
    column("telephone1", Text),
    column("versionnumber", Big),
    column("websiteurl", Text),
];

pub(super) const CONTACT: Table<'static> = Table {
    set: "contacts",
    logical_name: "contact",
    schema_name: "Contact",
    display_name: ("Contact", "Contacts"),
    object_type_code: 2,
    primary_id: "contactid",
    primary_name: "fullname",
    privilege: Cow::Borrowed("prvReadContact"),
    alternate_keys: &[],
    is_custom: false,
    columns: Columns::Known(CONTACT_COLUMNS),
};

const CONTACT_COLUMNS: &[Column<'static>] = &[
    column("address1_city", Text),
    column("address1_country", Text),
    column("address1_line1", Text),
    column("address1_postalcode", Text),
    column("contactid", Guid),
    column("_createdby_value", USER),
    column("createdon", Time),
    column("description", Text),
    column("emailaddress1", Text),
    column("firstname", Text),
    column("fullname", Text),
    column("importsequencenumber", Number),
    column("jobtitle", Text),
    column("lastname", Text),
    column("mobilephone", Text),
    column("_modifiedby_value", USER),
    column("modifiedon", Time),
    column("_ownerid_value", Lookup(&["systemuser", "team"])),
    column("_owningbusinessunit_value", UNIT),
    column("_owningteam_value", Lookup(&["team"])),
    column("_owninguser_value", USER),
    column("_parentcustomerid_value", Lookup(&["account", "contact"])),
    column("statecode", ACTIVE_STATE),
    column("statuscode", ACTIVE_STATUS),
    column("telephone1", Text),
    column("versionnumber", Big),
];
