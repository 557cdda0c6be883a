//! The Power Platform API, the control plane over environments: one file for each kind of object.
//!
//! It has no application permissions. A person needs one of three directory roles; an application acts with the rights of
//! such a person after one has registered it (Power Platform documentation, service principals).

pub mod application_packages;
pub mod backups;
pub mod elevation;
pub mod environments;
pub mod operations;
mod permissions;

use crate::call_spec::CallSpec;

/// Every call of this module.
pub(crate) const CALLS: &[&CallSpec] = &[
    &application_packages::APPLICATION_PACKAGES,
    &backups::BACKUPS,
    &environments::ENVIRONMENTS,
    &operations::OPERATIONS,
];

/// The version of `environmentmanagement` that its reference pages describe.
const ENVIRONMENT_MANAGEMENT: &str = "2024-10-01";
/// The version of `appmanagement`; it has no newer one.
const APP_MANAGEMENT: &str = "2022-03-01-preview";
/// The version of `usermanagement`.
const USER_MANAGEMENT: &str = "2022-03-01-preview";

/// What carrying out a plan calls beside them.
pub(crate) const CALLS_OF_APPLY: &[&CallSpec] = &[&elevation::APPLY_ADMIN_ROLE];

/// What only an upgrade calls beside them.
pub(crate) const CALLS_OF_UPGRADE: &[&CallSpec] = &[
    &application_packages::INSTALL,
    &application_packages::OPERATION,
    &backups::TAKE,
];
