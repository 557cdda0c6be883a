//! Ctrl-C while a run goes on.

use cutover_runner::drive::Stopping;
use tokio::sync::watch;

use crate::output::stream;

/// The first one stops new work and gives back; the second one leaves, and what is out is said.
pub(super) async fn listen(asks: watch::Sender<Stopping>) {
    if tokio::signal::ctrl_c().await.is_err() {
        // This system tells of none; the run goes to its end.
        return;
    }
    stream::note("stopping: no new work, everything that is lent comes back; press Ctrl-C again to leave at once");
    asks.send_replace(Stopping::GiveBack {
        by: "Ctrl-C".to_owned(),
    });
    if tokio::signal::ctrl_c().await.is_ok() {
        asks.send_replace(Stopping::Leave);
    }
}
