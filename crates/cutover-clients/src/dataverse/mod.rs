//! The Dataverse Web API of an environment, one file for each table or function.
//!
//! Rights come from the caller's security roles; a row or column the caller may not see is absent.

pub mod async_operations;
pub mod billing_contracts;
pub mod entity_definitions;
pub mod import_jobs;
pub mod jobs;
pub mod languages;
pub mod organizations;
mod permissions;
pub mod privileges;
pub mod profiles;
pub mod roles;
pub mod solution_imports;
pub mod solutions;
pub mod system_users;
pub mod user_settings;
pub mod version;
pub mod who_am_i;
pub mod workflows;

use crate::call_spec::CallSpec;

/// Every call of this module.
pub(crate) const CALLS: &[&CallSpec] = &[
    &async_operations::OPEN,
    &entity_definitions::COLUMNS,
    &entity_definitions::CUSTOM_TABLES,
    &entity_definitions::STATUSES,
    &import_jobs::OPEN,
    &jobs::OPEN,
    &languages::PROVISIONED,
    &organizations::ORGANIZATIONS,
    &privileges::PRIVILEGES,
    &profiles::PROFILES,
    &roles::ROLES,
    &solutions::SOLUTIONS,
    &system_users::PROFILES,
    &system_users::ROLES,
    &system_users::ROWS,
    &system_users::TEAMS,
    &system_users::TEAM_PROFILES,
    &user_settings::SETTINGS,
    &version::VERSION,
    &who_am_i::WHO_AM_I,
];

/// What carrying out a plan calls beside them.
pub(crate) const CALLS_OF_APPLY: &[&CallSpec] = &[
    &async_operations::ONE,
    &languages::PROVISION,
    &profiles::GIVE,
    &profiles::TAKE,
    &roles::GIVE,
    &roles::TAKE,
    &system_users::UPDATE,
    &user_settings::UPDATE,
    &workflows::ACTIVE,
];

/// What only an upgrade calls beside them.
pub(crate) const CALLS_OF_UPGRADE: &[&CallSpec] = &[
    &billing_contracts::ACTIVE,
    &billing_contracts::SWITCH,
    &import_jobs::LOG,
    &import_jobs::NEWEST,
    &import_jobs::ONE,
    &import_jobs::RESULT,
    &solution_imports::IMPORT,
    &solution_imports::PROMOTE,
    &solution_imports::STAGE,
    &solution_imports::UPGRADE,
    &solutions::NAMED,
    &solutions::REMOVE,
];
