//! Types of directory roles and of Privileged Identity Management.

use super::{EntityType, entity};

/// `unifiedRoleDefinition`
pub(crate) static ROLE_DEFINITION: EntityType = EntityType {
    closed: true,
    ..entity(
        "unifiedRoleDefinition",
        "roleManagement/directory/roleDefinitions",
        "",
        "id description displayName isBuiltIn isEnabled resourceScopes[] rolePermissions[] templateId version",
    )
};

/// `unifiedRoleAssignment`
pub(crate) static ROLE_ASSIGNMENT: EntityType = entity(
    "unifiedRoleAssignment",
    "roleManagement/directory/roleAssignments",
    "principal roleDefinition",
    "id appScopeId condition directoryScopeId principalId principalOrganizationId roleDefinitionId",
);

/// `unifiedRoleAssignmentSchedule`
pub(crate) static ROLE_ASSIGNMENT_SCHEDULE: EntityType = entity(
    "unifiedRoleAssignmentSchedule",
    "roleManagement/directory/roleAssignmentSchedules",
    "principal roleDefinition",
    "id appScopeId createdDateTime createdUsing directoryScopeId modifiedDateTime principalId \
     roleDefinitionId status assignmentType memberType scheduleInfo",
);

/// `unifiedRoleAssignmentScheduleInstance`
pub(crate) static ROLE_ASSIGNMENT_SCHEDULE_INSTANCE: EntityType = entity(
    "unifiedRoleAssignmentScheduleInstance",
    "roleManagement/directory/roleAssignmentScheduleInstances",
    "principal roleDefinition",
    "id appScopeId directoryScopeId principalId roleDefinitionId assignmentType endDateTime \
     memberType roleAssignmentOriginId roleAssignmentScheduleId startDateTime",
);

/// `unifiedRoleEligibilityScheduleInstance`
pub(crate) static ROLE_ELIGIBILITY_SCHEDULE_INSTANCE: EntityType = entity(
    "unifiedRoleEligibilityScheduleInstance",
    "roleManagement/directory/roleEligibilityScheduleInstances",
    "principal roleDefinition",
    "id appScopeId directoryScopeId principalId roleDefinitionId endDateTime memberType \
     roleEligibilityScheduleId startDateTime",
);

/// `unifiedRoleManagementPolicyAssignment`
pub(crate) static ROLE_MANAGEMENT_POLICY_ASSIGNMENT: EntityType = EntityType {
    closed: true,
    ..entity(
        "unifiedRoleManagementPolicyAssignment",
        "policies/roleManagementPolicyAssignments",
        "policy",
        "id policyId roleDefinitionId scopeId scopeType",
    )
};

/// `unifiedRoleManagementPolicy`
pub(crate) static ROLE_MANAGEMENT_POLICY: EntityType = EntityType {
    closed: true,
    ..entity(
        "unifiedRoleManagementPolicy",
        "policies/roleManagementPolicies",
        "rules effectiveRules",
        "id description displayName isOrganizationDefault lastModifiedBy lastModifiedDateTime \
         scopeId scopeType",
    )
};

/// `unifiedRoleManagementPolicyRule` in its five shapes.
pub(crate) static ROLE_MANAGEMENT_POLICY_RULE: EntityType = entity("unifiedRoleManagementPolicyRule", "rules", "", "");

/// `unifiedRoleAssignmentScheduleRequest`
pub(crate) static ROLE_ASSIGNMENT_SCHEDULE_REQUEST: EntityType = entity(
    "unifiedRoleAssignmentScheduleRequest",
    "roleManagement/directory/roleAssignmentScheduleRequests",
    "principal roleDefinition",
    "id action appScopeId approvalId completedDateTime createdBy createdDateTime customData directoryScopeId \
     isValidationOnly justification principalId roleDefinitionId scheduleInfo status targetScheduleId ticketInfo",
);

/// `unifiedRoleEligibilityScheduleRequest`
pub(crate) static ROLE_ELIGIBILITY_SCHEDULE_REQUEST: EntityType = entity(
    "unifiedRoleEligibilityScheduleRequest",
    "roleManagement/directory/roleEligibilityScheduleRequests",
    "principal roleDefinition",
    "id action appScopeId approvalId completedDateTime createdBy createdDateTime customData directoryScopeId \
     isValidationOnly justification principalId roleDefinitionId scheduleInfo status targetScheduleId ticketInfo",
);

/// `unifiedRoleEligibilitySchedule`
pub(crate) static ROLE_ELIGIBILITY_SCHEDULE: EntityType = entity(
    "unifiedRoleEligibilitySchedule",
    "roleManagement/directory/roleEligibilitySchedules",
    "principal roleDefinition",
    "id appScopeId createdDateTime createdUsing directoryScopeId modifiedDateTime principalId roleDefinitionId status \
     memberType scheduleInfo",
);
