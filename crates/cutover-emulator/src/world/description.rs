//! The world format: what a world file may say, in Microsoft's terms.
//!
//! Every field has a default, so that a file which extends another says only what differs and is still checked
//! by itself. An object is named by its alias (`[user.service]`); other objects refer to it by that alias.

mod applications;
mod environment;
mod partner_center;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::assumed::Assumed;
use crate::clouds::Cloud;
use crate::faults::Fault;
use crate::state::Premium;

pub(crate) use applications::*;
pub(crate) use environment::*;
pub(crate) use partner_center::*;

/// Objects by alias.
pub(crate) type Keyed<T> = BTreeMap<String, T>;

/// A whole world file. `extends` and `summary` are read before this; they stand here to be known keys.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Description {
    /// The built-in world this one differs from.
    pub(crate) extends: Option<String>,
    /// One line for lists of worlds.
    pub(crate) summary: String,
    /// The time at which the world stands.
    pub(crate) now: Option<Timestamp>,
    pub(crate) tenant: Tenant,
    pub(crate) sku: Keyed<Sku>,
    pub(crate) user: Keyed<User>,
    pub(crate) group: Keyed<Group>,
    pub(crate) app: Keyed<App>,
    pub(crate) grant: Keyed<Grant>,
    pub(crate) role_assignment: Keyed<RoleAssignment>,
    /// By display name of the role.
    pub(crate) role_policy: Keyed<RolePolicy>,
    pub(crate) conditional_access: Keyed<ConditionalAccess>,
    pub(crate) location: Keyed<Location>,
    pub(crate) sign_in: Keyed<SignIn>,
    pub(crate) environment: Keyed<Environment>,
    pub(crate) refresh_token: Keyed<RefreshToken>,
    /// The person at the browser of whoever signs in interactively.
    pub(crate) browser: Option<Browser>,
    /// Partner Center, when the tenant is a partner's.
    pub(crate) partner_center: Option<PartnerCenter>,
    /// The partner's own tenant, where it is another one: described as this one is.
    pub(crate) partner: Option<Box<Description>>,
    /// What no document says of this tenant.
    pub(crate) assumed: Assumed,
    /// Disturbances that are there from the start.
    pub(crate) faults: Keyed<Fault>,
    /// Times and tables of this format that are laid over the world then.
    pub(crate) later: Keyed<toml::Table>,
    /// Notes for clients, by client; the emulator does not look into them.
    #[serde(rename = "for")]
    pub(crate) notes: Keyed<toml::Table>,
}

