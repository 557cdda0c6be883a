//! Whose sign-in approves a plan, and whose does not.

use cutover_clients::tokens::TokenClaims;
use jiff::Timestamp;
use uuid::Uuid;

use super::{Expected, is_expected};

const TENANT: Uuid = Uuid::from_u128(1);
const CALLER: Uuid = Uuid::from_u128(2);
const APPROVER: Uuid = Uuid::from_u128(3);

fn claims() -> TokenClaims {
    TokenClaims {
        tid: TENANT,
        aud: "https://graph.microsoft.com".to_owned(),
        oid: Some(APPROVER),
        appid: Some(Uuid::from_u128(4)),
        idtyp: Some("user".to_owned()),
        upn: Some("carla@contoso.com".to_owned()),
        roles: Vec::new(),
        scp: vec!["User.Read".to_owned()],
        wids: Vec::new(),
        amr: Vec::new(),
        iat: None,
        exp: Timestamp::MAX,
    }
}

fn said(claims: &TokenClaims) -> Result<(), String> {
    let expected = Expected {
        id: APPROVER,
        name: "carla@contoso.com".to_owned(),
    };
    is_expected((TENANT, "contoso.com"), CALLER, &expected, claims).map_err(|stop| stop.message)
}

#[test]
fn only_the_person_who_is_named_approves() {
    assert_eq!(said(&claims()), Ok(()));
    let other = |change: &dyn Fn(&mut TokenClaims)| {
        let mut claims = claims();
        change(&mut claims);
        let refused = said(&claims).expect_err("it approves");
        assert!(refused.contains("nothing was started"), "{refused}");
        refused
    };
    let elsewhere = other(&|claims| claims.tid = Uuid::from_u128(9));
    assert!(elsewhere.contains("in another tenant"), "{elsewhere}");
    let application = other(&|claims| claims.idtyp = Some("app".to_owned()));
    assert!(application.contains("an application signed in"), "{application}");
    let caller = other(&|claims| claims.oid = Some(CALLER));
    assert!(caller.contains("nobody approves an own plan"), "{caller}");
    for oid in [None, Some(Uuid::from_u128(5))] {
        let stranger = other(&|claims| claims.oid = oid);
        assert!(stranger.contains("carla@contoso.com has to"), "{stranger}");
    }
    // A name proves nothing: names are given anew, object ids are not.
    let namesake = other(&|claims| claims.oid = Some(Uuid::from_u128(6)));
    assert!(namesake.contains("signed in to approve it, and"), "{namesake}");
}
