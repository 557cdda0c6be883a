//! Policies of the tenant: activation rules of roles, security defaults, methods, strengths.

use super::entity_types::{
    AUTHENTICATION_METHODS_POLICY, AUTHENTICATION_STRENGTH_POLICY, ROLE_MANAGEMENT_POLICY_ASSIGNMENT, SECURITY_DEFAULTS,
};
use super::permissions;
use super::route::{Route, Source, get};
use crate::state::Premium;

pub(crate) const ROUTES: &[Route] = &[
    get(
        "/policies/roleManagementPolicyAssignments",
        &ROLE_MANAGEMENT_POLICY_ASSIGNMENT,
        Source::Set("roleManagementPolicyAssignments"),
        permissions::ROLE_MANAGEMENT_POLICIES,
        "$filter, $select, $expand",
        "GD policyroot-list-rolemanagementpolicyassignments; that P2 is needed is assumed",
    )
    .premium(Premium::P2),
    get(
        "/policies/identitySecurityDefaultsEnforcementPolicy",
        &SECURITY_DEFAULTS,
        Source::Single("identitySecurityDefaultsEnforcementPolicy"),
        permissions::SECURITY_DEFAULTS,
        "$select",
        "GD identitysecuritydefaultsenforcementpolicy-get",
    ),
    get(
        "/policies/authenticationMethodsPolicy",
        &AUTHENTICATION_METHODS_POLICY,
        Source::Single("authenticationMethodsPolicy"),
        permissions::AUTHENTICATION_METHODS_POLICY,
        "$select",
        "GD authenticationmethodspolicy-get",
    ),
    get(
        "/policies/authenticationStrengthPolicies",
        &AUTHENTICATION_STRENGTH_POLICY,
        Source::Set("authenticationStrengthPolicies"),
        permissions::AUTHENTICATION_STRENGTHS,
        "$select, $filter",
        "GD authenticationstrengthroot-list-policies",
    ),
    get(
        "/policies/authenticationStrengthPolicies/{id}",
        &AUTHENTICATION_STRENGTH_POLICY,
        Source::Item("authenticationStrengthPolicies"),
        permissions::AUTHENTICATION_STRENGTHS,
        "$select",
        "GD authenticationstrengthpolicy-get",
    ),
];
