//! Every call of this crate against the emulator's `ready` world, in process.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use cutover_clients::dataverse::system_users::SystemUserKey;
use cutover_clients::dataverse::{
    async_operations, entity_definitions, import_jobs, languages, organizations, privileges, profiles, roles,
    solutions, system_users, user_settings, version, who_am_i,
};
use cutover_clients::graph::{
    UserKey, applications, authentication, groups, licences, organization, policies, role_management,
    service_principals, sign_ins, users, what_if,
};
use cutover_clients::tenancy::{Home, TenantId};
use cutover_clients::tokens::{ClientCertificate, ClientSecret, TokenError, resolve_tenant};
use cutover_clients::{
    Answer, Api, Clients, Clock, Connection, ControlledClock, Endpoints, Failure, ServiceRoot, Transport, Wave, calls,
};
use cutover_core::evidence::Service;
use cutover_emulator::faults::{Fault, FaultKind, Strikes};
use cutover_emulator::{Emulator, World};
use futures_util::future::BoxFuture;
use http_body_util::Full;
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretSlice;
use tower::ServiceExt;
use uuid::{Uuid, uuid};

const TENANT: Uuid = uuid!("7a6e0c55-6f0f-4c2e-9a53-2f3f0b7f1d10");
const READER: Uuid = uuid!("c07e7000-0000-4000-8000-00000000000a");
const WORK365: Uuid = uuid!("5e56ae97-9be1-40d3-938b-99ea52175a30");
const GLOBAL_ADMINISTRATOR: Uuid = uuid!("62e90394-69f5-4237-9190-012177145e10");
const SERVICE: &str = "svc-work365@contoso.onmicrosoft.com";
const SERVICE_ID: Uuid = uuid!("5e121ce0-0000-4000-8000-000000000002");

/// The emulator's own clock; sleeping moves it on.
struct EmulatorClock(Emulator);

impl Clock for EmulatorClock {
    fn now(&self) -> Timestamp {
        self.0.clock().now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let emulator = self.0.clone();
        Box::pin(async move { emulator.clock().advance(SignedDuration::try_from(duration).unwrap()) })
    }
}

fn transport(emulator: &Emulator) -> Transport {
    let router = emulator.router();
    Transport::from_service(tower::service_fn(move |request: http::Request<Full<Bytes>>| {
        let router = router.clone();
        async move {
            let response: http::Response<Body> = router
                .oneshot(request)
                .await
                .unwrap_or_else(|never: Infallible| match never {});
            if cutover_emulator::dropped(&response) {
                return Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset));
            }
            Ok(response)
        }
    }))
}

fn ready() -> (Emulator, Clients<Home>) {
    let emulator = Emulator::from_world(&World::built_in("ready").unwrap());
    let root = ServiceRoot::parse("https://contoso.crm4.dynamics.com").unwrap();
    let endpoints = Endpoints::commercial(root).unwrap();
    let connection =
        Connection::new(transport(&emulator), endpoints).with_clock(Arc::new(EmulatorClock(emulator.clone())));
    let source = ClientSecret::new(READER, "emulated-secret-of-cutover-reader".into());
    let clients = Clients::new(connection, TenantId::new(TENANT), Arc::new(source));
    (emulator, clients)
}

fn known<T>(answer: Answer<T>) -> T {
    match answer.result {
        Ok(value) => {
            assert!(answer.call.request_id.is_some(), "{}", answer.call.request);
            value
        }
        Err(failure) => panic!("{}: {failure:?}", answer.call.request),
    }
}

