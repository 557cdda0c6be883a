//! The person who signs in, and what the tenant asks of that person.

use jiff::Timestamp;
use serde_json::Value;

use super::application::Application;
use super::demands::{self, Demand};
use super::error::Refusal;
use crate::graph::{Directory, text};
use crate::state::{Row, State};

/// Somebody who has proved who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) id: String,
    pub(super) upn: String,
    pub(super) name: String,
    /// Whether a second factor was used.
    pub(super) mfa: bool,
    /// Whether one is registered.
    pub(super) has_second_factor: bool,
}

/// How a person comes: it decides the word for a demand that is not met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// At a page, where a demand can be met.
    Page,
    /// With a password in the request: a second factor has no place there.
    Password,
    /// With something from an earlier sign-in.
    Earlier,
    /// With the code of a device, or something from such a sign-in.
    DeviceCode,
}

impl Person {
    /// The user with this name or object id.
    pub(super) fn find(state: &State, login: &str, mfa: bool) -> Result<Self, Refusal> {
        let users = &state.directory;
        let row = users
            .find("users", "userPrincipalName", login)
            .or_else(|| users.find("users", "id", login))
            .ok_or_else(|| {
                let text = format!(
                    "The user account {login} does not exist in the {} directory. To sign into this application, \
                     the account must be added to the directory.",
                    state.tenant.id
                );
                Refusal::new("invalid_grant", 50_034, text)
            })?;
        let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let id = text("id");
        let has_second_factor = has_second_factor(state, &id);
        Ok(Self {
            upn: text("userPrincipalName"),
            name: text("displayName"),
            id,
            mfa: mfa && has_second_factor,
            has_second_factor,
        })
    }

    /// Whether the tenant lets this person use `app` for `resource` (an application id).
    pub(super) fn admit(
        &self,
        state: &State,
        app: &Application,
        resource: &str,
        way: Way,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let row = state.directory.find("users", "id", &self.id);
        if row.and_then(|row| row.get("accountEnabled")?.as_bool()) != Some(true) {
            return Err(Refusal::new("invalid_grant", 50_057, "The user account is disabled."));
        }
        self.is_assigned(state, app)?;
        let word = match way {
            Way::Page | Way::Password => "invalid_grant",
            Way::Earlier | Way::DeviceCode => "interaction_required",
        };
        match demands::judge(state, &self.id, (&app.app_id, resource), way, now) {
            Demand::FlowBlocked => {
                let text = "Access has been blocked by Conditional Access policies: signing in with the code of a \
                            device is not allowed, nor is what came of it.";
                Err(Refusal::new("access_denied", 530_036, text).with_suberror("message_only"))
            }
            Demand::CompliantDevice => {
                let text = "Device is not in required device state: compliant. Conditional Access policy requires a \
                            compliant device, and the device is not compliant.";
                Err(Refusal::new(word, 53_000, text).with_suberror("message_only"))
            }
            Demand::JoinedDevice => {
                let text = "Device is not in required device state: domain_joined. Conditional Access policy requires \
                            a domain joined device, and the device is not domain joined.";
                Err(Refusal::new(word, 53_001, text).with_suberror("message_only"))
            }
            Demand::Blocked => {
                let text = "Access has been blocked by Conditional Access policies. The access policy does not allow \
                            token issuance.";
                Err(Refusal::new("access_denied", 53_003, text).with_suberror("message_only"))
            }
            Demand::MultiFactor if !self.mfa => {
                let (code, text) = if self.has_second_factor {
                    (
                        50_076,
                        "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access",
                    )
                } else {
                    (
                        50_079,
                        "Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication to access",
                    )
                };
                Err(Refusal::new(word, code, format!("{text} '{resource}'.")).with_suberror("basic_action"))
            }
            Demand::MultiFactor | Demand::Nothing => Ok(()),
        }
    }

    fn is_assigned(&self, state: &State, app: &Application) -> Result<(), Refusal> {
        let required = app
            .service_principal
            .as_ref()
            .and_then(|row| row.get("appRoleAssignmentRequired")?.as_bool());
        if required != Some(true) {
            return Ok(());
        }
        let groups: Vec<&str> = state.directory.linked_to("groups/members", &self.id).collect();
        let assigned = state.directory.rows("appRoleAssignments").iter().any(|row: &Row| {
            let text = |name: &str| row.get(name).and_then(Value::as_str);
            text("resourceId") == app.object_id()
                && text("principalId").is_some_and(|principal| {
                    principal.eq_ignore_ascii_case(&self.id)
                        || groups.iter().any(|group| group.eq_ignore_ascii_case(principal))
                })
        });
        if assigned {
            return Ok(());
        }
        let text = format!(
            "The signed in user '{}' is not assigned to a role for the application '{}'({}).",
            self.upn, app.app_id, app.name
        );
        Err(Refusal::new("invalid_grant", 50_105, text))
    }

    /// `amr`: how the person proved who they are.
    pub(super) fn methods(&self) -> Vec<String> {
        let mut methods = vec!["pwd".to_owned()];
        if self.mfa {
            methods.push("mfa".to_owned());
        }
        methods
    }
}

/// `wids`: template ids of the directory roles that are active for a user now, directly or through a group: those that
/// Privileged Identity Management lends among them, until they end.
pub(super) fn roles(state: &State, user_id: &str, now: Timestamp) -> Vec<String> {
    let directory = Directory { state, now };
    let mut roles = Vec::new();
    for row in directory.transitive_role_assignments(user_id) {
        let role = text(&row, "roleDefinitionId").to_owned();
        if text(&row, "directoryScopeId") == "/" && !roles.contains(&role) {
            roles.push(role);
        }
    }
    roles
}

/// Whether a method that counts as a second factor is registered.
fn has_second_factor(state: &State, user_id: &str) -> bool {
    let report = state.directory.find("userRegistrationDetails", "id", user_id);
    let reported = report.and_then(|row| row.get("isMfaCapable")?.as_bool());
    reported == Some(true)
}
