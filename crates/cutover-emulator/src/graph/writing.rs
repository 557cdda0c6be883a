//! Writes: decided from what the tenant holds, then made as changes of single rows and links.
//!
//! A decision sees every change made so far; reads show a change when the propagation of Graph lets them
//! ([`crate::later`]). So whoever writes twice meets what he wrote before, and whoever reads may still see the old.

use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

use super::addressing::Key as PathKey;
use super::collection::{self, JSON};
use super::errors::GraphError;
use super::route::{Context, Route, id_of};
use super::schema::{self, Mismatch};
use crate::exchange::Reply;
use crate::later::{Change, Key, Scheduled, TableChange, TenantChange};
use crate::odata::{self, HIDDEN_PREFIX};
use crate::state::{Client, Row, State};

/// What a write does, and what it answers.
#[derive(Debug)]
pub(crate) struct Written {
    changes: Vec<(SignedDuration, Change)>,
    answer: Answer,
}

/// What a write answers.
#[derive(Debug)]
pub(crate) enum Answer {
    /// 204.
    NoContent,
    /// The object, whole.
    Object(StatusCode, Row),
    /// A value that is no object of a set, with its type as the service description names it.
    Value(&'static str, Value),
    /// A refusal, although everything is done.
    Refused(GraphError),
}

/// What tells a row from others of its set by its id.
pub(crate) fn by_id(id: &str) -> Key {
    Key::from([("id".to_owned(), id.to_owned())])
}

impl Written {
    pub(crate) fn answering(answer: Answer) -> Self {
        Self {
            changes: Vec::new(),
            answer,
        }
    }

    /// The changes of a write that answers 204.
    pub(crate) fn silently() -> Self {
        Self::answering(Answer::NoContent)
    }

    /// The same changes with another answer.
    pub(crate) fn answering_with(mut self, answer: Answer) -> Self {
        self.answer = answer;
        self
    }

    fn directory(mut self, change: TableChange) -> Self {
        self.changes.push((SignedDuration::ZERO, Change::Directory(change)));
        self
    }

    /// A new row behind all others of its set.
    pub(crate) fn insert(self, context: &Context<'_>, set: &str, row: Row) -> Self {
        let key = |row: &Row| {
            let mut key = by_id(id_of(row));
            // Some ids are the same for everybody, such as that of the mobile phone.
            let name = format!("{HIDDEN_PREFIX}userId");
            if let Some(user) = row.get(&name).and_then(Value::as_str) {
                key.insert(name, user.to_owned());
            }
            key
        };
        let last = context.state.directory.rows(set).last();
        self.directory(TableChange::Insert {
            set: set.to_owned(),
            key: key(&row),
            after: last.map(key),
            row,
        })
    }

    /// New values of some properties of a row.
    pub(crate) fn set(self, set: &str, key: Key, properties: Row) -> Self {
        self.directory(TableChange::Set {
            set: set.to_owned(),
            key,
            properties,
            without: Vec::new(),
        })
    }

    /// As [`Written::set`], some time later.
    pub(crate) fn set_later(mut self, after: SignedDuration, set: &str, key: Key, properties: Row) -> Self {
        let change = TableChange::Set {
            set: set.to_owned(),
            key,
            properties,
            without: Vec::new(),
        };
        self.changes.push((after, Change::Directory(change)));
        self
    }

    /// Somebody decides on a request some time later.
    pub(crate) fn decided_later(mut self, after: SignedDuration, request_id: &str, instance: Option<Row>) -> Self {
        let request_id = request_id.to_owned();
        self.changes.push((after, Change::Approval { request_id, instance }));
        self
    }

    pub(crate) fn remove(self, set: &str, key: Key) -> Self {
        self.directory(TableChange::Remove {
            set: set.to_owned(),
            key,
        })
    }

    pub(crate) fn link(self, relation: &str, from: &str, to: &str) -> Self {
        self.directory(TableChange::Link {
            relation: relation.to_owned(),
            from: from.to_ascii_lowercase(),
            to: to.to_ascii_lowercase(),
        })
    }

    pub(crate) fn unlink(self, relation: &str, from: &str, to: &str) -> Self {
        self.directory(TableChange::Unlink {
            relation: relation.to_owned(),
            from: from.to_ascii_lowercase(),
            to: to.to_ascii_lowercase(),
        })
    }

    /// What an application signs in with from now on; `None` when it may not sign in any more.
    pub(crate) fn client(mut self, app_id: &str, client: Option<Client>) -> Self {
        let app_id = app_id.to_owned();
        let change = Change::Tenant(TenantChange::Client { app_id, client });
        self.changes.push((SignedDuration::ZERO, change));
        self
    }

    /// What a user signed in with before is worth nothing any more.
    pub(crate) fn sessions_revoked(mut self, user_id: &str) -> Self {
        let user_id = user_id.to_owned();
        let change = Change::Tenant(TenantChange::SessionsRevoked { user_id });
        self.changes.push((SignedDuration::ZERO, change));
        self
    }

