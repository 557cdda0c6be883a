//! Which tenant a token or a client belongs to, told apart by type.
//!
//! A reseller's Work 365 may live in one tenant and its Partner Center account in another. Everything that
//! carries a right carries the tenancy in its type, so a partner token can never reach the home tenant's
//! client by mistake; that the *ids* agree as well is compared at run time on every token.

use std::fmt;
use std::marker::PhantomData;

use uuid::Uuid;

mod sealed {
    pub trait Sealed {}
}

/// A kind of tenant: [`Home`] or [`Partner`].
pub trait Tenancy: sealed::Sealed + Send + Sync + 'static {
    /// What people call this tenant in sentences.
    const NAME: &'static str;
}

/// The tenant whose Dynamics 365 environment holds Work 365.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Home {}

/// The tenant that is enrolled in Partner Center; it may be the same organisation's second tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Partner {}

impl sealed::Sealed for Home {}
impl sealed::Sealed for Partner {}
impl sealed::Sealed for AnyTenant {}

/// Where a question may be asked that every tenant can answer, such as those to Microsoft Graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnyTenant {}

/// Says that a question made for this place may be asked in the tenant `T`: one for [`AnyTenant`] in either, any other
/// only in its own.
pub trait AskedIn<T: Tenancy>: sealed::Sealed {}

impl<T: Tenancy> AskedIn<T> for AnyTenant {}
impl AskedIn<Home> for Home {}
impl AskedIn<Partner> for Partner {}

impl Tenancy for Home {
    const NAME: &'static str = "home tenant";
}

impl Tenancy for Partner {
    const NAME: &'static str = "partner tenant";
}

/// The id of a tenant of one kind; the other kind's cannot stand in for it.
///
/// ```compile_fail,E0308
/// use cutover_clients::tenancy::{Home, Partner, TenantId};
/// let home: TenantId<Home> = TenantId::<Partner>::new(uuid::Uuid::nil());
/// ```
pub struct TenantId<T: Tenancy> {
    id: Uuid,
    kind: PhantomData<fn() -> T>,
}

impl<T: Tenancy> TenantId<T> {
    /// Says that `id` is the tenant of this kind; only configuration or discovery may know that.
    pub fn new(id: Uuid) -> Self {
        Self { id, kind: PhantomData }
    }

    /// The bare id, for comparing and showing.
    pub fn id(self) -> Uuid {
        self.id
    }
}

impl<T: Tenancy> Clone for TenantId<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Tenancy> Copy for TenantId<T> {}

impl<T: Tenancy> PartialEq for TenantId<T> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl<T: Tenancy> Eq for TenantId<T> {}

impl<T: Tenancy> fmt::Debug for TenantId<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", T::NAME, self.id)
    }
}
