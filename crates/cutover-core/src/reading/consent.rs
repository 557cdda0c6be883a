//! The consent that the product needs (vendor, article 150000166521), and what is lacking of it.

use uuid::{Uuid, uuid};

use crate::facts::principal::ServicePrincipal;
use crate::facts::tenant::TenantFacts;
use crate::facts::{Blind, Calls, Fact};

/// A delegated permission that the whole organisation has to consent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    /// Application id of the API.
    pub api: Uuid,
    /// The API, as people say it.
    pub api_name: &'static str,
    /// The delegated permission.
    pub scope: &'static str,
}

/// Microsoft Graph, to sign in.
pub const GRAPH: Scope = Scope {
    api: uuid!("00000003-0000-0000-c000-000000000000"),
    api_name: "Microsoft Graph",
    scope: "User.Read",
};
/// Dataverse, in the name of the service identity.
pub const DATAVERSE: Scope = Scope {
    api: uuid!("00000007-0000-0000-c000-000000000000"),
    api_name: "Dynamics",
    scope: "user_impersonation",
};

impl Scope {
    /// The API's own service principal in the tenant.
    pub fn principal<'a>(&self, tenant: &'a TenantFacts) -> &'a Fact<Option<ServicePrincipal>> {
        match *self == GRAPH {
            true => &tenant.graph_app,
            false => &tenant.dataverse_app,
        }
    }
}

/// The permissions that no tenant-wide grant covers, with the calls that show it.
///
/// # Errors
/// When the grants, or the APIs they are for, could not be read.
pub fn lacking(tenant: &TenantFacts) -> Result<(Vec<Scope>, Calls), Blind> {
    let (grants, calls) = tenant.work365_grants.read()?;
    let mut calls = calls.clone();
    let mut lacking = Vec::new();
    for wanted in [GRAPH, DATAVERSE] {
        let (api, more) = wanted.principal(tenant).read()?;
        calls = calls.and(more);
        let id = api.as_ref().map(|api| api.id);
        let mut wide = grants
            .iter()
            .filter(|grant| grant.tenant_wide && Some(grant.resource) == id);
        if !wide.any(|grant| grant.scopes.iter().any(|held| held.eq_ignore_ascii_case(wanted.scope))) {
            lacking.push(wanted);
        }
    }
    Ok((lacking, calls))
}
