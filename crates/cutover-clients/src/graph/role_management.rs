//! Directory roles: standing, activated, eligible, and the policy of a role.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{permissions, permissions_of_apply};
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::{Address, segment};
use crate::read::Read;
use crate::wire::open_enum;
use crate::write::Write;

pub(super) static ASSIGNMENTS: CallSpec = CallSpec::new(
    Api::Graph,
    Shape::Collection,
    "/roleManagement/directory/roleAssignments",
    "the directory roles assigned to one principal, activated ones included",
    &permissions::ROLE_ASSIGNMENTS,
);
pub(super) static ASSIGNMENT_INSTANCES: CallSpec = CallSpec::new(
    Api::Graph,
    Shape::Collection,
    "/roleManagement/directory/roleAssignmentScheduleInstances",
    "the same with origin and end time",
    &permissions::ASSIGNMENT_INSTANCES,
);
pub(super) static ELIGIBILITY_INSTANCES: CallSpec = CallSpec::new(
    Api::Graph,
    Shape::Collection,
    "/roleManagement/directory/roleEligibilityScheduleInstances",
    "the directory roles that one principal may activate",
    &permissions::ELIGIBILITY_INSTANCES,
);
pub(super) static ROLE_POLICY: CallSpec = CallSpec::new(
    Api::Graph,
    Shape::Collection,
    "/policies/roleManagementPolicyAssignments",
    "what activating or assigning a directory role demands",
    &permissions::ROLE_POLICY,
);

pub(super) static OWN_ASSIGNMENT_INSTANCES: CallSpec = CallSpec::new(
    Api::Graph,
    Shape::Collection,
    "/roleManagement/directory/roleAssignmentScheduleInstances/filterByCurrentUser(on='principal')",
    "the directory roles that are active for the caller, who needs no directory role to see them",
    &permissions::ASSIGNMENT_INSTANCES,
);
pub(super) static ASSIGN: CallSpec = CallSpec::writing(
    Api::Graph,
    "POST",
    "/roleManagement/directory/roleAssignments",
    "assigns a directory role without an end",
    &permissions_of_apply::ROLE_ASSIGNMENT,
);
pub(super) static UNASSIGN: CallSpec = CallSpec::writing(
    Api::Graph,
    "DELETE",
    "/roleManagement/directory/roleAssignments/{id}",
    "takes a directory role",
    &permissions_of_apply::ROLE_ASSIGNMENT,
);

/// A role held by a principal (CSDL `unifiedRoleAssignment`). Its id is not stable.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleAssignment {
    /// Id of this assignment.
    pub id: String,
    /// Which role; built-in roles have the same id in every tenant.
    pub role_definition_id: Uuid,
    /// Who holds it.
    pub principal_id: Uuid,
    /// Where it holds; `/` is the whole tenant.
    pub directory_scope_id: Option<String>,
}

/// A role that is active now (CSDL `unifiedRoleAssignmentScheduleInstance`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleAssignmentInstance {
    /// Which role.
    pub role_definition_id: Uuid,
    /// Who holds it.
    pub principal_id: Uuid,
    /// Where it holds; `/` is the whole tenant.
    pub directory_scope_id: Option<String>,
    /// The schedule behind it, which the request that made it names as its target.
    pub role_assignment_schedule_id: Option<String>,
    /// Assigned, or activated from an eligibility.
    pub assignment_type: Option<AssignmentType>,
    /// Direct or through a group.
    pub member_type: Option<MemberType>,
    /// Since when.
    pub start_date_time: Option<Timestamp>,
    /// Until when; `None` means for good.
    pub end_date_time: Option<Timestamp>,
}

/// A role that may be activated (CSDL `unifiedRoleEligibilityScheduleInstance`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleEligibilityInstance {
    /// Which role.
    pub role_definition_id: Uuid,
    /// Who may activate it.
    pub principal_id: Uuid,
    /// Where it would hold; `/` is the whole tenant.
    pub directory_scope_id: Option<String>,
    /// Direct or through a group.
    pub member_type: Option<MemberType>,
    /// Since when.
    pub start_date_time: Option<Timestamp>,
    /// Until when; `None` means for good.
    pub end_date_time: Option<Timestamp>,
}

open_enum! {
    /// How an active role came about.
    AssignmentType {
        /// Given by somebody.
        Assigned = "Assigned",
        /// Activated by its holder.
        Activated = "Activated",
    }
}

open_enum! {
    /// By which way a role reaches its holder.
    MemberType {
        /// Given to the principal itself.
        Direct = "Direct",
        /// Given to a group it belongs to.
        Group = "Group",
        /// From a scope above.
        Inherited = "Inherited",
    }
}

