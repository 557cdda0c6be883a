//! Workload identity federation: an application proved by the token of another issuer, such as a cluster or a pipeline.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;
use uuid::Uuid;

use super::oauth::client_credentials;
use super::proof::Proof;
use super::{FetchedToken, TokenError, TokenRequest, TokenSource};
use crate::connection::Connection;

/// Client credentials with the assertion of another issuer, which lies in a file and is replaced there before it runs out
/// (Entra documentation, workload identity federation; the file is what `AZURE_FEDERATED_TOKEN_FILE` names).
#[derive(Debug)]
pub struct WorkloadIdentity {
    client_id: Uuid,
    proof: Proof,
}

/// Where the assertion lies.
#[derive(Debug)]
pub(super) struct Federation {
    file: PathBuf,
}

impl WorkloadIdentity {
    /// The application's id and the file with the assertion, which is read anew for each token.
    pub fn new(client_id: Uuid, file: PathBuf) -> Self {
        Self {
            client_id,
            proof: Proof::Federated(Arc::new(Federation { file })),
        }
    }
}

impl Federation {
    pub(super) fn assertion(&self) -> Result<SecretString, TokenError> {
        let unavailable = |what: String| TokenError::Unavailable {
            what,
            next_step:
                "Let whoever runs this program, such as the cluster or the pipeline, write its token to that file."
                    .into(),
        };
        let named = self.file.display();
        let text = fs::read_to_string(&self.file)
            .map(Zeroizing::new)
            .map_err(|error| unavailable(format!("the federated token file {named} cannot be read: {error}")))?;
        match text.trim() {
            "" => Err(unavailable(format!("the federated token file {named} is empty"))),
            assertion => Ok(SecretString::from(assertion)),
        }
    }
}

impl TokenSource for WorkloadIdentity {
    fn fetch<'a>(
        &'a self,
        connection: &'a Connection,
        wanted: TokenRequest<'a>,
    ) -> BoxFuture<'a, Result<FetchedToken, TokenError>> {
        Box::pin(client_credentials(connection, wanted, self.client_id, &self.proof))
    }
}
