//! The end of a maintenance window.

use jiff::Timestamp;

use super::ensure::Move;
use super::site::Site;

/// Nothing that takes long is begun after the window's end; `None` while it is open, or where there is none.
pub(super) fn closed(site: &Site, not_after: Option<Timestamp>, what: &str) -> Option<Move> {
    let end = not_after.filter(|end| *end < site.now())?;
    let why = format!(
        "the maintenance window ended at {end}, so {what} was not begun: plan again with a window that is still to come"
    );
    Some(Move::Stop(why, None))
}
