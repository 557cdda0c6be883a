//! Multifactor authentication: what a user has registered, must use and is allowed.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{UserKey, permissions, permissions_of_apply};
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::{Address, literal};
use crate::read::Read;
use crate::wire::open_enum;
use crate::write::Write;

pub(super) static METHODS: CallSpec = CallSpec::new(
    Api::Graph,
    Shape::Collection,
    "/users/{id}/authentication/methods",
    "the authentication methods a user has registered",
    &permissions::AUTHENTICATION_METHODS,
);
pub(super) static REQUIREMENTS: CallSpec = CallSpec::new(
    Api::GraphBeta,
    Shape::Single,
    "/users/{id}/authentication/requirements",
    "the per-user state of multifactor authentication",
    &permissions::AUTHENTICATION_REQUIREMENTS,
);
pub(super) static REGISTRATION: CallSpec = CallSpec::new(
    Api::Graph,
    Shape::Collection,
    "/reports/authenticationMethods/userRegistrationDetails",
    "whether a user's registered methods suffice; hours old",
    &permissions::REGISTRATION,
);
pub(super) static METHODS_POLICY: CallSpec = CallSpec::new(
    Api::Graph,
    Shape::Single,
    "/policies/authenticationMethodsPolicy",
    "the authentication methods the tenant allows, and whom",
    &permissions::METHODS_POLICY,
);

pub(super) static REQUIRE: CallSpec = CallSpec::writing(
    Api::GraphBeta,
    "PATCH",
    "/users/{id}/authentication/requirements",
    "sets the per-user state of multifactor authentication",
    &permissions_of_apply::PER_USER_MFA,
);

/// A registered method (CSDL `authenticationMethod`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthenticationMethod {
    /// Id of the method.
    pub id: String,
    /// Which kind.
    #[serde(rename = "@odata.type")]
    pub kind: MethodKind,
    /// Since when, where the service tells.
    pub created_date_time: Option<Timestamp>,
}

open_enum! {
    /// The kind of a registered method, by its `@odata.type`.
    MethodKind {
        /// Only for the reset of a password: no second factor.
        Email = "#microsoft.graph.emailAuthenticationMethod",
        /// A method of another provider.
        External = "#microsoft.graph.externalAuthenticationMethod",
        /// A security key or passkey.
        Fido2 = "#microsoft.graph.fido2AuthenticationMethod",
        /// Microsoft Authenticator.
        MicrosoftAuthenticator = "#microsoft.graph.microsoftAuthenticatorAuthenticationMethod",
        /// The password: no second factor.
        Password = "#microsoft.graph.passwordAuthenticationMethod",
        /// Call or text message.
        Phone = "#microsoft.graph.phoneAuthenticationMethod",
        /// A Mac's platform credential.
        PlatformCredential = "#microsoft.graph.platformCredentialAuthenticationMethod",
        /// One-time codes of an app.
        SoftwareOath = "#microsoft.graph.softwareOathAuthenticationMethod",
        /// A short-lived pass from an administrator.
        TemporaryAccessPass = "#microsoft.graph.temporaryAccessPassAuthenticationMethod",
        /// Windows Hello for Business.
        WindowsHelloForBusiness = "#microsoft.graph.windowsHelloForBusinessAuthenticationMethod",
    }
}

/// Per-user requirements (beta CSDL `strongAuthenticationRequirements`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthenticationRequirements {
    /// The state. It stays `disabled` where Conditional Access or security defaults do the work.
    pub per_user_mfa_state: PerUserMfaState,
}

open_enum! {
    /// Per-user multifactor authentication.
    PerUserMfaState {
        /// Not demanded by this means.
        Disabled = "disabled",
        /// Demanded once the user has registered.
        Enabled = "enabled",
        /// Demanded.
        Enforced = "enforced",
    }
}

/// The report's row of a user (CSDL `userRegistrationDetails`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RegistrationDetails {
    /// Object id of the user.
    pub id: Uuid,
    /// Sign-in name.
    pub user_principal_name: Option<String>,
    /// Whether any second factor is registered.
    pub is_mfa_registered: Option<bool>,
    /// Whether one is registered that the policy allows.
    pub is_mfa_capable: Option<bool>,
    /// Names of the registered methods.
    pub methods_registered: Option<Vec<String>>,
    /// How old the row is.
    pub last_updated_date_time: Option<Timestamp>,
}

/// The tenant's policy of methods (CSDL `authenticationMethodsPolicy`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MethodsPolicy {
    /// One entry for each method; `None` when it was not told.
    pub authentication_method_configurations: Option<Vec<MethodConfiguration>>,
}

/// The policy of one method (CSDL `authenticationMethodConfiguration`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MethodConfiguration {
    /// Which method, such as `Fido2` or `MicrosoftAuthenticator`; of another vendor's provider a GUID.
    pub id: String,
    /// Which kind of configuration, such as `#microsoft.graph.externalAuthenticationMethodConfiguration`.
    #[serde(rename = "@odata.type")]
    pub kind: Option<String>,
    /// Whether it is allowed at all.
    pub state: MethodState,
    /// Whom it is allowed.
    pub include_targets: Option<Vec<MethodTarget>>,
    /// Whom it is not.
    pub exclude_targets: Option<Vec<MethodTarget>>,
}

open_enum! {
    /// Whether a method is allowed.
    MethodState {
        /// Allowed.
        Enabled = "enabled",
        /// Not allowed.
        Disabled = "disabled",
    }
}

/// Users to whom a policy of a method applies (CSDL `authenticationMethodTarget`, `excludeTarget`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MethodTarget {
    /// Id of a group, or `all_users`.
    pub id: String,
    /// `group` or `user`.
    pub target_type: Option<String>,
}

/// What a user has registered.
pub fn methods(user: &UserKey) -> Read<Vec<AuthenticationMethod>> {
    let address = Address::path(format!("{}/authentication/methods", user.path()));
    Read::new(&METHODS, address)
}

/// The per-user state of a user.
pub fn requirements(user: &UserKey) -> Read<AuthenticationRequirements> {
    let address = Address::path(format!("{}/authentication/requirements", user.path()));
    Read::new(&REQUIREMENTS, address)
}

/// Sets the per-user state of a user.
pub fn set_per_user_mfa(user: Uuid, state: &PerUserMfaState) -> Write {
    let address = Address::path(format!("/users/{user}/authentication/requirements"));
    Write::new(&REQUIRE, address).with(json!({"perUserMfaState": state.as_str()}))
}

/// The report's rows of one user, none or one.
pub fn registration(user_principal_name: &str) -> Read<Vec<RegistrationDetails>> {
    let address =
        Address::path(REGISTRATION.path).filter(&format!("userPrincipalName eq {}", literal(user_principal_name)));
    Read::new(&REGISTRATION, address)
}

/// The tenant's policy of methods.
pub fn methods_policy() -> Read<MethodsPolicy> {
    Read::new(&METHODS_POLICY, Address::path(METHODS_POLICY.path))
}
