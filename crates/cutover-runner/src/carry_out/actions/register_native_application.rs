//! Registers a native application for Partner Center.

use cutover_clients::graph::applications::{Application, applications, register_public_client};
use cutover_core::plan::action::RegisterNativeApplication;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::{Uuid, uuid};

use crate::carry_out::CannotLook;
use crate::carry_out::ensure::{Back, Ensure, Made, Move};
use crate::carry_out::site::{Change, Site};

/// The Partner Center API in Microsoft's worldwide cloud, and its only delegated permission (contracts, sections 1 and 6).
const PARTNER_CENTER: Uuid = uuid!("fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd");
const USER_IMPERSONATION: Uuid = uuid!("1cebfa2a-fb4d-419e-b5f9-839b4383e05a");

/// The application.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::carry_out) struct Registered {
    app: Option<Uuid>,
}

impl Ensure for RegisterNativeApplication {
    type Seen = Registered;

    async fn read(&self, site: &Site) -> Result<Registered, CannotLook> {
        let all = site.ask_in(self.side, applications()).await;
        let all = all.map_err(|unread| site.cannot(unread))?;
        let is_it = |app: &&Application| {
            let named = app.display_name.as_deref() == Some(&self.display_name);
            let asks = app.required_resource_access.iter().flatten();
            named
                && app.is_fallback_public_client == Some(true)
                && asks.into_iter().any(|asked| asked.resource_app_id == PARTNER_CENTER)
        };
        Ok(Registered {
            app: all.iter().find(is_it).map(|app| app.app_id),
        })
    }

    fn held(&self, seen: &Registered) -> bool {
        seen.app.is_some()
    }

    fn words(&self, seen: &Registered) -> String {
        match seen.app {
            Some(app) => format!("the native application {} is registered as {app}", self.display_name),
            None => format!("no native application {} is registered", self.display_name),
        }
    }

    fn make(&self, _: &Site, _: &Registered) -> Move {
        let write = register_public_client(&self.display_name, PARTNER_CENTER, USER_IMPERSONATION);
        Move::Send(Change::In(self.side, write))
    }

    fn named(&self, answer: &Value) -> Value {
        answer.get("appId").map_or(Value::Null, |app| json!({"app": app}))
    }

    async fn back(&self, _: &Site, before: &Registered, now: &Registered, _: &Made<'_>) -> Result<Back, CannotLook> {
        Ok(match before.app == now.app {
            true => Back::Gone(self.words(now)),
            // Work 365 signs in through it, so it is lasting.
            false => Back::NotOurs(format!("{}, and stays", self.words(now))),
        })
    }

    /// A second one would be a second application.
    fn shows_within(&self) -> SignedDuration {
        SignedDuration::from_mins(5)
    }
}
