//! The report on who registered which authentication methods.

use super::entity_types::USER_REGISTRATION_DETAILS;
use super::permissions;
use super::route::{Route, Source, get};
use super::throttle::Limit;
use crate::state::Premium;

pub(crate) const ROUTES: &[Route] = &[
    get(
        "/reports/authenticationMethods/userRegistrationDetails",
        &USER_REGISTRATION_DETAILS,
        Source::Set("userRegistrationDetails"),
        permissions::AUDIT_LOG,
        "$filter, $orderby, paging",
        "GD authenticationmethodsroot-list-userregistrationdetails",
    )
    .directory_roles(permissions::REGISTRATION_READERS)
    .paged(1000, 1000)
    .premium(Premium::P1)
    .limited(Limit::Reports),
    get(
        "/reports/authenticationMethods/userRegistrationDetails/{id}",
        &USER_REGISTRATION_DETAILS,
        Source::Item("userRegistrationDetails"),
        permissions::AUDIT_LOG,
        "",
        "GD userregistrationdetails-get",
    )
    .directory_roles(permissions::REGISTRATION_READERS)
    .premium(Premium::P1)
    .limited(Limit::Reports),
];
