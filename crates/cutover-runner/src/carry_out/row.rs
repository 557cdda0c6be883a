//! Whose row in the environment.

use cutover_clients::dataverse::system_users::{SystemUser, SystemUserKey, rows};
use cutover_core::plan::action::RowOf;
use jiff::SignedDuration;

use super::CannotLook;
use super::ensure::Move;
use super::site::{Site, Unread};

/// How long until a row that is not there yet is looked for again.
const AGAIN: SignedDuration = SignedDuration::from_mins(1);

/// The row of a user that is not deleted; `None` while there is none.
pub(super) async fn row(site: &Site, of: &RowOf) -> Result<Option<SystemUser>, CannotLook> {
    find(site, of).await.map_err(|unread| site.cannot(unread))
}

/// As [`row`], for who makes something of it that the row is hidden.
pub(super) async fn find(site: &Site, of: &RowOf) -> Result<Option<SystemUser>, Unread> {
    let key = match of {
        RowOf::User(whom) => SystemUserKey::EntraObject(whom.id),
        RowOf::Application { app_id, .. } => SystemUserKey::Application(*app_id),
    };
    let found = site.ask(rows(&key, &[])).await?;
    // One account may have several rows, the older ones deleted.
    Ok(found.into_iter().find(|row| row.deletedstate.unwrap_or_default() == 0))
}

/// Nothing can be done before the environment knows somebody.
pub(super) fn wait_for_row(site: &Site, of: &RowOf) -> Move {
    let why = format!("the environment does not know {} yet", of.name());
    Move::Stop(why, Some(site.after(AGAIN)))
}
