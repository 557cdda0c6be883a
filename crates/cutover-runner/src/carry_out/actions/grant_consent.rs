//! Consents for the whole organisation.

use cutover_clients::Refused;
use cutover_clients::graph::permission_grants::{grant, revoke, update};
use cutover_clients::graph::service_principals::{ConsentType, DelegatedGrant, delegated_grants, service_principal};
use cutover_core::plan::action::GrantConsent;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::carry_out::CannotLook;
use crate::carry_out::ensure::{Back, Ensure, Made, Meaning, Move};
use crate::carry_out::site::{Change, Site, or_absent};

/// A new service principal is not known everywhere at once.
const LAG: SignedDuration = SignedDuration::from_secs(30);

/// What is granted.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::carry_out) struct Consent {
    client: Option<Uuid>,
    resource: Option<Uuid>,
    grant: Option<Grant>,
}

/// The tenant-wide grant, its scope string word for word.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Grant {
    id: String,
    scope: String,
}

/// Whether two scope strings say the same, word by word: services move blanks about.
fn same(one: &str, other: &str) -> bool {
    one.split_whitespace().eq(other.split_whitespace())
}

fn lacking<'a>(scopes: &'a [String], granted: &str) -> Vec<&'a str> {
    let has = |scope: &str| granted.split_whitespace().any(|held| held.eq_ignore_ascii_case(scope));
    scopes.iter().map(String::as_str).filter(|scope| !has(scope)).collect()
}

/// The scope string that we write over what was there.
fn merged(scopes: &[String], before: Option<&Grant>) -> String {
    match before {
        None => scopes.join(" "),
        Some(before) => {
            let lacking = lacking(scopes, &before.scope).join(" ");
            format!("{} {lacking}", before.scope.trim_end())
        }
    }
}

async fn principal(site: &Site, action: &GrantConsent, app_id: Uuid) -> Result<Option<Uuid>, CannotLook> {
    let found = or_absent(site.ask_in(action.side, service_principal(app_id)).await);
    let found = found.map_err(|unread| site.cannot(unread))?;
    Ok(found.map(|principal| principal.id))
}

impl Ensure for GrantConsent {
    type Seen = Consent;

    async fn read(&self, site: &Site) -> Result<Consent, CannotLook> {
        let client = principal(site, self, self.client).await?;
        let resource = principal(site, self, self.resource).await?;
        let grants = match client {
            Some(client) => site.ask_in(self.side, delegated_grants(client)).await,
            None => Ok(Vec::new()),
        };
        let grants = grants.map_err(|unread| site.cannot(unread))?;
        let for_all = |grant: &&DelegatedGrant| {
            grant.consent_type == ConsentType::AllPrincipals && Some(grant.resource_id) == resource
        };
        let grant = grants.iter().find(for_all).map(|grant| Grant {
            id: grant.id.clone(),
            scope: grant.scope.clone().unwrap_or_default(),
        });
        Ok(Consent {
            client,
            resource,
            grant,
        })
    }

    fn held(&self, seen: &Consent) -> bool {
        let granted = seen.grant.as_ref();
        granted.is_some_and(|grant| lacking(&self.scopes, &grant.scope).is_empty())
    }

    fn words(&self, seen: &Consent) -> String {
        let (client, resource) = (&self.client_name, &self.resource_name);
        match &seen.grant {
            None => format!("the organisation has granted {client} nothing of {resource}"),
            Some(grant) => format!(
                "the organisation has granted {client} of {resource}: {}",
                grant.scope.trim()
            ),
        }
    }

    fn make(&self, site: &Site, now: &Consent) -> Move {
        let missing = |name: &str| Move::Stop(format!("{name} is not in the tenant yet"), Some(site.after(LAG)));
        let scope = merged(&self.scopes, now.grant.as_ref());
        match (now.client, now.resource, &now.grant) {
            (None, ..) => missing(&self.client_name),
            (_, None, _) => missing(&self.resource_name),
            (Some(client), Some(resource), None) => Move::Send(Change::In(self.side, grant(client, resource, &scope))),
            (_, _, Some(there)) => Move::Send(Change::In(self.side, update(&there.id, &scope))),
        }
    }

    fn refused(&self, _: &Site, _: &Consent, refused: &Refused) -> Meaning {
        match refused.status == 409 {
            // Somebody was quicker: what he granted is kept, and ours is added.
            true => Meaning::LookAgain,
            false => Meaning::AsUsual,
        }
    }

    async fn back(&self, _: &Site, before: &Consent, now: &Consent, _: &Made<'_>) -> Result<Back, CannotLook> {
        let ours = merged(&self.scopes, before.grant.as_ref());
        Ok(match (&before.grant, &now.grant) {
            (None, None) => Back::Gone(self.words(now)),
            (Some(before), Some(now_)) if same(&before.scope, &now_.scope) => Back::Gone(self.words(now)),
            (None, Some(there)) if same(&there.scope, &ours) => Back::Send(Change::In(self.side, revoke(&there.id))),
            (Some(before), Some(there)) if same(&there.scope, &ours) => {
                Back::Send(Change::In(self.side, update(&there.id, &before.scope)))
            }
            _ => Back::NotOurs(format!("{}, which is not what was written", self.words(now))),
        })
    }
}
