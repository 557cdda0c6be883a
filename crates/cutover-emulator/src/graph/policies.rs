//! Policies of the tenant: activation rules of roles, security defaults, methods, strengths.

use super::entity_types::{
    AUTHENTICATION_METHODS_POLICY, AUTHENTICATION_STRENGTH_POLICY, ROLE_MANAGEMENT_POLICY_ASSIGNMENT, SECURITY_DEFAULTS,
};
use super::errors::GraphError;
use super::membership::text;
use super::permissions;
use super::route::{Context, Route, Source, get, id_of, write};
use super::writing::{Written, by_id};
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
    .directory_roles(permissions::ROLE_SCHEDULE_READERS)
    .premium(Premium::P2),
    get(
        "/policies/identitySecurityDefaultsEnforcementPolicy",
        &SECURITY_DEFAULTS,
        Source::Single("identitySecurityDefaultsEnforcementPolicy"),
        permissions::SECURITY_DEFAULTS,
        "$select",
        "GD identitysecuritydefaultsenforcementpolicy-get",
    ),
    write(
        "PATCH",
        "/policies/identitySecurityDefaultsEnforcementPolicy",
        &SECURITY_DEFAULTS,
        set_security_defaults,
        permissions::SECURITY_DEFAULTS_WRITE,
        "body isEnabled; not on together with enabled Conditional Access policies",
        "GD identitysecuritydefaultsenforcementpolicy-update",
    )
    .directory_roles(permissions::CONDITIONAL_ACCESS_ROLES)
    .errors("400 BadRequest beside enabled Conditional Access policies"),
    get(
        "/policies/authenticationMethodsPolicy",
        &AUTHENTICATION_METHODS_POLICY,
        Source::Single("authenticationMethodsPolicy"),
        permissions::AUTHENTICATION_METHODS_POLICY,
        "$select",
        "GD authenticationmethodspolicy-get",
    )
    .directory_roles(permissions::AUTHENTICATION_POLICY_READERS),
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

fn set_security_defaults(context: &Context<'_>) -> Result<Written, GraphError> {
    const SET: &str = "identitySecurityDefaultsEnforcementPolicy";
    let mut body = context.entity_body(SET, &SECURITY_DEFAULTS)?;
    body.retain(|name, _| !name.contains('@'));
    let policy = context
        .directory()
        .rows(SET)
        .next()
        .ok_or_else(|| GraphError::not_found(SET))?;
    let mut policies = context.directory().rows("conditionalAccessPolicies");
    if body.get("isEnabled") == Some(&true.into()) && policies.any(|policy| text(policy, "state") == "enabled") {
        return Err(GraphError::bad_request(
            "Security Defaults cannot be enabled while Conditional Access policies are enabled.",
        ));
    }
    Ok(Written::silently().set(SET, by_id(id_of(policy)), body))
}
