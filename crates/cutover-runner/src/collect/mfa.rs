//! What decides MFA: methods, policies, sign-ins.

use cutover_clients::Wave;
use cutover_clients::graph::{authentication, policies, sign_ins as log};
use cutover_core::conditional_access::Policy;
use cutover_core::facts::principal::{PerUserMfa, Registration, SignIn, SignInLog};
use cutover_core::facts::tenant::{ConditionalAccessPolicy, MethodPolicy, NamedLocation, TenantFacts};
use cutover_core::facts::{Blind, Fact, Facts};
use cutover_core::need::Need;
use cutover_core::scene::Principal;
use jiff::SignedDuration;

use super::side::{Side, Subject};
use super::{Asking, Step, asked, settled};
use crate::blind::{Absent, OrAbsent, fact};

/// The sign-in log keeps 30 days (Entra ID P1 and P2).
const LOG_DAYS: i64 = 30;
/// Enough of the newest sign-ins to find one with MFA without reading the whole log.
const LOG_ENTRIES: u16 = 50;

pub(super) fn methods<T: Side>(subject: Subject<T>, wave: &mut Wave<T>) -> Step {
    let Some(key) = subject.key() else {
        return settled(|_| {});
    };
    let who = subject.who;
    let ticket = wave.ask(authentication::methods(&key));
    asked::<T>(move |answers, facts| {
        T::of(facts, &who).methods = fact(answers.take(ticket), |methods| {
            let name = |method: authentication::AuthenticationMethod| {
                method.kind.as_str().trim_start_matches("#microsoft.graph.").to_owned()
            };
            Ok(methods.into_iter().map(name).collect())
        });
    })
}

pub(super) fn registration<T: Side>(subject: Subject<T>, wave: &mut Wave<T>) -> Step {
    let who = subject.who;
    let Principal::User(name) = &who else {
        return settled(|_| {});
    };
    let ticket = wave.ask(authentication::registration(name));
    asked::<T>(move |answers, facts| {
        T::of(facts, &who).registration = fact(answers.take(ticket), |lines| {
            lines.into_iter().next().map(read_registration).transpose()
        });
    })
}

fn read_registration(line: authentication::RegistrationDetails) -> Result<Registration, Absent> {
    Ok(Registration {
        mfa_registered: line.is_mfa_registered.or_absent("isMfaRegistered")?,
        mfa_capable: line.is_mfa_capable.or_absent("isMfaCapable")?,
        updated: line.last_updated_date_time,
    })
}

pub(super) fn per_user<T: Side>(subject: Subject<T>, wave: &mut Wave<T>) -> Step {
    let Some(key) = subject.key() else {
        return settled(|_| {});
    };
    let who = subject.who;
    let ticket = wave.ask(authentication::requirements(&key));
    asked::<T>(move |answers, facts| {
        T::of(facts, &who).per_user_mfa = fact(answers.take(ticket), |requirements| {
            match requirements.per_user_mfa_state {
                authentication::PerUserMfaState::Disabled => Ok(PerUserMfa::Disabled),
                authentication::PerUserMfaState::Enabled => Ok(PerUserMfa::Enabled),
                authentication::PerUserMfaState::Enforced => Ok(PerUserMfa::Enforced),
                authentication::PerUserMfaState::Other(_) => Err(Absent("a known value of perUserMfaState")),
            }
        });
    })
}

pub(super) fn sign_ins<T: Side>(asking: &Asking<'_>, subject: Subject<T>, wave: &mut Wave<T>) -> Step {
    if asking.waits_for(subject.account) {
        return Step::NotYet;
    }
    let who = subject.who;
    let id = match T::known(asking.facts, &who).account.read() {
        Ok((Some(account), _)) => account.id,
        Ok((None, calls)) => {
            // Whoever is not there did not sign in.
            let nothing = Fact::Known {
                value: SignInLog::default(),
                calls: calls.clone(),
            };
            return settled(move |facts| T::of(facts, &who).sign_ins = nothing);
        }
        Err(blind) => {
            let blind = Blind::depends_on(blind);
            return settled(move |facts| T::of(facts, &who).sign_ins = Fact::Unknown(blind));
        }
    };
    let since = asking
        .since
        .checked_sub(SignedDuration::from_hours(LOG_DAYS * 24))
        .unwrap_or(asking.since);
    let ticket = wave.ask(log::sign_ins(id, since, LOG_ENTRIES));
    asked::<T>(move |answers, facts| {
        T::of(facts, &who).sign_ins = fact(answers.take(ticket), |entries| {
            let more = entries.len() >= usize::from(LOG_ENTRIES);
            Ok(SignInLog {
                entries: entries.into_iter().map(sign_in).collect::<Result<_, _>>()?,
                more,
            })
        });
    })
}

fn sign_in(entry: log::SignIn) -> Result<SignIn, Absent> {
    let requirement = entry
        .authentication_requirement
        .or_absent("authenticationRequirement")?;
    let status = entry
        .status
        .and_then(|status| status.error_code)
        .or_absent("status.errorCode")?;
    Ok(SignIn {
        at: entry.created_date_time,
        app: entry
            .app_display_name
            .or(entry.app_id)
            .unwrap_or_else(|| "an application without a name".to_owned()),
        succeeded: status == 0,
        multi_factor: requirement == log::AuthenticationRequirement::MultiFactor,
        client: entry.client_app_used.filter(|client| !client.is_empty()),
    })
}

pub(super) fn security_defaults<T: Side>(wave: &mut Wave<T>) -> Step {
    let ticket = wave.ask(policies::security_defaults());
    asked::<T>(move |answers, facts| {
        T::tenant(facts).security_defaults = fact(answers.take(ticket), |defaults| Ok(defaults.is_enabled));
    })
}

