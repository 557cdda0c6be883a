//! Microsoft Graph: one file for each kind of object.
//!
//! Properties that a caller may lack the right to see are `Option`: absent means *not told*, never *empty*.

pub mod applications;
pub mod authentication;
pub mod group_members;
pub mod groups;
pub mod licences;
pub mod license_assignment;
pub mod organization;
pub mod permission_grants;
mod permissions;
mod permissions_of_apply;
pub mod policies;
pub mod role_management;
pub mod role_schedule_requests;
pub mod service_principals;
pub mod sign_ins;
mod user_key;
pub mod users;
pub mod what_if;

pub use user_key::{InvalidUserKey, UserKey};

use crate::call_spec::CallSpec;

/// Every call of this module.
pub(crate) const CALLS: &[&CallSpec] = &[
    &applications::APPLICATION,
    &applications::APPLICATIONS,
    &authentication::METHODS,
    &authentication::METHODS_POLICY,
    &authentication::REGISTRATION,
    &authentication::REQUIREMENTS,
    &groups::GROUPS_BY_NAME,
    &licences::SUBSCRIBED_SKUS,
    &organization::ORGANIZATION,
    &policies::CONDITIONAL_ACCESS,
    &policies::NAMED_LOCATIONS,
    &policies::SECURITY_DEFAULTS,
    &role_management::ASSIGNMENTS,
    &role_management::ASSIGNMENT_INSTANCES,
    &role_management::ELIGIBILITY_INSTANCES,
    &role_management::ROLE_POLICY,
    &service_principals::DELEGATED_GRANTS,
    &service_principals::SERVICE_PRINCIPAL,
    &sign_ins::SIGN_INS,
    &users::DIRECTORY_ROLES,
    &users::GROUPS,
    &users::GROUP_IDS,
    &users::LICENCE_DETAILS,
    &users::USER,
    &what_if::WHAT_IF,
];

/// What carrying out a plan calls beside them.
pub(crate) const CALLS_OF_APPLY: &[&CallSpec] = &[
    &applications::REGISTER,
    &authentication::REQUIRE,
    &group_members::ADD,
    &group_members::GROUPS_OF_USER,
    &group_members::REMOVE,
    &license_assignment::ASSIGN,
    &permission_grants::GRANT,
    &permission_grants::REVOKE,
    &permission_grants::UPDATE,
    &policies::CREATE,
    &policies::DELETE,
    &policies::SWITCH_SECURITY_DEFAULTS,
    &role_management::ASSIGN,
    &role_management::OWN_ASSIGNMENT_INSTANCES,
    &role_management::UNASSIGN,
    &role_schedule_requests::ASK,
    &role_schedule_requests::CANCEL,
    &role_schedule_requests::REQUESTS,
    &service_principals::ADD,
    &service_principals::BY_ID,
    &service_principals::UPDATE,
    &users::UPDATE,
];
