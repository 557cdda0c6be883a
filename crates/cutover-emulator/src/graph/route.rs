//! One operation: what it asks, where its rows come from, how it is documented. Areas are tables of these.

use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::addressing::{Address, Key, Version};
use super::entity_types::EntityType;
use super::errors::GraphError;
use super::membership::Directory;
use super::permissions::Permissions;
use super::throttle::Limit;
use super::writing::Written;
use crate::caller::Caller;
use crate::exchange::Call;
use crate::odata::{Expression, Query};
use crate::operation::Operation;
use crate::state::{Premium, Row, State};

/// A request on its way to an answer.
pub(crate) struct Context<'a> {
    /// As it came.
    pub(crate) call: &'a Call,
    /// Who asks.
    pub(crate) caller: &'a Caller,
    /// What the tenant holds.
    pub(crate) state: &'a State,
    /// The path.
    pub(crate) address: &'a Address,
    /// Keys in the path, in order.
    pub(crate) keys: Vec<Key>,
    /// The query options.
    pub(crate) query: Query,
    /// The emulator's time.
    pub(crate) now: Timestamp,
    /// Whether the caller sent `ConsistencyLevel: eventual`.
    pub(crate) eventual: bool,
    /// Whether a disturbance takes the rows off this page.
    pub(crate) empty_page: bool,
    /// What ids of new rows are named after: the id of the request.
    pub(crate) seed: Uuid,
}

impl<'a> Context<'a> {
    /// Membership and roles as of now.
    pub(crate) fn directory(&self) -> Directory<'a> {
        Directory {
            state: self.state,
            now: self.now,
        }
    }

    /// The object of `set` that the path's key at `position` names.
    pub(crate) fn object(&self, set: &str, position: usize) -> Result<&'a Row, GraphError> {
        let key = self
            .keys
            .get(position)
            .ok_or_else(|| GraphError::bad_request("The path lacks a key."))?;
        let directory = self.directory();
        let found = match key {
            Key::Plain(value) => directory.find(set, "id", value).or_else(|| {
                (set == "users")
                    .then(|| directory.find(set, "userPrincipalName", value))
                    .flatten()
            }),
            Key::Named(name, value) => {
                let alternate = match set {
                    "applications" | "servicePrincipals" => "appId",
                    "users" => "userPrincipalName",
                    _ => "id",
                };
                if name.eq_ignore_ascii_case(alternate) {
                    directory.find(set, alternate, value)
                } else if name.eq_ignore_ascii_case("id") {
                    directory.find(set, "id", value)
                } else {
                    return Err(GraphError::bad_request(format!(
                        "The key property '{name}' is not a key of '{set}'."
                    )));
                }
            }
        };
        found.ok_or_else(|| GraphError::not_found(key.value()))
    }

    /// Whether the caller owns the object of a set that the path names first.
    pub(crate) fn owns(&self, set: &str) -> bool {
        let Ok(object) = self.object_id(set, 0) else {
            return false;
        };
        self.state
            .directory
            .linked_from(&format!("{set}/owners"), object)
            .any(|owner| owner.eq_ignore_ascii_case(&self.caller.object_id))
    }

    /// As [`Context::object`], only its id.
    pub(crate) fn object_id(&self, set: &str, position: usize) -> Result<&'a str, GraphError> {
        self.object(set, position).map(id_of)
    }

    /// The body of an action.
    pub(crate) fn body(&self) -> Result<Row, GraphError> {
        match serde_json::from_slice(&self.call.body) {
            Ok(Value::Object(body)) => Ok(body),
            _ => Err(GraphError::bad_request(
                "Unable to read JSON request payload. Please ensure Content-Type header is set and \
                 payload is of valid JSON format.",
            )),
        }
    }
}

/// The id of a row; empty when it has none.
pub(crate) fn id_of(row: &Row) -> &str {
    row.get("id").and_then(Value::as_str).unwrap_or_default()
}

/// Rows, and what of the filter they still have to pass.
pub(crate) type Found = (Vec<Row>, Option<Expression>);

