//! Every cloud is asked at its own hosts, for tokens of its own names, and what it lacks is unknown, never missing.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use cutover_clients::Transport;
use cutover_clients::tokens::discover_tenant;
use cutover_core::Selection;
use cutover_core::cloud::Cloud;
use cutover_core::facts::Reason;
use cutover_core::verdict::Verdict;
use cutover_emulator::InProcess;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use tower::ServiceExt;

use super::harness::{Look, Tenant, block_on};

/// The ready tenant, moved to a cloud.
fn tenant_in(cloud: Cloud) -> Tenant {
    let environment = match cloud {
        Cloud::Commercial => return Tenant::built_in("ready"),
        Cloud::Gcc => "https://contoso.crm9.dynamics.com",
        Cloud::GccHigh => "https://contoso.crm.microsoftdynamics.us",
        Cloud::Dod => "https://contoso.crm.appsplatform.us",
        Cloud::China => "https://contoso.crm.dynamics.cn",
    };
    let differences = format!(
        "tenant.cloud = \"{cloud}\"\nenvironment.main.url = \"{environment}\"\n\
         for.cutover.config.environment.url = \"{environment}\""
    );
    let mut tenant = Tenant::like("ready", &differences);
    for attestation in &mut tenant.attestations {
        environment.clone_into(&mut attestation.environment_url);
    }
    tenant
}

/// What reached the network: hosts, and the scopes that tokens were asked for.
#[derive(Default, Clone)]
struct Wire(Arc<Mutex<(BTreeSet<String>, BTreeSet<String>)>>);

impl Wire {
    fn transport(&self, service: InProcess) -> Transport {
        let wire = self.clone();
        Transport::from_service(tower::service_fn(move |request: Request<Full<Bytes>>| {
            let (wire, service) = (wire.clone(), service.clone());
            async move {
                let (head, body) = request.into_parts();
                let body = body.collect().await.unwrap_or_else(|never| match never {}).to_bytes();
                {
                    let mut seen = wire.0.lock().expect("no panic before");
                    seen.0.insert(head.uri.host().expect("a host").to_owned());
                    let scope = url_encoded(&body, "scope");
                    seen.1.extend(scope.filter(|_| head.uri.path().ends_with("/token")));
                }
                let answer: Result<Response<_>, _> = service.oneshot(Request::from_parts(head, Full::new(body))).await;
                answer
            }
        }))
    }
}

/// A value of a form, its encoding undone as far as addresses need it.
fn url_encoded(form: &[u8], name: &str) -> Option<String> {
    let form = std::str::from_utf8(form).ok()?;
    let pair = form
        .split('&')
        .find_map(|pair| pair.strip_prefix(&format!("{name}=")))?;
    Some(pair.replace("%3A", ":").replace("%2F", "/").replace('+', " "))
}

fn look(tenant: &Tenant, wire: &Wire) -> Look {
    let transport = wire.transport(tenant.emulator.service());
    let facts = tenant
        .collect_by(tenant.connection_by(transport), &Selection::default())
        .expect("facts");
    let findings = tenant.judge(&facts, &Selection::default());
    Look { facts, findings }
}

#[test]
fn every_cloud_is_asked_at_its_own_hosts_and_what_it_lacks_is_unknown() {
    let quiet = look(&tenant_in(Cloud::Commercial), &Wire::default());
    for cloud in Cloud::ALL {
        let tenant = tenant_in(cloud);
        assert_eq!(tenant.scene.cloud, cloud);
        let wire = Wire::default();
        let look = look(&tenant, &wire);
        let (hosts, scopes) = wire.0.lock().expect("no panic before").clone();
        let profile = cloud.profile();
        let name = |address: &str| address.trim_start_matches("https://").to_owned();
        let mut own = vec![
            profile.graph.audience,
            &tenant.scene.environment_url,
            profile.power_platform.audience,
        ];
        own.extend(profile.partner_center.map(|it| it.audience));
        let wanted: BTreeSet<String> = own
            .iter()
            .map(|address| name(address))
            .chain([name(profile.login)])
            .collect();
        assert_eq!(hosts, wanted, "{cloud}");
        let wanted: BTreeSet<String> = own.iter().map(|audience| format!("{audience}/.default")).collect();
        let asked: BTreeSet<String> = scopes
            .iter()
            .filter_map(|scope| scope.split(' ').next().map(str::to_owned))
            .collect();
        assert_eq!(asked, wanted, "{cloud}");

        let mut lacking = BTreeSet::new();
        for (quiet, here) in quiet.findings.iter().zip(&look.findings) {
            let place = format!("{cloud} {}: {} -> {}", quiet.code(), quiet.sentence(), here.sentence());
            if let Verdict::Unknown(blinds) = here.verdict() {
                let because = blinds.iter().any(|blind| blind.reason == Reason::NotInCloud);
                assert!(because || matches!(quiet.verdict(), Verdict::Unknown(_)), "{place}");
                for blind in blinds.iter().filter(|blind| blind.reason == Reason::NotInCloud) {
                    assert!(blind.message.contains(cloud.name()), "{place}");
                }
                let fix = here.fix().map(|fix| fix.by_hand.join("; ")).unwrap_or_default();
                assert_eq!(because, fix.contains("waive it"), "{place}: {fix}");
                lacking.extend(because.then(|| here.code().to_string()));
            } else {
                assert_eq!(quiet.verdict().name(), here.verdict().name(), "{place}");
            }
            // Whatever else a link leads to, it is no portal of another cloud.
            let link = here.fix().and_then(|fix| fix.link.as_deref());
            if let Some(link) = link.filter(|_| !matches!(cloud, Cloud::Commercial | Cloud::Gcc)) {
                assert!(
                    !link.contains("microsoft.com") && !link.contains("powerapps.com"),
                    "{place}: {link}"
                );
            }
        }
        // Whether a second factor was asked for is seen in the logs, and for the integration account also at Partner Center.
        let expected: &[&str] = match cloud {
            Cloud::Commercial | Cloud::Gcc => &[],
            Cloud::GccHigh | Cloud::Dod => &["W503", "W603"],
            Cloud::China => &["W503"],
        };
        let lacking: Vec<&str> = lacking.iter().map(String::as_str).collect();
        assert_eq!(lacking, expected, "{cloud}: {}", look.verdicts());
    }
}

#[test]
fn a_tenant_says_which_cloud_it_is_in() {
    for cloud in Cloud::ALL {
        let tenant = tenant_in(cloud);
        let found = block_on(discover_tenant(&tenant.connection(), &tenant.scene.tenant)).expect("a tenant");
        assert_eq!(found.id, tenant.scene.tenant_id);
        assert_eq!(found.cloud(), Some(cloud));
        for other in Cloud::ALL {
            // The worldwide sign-in service says GCC of its own tenants and nothing of all others.
            let may_be = other == cloud || (cloud, other) == (Cloud::Commercial, Cloud::Gcc);
            assert_eq!(found.may_be_in(other), may_be, "{cloud} {other}");
        }
    }
}
