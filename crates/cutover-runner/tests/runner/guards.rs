//! What is refused before anything is judged, and what only a part of the view is lost by.

use std::future::{Future, ready};
use std::pin::Pin;
use std::task::{Context, Poll};

use cutover_clients::Transport;
use cutover_clients::tokens::TokenError;
use cutover_core::facts::Reason;
use cutover_core::{Code, Facts, Selection, Verdict};
use cutover_emulator::InProcess;
use cutover_emulator::faults::{Fault, FaultKind, Service as Struck};
use cutover_runner::CollectError;
use http::{Request, Response, StatusCode, Uri};
use uuid::{Uuid, uuid};

use super::harness::{Look, Tenant};

const ANOTHER: Uuid = uuid!("0ff1ce00-0000-4000-8000-00000000000f");

/// What stands between the clients and the emulator.
#[derive(Clone, Copy)]
enum Between {
    /// Sign-in at one tenant ends at another.
    Tenants { asked: Uuid, got: Uuid },
    /// Microsoft has taken the beta version away.
    BetaGone,
}

#[derive(Clone)]
struct Door(InProcess, Between);

impl<Q, B> tower::Service<Request<Q>> for Door
where
    InProcess: tower::Service<Request<Q>, Response = Response<B>>,
    <InProcess as tower::Service<Request<Q>>>::Future: Send + 'static,
    <InProcess as tower::Service<Request<Q>>>::Error: Send + 'static,
    B: From<String> + Send + 'static,
{
    type Response = Response<B>;
    type Error = <InProcess as tower::Service<Request<Q>>>::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<B>, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<Q>) -> Self::Future {
        let address = request.uri().to_string();
        match self.1 {
            Between::Tenants { asked, got } => {
                let other: Uri = address
                    .replace(&asked.to_string(), &got.to_string())
                    .parse()
                    .expect("an address");
                *request.uri_mut() = other;
            }
            Between::BetaGone if request.uri().path().starts_with("/beta") => {
                let body = r#"{"error": {"code": "BadRequest", "message": "Resource not found for the segment 'authentication'."}}"#;
                let mut answer = Response::new(B::from(body.to_owned()));
                *answer.status_mut() = StatusCode::BAD_REQUEST;
                return Box::pin(ready(Ok(answer)));
            }
            Between::BetaGone => {}
        }
        Box::pin(self.0.call(request))
    }
}

fn collect_through(tenant: &Tenant, between: Between) -> Result<Facts, CollectError> {
    let transport = Transport::from_service(Door(tenant.emulator.service(), between));
    tenant.collect_by(tenant.connection_by(transport), &Selection::default())
}

#[test]
fn a_token_of_another_tenant_ends_it_before_anything_is_asked() {
    let mut tenant = Tenant::built_in("ready");
    let got = tenant.scene.tenant_id;
    assert_eq!(
        tenant.discovered(),
        got,
        "the configuration's domain leads to the tenant"
    );
    tenant.scene.tenant_id = ANOTHER;
    match collect_through(&tenant, Between::Tenants { asked: ANOTHER, got }) {
        Err(CollectError::WrongTenant {
            tenant: "home tenant",
            asked: ANOTHER,
            got: other,
        }) => assert_eq!(other, got),
        other => panic!("{other:?}"),
    }
    assert!(
        tenant.requests().is_empty(),
        "nothing but sign-in: {:?}",
        tenant.requests()
    );
}

#[test]
fn a_token_of_another_partner_tenant_ends_it_and_says_which_of_the_two() {
    let mut tenant = Tenant::built_in("two-tenants");
    let partner = tenant.scene.partner.as_mut().expect("a partner tenant");
    let got = std::mem::replace(&mut partner.tenant_id, ANOTHER);
    match collect_through(&tenant, Between::Tenants { asked: ANOTHER, got }) {
        Err(
            error @ CollectError::WrongTenant {
                tenant: "partner tenant",
                asked: ANOTHER,
                ..
            },
        ) => assert!(error.to_string().contains("partner tenant"), "{error}"),
        other => panic!("{other:?}"),
    }
    assert!(tenant.requests().is_empty(), "{:?}", tenant.requests());
}

/// Refused at the door: how the configuration is wrong, and what the refusal says.
#[test]
fn whoever_cannot_sign_in_is_told_why() {
    type Spoil = fn(&mut Tenant);
    let cases: [(&str, Spoil, u32); 4] = [
        ("no such tenant", |tenant| tenant.scene.tenant_id = ANOTHER, 90002),
        (
            "wrong secret",
            |tenant| tenant.client_secret = "something-else".to_owned().into(),
            7_000_215,
        ),
        (
            "expired secret",
            |tenant| tenant.client_secret = "emulated-secret-that-has-expired".to_owned().into(),
            7_000_222,
        ),
        ("no such application", |tenant| tenant.client_id = ANOTHER, 700_016),
    ];
    for (name, spoil, code) in cases {
        let mut tenant = Tenant::built_in("ready");
        spoil(&mut tenant);
        let error = tenant.try_collect(&Selection::default()).expect_err(name);
        let CollectError::NotSignedIn(TokenError::Refused(refusal)) = &error else {
            panic!("{name}: {error}")
        };
        assert!(refusal.codes.contains(&code), "{name}: {refusal:?}");
        let shown = format!("{error} {error:?}");
        assert!(
            !shown.contains("something-else") && !shown.contains("emulated-secret"),
            "{name}: {shown}"
        );
        assert!(tenant.requests().is_empty(), "{name}: {:?}", tenant.requests());
    }
}