pub(super) fn conditional_access<T: Side>(wave: &mut Wave<T>) -> Step {
    let ticket = wave.ask(policies::conditional_access());
    asked::<T>(move |answers, facts| {
        T::tenant(facts).conditional_access = fact(answers.take(ticket), |policies| {
            let read = |policy: policies::ConditionalAccessPolicy| ConditionalAccessPolicy {
                id: policy.id.to_string(),
                name: policy.display_name.unwrap_or_default(),
                state: policy.state.as_str().to_owned(),
                policy: policy.whole,
            };
            Ok(policies.into_iter().map(read).collect())
        });
    })
}

/// The named locations, where an enforced policy speaks of any; who speaks of none needs none to be judged.
pub(super) fn named_locations<T: Side>(
    asking: &Asking<'_>,
    policies: Need,
    tenant: &TenantFacts,
    wave: &mut Wave<T>,
) -> Step {
    if asking.waits_for(policies) {
        return Step::NotYet;
    }
    let settle = |fact: Fact<Vec<NamedLocation>>| settled(move |facts| T::tenant(facts).named_locations = fact);
    match tenant.conditional_access.read() {
        Ok((policies, _)) if policies.iter().any(|policy| Policy::stored(policy).names_places()) => {}
        Ok((_, calls)) => {
            return settle(Fact::Known {
                value: Vec::new(),
                calls: calls.clone(),
            });
        }
        Err(blind) => return settle(Fact::Unknown(Blind::depends_on(blind))),
    }
    let ticket = wave.ask(policies::named_locations());
    asked::<T>(move |answers, facts| {
        T::tenant(facts).named_locations = fact(answers.take(ticket), |locations| {
            Ok(locations.into_iter().map(named_location).collect())
        });
    })
}

/// Countries tell locations apart only when they are found by the address alone, and none is found without.
fn named_location(location: policies::NamedLocation) -> NamedLocation {
    let by_address = location
        .country_lookup_method
        .is_none_or(|method| method == policies::CountryLookup::ClientIpAddress);
    let unknown_too = location.include_unknown_countries_and_regions != Some(false);
    NamedLocation {
        id: location.id,
        name: location.display_name.unwrap_or_default(),
        trusted: location.is_trusted == Some(true),
        countries: location.countries_and_regions.filter(|_| by_address && !unknown_too),
    }
}

pub(super) fn methods_policy<T: Side>(wave: &mut Wave<T>) -> Step {
    let ticket = wave.ask(authentication::methods_policy());
    asked::<T>(move |answers, facts| {
        T::tenant(facts).methods_policy = fact(answers.take(ticket), |policy| {
            let configurations = policy
                .authentication_method_configurations
                .or_absent("authenticationMethodConfigurations")?;
            configurations.into_iter().map(method_policy).collect()
        });
    })
}

/// The partner tenant's policy where both are one tenant: it was asked for once, as the home tenant's.
pub(super) fn same_policy(need: Need, facts: &mut Facts) {
    let (home, partner) = (&facts.tenant, &mut facts.partner.tenant);
    match need {
        Need::SecurityDefaults => partner.security_defaults = home.security_defaults.clone(),
        Need::ConditionalAccess => partner.conditional_access = home.conditional_access.clone(),
        Need::NamedLocations => partner.named_locations = home.named_locations.clone(),
        Need::MethodsPolicy => partner.methods_policy = home.methods_policy.clone(),
        _ => {}
    }
}

/// The configuration of a provider of another vendor (Microsoft Graph, `externalAuthenticationMethodConfiguration`).
const EXTERNAL: &str = "#microsoft.graph.externalAuthenticationMethodConfiguration";

fn method_policy(method: authentication::MethodConfiguration) -> Result<MethodPolicy, Absent> {
    let ids = |targets: Vec<authentication::MethodTarget>| targets.into_iter().map(|target| target.id).collect();
    Ok(MethodPolicy {
        id: method.id,
        external: method.kind.as_deref() == Some(EXTERNAL),
        enabled: method.state == authentication::MethodState::Enabled,
        include: ids(method.include_targets.or_absent("includeTargets")?),
        exclude: ids(method.exclude_targets.or_absent("excludeTargets")?),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{log, method_policy, sign_in};

    fn configuration(kind: &str) -> Value {
        json!({"@odata.type": kind, "id": "0ff1ce00-0000-4000-8000-00000000aaaa", "state": "disabled",
               "includeTargets": [{"id": "all_users", "targetType": "group"}], "excludeTargets": []})
    }

    #[test]
    fn a_provider_of_another_vendor_is_told_apart() {
        for (kind, external) in [
            ("#microsoft.graph.externalAuthenticationMethodConfiguration", true),
            ("#microsoft.graph.fido2AuthenticationMethodConfiguration", false),
        ] {
            let read = method_policy(serde_json::from_value(configuration(kind)).unwrap()).unwrap();
            assert_eq!((read.external, read.enabled), (external, false), "{kind}");
        }
    }

    #[test]
    fn a_sign_in_keeps_its_client() {
        for (said, kept) in [
            (json!("Other clients"), Some("Other clients")),
            (json!(""), None),
            (Value::Null, None),
        ] {
            let entry: log::SignIn = serde_json::from_value(json!({
                "id": "1", "createdDateTime": "2026-11-22T04:00:00Z", "clientAppUsed": said,
                "authenticationRequirement": "singleFactorAuthentication", "status": {"errorCode": 0}}))
            .unwrap();
            assert_eq!(sign_in(entry).unwrap().client.as_deref(), kept);
        }
    }
}
