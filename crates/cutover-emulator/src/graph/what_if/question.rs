//! The question as it comes over the wire: who signs in, to what, in which situation.

use std::net::IpAddr;

use serde_json::{Value, json};

use crate::graph::errors::GraphError;
use crate::graph::membership::{Directory, text};
use crate::graph::route::id_of;
use crate::graph::schema::{self, Mismatch};
use crate::state::Row;

/// One sign-in that is asked about.
pub(super) struct Question {
    pub(super) who: Who,
    pub(super) to: Target,
    pub(super) situation: Situation,
    pub(super) only_applied: bool,
}

/// Who signs in.
pub(super) enum Who {
    User {
        id: String,
        groups: Vec<String>,
        roles: Vec<String>,
        guest: Option<Guest>,
    },
    ServicePrincipal {
        id: String,
    },
}

/// What kind of guest a user is.
pub(super) struct Guest {
    pub(super) kind: String,
    pub(super) tenant: Option<String>,
}

/// What is signed in to.
pub(super) enum Target {
    Applications(Vec<Application>),
    UserAction(&'static str),
    AuthenticationContext(String),
}

/// An application by its application id.
pub(super) struct Application {
    pub(super) id: String,
    /// Whether it has a service principal; a policy cannot name one without (Microsoft Entra, "target resources").
    pub(super) in_tenant: bool,
}

/// What is told of the sign-in; `None` where nothing is.
pub(super) struct Situation {
    pub(super) client: Option<String>,
    pub(super) platform: Option<String>,
    pub(super) country: Option<String>,
    pub(super) address: Option<IpAddr>,
    pub(super) device: Option<Value>,
    pub(super) sign_in_risk: String,
    pub(super) user_risk: String,
    pub(super) service_principal_risk: String,
    pub(super) insider_risk: String,
    pub(super) flow: String,
}

/// User actions as the question names them, and as policies do.
const USER_ACTIONS: &[(&str, &str)] = &[
    ("registerSecurityInformation", "urn:user:registersecurityinfo"),
    ("registerOrJoinDevices", "urn:user:registerdevice"),
];

impl Question {
    pub(super) fn read(directory: Directory<'_>, body: &Row) -> Result<Self, GraphError> {
        let body = schema::read("evaluate", body).map_err(|mismatch| match mismatch {
            Mismatch::Unknown { property } => GraphError::bad_request(format!(
                "The parameter or property '{property}' is not one of evaluate."
            )),
            Mismatch::Value { property, wanted } => {
                GraphError::bad_request(format!("The value of '{property}' is not of type '{wanted}'."))
            }
        })?;
        let part = |name: &str| {
            body.get(name)
                .and_then(Value::as_object)
                .ok_or_else(|| GraphError::bad_request(format!("The parameter '{name}' is required.")))
        };
        Ok(Self {
            who: Who::read(directory, part("signInIdentity")?)?,
            to: Target::read(directory, part("signInContext")?)?,
            situation: Situation::read(part("signInConditions")?)?,
            only_applied: body.get("appliedPoliciesOnly") == Some(&Value::Bool(true)),
        })
    }
}

/// The name of the type that an object says it is of.
fn type_of(row: &Row) -> &str {
    let name = text(row, "@odata.type").trim_start_matches('#');
    name.strip_prefix("microsoft.graph.").unwrap_or(name)
}

/// A text that says something.
fn said(row: &Row, name: &str) -> Option<String> {
    Some(text(row, name)).filter(|text| !text.is_empty()).map(str::to_owned)
}

impl Who {
    fn read(directory: Directory<'_>, identity: &Row) -> Result<Self, GraphError> {
        let known = |set: &str, name: &str| {
            let id = text(identity, name);
            if id.is_empty() {
                return Err(GraphError::bad_request(format!("signInIdentity lacks '{name}'.")));
            }
            directory.find(set, "id", id).ok_or_else(|| GraphError::not_found(id))
        };
        match type_of(identity) {
            "userSignIn" => {
                let user = known("users", "userId")?;
                let id = id_of(user).to_owned();
                // Only roles over the whole tenant count, not those over an administrative unit (Microsoft Entra,
                // "Conditional Access: users and groups").
                let roles = directory.member_of(&id, true);
                let roles = roles.iter().map(|object| text(object, "roleTemplateId"));
                let groups = directory.groups_of(&id, true);
                Ok(Self::User {
                    roles: roles.filter(|role| !role.is_empty()).map(str::to_owned).collect(),
                    groups: groups.into_iter().map(|group| id_of(group).to_owned()).collect(),
                    guest: Guest::of(identity, user),
                    id,
                })
            }
            "servicePrincipalSignIn" => Ok(Self::ServicePrincipal {
                id: id_of(known("servicePrincipals", "servicePrincipalId")?).to_owned(),
            }),
            _ => Err(GraphError::bad_request(
                "signInIdentity has to be a userSignIn or a servicePrincipalSignIn.",
            )),
        }
    }
}

impl Guest {
    /// What the question says, and failing that what the account shows: where it comes from, and its type of user
    /// (Microsoft Entra, "Conditional Access: external user types").
    fn of(identity: &Row, user: &Row) -> Option<Self> {
        let tenant = said(identity, "externalTenantId");
        let kind = match text(identity, "externalUserType") {
            "" => {
                let external = text(user, "userPrincipalName").contains("#EXT#");
                match (external, text(user, "userType") == "Guest") {
                    (true, true) => "b2bCollaborationGuest",
                    (true, false) => "b2bCollaborationMember",
                    (false, true) => "internalGuest",
                    (false, false) => "none",
                }
            }
            said => said,
        };
        (kind != "none").then(|| Self {
            kind: kind.to_owned(),
            tenant,
        })
    }
}

impl Target {
    fn read(directory: Directory<'_>, context: &Row) -> Result<Self, GraphError> {
        match type_of(context) {
            "applicationContext" => {
                let items = context.get("includeApplications").and_then(Value::as_array);
                let ids = items.into_iter().flatten().filter_map(Value::as_str);
                let applications: Vec<Application> = ids
                    .map(|id| Application {
                        id: id.to_owned(),
                        in_tenant: directory.find("servicePrincipals", "appId", id).is_some(),
                    })
                    .collect();
                if applications.is_empty() {
                    return Err(GraphError::bad_request("signInContext names no application."));
                }
                Ok(Self::Applications(applications))
            }
            "userActionContext" => {
                let action = text(context, "userAction");
                USER_ACTIONS
                    .iter()
                    .find(|(name, _)| *name == action)
                    .map(|(_, urn)| Self::UserAction(urn))
                    .ok_or_else(|| GraphError::bad_request("signInContext names no user action."))
            }
            "authContext" => said(context, "authenticationContextValue")
                .map(Self::AuthenticationContext)
                .ok_or_else(|| GraphError::bad_request("signInContext names no authentication context.")),
            _ => Err(GraphError::bad_request(
                "signInContext has to be an applicationContext, a userActionContext or an authContext.",
            )),
        }
    }
}

impl Situation {
    fn read(conditions: &Row) -> Result<Self, GraphError> {
        // `all` is what a question says that says nothing (documented default).
        let limited = |name: &str| said(conditions, name).filter(|word| word != "all");
        let level = |name: &str| said(conditions, name).unwrap_or_else(|| "none".to_owned());
        let address = said(conditions, "ipAddress")
            .map(|address| address.parse::<IpAddr>())
            .transpose()
            .map_err(|_| GraphError::bad_request("The value of 'ipAddress' is no address."))?;
        let device = conditions.get("deviceInfo").and_then(Value::as_object).map(|device| {
            let mut device = device.clone();
            device.entry("isCompliant").or_insert(json!(false));
            Value::Object(device)
        });
        let flow = conditions.get("authenticationFlow").and_then(Value::as_object);
        let flow = flow.and_then(|flow| said(flow, "transferMethod"));
        Ok(Self {
            client: limited("clientAppType"),
            platform: limited("devicePlatform"),
            country: said(conditions, "country"),
            address,
            device,
            sign_in_risk: level("signInRiskLevel"),
            user_risk: level("userRiskLevel"),
            service_principal_risk: level("servicePrincipalRiskLevel"),
            insider_risk: level("insiderRiskLevel"),
            flow: flow.unwrap_or_else(|| "none".to_owned()),
        })
    }
}
