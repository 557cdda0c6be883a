//! What the services say: whether they answer, what time they have, and what a sign-in brings.

use std::collections::BTreeSet;

use cutover_clients::tenancy::Tenancy;
use cutover_clients::{Api, CallSpec, Clients, Connection, probe_address, reach};
use cutover_core::evidence::Service;
use cutover_core::{Check, Pack, checks};
use cutover_runner::collect::{calls_in_home_tenant, calls_in_partner_tenant, calls_of};
use jiff::{SignedDuration, Timestamp};

use super::Findings;
use crate::chain;
use crate::output::doctor_v1::Line;
use crate::session::{Session, advice};

/// Entra takes an assertion whose times are off by five minutes at most (Microsoft identity platform, certificate credentials).
const TOO_FAR_OFF: SignedDuration = SignedDuration::from_mins(5);
/// What a busy network may well explain.
const A_LITTLE_OFF: SignedDuration = SignedDuration::from_secs(60);

/// Asks each service once, without a token, and compares its clock with ours.
pub(super) async fn reachability(connection: &Connection, tenant: &str, partner: bool, findings: &mut Findings) {
    let mut services = vec![
        Service::Entra,
        Service::Graph,
        Service::Dataverse,
        Service::PowerPlatform,
    ];
    if partner {
        services.push(Service::PartnerCenter);
    }
    let mut times: Vec<(&str, Timestamp, Timestamp)> = Vec::new();
    for service in services {
        let Some(address) = probe_address(connection, service, tenant) else {
            continue;
        };
        let host = host(&address);
        let line = match reach(connection, &address).await {
            Ok(reached) => {
                // Of this machine: the connection's clock may be that of a double, which moves otherwise.
                times.extend(reached.date.map(|date| (service.name(), date, Timestamp::now())));
                let answer = format!(
                    "{host} answers (status {} to a request without a token)",
                    reached.status
                );
                match reached.status {
                    407 => Line::problem(
                        service.name(),
                        answer,
                        "the proxy wants a sign-in: put it right in the proxy variable, or go around it with NO_PROXY",
                    ),
                    500.. => Line::warning(
                        service.name(),
                        answer,
                        "try again later; Microsoft 365 admin centre > Health > Service health tells of outages",
                    ),
                    _ => Line::ok(service.name(), answer),
                }
            }
            Err(error) => Line::problem(
                service.name(),
                format!("{host} gave no answer: {}", error.chain()),
                "check the network, the proxy variables, a firewall that inspects TLS (then connection.trusted_ca), and the table [connection]",
            ),
        };
        findings.add(line);
    }
    findings.add(clock(&times));
}