#[test]
fn another_environment_or_organisation_is_not_judged() {
    let mut tenant = Tenant::built_in("ready");
    tenant.scene.environment_url = "https://fabrikam.crm4.dynamics.com".to_owned();
    match tenant.try_collect(&Selection::default()) {
        Err(CollectError::WrongEnvironment { url, code: 500_011 }) => assert_eq!(url, tenant.scene.environment_url),
        other => panic!("{other:?}"),
    }
    assert!(tenant.requests().is_empty());

    let mut tenant = Tenant::built_in("ready");
    let real = tenant
        .scene
        .organization_id
        .replace(ANOTHER)
        .expect("the world pins its organisation");
    for selection in [
        Selection::default(),
        super::harness::only(701),
        super::harness::only(501),
    ] {
        match tenant.try_collect(&selection) {
            Err(CollectError::WrongOrganization {
                asked: ANOTHER, got, ..
            }) => assert_eq!(got, real),
            other => panic!("{other:?}"),
        }
    }
    let second_wave = tenant
        .questions()
        .into_iter()
        .filter(|question| question.contains("_association"));
    assert_eq!(
        second_wave.count(),
        0,
        "nothing is asked after the answer that was wrong"
    );
    tenant.scene.organization_id = None;
    assert_eq!(
        tenant.look().verdicts(),
        Tenant::built_in("ready").look().verdicts(),
        "not pinned, not compared"
    );
}

/// Codes that are unknown, with the reason of each.
fn unknown(look: &Look) -> Vec<(u16, Reason)> {
    let unknown = look.findings.iter().filter_map(|finding| match finding.verdict() {
        Verdict::Unknown(blinds) => Some((
            finding.code().to_string()[1..].parse().expect("a number"),
            blinds[0].reason,
        )),
        _ => None,
    });
    unknown.collect()
}

#[test]
fn a_sign_in_service_that_is_away_blinds_everything_and_ends() {
    let away = Fault {
        service: Some(Struck::Entra),
        ..Fault::of(FaultKind::DropBefore)
    };
    let look = Tenant::built_in("ready").with_faults(&[away]).look();
    for finding in &look.findings {
        let Verdict::Unknown(blinds) = finding.verdict() else {
            let by_configuration = [Code::new(302), Code::new(804)];
            assert!(
                by_configuration.contains(&finding.code()),
                "not applicable by configuration alone: {} {}",
                finding.code(),
                finding.sentence()
            );
            continue;
        };
        let reasons = [Reason::NotSignedIn, Reason::DependsOn];
        assert!(
            blinds.iter().all(|blind| reasons.contains(&blind.reason)),
            "{}: {blinds:?}",
            finding.code()
        );
    }
}

#[test]
fn tokens_that_expire_in_mid_run_are_renewed() {
    let short = Fault {
        seconds: 30,
        ..Fault::of(FaultKind::TokenLifetime)
    };
    let pause = |service, skip| Fault {
        service: Some(service),
        retry_after: Some("45".to_owned()),
        skip,
        count: Some(1),
        ..Fault::of(FaultKind::Throttle)
    };
    let ready = Tenant::built_in("ready").look();
    let tenant = Tenant::built_in("ready").with_faults(&[short, pause(Struck::Graph, 2), pause(Struck::Dataverse, 4)]);
    let sign_ins = |tenant: &Tenant| {
        let log = tenant.emulator.log().entries();
        log.iter()
            .filter(|entry| entry.target.ends_with("/token") && entry.status == 200)
            .count()
    };
    assert_eq!(tenant.look().verdicts(), ready.verdicts());
    assert!(
        sign_ins(&tenant) > 2,
        "both tokens ran out while a service asked to wait: {}",
        sign_ins(&tenant)
    );
    let refused = tenant.requests().into_iter().filter(|entry| entry.status == 401);
    assert_eq!(refused.count(), 0, "renewed before a service had to refuse");
}

#[test]
fn a_beta_call_that_is_gone_blinds_what_stands_on_it_alone() {
    let ready = Tenant::built_in("ready").look();
    let tenant = Tenant::built_in("ready");
    let facts = collect_through(&tenant, Between::BetaGone).expect("facts");
    let look = Look {
        findings: tenant.judge(&facts, &Selection::default()),
        facts,
    };
    assert_eq!(unknown(&look), [(502, Reason::BetaGone), (503, Reason::BetaGone)]);
    for (before, after) in ready.findings.iter().zip(&look.findings) {
        if !matches!(after.verdict(), Verdict::Unknown(_)) {
            assert_eq!(
                (before.verdict(), before.sentence()),
                (after.verdict(), after.sentence()),
                "{}",
                before.code()
            );
        }
    }
}

#[test]
fn what_a_cheaper_edition_does_not_have_is_named_and_no_more() {
    let look = Tenant::built_in("without-premium").look();
    assert_eq!(unknown(&look), [(503, Reason::MissingLicence)]);
    assert!(
        look.finding(503).sentence().contains("Entra ID P1"),
        "{}",
        look.finding(503).sentence()
    );
    let look = Tenant::built_in("without-pim").look();
    assert_eq!(unknown(&look), [], "without PIM nobody is eligible, which is known");
    // Without PIM an assignment has no end, so one that is there is a standing one.
    for world in ["without-pim", "without-premium"] {
        let standing = "role_assignment.standing = { principal = \"admin\", role = \"Global Administrator\" }";
        let look = Tenant::like(world, standing).look();
        assert_eq!(
            (look.verdict(101), look.verdict(901)),
            ("met", "due"),
            "{world}: {}",
            look.verdicts()
        );
        assert!(
            look.finding(101).sentence().contains("without an end"),
            "{}",
            look.finding(101).sentence()
        );
    }
}
