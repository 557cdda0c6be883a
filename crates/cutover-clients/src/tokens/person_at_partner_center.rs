//! Two ways to sign in to one tenant: as an application for Graph, as a person for Partner Center.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::{FetchedToken, TokenError, TokenRequest, TokenSource};
use crate::connection::Connection;

/// Signs in as a person where Partner Center is asked, and as an application everywhere else.
///
/// Partner Center tells most things only to a person, who need not be somebody that may read a directory; an application
/// may, by permissions that are given for just that (Partner Center documentation, Secure Application Model).
#[derive(Debug)]
pub struct PersonAtPartnerCenter {
    person: Arc<dyn TokenSource>,
    application: Arc<dyn TokenSource>,
}

impl PersonAtPartnerCenter {
    /// The sign-in of `person` for Partner Center, that of `application` for the rest.
    pub fn new(person: Arc<dyn TokenSource>, application: Arc<dyn TokenSource>) -> Self {
        Self { person, application }
    }
}

impl TokenSource for PersonAtPartnerCenter {
    fn fetch<'a>(
        &'a self,
        connection: &'a Connection,
        wanted: TokenRequest<'a>,
    ) -> BoxFuture<'a, Result<FetchedToken, TokenError>> {
        if Some(wanted.resource) == connection.endpoints.partner_center.as_ref() {
            self.person.fetch(connection, wanted)
        } else {
            self.application.fetch(connection, wanted)
        }
    }
}
