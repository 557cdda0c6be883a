//! Processes: workflows, business rules and flows, which stop with the licence of their owner.
//!
//! Names and types come from the entity reference of `workflow`; most of its columns are left out.

use std::borrow::Cow;

use super::choices::{PROCESS_CATEGORY, PROCESS_STATE, PROCESS_STATUS, PROCESS_TYPE};
use super::metadata::Kind::{Big, Boolean, Guid, Lookup, Text, Time};
use super::metadata::{Columns, Table};
use super::tables::{UNIT, USER, column};

pub(super) const WORKFLOW: Table<'static> = Table {
    set: "workflows",
    logical_name: "workflow",
    schema_name: "Workflow",
    display_name: ("Process", "Processes"),
    object_type_code: 4703,
    primary_id: "workflowid",
    primary_name: "name",
    privilege: Cow::Borrowed("prvReadWorkflow"),
    alternate_keys: &[],
    is_custom: false,
    columns: Columns::Known(&[
        column("category", PROCESS_CATEGORY),
        column("_createdby_value", USER),
        column("createdon", Time),
        column("description", Text),
        column("ismanaged", Boolean),
        column("_modifiedby_value", USER),
        column("modifiedon", Time),
        column("name", Text),
        column("_ownerid_value", Lookup(&["systemuser", "team"])),
        column("_owningbusinessunit_value", UNIT),
        column("_owningteam_value", Lookup(&["team"])),
        column("_owninguser_value", USER),
        column("primaryentity", Text),
        column("statecode", PROCESS_STATE),
        column("statuscode", PROCESS_STATUS),
        column("type", PROCESS_TYPE),
        column("uniquename", Text),
        column("versionnumber", Big),
        column("workflowid", Guid),
    ]),
};
