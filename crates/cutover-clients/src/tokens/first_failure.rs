//! What was found out in vain once: a way to sign in that is not to be had is not tried for every API anew.

use tokio::sync::Mutex;

use super::{FetchedToken, TokenError};

/// The first attempts of one way to sign in: until one of them has worked, they are made one after the other, and the first that
/// says that the way itself is not to be had answers for all later ones.
#[derive(Debug, Default)]
pub(super) struct FirstFailure {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
enum Known {
    #[default]
    Nothing,
    /// The way works; what is refused from now on concerns one API.
    Works,
    Failed(TokenError),
}

impl FirstFailure {
    /// Makes an attempt, unless an earlier one has answered for it.
    pub(super) async fn unless_known(
        &self,
        attempt: impl Future<Output = Result<FetchedToken, TokenError>>,
    ) -> Result<FetchedToken, TokenError> {
        let mut known = self.known.lock().await;
        match &*known {
            Known::Failed(error) => return Err(error.clone()),
            Known::Works => {
                drop(known);
                return attempt.await;
            }
            Known::Nothing => {}
        }
        let end = attempt.await;
        match &end {
            Ok(_) => *known = Known::Works,
            Err(error @ TokenError::Unavailable { .. }) => *known = Known::Failed(error.clone()),
            Err(_) => {}
        }
        end
    }
}