#[tokio::test]
async fn every_call_is_answered_and_few_requests_carry_them() {
    let (emulator, clients) = ready();
    let found = resolve_tenant(clients.connection(), "contoso.onmicrosoft.com")
        .await
        .unwrap();
    assert_eq!(found, TENANT);
    let claims = clients.claims(Api::Graph).await.unwrap();
    assert_eq!((claims.appid, claims.is_application()), (Some(READER), true));
    let service: UserKey = SERVICE.parse().unwrap();
    let since = "2026-10-24T00:00:00Z".parse().unwrap();

    let mut wave = Wave::new();
    let user = wave.ask(users::user(&service));
    let details = wave.ask(users::licence_details(&service));
    let directory_roles = wave.ask(users::directory_roles(&service));
    let groups = wave.ask(users::groups(&service));
    let group_ids = wave.ask(users::group_ids(&service));
    let skus = wave.ask(licences::subscribed_skus());
    let organization = wave.ask(organization::organization());
    let reader = wave.ask(applications::application(READER));
    let registrations = wave.ask(applications::applications());
    let named = wave.ask(groups::by_names(&["AdminAgents", "nobody's"]));
    let tables = wave.ask(entity_definitions::custom_tables(1033));
    let work365 = wave.ask(service_principals::service_principal(WORK365));
    let methods = wave.ask(authentication::methods(&service));
    let requirements = wave.ask(authentication::requirements(&service));
    let registration = wave.ask(authentication::registration(SERVICE));
    let allowed = wave.ask(authentication::methods_policy());
    let defaults = wave.ask(policies::security_defaults());
    let access = wave.ask(policies::conditional_access());
    let places = wave.ask(policies::named_locations());
    let sign_in = what_if::SignIn {
        user: SERVICE_ID,
        application: WORK365,
        client: "browser",
        transfer: "none",
    };
    let opinion = wave.ask(what_if::what_if(&sign_in));
    let log = wave.ask(sign_ins::sign_ins(SERVICE_ID, since, 20));
    let policy = wave.ask(role_management::role_policy(GLOBAL_ADMINISTRATOR));
    let me = wave.ask(who_am_i::who_am_i());
    let version = wave.ask(version::version());
    let environment = wave.ask(organizations::organizations());
    let languages = wave.ask(languages::provisioned());
    let solutions = wave.ask(solutions::by_publisher_prefix("work365"));
    let copies = wave.ask(roles::by_name("Work 365 Service"));
    let profile = wave.ask(profiles::by_name("Work 365 Admin"));
    let imports = wave.ask(import_jobs::open());
    let operations = wave.ask(async_operations::open_operations());
    let keys = [
        SystemUserKey::DomainName(SERVICE.to_owned()),
        SystemUserKey::Application(READER),
    ];
    let rows = wave.ask(system_users::rows(&keys[0], &keys[1..]));
    let vendor = wave.ask(system_users::rows_by_name_start("work365support"));
    let answers = wave.send(&clients).await;

    let user = known(answers.take(user));
    assert_eq!(user.account_enabled, Some(true));
    assert_eq!(
        known(answers.take(details))[0].sku_part_number.as_deref(),
        Some("DYN365_ENTERPRISE_SALES")
    );
    assert!(known(answers.take(directory_roles)).is_empty());
    assert_eq!(known(answers.take(groups)), known(answers.take(group_ids)));
    assert!(known(answers.take(skus)).iter().any(|sku| sku.free() > Some(0)));
    assert_eq!(known(answers.take(organization))[0].id, TENANT);
    assert_eq!(known(answers.take(reader)).app_id, READER);
    let registrations = known(answers.take(registrations));
    assert!(registrations.iter().any(|app| app.app_id == READER));
    let _ = known(answers.take(named));
    let tables = known(answers.take(tables));
    assert!(tables.iter().all(|table| {
        table
            .display_name
            .as_ref()
            .and_then(|name| name.in_language(1033))
            .is_some()
    }));
    let work365 = known(answers.take(work365));
    assert!(known(answers.take(methods)).len() >= 2);
    assert_eq!(
        known(answers.take(requirements)).per_user_mfa_state,
        authentication::PerUserMfaState::Enforced
    );
    assert_eq!(known(answers.take(registration))[0].is_mfa_capable, Some(true));
    assert!(
        known(answers.take(allowed))
            .authentication_method_configurations
            .is_some()
    );
    let _ = known(answers.take(defaults));
    let _ = known(answers.take(access));
    assert!(known(answers.take(places)).is_empty());
    assert!(known(answers.take(opinion)).is_empty(), "the world has no policies");
    let log = known(answers.take(log));
    assert_eq!(
        log[0].authentication_requirement,
        Some(sign_ins::AuthenticationRequirement::MultiFactor)
    );
    let policy = known(answers.take(policy));
    assert!(!policy[0].policy.as_ref().unwrap().rules.as_ref().unwrap().is_empty());
    let me = known(answers.take(me));
    assert!(known(answers.take(version)).version.starts_with("9.2."));
    assert_eq!(known(answers.take(environment))[0].organizationid, me.organization_id);
    assert_eq!(known(answers.take(languages)).locale_ids, [1033]);
    assert!(
        known(answers.take(solutions))
            .iter()
            .all(|solution| solution.ismanaged == Some(true))
    );
    assert!(!known(answers.take(copies)).is_empty());
    assert_eq!(known(answers.take(profile)).len(), 1);
    assert!(known(answers.take(imports)).is_empty());
    assert!(known(answers.take(operations)).is_empty());
    let rows = known(answers.take(rows));
    assert_eq!(rows.len(), 2);
    assert!(known(answers.take(vendor)).is_empty());

    let row = rows
        .iter()
        .find(|row| row.domainname.as_deref() == Some(SERVICE))
        .unwrap();
    assert!(row.businessunitid.as_ref().unwrap().name.is_some());
    let mut wave = Wave::new();
    let assignments = wave.ask(role_management::assignments(user.id));
    let active = wave.ask(role_management::assignment_instances(user.id));
    let eligible = wave.ask(role_management::eligibility_instances(user.id));
    let grants = wave.ask(service_principals::delegated_grants(work365.id));
    let own = wave.ask(system_users::roles(row.systemuserid));
    let teams = wave.ask(system_users::teams(row.systemuserid));
    let columns = wave.ask(system_users::profiles(row.systemuserid));
    let team_columns = wave.ask(system_users::team_profiles(row.systemuserid));
    let may = wave.ask(privileges::of_user(row.systemuserid));
    let settings = wave.ask(user_settings::of_user(row.systemuserid));
    let answers = wave.send(&clients).await;
    let may = known(answers.take(may)).role_privileges.unwrap();
    assert!(may.iter().all(|privilege| privilege.privilege_name.is_some()) && !may.is_empty());
    let teams_with_columns = known(answers.take(team_columns));
    assert!(
        teams_with_columns
            .iter()
            .all(|team| team.teamprofiles_association.is_some())
    );
    assert!(known(answers.take(assignments)).is_empty());
    assert!(known(answers.take(active)).is_empty());
    assert!(known(answers.take(eligible)).is_empty());
    let grants = known(answers.take(grants));
    assert!(
        grants
            .iter()
            .any(|grant| grant.scopes().unwrap().eq(["user_impersonation"]))
    );
    assert!(
        known(answers.take(own))
            .iter()
            .any(|role| role.name.as_deref() == Some("Work 365 Service"))
    );
    assert!(
        !known(answers.take(teams)).is_empty(),
        "the business unit's own team at least"
    );
    assert_eq!(known(answers.take(columns))[0].name.as_deref(), Some("Work 365 Admin"));
    assert_eq!(known(answers.take(settings)).localeid, Some(1033));

    let asked = [Service::Graph, Service::GraphBeta, Service::Dataverse];
    let asked = calls().filter(|call| asked.contains(&call.service)).count();
    assert_eq!(asked, 42 + 3, "a new call is to be asked here as well");
    let requests = ["graph", "dataverse"].map(|service| emulator.log().count(service));
    // First wave: a batch of v1.0, a batch of beta, Conditional Access three times, a batch of Dataverse; second: two
    // batches.
    assert_eq!(requests.iter().sum::<usize>(), 8, "{:?}", emulator.log().entries());
}

