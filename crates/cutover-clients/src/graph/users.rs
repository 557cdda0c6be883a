//! Users, what they are licensed for and what they belong to.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{UserKey, permissions, permissions_of_apply};
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::Address;
use crate::read::Read;
use crate::wire::open_enum;
use crate::write::Write;

pub(super) static USER: CallSpec = CallSpec::new(
    Api::Graph,
    Shape::Single,
    "/users/{id}",
    "the account: enabled, type, place of use, licences",
    &permissions::USER,
);
pub(super) static LICENCE_DETAILS: CallSpec = CallSpec::new(
    Api::Graph,
    Shape::Collection,
    "/users/{id}/licenseDetails",
    "the service plans of each of the user's licences",
    &permissions::LICENCE_DETAILS,
);
pub(super) static DIRECTORY_ROLES: CallSpec = CallSpec::new(
    Api::Graph,
    Shape::Collection,
    "/users/{id}/transitiveMemberOf/microsoft.graph.directoryRole",
    "the directory roles the user holds now, directly or through groups",
    &permissions::DIRECTORY_ROLES,
);
pub(super) static GROUPS: CallSpec = CallSpec::new(
    Api::Graph,
    Shape::Collection,
    "/users/{id}/transitiveMemberOf/microsoft.graph.group",
    "the groups the user belongs to, directly or through groups, and which of them a role can be given to",
    &permissions::GROUPS,
);
pub(super) static GROUP_IDS: CallSpec = CallSpec::new(
    Api::Graph,
    Shape::Collection,
    "/users/{id}/transitiveMemberOf/microsoft.graph.group",
    "the groups the user belongs to, directly or through groups, by id",
    &permissions::GROUP_IDS,
);

pub(super) static UPDATE: CallSpec = CallSpec::writing(
    Api::Graph,
    "PATCH",
    "/users/{id}",
    "changes a user: place of use, whether the account may sign in",
    &permissions_of_apply::USER,
);

/// A user (CSDL `user`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// Object id.
    pub id: Uuid,
    /// Sign-in name.
    pub user_principal_name: Option<String>,
    /// Name as shown.
    pub display_name: Option<String>,
    /// Whether the account may sign in.
    pub account_enabled: Option<bool>,
    /// Member or guest.
    pub user_type: Option<UserType>,
    /// Two-letter country; without it no licence can be assigned.
    pub usage_location: Option<String>,
    /// Licences, each once.
    pub assigned_licenses: Option<Vec<AssignedLicence>>,
    /// Where each licence comes from and whether it works; one licence may come twice.
    pub license_assignment_states: Option<Vec<LicenceAssignmentState>>,
    /// Whether the account is kept in step with an on-premises directory.
    pub on_premises_sync_enabled: Option<bool>,
}

open_enum! {
    /// The kind of account.
    UserType {
        /// Belongs to the tenant.
        Member = "Member",
        /// Invited from elsewhere.
        Guest = "Guest",
    }
}

/// A licence of a user (CSDL `assignedLicense`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AssignedLicence {
    /// Which product.
    pub sku_id: Uuid,
    /// Service plans of it that are switched off for this user.
    pub disabled_plans: Option<Vec<Uuid>>,
}

/// The origin and state of a licence (CSDL `licenseAssignmentState`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LicenceAssignmentState {
    /// Which product.
    pub sku_id: Uuid,
    /// The group it is inherited from; `None` when assigned directly.
    pub assigned_by_group: Option<Uuid>,
    /// Whether it works.
    pub state: Option<AssignmentState>,
    /// Why it does not, such as `CountViolation`.
    pub error: Option<String>,
    /// Service plans that are switched off.
    pub disabled_plans: Option<Vec<Uuid>>,
}

open_enum! {
    /// Whether an assigned licence works.
    AssignmentState {
        /// It works.
        Active = "Active",
        /// It works in part.
        ActiveWithError = "ActiveWithError",
        /// Switched off.
        Disabled = "Disabled",
        /// It could not be given.
        Error = "Error",
    }
}