/// Which policy governs a role (CSDL `unifiedRoleManagementPolicyAssignment`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RolePolicyAssignment {
    /// Which role.
    pub role_definition_id: Option<Uuid>,
    /// The policy; `None` when it was not expanded.
    pub policy: Option<RolePolicy>,
}

/// The policy of a role (CSDL `unifiedRoleManagementPolicy`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RolePolicy {
    /// Id of the policy.
    pub id: String,
    /// Its rules; `None` when they were not expanded.
    pub rules: Option<Vec<RolePolicyRule>>,
}

/// One rule of a policy; what it holds depends on its type.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct RolePolicyRule {
    /// Id such as `Expiration_EndUser_Assignment`, the same in every policy.
    pub id: String,
    /// Type such as `#microsoft.graph.unifiedRoleManagementPolicyExpirationRule`.
    #[serde(rename = "@odata.type")]
    pub kind: Option<String>,
    /// The properties of that type.
    #[serde(flatten)]
    pub settings: Map<String, Value>,
}

fn of_principal(spec: &'static CallSpec, principal: Uuid) -> Address {
    Address::path(spec.path).filter(&format!("principalId eq '{principal}'"))
}

/// The roles assigned to a user, group or service principal itself.
pub fn assignments(principal: Uuid) -> Read<Vec<RoleAssignment>> {
    Read::new(&ASSIGNMENTS, of_principal(&ASSIGNMENTS, principal))
}

/// Who is assigned a role, the same for everybody.
pub fn assignments_of_role(role_definition: Uuid) -> Read<Vec<RoleAssignment>> {
    Read::new(&ASSIGNMENTS, of_role(&ASSIGNMENTS, role_definition))
}

/// Assigns a role in the whole tenant, without an end.
pub fn assign(principal: Uuid, role: Uuid) -> Write {
    Write::new(&ASSIGN, Address::path(ASSIGN.path)).with(json!({
        "@odata.type": "#microsoft.graph.unifiedRoleAssignment",
        "principalId": principal, "roleDefinitionId": role, "directoryScopeId": "/",
    }))
}

/// Takes an assignment, by its id of this moment.
pub fn unassign(assignment: &str) -> Write {
    let path = format!("/roleManagement/directory/roleAssignments/{}", segment(assignment));
    Write::new(&UNASSIGN, Address::path(path))
}

/// The roles that are active for a principal, with their end.
pub fn assignment_instances(principal: Uuid) -> Read<Vec<RoleAssignmentInstance>> {
    Read::new(&ASSIGNMENT_INSTANCES, of_principal(&ASSIGNMENT_INSTANCES, principal))
}

/// The roles that are active for the caller, with their end.
pub fn own_assignment_instances() -> Read<Vec<RoleAssignmentInstance>> {
    Read::new(&OWN_ASSIGNMENT_INSTANCES, Address::path(OWN_ASSIGNMENT_INSTANCES.path))
}

/// The roles that a principal may activate.
pub fn eligibility_instances(principal: Uuid) -> Read<Vec<RoleEligibilityInstance>> {
    Read::new(&ELIGIBILITY_INSTANCES, of_principal(&ELIGIBILITY_INSTANCES, principal))
}

/// Who holds a role now, the same for everybody.
pub fn assignment_instances_of_role(role_definition: Uuid) -> Read<Vec<RoleAssignmentInstance>> {
    Read::new(&ASSIGNMENT_INSTANCES, of_role(&ASSIGNMENT_INSTANCES, role_definition))
}

/// Who may activate a role.
pub fn eligibility_instances_of_role(role_definition: Uuid) -> Read<Vec<RoleEligibilityInstance>> {
    Read::new(&ELIGIBILITY_INSTANCES, of_role(&ELIGIBILITY_INSTANCES, role_definition))
}

fn of_role(spec: &CallSpec, role_definition: Uuid) -> Address {
    Address::path(spec.path).filter(&format!("roleDefinitionId eq '{role_definition}'"))
}

/// The policy of a role in the whole tenant, with its rules.
pub fn role_policy(role_definition: Uuid) -> Read<Vec<RolePolicyAssignment>> {
    let address = Address::path(ROLE_POLICY.path)
        .filter(&format!(
            "scopeId eq '/' and scopeType eq 'DirectoryRole' and roleDefinitionId eq '{role_definition}'"
        ))
        .expand("policy($expand=rules)");
    Read::new(&ROLE_POLICY, address)
}