/// Where an operation's answer comes from.
#[derive(Clone, Copy)]
pub(crate) enum Source {
    /// All rows of an entity set.
    Set(&'static str),
    /// The row of an entity set that the path's first key names.
    Item(&'static str),
    /// The only row of an entity set.
    Single(&'static str),
    /// Rows found by a function.
    Rows(fn(&Context<'_>) -> Result<Vec<Row>, GraphError>),
    /// Rows found by a function that takes its part of the filter away and leaves the rest.
    Found(fn(&Context<'_>) -> Result<Found, GraphError>),
    /// One row found by a function.
    Row(fn(&Context<'_>) -> Result<Row, GraphError>),
    /// Plain text values found by a function.
    Texts(fn(&Context<'_>) -> Result<Vec<String>, GraphError>),
    /// A write that a function decides on.
    Write(fn(&Context<'_>) -> Result<Written, GraphError>),
}

/// Whom else than the holders of its directory roles an operation lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OrElse {
    /// Nobody.
    Nobody,
    /// Whom the operation itself lets in.
    Decided,
    /// The person whom the path is about.
    Self_,
    /// Owners of the object of this set that the path names first; an application needs to be one where its
    /// permission reaches its own objects only.
    Owner(&'static str),
}

/// An operation and how it is answered.
#[derive(Clone, Copy)]
pub(crate) struct Route {
    /// What is shown of it.
    pub(crate) operation: Operation,
    /// The only version that has it; `None`: both.
    pub(crate) version: Option<Version>,
    /// Type of its rows.
    pub(crate) entity: &'static EntityType,
    /// Where they come from.
    pub(crate) source: Source,
    /// Resource units of a plain call (GD `throttling-limits`).
    pub(crate) units: u32,
    /// Default and largest page; `None`: everything at once.
    pub(crate) page: Option<(usize, usize)>,
    /// Whether the directory's rule on advanced queries holds.
    pub(crate) directory_objects: bool,
    /// The Entra ID edition that it needs.
    pub(crate) premium: Premium,
    /// Which throttle counts it.
    pub(crate) limit: Limit,
    /// Who needs none of its directory roles.
    pub(crate) or_else: OrElse,
}

const DIRECTORY_THROTTLE: &str = "resource units per application and tenant, 3,500 (small tenant) in 10 s, Retry-After";

/// A read in both versions.
pub(crate) const fn get(
    path: &'static str,
    entity: &'static EntityType,
    source: Source,
    permissions: Permissions,
    shapes: &'static str,
    document: &'static str,
) -> Route {
    Route {
        operation: Operation {
            service: "Graph v1.0 and beta",
            method: "GET",
            path,
            application: permissions.application,
            delegated: permissions.delegated,
            directory_roles: &[],
            shapes,
            errors: "",
            throttle: DIRECTORY_THROTTLE,
            delay: "none",
            source: document,
        },
        version: None,
        entity,
        source,
        units: 1,
        page: None,
        directory_objects: false,
        premium: Premium::None,
        limit: Limit::ResourceUnits,
        or_else: OrElse::Nobody,
    }
}

/// A write in both versions.
pub(crate) const fn write(
    method: &'static str,
    path: &'static str,
    entity: &'static EntityType,
    decide: fn(&Context<'_>) -> Result<Written, GraphError>,
    permissions: Permissions,
    shapes: &'static str,
    document: &'static str,
) -> Route {
    let mut route = get(path, entity, Source::Write(decide), permissions, shapes, document);
    route.operation.method = method;
    route.operation.delay = "that of `propagation`, for reads; later writes see it at once";
    route
}

impl Route {
    /// An action that only reads.
    pub(crate) const fn post(mut self) -> Self {
        self.operation.method = "POST";
        self
    }

    /// In one version only.
    pub(crate) const fn only(mut self, version: Version) -> Self {
        self.operation.service = match version {
            Version::V1 => "Graph v1.0",
            Version::Beta => "Graph beta",
        };
        self.version = Some(version);
        self
    }

    /// Asks a signed-in person for one of these directory roles as well.
    pub(crate) const fn directory_roles(mut self, roles: &'static [(&'static str, &'static str)]) -> Self {
        self.operation.directory_roles = roles;
        self
    }

    /// Who needs none of the directory roles.
    pub(crate) const fn or_else(mut self, whom: OrElse) -> Self {
        self.or_else = whom;
        self
    }

    /// Errors of its own, in words.
    pub(crate) const fn errors(mut self, errors: &'static str) -> Self {
        self.operation.errors = errors;
        self
    }

    /// What a plain call costs.
    pub(crate) const fn units(mut self, units: u32) -> Self {
        self.units = units;
        self
    }

    /// In pages.
    pub(crate) const fn paged(mut self, default: usize, largest: usize) -> Self {
        self.page = Some((default, largest));
        self
    }

    /// Directory objects: some queries need `ConsistencyLevel: eventual`.
    pub(crate) const fn directory(mut self) -> Self {
        self.directory_objects = true;
        self.operation.errors = "400 Request_UnsupportedQuery without ConsistencyLevel, 404 Request_ResourceNotFound";
        self
    }

    /// Needs an edition of Entra ID.
    pub(crate) const fn premium(mut self, premium: Premium) -> Self {
        self.premium = premium;
        self.operation.errors = match premium {
            Premium::P1 => "403 Authentication_RequestFromNonPremiumTenantOrB2CTenant without P1",
            Premium::P2 => "400 AadPremiumLicenseRequired without P2",
            Premium::None => "",
        };
        self
    }

    /// Counted by a throttle of its own.
    pub(crate) const fn limited(mut self, limit: Limit) -> Self {
        self.limit = limit;
        self.operation.throttle = match limit {
            Limit::ResourceUnits => DIRECTORY_THROTTLE,
            Limit::ConditionalAccess => "1 in 1 s per tenant over all applications, no Retry-After",
            Limit::Reports => "5 in 10 s per application and tenant, Retry-After",
            Limit::SignIns => "5 in 10 s per application and tenant, Retry-After",
        };
        self
    }

    /// Whether a query option is answered. What is documented decides, so that the two cannot differ.
    pub(crate) fn takes(&self, option: &str) -> bool {
        self.operation
            .shapes
            .split([',', ' ', ';'])
            .any(|shape| shape == option)
    }
}