impl Description {
    /// The first thing it says that only a world can say, and no tenant.
    pub(crate) fn not_of_a_tenant(&self) -> Option<&'static str> {
        let said = [
            ("extends", self.extends.is_some()),
            ("summary", !self.summary.is_empty()),
            ("now", self.now.is_some()),
            ("partner", self.partner.is_some()),
            ("faults", !self.faults.is_empty()),
            ("later", !self.later.is_empty()),
            ("for", !self.notes.is_empty()),
        ];
        said.into_iter().find(|(_, said)| *said).map(|(key, _)| key)
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Tenant {
    pub(crate) id: Option<String>,
    pub(crate) display_name: String,
    /// Verified domains, the initial one first.
    pub(crate) domains: Vec<String>,
    pub(crate) premium: Premium,
    /// The cloud it is in; what Microsoft's services are called hangs on it.
    pub(crate) cloud: Cloud,
    /// ISO 3166 country of the organisation.
    pub(crate) country: String,
    pub(crate) created: Timestamp,
    pub(crate) security_defaults: bool,
    /// Methods that the authentication methods policy enables.
    pub(crate) methods_allowed: Vec<String>,
}

impl Default for Tenant {
    fn default() -> Self {
        Self {
            id: None,
            display_name: "Contoso".to_owned(),
            domains: vec!["contoso.onmicrosoft.com".to_owned()],
            premium: Premium::P2,
            cloud: Cloud::Commercial,
            country: "NL".to_owned(),
            created: DAWN,
            security_defaults: false,
            methods_allowed: ["Fido2", "MicrosoftAuthenticator", "SoftwareOath"]
                .map(str::to_owned)
                .to_vec(),
        }
    }
}

/// When things without a date of their own were made: 2024-01-15T08:00:00Z.
pub(crate) const DAWN: Timestamp = Timestamp::constant(1_705_305_600, 0);

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Sku {
    pub(crate) id: Option<String>,
    pub(crate) part_number: String,
    pub(crate) enabled: i64,
    pub(crate) warning: i64,
    pub(crate) suspended: i64,
    /// Seats taken by users that the world does not describe.
    pub(crate) consumed_elsewhere: i64,
    pub(crate) capability_status: String,
    /// Service plan ids by service plan name.
    pub(crate) plans: BTreeMap<String, String>,
    /// Ids of service plans of other SKUs that nobody can have beside this one.
    pub(crate) excludes: Vec<String>,
}

impl Default for Sku {
    fn default() -> Self {
        Self {
            id: None,
            part_number: String::new(),
            enabled: 0,
            warning: 0,
            suspended: 0,
            consumed_elsewhere: 0,
            capability_status: "Enabled".to_owned(),
            plans: BTreeMap::new(),
            excludes: Vec::new(),
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct User {
    pub(crate) id: Option<String>,
    /// Defaults to the alias at the tenant's first domain.
    pub(crate) user_principal_name: Option<String>,
    /// Defaults to the alias.
    pub(crate) display_name: Option<String>,
    pub(crate) mail: Option<String>,
    pub(crate) enabled: bool,
    pub(crate) user_type: String,
    /// ISO 3166 country; empty for none, which forbids licences.
    pub(crate) usage_location: String,
    pub(crate) on_premises_sync: bool,
    pub(crate) created: Timestamp,
    /// Licences by SKU alias.
    pub(crate) licence: Keyed<Licence>,
    /// Registered methods beside the password: `microsoftAuthenticator`, `phone`, `fido2`, `softwareOath`, …
    pub(crate) methods: Vec<String>,
    pub(crate) methods_registered: Timestamp,
    /// `disabled`, `enabled` or `enforced`.
    pub(crate) per_user_mfa: String,
    /// What the user signs in with; nobody knows it when absent.
    pub(crate) password: Option<Password>,
}

/// A password. Its `Debug` output does not show it.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub(crate) struct Password(pub(crate) String);

impl std::fmt::Debug for Password {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Password")
    }
}

impl Default for User {
    fn default() -> Self {
        Self {
            id: None,
            user_principal_name: None,
            display_name: None,
            mail: None,
            enabled: true,
            user_type: "Member".to_owned(),
            usage_location: "NL".to_owned(),
            on_premises_sync: false,
            created: DAWN,
            licence: Keyed::new(),
            methods: Vec::new(),
            methods_registered: DAWN,
            per_user_mfa: "disabled".to_owned(),
            password: None,
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Licence {
    /// Names of plans that are switched off.
    pub(crate) disabled_plans: Vec<String>,
    /// `provisioningStatus` by plan name where it is not `Success`.
    pub(crate) status: BTreeMap<String, String>,
    /// `licenseAssignmentStates.state`.
    pub(crate) state: String,
    /// `licenseAssignmentStates.error`.
    pub(crate) error: String,
    pub(crate) updated: Timestamp,
    /// The group it is inherited from; none when assigned directly.
    pub(crate) through: Option<String>,
}

impl Default for Licence {
    fn default() -> Self {
        Self {
            disabled_plans: Vec::new(),
            status: BTreeMap::new(),
            state: "Active".to_owned(),
            error: "None".to_owned(),
            updated: DAWN,
            through: None,
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Group {
    pub(crate) id: Option<String>,
    pub(crate) display_name: Option<String>,
    pub(crate) security: bool,
    pub(crate) mail: bool,
    pub(crate) role_assignable: bool,
    /// `Unified`, `DynamicMembership`.
    pub(crate) types: Vec<String>,
    pub(crate) created: Timestamp,
    /// Aliases of users, groups or apps.
    pub(crate) members: Vec<String>,
    /// SKUs that members inherit.
    pub(crate) licences: Vec<String>,
}

impl Default for Group {
    fn default() -> Self {
        Self {
            id: None,
            display_name: None,
            security: true,
            mail: false,
            role_assignable: false,
            types: Vec::new(),
            created: DAWN,
            members: Vec::new(),
            licences: Vec::new(),
        }
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct RoleAssignment {
    /// Alias of a user, a group or an app.
    pub(crate) principal: String,
    /// Display name of the role.
    pub(crate) role: String,
    pub(crate) kind: AssignmentKind,
    pub(crate) since: Option<Timestamp>,
    pub(crate) ends: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum AssignmentKind {
    /// Assigned and active, with an end or without.
    #[default]
    Standing,
    /// Activated through Privileged Identity Management from an eligibility.
    Activated,
    /// May be activated.
    Eligible,
}

/// What Privileged Identity Management demands for a role; the defaults are Microsoft's.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct RolePolicy {
    /// Longest activation, ISO 8601.
    pub(crate) activation: String,
    /// `MultiFactorAuthentication`, `Justification`, `Ticketing`.
    pub(crate) activation_demands: Vec<String>,
    /// Users who approve activations; empty for no approval.
    pub(crate) approvers: Vec<String>,
    /// What they say, and when; nothing when absent.
    pub(crate) approval: Option<Approval>,
    /// What a direct assignment demands, in the same words.
    pub(crate) assignment_demands: Vec<String>,
    /// Longest direct assignment, ISO 8601; none when it may be permanent.
    pub(crate) assignment: Option<String>,
    /// Longest eligibility, ISO 8601; none when it may be permanent.
    pub(crate) eligibility: Option<String>,
}

/// What approvers say to every request.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Approval {
    pub(crate) approved: bool,
    /// How long they take, ISO 8601.
    pub(crate) after: SignedDuration,
}

impl Default for RolePolicy {
    fn default() -> Self {
        Self {
            activation: "PT8H".to_owned(),
            activation_demands: ["MultiFactorAuthentication", "Justification"]
                .map(str::to_owned)
                .to_vec(),
            approvers: Vec::new(),
            approval: None,
            assignment_demands: ["MultiFactorAuthentication", "Justification"]
                .map(str::to_owned)
                .to_vec(),
            assignment: None,
            eligibility: None,
        }
    }
}

/// A Conditional Access policy. `conditions` and the controls are in Graph's own shape; a text `@user.alias`,
/// `@group.alias`, `@location.alias` or `@app.alias` stands for the id.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ConditionalAccess {
    pub(crate) id: Option<String>,
    pub(crate) display_name: Option<String>,
    /// `enabled`, `disabled` or `enabledForReportingButNotEnforced`.
    pub(crate) state: String,
    pub(crate) created: Option<Timestamp>,
    pub(crate) conditions: toml::Table,
    pub(crate) grant_controls: Option<toml::Table>,
    pub(crate) session_controls: Option<toml::Table>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Location {
    pub(crate) id: Option<String>,
    pub(crate) display_name: Option<String>,
    pub(crate) trusted: bool,
    /// CIDR ranges of an IP location.
    pub(crate) ip_ranges: Vec<String>,
    /// Countries of a country location.
    pub(crate) countries: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SignIn {
    pub(crate) user: String,
    pub(crate) at: Timestamp,
    /// Display name and id of the application signed in to.
    pub(crate) app_name: String,
    pub(crate) app_id: String,
    pub(crate) resource_name: String,
    pub(crate) resource_id: String,
    pub(crate) client_app: String,
    pub(crate) interactive: bool,
    /// `singleFactorAuthentication` or `multiFactorAuthentication`.
    pub(crate) requirement: String,
    /// Methods used, in order, as the log words them.
    pub(crate) methods: Vec<String>,
    /// Entra's error number; 0 for success.
    pub(crate) error: i64,
}

impl Default for SignIn {
    fn default() -> Self {
        Self {
            user: String::new(),
            at: DAWN,
            app_name: "Dynamics CRM Online".to_owned(),
            app_id: super::first_party::DATAVERSE.to_owned(),
            resource_name: "Dataverse".to_owned(),
            resource_id: super::first_party::DATAVERSE.to_owned(),
            client_app: "Browser".to_owned(),
            interactive: true,
            requirement: "multiFactorAuthentication".to_owned(),
            methods: vec!["Password".to_owned(), "Mobile app notification".to_owned()],
            error: 0,
        }
    }
}