/// The plans of one licence of a user (CSDL `licenseDetails`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LicenceDetails {
    /// Which product.
    pub sku_id: Uuid,
    /// Its name in Microsoft's lists, such as `DYN365_ENTERPRISE_SALES`.
    pub sku_part_number: Option<String>,
    /// What the product is made of.
    pub service_plans: Option<Vec<ServicePlan>>,
}

/// A part of a product (CSDL `servicePlanInfo`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServicePlan {
    /// Which plan.
    pub service_plan_id: Uuid,
    /// Its name in Microsoft's lists.
    pub service_plan_name: Option<String>,
    /// Whether it is usable by now.
    pub provisioning_status: Option<ProvisioningStatus>,
    /// `User` or `Company`.
    pub applies_to: Option<String>,
}

open_enum! {
    /// How far a service plan is set up for a user.
    ProvisioningStatus {
        /// Usable.
        Success = "Success",
        /// Switched off.
        Disabled = "Disabled",
        /// Failed.
        Error = "Error",
        /// Waits for an administrator's input.
        PendingInput = "PendingInput",
        /// Waits for its activation.
        PendingActivation = "PendingActivation",
        /// Is being set up.
        PendingProvisioning = "PendingProvisioning",
    }
}

/// A directory role that somebody holds (CSDL `directoryRole`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DirectoryRole {
    /// Id of the role in this tenant.
    pub id: Uuid,
    /// Which role, the same id in every tenant; `None` when the caller may not see it.
    pub role_template_id: Option<Uuid>,
    /// Name as shown.
    pub display_name: Option<String>,
}

/// A group (CSDL `group`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Group {
    /// Object id.
    pub id: Uuid,
    /// Name as shown; `None` when the caller may not see it.
    pub display_name: Option<String>,
    /// Whether directory roles can be given to it; null means no for those who may see the group.
    pub is_assignable_to_role: Option<bool>,
}

/// One user.
pub fn user(user: &UserKey) -> Read<User> {
    let address = Address::path(user.path()).select(
        "id,userPrincipalName,displayName,accountEnabled,userType,usageLocation,assignedLicenses,\
         licenseAssignmentStates,onPremisesSyncEnabled",
    );
    Read::new(&USER, address)
}

/// Sets the place of use; `None` for the one that was never set.
pub fn set_usage_location(user: Uuid, country: Option<&str>) -> Write {
    update(user, json!({"usageLocation": country}))
}

/// Lets an account sign in, or stops it.
pub fn set_enabled(user: Uuid, enabled: bool) -> Write {
    update(user, json!({"accountEnabled": enabled}))
}

fn update(user: Uuid, properties: Value) -> Write {
    Write::new(&UPDATE, Address::path(format!("/users/{user}"))).with(properties)
}

/// The plans of each licence of a user.
pub fn licence_details(user: &UserKey) -> Read<Vec<LicenceDetails>> {
    let address = Address::path(format!("{}/licenseDetails", user.path()));
    Read::new(&LICENCE_DETAILS, address)
}

/// The directory roles a user holds now, through groups too. Eligible roles are not among them.
pub fn directory_roles(user: &UserKey) -> Read<Vec<DirectoryRole>> {
    let address = Address::path(format!(
        "{}/transitiveMemberOf/microsoft.graph.directoryRole",
        user.path()
    ));
    Read::new(&DIRECTORY_ROLES, address.select("id,displayName,roleTemplateId"))
}

/// The groups a user belongs to, through groups too.
pub fn groups(user: &UserKey) -> Read<Vec<Group>> {
    Read::new(&GROUPS, address_of_groups(user))
}

/// The same, for whoever wants the ids alone, which are shown without a permission for groups. It has the same address, so
/// that a wave asks for both at once.
pub fn group_ids(user: &UserKey) -> Read<Vec<Group>> {
    Read::new(&GROUP_IDS, address_of_groups(user))
}

fn address_of_groups(user: &UserKey) -> Address {
    let address = Address::path(format!("{}/transitiveMemberOf/microsoft.graph.group", user.path()));
    address.select("id,displayName,isAssignableToRole")
}
