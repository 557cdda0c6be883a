//! The sign-in log; how a sign-in was proved shows in beta only.

use super::addressing::Version;
use super::entity_types::{SIGN_IN, SIGN_IN_BETA};
use super::permissions;
use super::route::{Route, Source, get};
use super::throttle::Limit;
use crate::state::Premium;

pub(crate) const ROUTES: &[Route] = &[
    get(
        "/auditLogs/signIns",
        &SIGN_IN,
        Source::Set("signIns"),
        permissions::AUDIT_LOG,
        "$filter, $top, $orderby, paging",
        "GD signin-list",
    )
    .directory_roles(permissions::SIGN_IN_READERS)
    .paged(1000, 1000)
    .premium(Premium::P1)
    .limited(Limit::SignIns)
    .only(Version::V1),
    get(
        "/auditLogs/signIns/{id}",
        &SIGN_IN,
        Source::Item("signIns"),
        permissions::AUDIT_LOG,
        "",
        "GD signin-get",
    )
    .directory_roles(permissions::SIGN_IN_READERS)
    .premium(Premium::P1)
    .limited(Limit::SignIns)
    .only(Version::V1),
    get(
        "/auditLogs/signIns",
        &SIGN_IN_BETA,
        Source::Set("signIns"),
        permissions::AUDIT_LOG,
        "$filter, $top, $orderby, paging",
        "GD signin-list (beta)",
    )
    .directory_roles(permissions::SIGN_IN_READERS)
    .paged(1000, 1000)
    .premium(Premium::P1)
    .limited(Limit::SignIns)
    .only(Version::Beta),
    get(
        "/auditLogs/signIns/{id}",
        &SIGN_IN_BETA,
        Source::Item("signIns"),
        permissions::AUDIT_LOG,
        "",
        "GD signin-get (beta)",
    )
    .directory_roles(permissions::SIGN_IN_READERS)
    .premium(Premium::P1)
    .limited(Limit::SignIns)
    .only(Version::Beta),
];
