//! Creates a Conditional Access policy that demands MFA of one user.

use cutover_clients::graph::policies::{PolicyState, conditional_access, delete, demand_mfa};
use cutover_core::plan::action::{CreateConditionalAccessPolicy, Side};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::carry_out::CannotLook;
use crate::carry_out::ensure::{Back, Ensure, Made, Move};
use crate::carry_out::site::{Change, Site};

/// The policies of that name.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::carry_out) struct Policies {
    policies: Vec<Policy>,
}

/// One of them.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Policy {
    id: Uuid,
    state: String,
}

fn state(action: &CreateConditionalAccessPolicy) -> PolicyState {
    match action.enforced {
        true => PolicyState::Enabled,
        false => PolicyState::ReportOnly,
    }
}

impl Ensure for CreateConditionalAccessPolicy {
    type Seen = Policies;

    async fn read(&self, site: &Site) -> Result<Policies, CannotLook> {
        let all = site
            .ask(conditional_access())
            .await
            .map_err(|unread| site.cannot(unread))?;
        let named = all
            .into_iter()
            .filter(|policy| policy.display_name.as_deref() == Some(&self.display_name));
        let policies = named.map(|policy| Policy {
            id: policy.id,
            state: policy.state.as_str().to_owned(),
        });
        Ok(Policies {
            policies: policies.collect(),
        })
    }

    fn held(&self, seen: &Policies) -> bool {
        let wanted = state(self);
        seen.policies.iter().any(|policy| policy.state == wanted.as_str())
    }

    fn words(&self, seen: &Policies) -> String {
        match seen.policies.first() {
            Some(policy) => format!("the policy {} is {}", self.display_name, policy.state),
            None => format!("there is no policy {}", self.display_name),
        }
    }

    fn make(&self, _: &Site, now: &Policies) -> Move {
        if let Some(there) = now.policies.first() {
            let why = format!(
                "there is a policy {} already, and it is {}",
                self.display_name, there.state
            );
            return Move::Stop(format!("{why}: look at it, and plan again under another name"), None);
        }
        let except: Vec<Uuid> = self.excluded.iter().map(|whom| whom.id).collect();
        let write = demand_mfa(&self.display_name, &state(self), &[self.whom.id], &except);
        Move::Send(Change::In(Side::Home, write))
    }

    fn named(&self, answer: &Value) -> Value {
        answer.get("id").map_or(Value::Null, |id| json!({"policy": id}))
    }

    async fn back(&self, _: &Site, before: &Policies, now: &Policies, made: &Made<'_>) -> Result<Back, CannotLook> {
        let new = now.policies.iter().filter(|policy| {
            let before = before.policies.iter();
            before.into_iter().all(|known| known.id != policy.id)
        });
        let new: Vec<&Policy> = new.collect();
        let named = made.handle.made.get("policy").and_then(Value::as_str);
        let named = named.and_then(|id| id.parse::<Uuid>().ok());
        let ours = match named {
            Some(id) => new.iter().find(|policy| policy.id == id),
            None => new.first(),
        };
        let state = state(self);
        Ok(match ours {
            None => Back::Gone(self.words(now)),
            Some(ours) if ours.state != state.as_str() => {
                Back::NotOurs(format!("{}, which is not how it was made", self.words(now)))
            }
            Some(ours) => Back::Send(Change::In(Side::Home, delete(ours.id))),
        })
    }

    /// A second one would be a second policy.
    fn shows_within(&self) -> SignedDuration {
        SignedDuration::from_mins(5)
    }
}
