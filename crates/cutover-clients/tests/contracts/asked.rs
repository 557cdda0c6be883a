//! Every call of this crate as it is really asked, with the shape of its answer.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use cutover_clients::dataverse::jobs::JobColumns;
use cutover_clients::dataverse::system_users::SystemUserKey;
use cutover_clients::dataverse::{
    async_operations, entity_definitions, import_jobs, jobs, languages, organizations, privileges, profiles, roles,
    solutions, system_users, user_settings, version, who_am_i,
};
use cutover_clients::graph::{
    UserKey, applications, authentication, groups, licences, organization, policies, role_management,
    service_principals, sign_ins, users, what_if,
};
use cutover_clients::partner_center::{agreement_status, organization_profile, relationships};
use cutover_clients::power_platform::{application_packages, backups, environments, operations};
use cutover_clients::tenancy::{AskedIn, Home, Partner, Tenancy, TenantId};
use cutover_clients::tokens::ClientSecret;
use cutover_clients::{CallSpec, Clients, Connection, Endpoints, Read, ServiceRoot, Transport, Wave};
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::shape::{Shape, shape_of};

/// A call with arguments.
pub(crate) struct Asked {
    pub(crate) spec: &'static CallSpec,
    /// What its answer is read for.
    pub(crate) shape: Shape,
    /// Query options, decoded.
    pub(crate) options: HashMap<String, String>,
}

struct Asking<T: Tenancy> {
    clients: Clients<T>,
    seen: Arc<Mutex<Option<String>>>,
}

impl<T: Tenancy> Asking<T> {
    /// A service that notes each address and knows nothing.
    fn new() -> Self {
        let seen: Arc<Mutex<Option<String>>> = Arc::default();
        let note = Arc::clone(&seen);
        let tenant = Uuid::from_u128(1);
        let service = tower::service_fn(move |request: Request<Full<Bytes>>| {
            let note = Arc::clone(&note);
            async move {
                let (head, body) = request.into_parts();
                if !head.uri.path().ends_with("/token") {
                    *note.lock().unwrap() = Some(head.uri.to_string());
                    return Ok::<_, Infallible>(
                        Response::builder().status(404).body(Full::<Bytes>::default()).unwrap(),
                    );
                }
                let form = body.collect().await.unwrap().to_bytes();
                let form: HashMap<String, String> = url::form_urlencoded::parse(&form).into_owned().collect();
                let claims = json!({"tid": tenant, "aud": form["scope"].trim_end_matches("/.default"), "exp": 4_000_000_000_u64});
                let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
                let token = format!("{}.{}.sig", part(&json!({})), part(&claims));
                Ok(Response::new(Full::from(
                    json!({"token_type": "Bearer", "access_token": token}).to_string(),
                )))
            }
        });
        let endpoints =
            Endpoints::commercial(ServiceRoot::parse("https://contoso.crm4.dynamics.com").unwrap()).unwrap();
        let connection = Connection::new(Transport::from_service(service), endpoints);
        let source = Arc::new(ClientSecret::new(Uuid::nil(), "none".into()));
        Self {
            clients: Clients::new(connection, TenantId::new(tenant), source),
            seen,
        }
    }

    async fn ask<A: DeserializeOwned, On: AskedIn<T>>(&self, read: Read<A, On>) -> Asked {
        let spec = read.spec();
        let mut wave = Wave::new();
        let _ = wave.ask(read);
        wave.send(&self.clients).await;
        let address = self.seen.lock().unwrap().take().unwrap();
        let address = url::Url::parse(&address).unwrap();
        Asked {
            spec,
            shape: shape_of::<A>(),
            options: address.query_pairs().into_owned().collect(),
        }
    }
}

/// Every call of this crate, and those that differ in their options more than once.
pub(crate) async fn every_call() -> Vec<Asked> {
    let home = Asking::<Home>::new();
    let partner = Asking::<Partner>::new();
    let id = Uuid::from_u128(7);
    let user: UserKey = "anna@contoso.com".parse().unwrap();
    let columns = JobColumns {
        id: "work365_jobid".to_owned(),
        name: None,
        scheduled: None,
    };
    vec![
        home.ask(applications::application(id)).await,
        home.ask(applications::applications()).await,
        home.ask(authentication::methods(&user)).await,
        home.ask(authentication::methods_policy()).await,
        home.ask(authentication::registration("anna@contoso.com")).await,
        home.ask(authentication::requirements(&user)).await,
        home.ask(groups::by_names(&["AdminAgents"])).await,
        home.ask(licences::subscribed_skus()).await,
        home.ask(organization::organization()).await,
        home.ask(policies::conditional_access()).await,
        home.ask(policies::named_locations()).await,
        home.ask(policies::security_defaults()).await,
        home.ask(role_management::assignments(id)).await,
        home.ask(role_management::assignment_instances(id)).await,
        home.ask(role_management::eligibility_instances(id)).await,
        home.ask(role_management::role_policy(id)).await,
        home.ask(service_principals::delegated_grants(id)).await,
        home.ask(service_principals::service_principal(id)).await,
        home.ask(sign_ins::sign_ins(id, jiff::Timestamp::UNIX_EPOCH, 1)).await,
        home.ask(users::directory_roles(&user)).await,
        home.ask(users::groups(&user)).await,
        home.ask(users::group_ids(&user)).await,
        home.ask(users::licence_details(&user)).await,
        home.ask(users::user(&user)).await,
        home.ask(what_if::what_if(&what_if::SignIn {
            user: id,
            application: id,
            client: "browser",
            transfer: "none",
        }))
        .await,
        home.ask(async_operations::open_operations()).await,
        home.ask(entity_definitions::columns("x", 1033)).await,
        home.ask(entity_definitions::custom_tables(1033)).await,
        home.ask(entity_definitions::statuses("x", 1033)).await,
        home.ask(async_operations::operation(id)).await,
        home.ask(import_jobs::import(id)).await,
        home.ask(import_jobs::newest("x", 1)).await,
        home.ask(import_jobs::open()).await,
        home.ask(import_jobs::result(id)).await,
        home.ask(jobs::open("work365_jobs", &columns, 1, &[])).await,
        home.ask(languages::provisioned()).await,
        home.ask(organizations::organizations()).await,
        home.ask(privileges::of_user(id)).await,
        home.ask(profiles::by_name("x")).await,
        home.ask(roles::by_name("x")).await,
        home.ask(solutions::by_publisher_prefix("x")).await,
        home.ask(solutions::named("x")).await,
        home.ask(system_users::profiles(id)).await,
        home.ask(system_users::roles(id)).await,
        home.ask(system_users::rows(
            &SystemUserKey::EntraObject(id),
            &[SystemUserKey::Application(id), SystemUserKey::DomainName(String::new())],
        ))
        .await,
        home.ask(system_users::rows_by_name_start("x")).await,
        home.ask(system_users::team_profiles(id)).await,
        home.ask(system_users::teams(id)).await,
        home.ask(user_settings::of_user(id)).await,
        home.ask(version::version()).await,
        home.ask(who_am_i::who_am_i()).await,
        home.ask(application_packages::application_packages("e")).await,
        home.ask(backups::backups("e")).await,
        home.ask(environments::environments()).await,
        home.ask(operations::operations("e")).await,
        partner.ask(agreement_status::agreement_status(id)).await,
        partner.ask(organization_profile::organization_profile()).await,
        partner.ask(relationships::indirect_providers()).await,
        partner.ask(relationships::indirect_resellers()).await,
    ]
}