    /// The answer as it leaves.
    pub(crate) fn reply(&self, context: &Context<'_>, route: &Route) -> Result<Reply, GraphError> {
        Ok(match &self.answer {
            Answer::Refused(error) => return Err(error.clone()),
            Answer::NoContent => Reply::empty(StatusCode::NO_CONTENT),
            Answer::Object(status, row) => {
                let mut body = Row::new();
                let url = collection::context_url(context, route, route.entity, true);
                body.insert("@odata.context".to_owned(), url.into());
                let full = if route.entity.properties.is_empty() {
                    row.clone()
                } else {
                    route.entity.complete(row)
                };
                body.extend(odata::project(&full, None));
                let reply = Reply::json(*status, JSON, &Value::Object(body));
                if *status != StatusCode::CREATED {
                    return Ok(reply);
                }
                let version = context.address.version.prefix();
                let place = format!("{}/{version}/{}/{}", context.call.origin, route.entity.set, id_of(row));
                reply.with(http::header::LOCATION, &place)
            }
            Answer::Value(kind, value) => {
                let metadata = collection::metadata(context);
                let mut body = Row::new();
                body.insert("@odata.context".to_owned(), format!("{metadata}#{kind}").into());
                match value {
                    Value::Object(inside) => body.extend(inside.clone()),
                    value => {
                        body.insert("value".to_owned(), value.clone());
                    }
                }
                Reply::json(StatusCode::OK, JSON, &Value::Object(body))
            }
        })
    }

    /// Keeps the changes for the time when reads show them.
    pub(crate) fn schedule(self, state: &mut State, now: Timestamp) {
        for (after, change) in self.changes {
            // A time beyond the end of time never comes.
            let Ok(at) = now.checked_add(after) else { continue };
            state.schedule(Scheduled::by_time(at, change));
        }
    }
}

impl<'a> Context<'a> {
    /// An id for a new row of a set, which no row there has.
    pub(crate) fn new_id(&self, set: &str) -> String {
        self.new_id_unless(set, |id| self.state.directory.find(set, "id", id).is_some())
    }

    /// An id for something new that `taken` does not know.
    pub(crate) fn new_id_unless(&self, kind: &str, taken: impl Fn(&str) -> bool) -> String {
        let seed = Uuid::new_v5(&self.seed, kind.as_bytes());
        let mut id = seed.to_string();
        let mut turn = 0_u32;
        // A process that goes on with a stored state counts its requests from the start again.
        while taken(&id) {
            turn = turn.wrapping_add(1);
            id = Uuid::new_v5(&seed, &turn.to_be_bytes()).to_string();
        }
        id
    }

    /// The body, read as a type of the schema.
    pub(crate) fn body_as(&self, name: &str) -> Result<Row, GraphError> {
        let body = self.body()?;
        schema::read(name, &body).map_err(|mismatch| match mismatch {
            Mismatch::Unknown { property } => GraphError::unknown_property_in_body(&property),
            Mismatch::Value { property, wanted } => GraphError::wrong_value(&property, wanted),
        })
    }

    /// As [`Context::body_as`] for an object that is created or changed: a property that the entity has but nobody
    /// may write is told apart from one that does not exist.
    pub(crate) fn entity_body(&self, name: &str, entity: &super::entity_types::EntityType) -> Result<Row, GraphError> {
        let body = self.body()?;
        let sent = body.keys().filter(|property| !property.contains('@'));
        for property in sent {
            let writable = schema::properties(name).any(|(known, _)| known.eq_ignore_ascii_case(property));
            if !writable && entity.property(property).is_some() {
                return Err(GraphError::read_only(property));
            }
        }
        self.body_as(name)
    }

    /// The time as rows hold it.
    pub(crate) fn timestamp(&self) -> Value {
        json!(self.now)
    }

    /// The text of the path's key at `position`.
    pub(crate) fn key(&self, position: usize) -> &str {
        self.keys.get(position).map_or("", PathKey::value)
    }
}

/// A body's parameter that an action cannot do without.
pub(crate) fn parameter<'b>(body: &'b Row, action: &str, name: &str) -> Result<&'b Value, GraphError> {
    body.get(name).filter(|value| !value.is_null()).ok_or_else(|| {
        GraphError::request_bad_request(format!(
            "One or more parameters of the operation '{action}' are missing from the request payload. The missing \
             parameters are: {name}."
        ))
    })
}

/// A property that a new object cannot do without.
pub(crate) fn required<'b>(body: &'b Row, name: &str) -> Result<&'b str, GraphError> {
    body.get(name)
        .and_then(Value::as_str)
        .filter(|text| !text.trim().is_empty())
        .ok_or_else(|| {
            GraphError::request_bad_request(format!("A value is required for property '{name}' of the resource."))
        })
}

/// The id at the end of the address in `@odata.id`, which names an object for a link.
pub(crate) fn referenced(body: &Row) -> Result<String, GraphError> {
    let invalid = || GraphError::request_bad_request("Invalid value specified for property '@odata.id' of resource.");
    if let Some(other) = body.keys().find(|name| !name.contains('@')) {
        return Err(GraphError::unknown_property_in_body(other));
    }
    let address = body
        .get("@odata.id")
        .and_then(Value::as_str)
        .ok_or_else(invalid)?
        .trim_end_matches('/');
    let last = address.rsplit('/').next().unwrap_or_default();
    let last = last
        .strip_suffix("')")
        .and_then(|last| last.split_once("('"))
        .map_or(last, |(_, id)| id);
    let id = percent_encoding::percent_decode_str(last)
        .decode_utf8()
        .map_err(|_| invalid())?;
    if id.is_empty() || !address.contains('/') {
        return Err(invalid());
    }
    Ok(id.into_owned())
}