/// The host of an address, for a person.
fn host(address: &str) -> String {
    let url = url::Url::parse(address).ok();
    let host = url.as_ref().and_then(url::Url::host_str).unwrap_or(address);
    match url.as_ref().and_then(url::Url::port) {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// How far this machine's clock is from the services'. The service that is furthest away is named.
fn clock(times: &[(&str, Timestamp, Timestamp)]) -> Line {
    const ABOUT: &str = "clock";
    let off = |service: &Timestamp, ours: &Timestamp| ours.duration_since(*service);
    let Some((name, service, ours)) = times.iter().max_by_key(|(_, service, ours)| off(service, ours).abs()) else {
        return Line::ok(ABOUT, "no service told its time, so it could not be compared");
    };
    let by = off(service, ours);
    let seconds = by.abs().as_secs();
    let way = if by.is_negative() { "behind" } else { "ahead of" };
    let found = format!("this machine is {seconds} s {way} {name}");
    let next =
        "let the machine set its clock by the network: sign-ins with a certificate are refused beyond five minutes";
    if by.abs() > TOO_FAR_OFF {
        Line::problem(ABOUT, found, next)
    } else if by.abs() > A_LITTLE_OFF {
        Line::warning(ABOUT, found, next)
    } else {
        Line::ok(ABOUT, found)
    }
}

/// Signs in wherever a check signs in, and compares what the tokens carry with what a check needs.
pub(super) async fn sign_ins(session: &Session, pack: &Pack, findings: &mut Findings) {
    for api in [Api::Graph, Api::Dataverse, Api::PowerPlatform] {
        sign_in(&session.clients, api, "", pack, calls_in_home_tenant, findings).await;
    }
    if let Some(partner) = &session.partner {
        for api in [Api::Graph, Api::PartnerCenter] {
            sign_in(partner, api, " (partner)", pack, calls_in_partner_tenant, findings).await;
        }
    }
}

/// The calls behind a check, or those of them in one tenant.
type CallsOf = fn(&Check, &Pack) -> Vec<&'static CallSpec>;

async fn sign_in<T: Tenancy>(
    clients: &Clients<T>,
    api: Api,
    of: &str,
    pack: &Pack,
    calls_here: CallsOf,
    findings: &mut Findings,
) {
    let service = api.service();
    let about = format!("sign-in{of}");
    let claims = match clients.claims(api).await {
        Ok(claims) => claims,
        Err(error) => {
            let advice = advice(&error);
            let next = advice.trim().trim_start_matches("next: ").to_owned();
            let next = if next.is_empty() {
                "check the application id and what proves the sign-in".to_owned()
            } else {
                next
            };
            return findings.add(Line::problem(
                about,
                format!("to {}: {}", service.name(), chain(&error)),
                next,
            ));
        }
    };
    let who = match (&claims.upn, claims.is_application(), claims.appid) {
        (Some(upn), false, _) => upn.clone(),
        (_, _, Some(app)) => format!("application {app}"),
        _ => "somebody the token does not name".to_owned(),
    };
    findings.add(Line::ok(
        about,
        format!(
            "to {} as {who}, tenant {}, until {}",
            service.name(),
            claims.tid,
            claims.exp
        ),
    ));
    if api != Api::Graph {
        return;
    }
    let calls = |calls_of: CallsOf| -> Vec<&CallSpec> {
        pack.requirement
            .iter()
            .filter_map(|requirement| checks::find(requirement.code))
            .flat_map(|check| calls_of(check, pack))
            .filter(|call| matches!(call.service, Service::Graph | Service::GraphBeta))
            .collect()
    };
    let here = calls(calls_here);
    let lacking: BTreeSet<&str> = here.iter().flat_map(|call| call.permission.lacking(&claims)).collect();
    // The same application may sign in to both tenants, so what either of them asks for is of use.
    let of_use: BTreeSet<&str> = calls(calls_of)
        .iter()
        .flat_map(|call| {
            [
                call.permission.application,
                call.permission.delegated,
                call.permission.also,
            ]
        })
        .flatten()
        .copied()
        .collect();
    let is_of_use = |held: &String| of_use.iter().any(|one| one.eq_ignore_ascii_case(held));
    let beyond: Vec<&str> = claims
        .permissions()
        .iter()
        .filter(|held| !is_of_use(held))
        .map(String::as_str)
        .collect();
    findings.add(permissions(of, &lacking, &beyond));
}

/// What the token carries beside what a check needs.
fn permissions(of: &str, lacking: &BTreeSet<&str>, beyond: &[&str]) -> Line {
    let about = format!("permissions{of}");
    let list: Vec<&str> = lacking.iter().copied().collect();
    match (list.as_slice(), beyond) {
        ([], []) => Line::ok(about, "as many as a check needs"),
        ([], beyond) => Line::warning(
            about,
            format!("a check does not need {}", beyond.join(", ")),
            "take them away, if nothing else signs in as this application",
        ),
        (lacking, _) => Line::warning(
            about,
            format!("not granted: {}", lacking.join(", ")),
            "grant them with admin consent, or accept that the checks that need them stay unknown; cutover explain CODE names them",
        ),
    }
}

/// The attestations of the tenant that was looked up.
pub(super) fn attestations(session: &Session, findings: &mut Findings) {
    const ABOUT: &str = "attestations";
    if findings.lines.iter().any(|line| line.about == ABOUT) {
        return;
    }
    findings.add(match session.attestations() {
        Ok(all) => Line::ok(ABOUT, format!("{} recorded", all.len())),
        Err(error) => Line::problem(
            ABOUT,
            chain(error.as_ref()),
            "put the file right, or move it away and attest again",
        ),
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::doctor_v1::State;

    #[test]
    fn the_clock_is_compared_with_the_service_that_is_furthest_away() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let now = at("2026-11-23T09:00:00Z");
        for (service, state, says) in [
            ("2026-11-23T09:00:59Z", State::Ok, "59 s behind"),
            ("2026-11-23T08:58:59Z", State::Warning, "61 s ahead of"),
            ("2026-11-23T09:05:00Z", State::Warning, "300 s behind"),
            ("2026-11-23T08:54:59Z", State::Problem, "301 s ahead of"),
        ] {
            let line = clock(&[("Entra", now, now), ("Dataverse", at(service), now)]);
            assert_eq!(line.state, state, "{line:?}");
            assert!(
                line.found.contains(says) && line.found.contains("Dataverse"),
                "{line:?}"
            );
        }
        assert!(clock(&[]).found.contains("could not be compared"));
    }

    #[test]
    fn what_is_lacking_outweighs_what_is_too_much() {
        let lacking = BTreeSet::from(["User.Read.All"]);
        assert!(
            permissions("", &lacking, &["Mail.Read"])
                .found
                .contains("not granted: User.Read.All")
        );
        assert!(
            permissions("", &BTreeSet::new(), &["Mail.Read"])
                .found
                .contains("does not need Mail.Read")
        );
        assert_eq!(permissions("", &BTreeSet::new(), &[]).state, State::Ok);
    }
}