#[tokio::test]
async fn faults_are_sat_out_and_refusals_named() {
    let (emulator, clients) = ready();
    emulator.faults().add(Fault {
        path: "/v1.0/subscribedSkus".to_owned(),
        strikes: Strikes::Parts,
        count: Some(2),
        retry_after: Some("4.5".to_owned()),
        ..Fault::of(FaultKind::Throttle)
    });
    emulator.faults().add(Fault {
        path: "/api/data".to_owned(),
        count: Some(1),
        ..Fault::of(FaultKind::DropAfter)
    });
    let mut wave = Wave::new();
    let skus = wave.ask(licences::subscribed_skus());
    let organization = wave.ask(organization::organization());
    let languages = wave.ask(languages::provisioned());
    let absent = wave.ask(service_principals::service_principal(Uuid::nil()));
    let answers = wave.send(&clients).await;
    let _ = known(answers.take(skus));
    let _ = known(answers.take(organization));
    let _ = known(answers.take(languages));
    assert!(matches!(answers.take(absent).result, Err(Failure::NotFound { .. })));

    let early = emulator
        .log()
        .entries()
        .iter()
        .any(|entry| entry.early_retry || entry.parts.iter().any(|part| part.early_retry));
    assert!(!early, "{:?}", emulator.log().entries());

    // The certificate's key of the emulated tenant is public on purpose.
    let pem: SecretSlice<u8> = [
        include_bytes!("../../../cutover-emulator/keys/reader-private.pem").as_slice(),
        include_bytes!("../../../cutover-emulator/keys/reader-certificate.pem").as_slice(),
    ]
    .concat()
    .into();
    let certificate = ClientCertificate::from_pem(READER, &pem).unwrap();
    let with_certificate: Clients<Home> =
        Clients::new(clients.connection().clone(), clients.tenant(), Arc::new(certificate));
    assert!(with_certificate.claims(Api::Dataverse).await.is_ok());

    let wrong = ClientSecret::new(READER, "emulated-secret-that-has-expired".into());
    let wrong: Clients<Home> = Clients::new(clients.connection().clone(), clients.tenant(), Arc::new(wrong));
    match wrong.claims(Api::Graph).await {
        Err(TokenError::Refused(refusal)) => assert_eq!(refusal.codes, [7_000_222]),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_control_port_is_a_clock() {
    let (emulator, _) = ready();
    let control = ServiceRoot::parse("http://127.0.0.1:8080/_emulator").unwrap();
    let clock = ControlledClock::connect(transport(&emulator), control).await.unwrap();
    let start = clock.now();
    assert_eq!(start, emulator.clock().now());
    clock.sleep(Duration::from_secs(90)).await;
    assert_eq!(clock.now(), emulator.clock().now());
    assert_eq!(clock.now().duration_since(start), SignedDuration::from_secs(90));
}

#[tokio::test]
async fn a_hungry_client_slows_down_before_graph_refuses_anything() {
    let (emulator, clients) = ready();
    let begun = emulator.clock().now();
    // The tenant has 3,500 units in ten seconds; this asks for several times as many, and nobody makes it wait but itself.
    for round in 0..200 {
        let mut wave = Wave::new();
        for number in 0..20 {
            let _ = wave.ask(role_management::assignments(Uuid::from_u128(round * 20 + number)));
        }
        wave.send(&clients).await;
    }
    let patience = emulator.log().patience();
    assert_eq!((patience.throttled, patience.early_retries), (0, 0), "{patience:?}");
    let passed = emulator.clock().now().duration_since(begun).as_secs();
    assert!((10..120).contains(&passed), "{passed} s");
}
