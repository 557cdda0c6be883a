//! The partner's side: groups and applications of its tenant, and Partner Center.

use std::collections::BTreeSet;

use cutover_clients::graph::{applications as registered, groups as named, service_principals};
use cutover_clients::partner_center::{agreement_status, organization_profile, relationships as partners};
use cutover_clients::tenancy::Partner;
use cutover_clients::{Failure, Wave};
use cutover_core::evidence::Call;
use cutover_core::facts::partner::{
    AgentGroup, Agreement, AppRegistration, PartnerFacts, PartnerOrganization, Relationship,
};
use cutover_core::facts::principal::PrincipalFacts;
use cutover_core::facts::tenant::TenantFacts;
use cutover_core::facts::{Blind, Fact, Facts, Reason};
use cutover_core::pack::Pack;
use cutover_core::scene::PartnerScene;

use super::people::service_principal;
use super::sign_in::AtPartnerCenter;
use super::{Asking, Step, asked, settled};
use crate::blind::{Absent, OrAbsent, fact, fact_or_absent};

/// The groups of every role set of the pack, so that a set the partner has instead of the chosen one is seen, too.
pub(super) fn agent_groups(pack: &Pack, wave: &mut Wave<Partner>) -> Step {
    let names: BTreeSet<&str> = pack
        .partner_center
        .role_set
        .iter()
        .flat_map(|set| &set.groups)
        .map(String::as_str)
        .collect();
    let ticket = wave.ask(named::by_names(&names.into_iter().collect::<Vec<_>>()));
    asked::<Partner>(move |answers, facts| {
        facts.partner.agent_groups = fact(answers.take(ticket), |groups| {
            let read = |group: named::NamedGroup| {
                Ok(AgentGroup {
                    id: group.id,
                    name: group.display_name.or_absent("displayName")?,
                    security: group.security_enabled.or_absent("securityEnabled")?,
                })
            };
            groups.into_iter().map(read).collect()
        });
    })
}

/// What Conditional Access policies of the partner tenant know the Partner Center API by.
pub(super) fn partner_center_app(pack: &Pack, wave: &mut Wave<Partner>) -> Step {
    let ticket = wave.ask(service_principals::service_principal(pack.partner_center.api));
    asked::<Partner>(move |answers, facts| {
        facts.partner.partner_center_app = fact_or_absent(answers.take(ticket), service_principal);
    })
}

/// Which API an application asks for cannot be filtered, so that all registrations come and what has nothing to do with a
/// native app for Partner Center is dropped here.
pub(super) fn native_apps(pack: &Pack, wave: &mut Wave<Partner>) -> Step {
    let api = pack.partner_center.api;
    let ticket = wave.ask(registered::applications());
    asked::<Partner>(move |answers, facts| {
        facts.partner.applications = fact(answers.take(ticket), |applications| {
            let mut kept = Vec::new();
            for application in applications {
                let read = registration(application)?;
                if read.public_client || read.asks_for.contains(&api) {
                    kept.push(read);
                }
            }
            Ok(kept)
        });
    })
}

fn registration(application: registered::Application) -> Result<AppRegistration, Absent> {
    let asked = application
        .required_resource_access
        .or_absent("requiredResourceAccess")?;
    let redirects = application.public_client.and_then(|client| client.redirect_uris);
    Ok(AppRegistration {
        app_id: application.app_id,
        name: application.display_name.unwrap_or_default(),
        public_client: application.is_fallback_public_client == Some(true)
            || redirects.is_some_and(|redirects| !redirects.is_empty()),
        asks_for: asked.into_iter().map(|access| access.resource_app_id).collect(),
    })
}

/// What Partner Center tells a person only, who signed in with a second factor. Others are refused with errors that might as well
/// mean something else, so nothing is asked for them.
fn told_to_persons(asking: &Asking<'_>, none: impl FnOnce(&mut Facts, Blind) + Send + 'static) -> Result<(), Step> {
    let (message, lacking) = match asking.at_partner_center {
        AtPartnerCenter { application: true, .. } => (
            "Partner Center tells this only to a person who is signed in, and the sign-in is that of an application",
            crate::blind::PERSON,
        ),
        AtPartnerCenter { without_mfa: true, .. } => (
            "Partner Center asks for multifactor authentication, and this sign-in was without it: nothing was asked there",
            "a sign-in with multifactor authentication",
        ),
        _ => return Ok(()),
    };
    let blind = Blind {
        reason: Reason::MissingPermission,
        message: message.to_owned(),
        lacking: vec![lacking.to_owned()],
        call: sign_in_call(asking).map(Box::new),
    };
    Err(settled(move |facts| none(facts, blind)))
}

/// The request that showed who is signed in.
fn sign_in_call(asking: &Asking<'_>) -> Option<Call> {
    let (_, calls) = asking.facts.partner.tenant.signed_in.read().ok()?;
    calls.as_slice().first().cloned()
}

/// Partner Center's code for a sign-in that was made without MFA (Microsoft, "Partner Center REST error codes").
const WITHOUT_MFA: &str = "900421";

pub(super) fn organization(asking: &Asking<'_>, wave: &mut Wave<Partner>) -> Step {
    // The token's own word counts for the sign-in that it is of.
    let by_token = sign_in_call(asking).filter(|_| asking.at_partner_center.without_mfa);
    let none = |facts: &mut Facts, blind: Blind| {
        facts.partner.organization = Fact::Unknown(blind.clone());
        facts.partner.mfa_compliant = match by_token {
            Some(call) => Fact::known(Some(false), call),
            None => Fact::Unknown(blind),
        };
    };
    if let Err(step) = told_to_persons(asking, none) {
        return step;
    }
    let ticket = wave.ask(organization_profile::organization_profile());
    asked::<Partner>(move |answers, facts| {
        facts.partner.organization = fact(answers.take(ticket), |profile| {
            Ok(PartnerOrganization {
                company: profile.company_name.unwrap_or_default(),
                tenant_id: profile.tenant_id,
            })
        });
        let answer = answers.take(ticket);
        facts.partner.mfa_compliant = match &answer.result {
            // That refusal is Partner Center's word as well.
            Err(Failure::Explained { code, .. }) if code == WITHOUT_MFA => {
                Fact::known(Some(false), answer.call.clone())
            }
            _ => fact(answer, |profile| Ok(profile.is_mfa_compliant)),
        };
    })
}

pub(super) fn relationships(asking: &Asking<'_>, wave: &mut Wave<Partner>) -> Step {
    let none = |facts: &mut Facts, blind: Blind| {
        facts.partner.resellers = Fact::Unknown(blind.clone());
        facts.partner.providers = Fact::Unknown(blind);
    };
    if let Err(step) = told_to_persons(asking, none) {
        return step;
    }
    let resellers = wave.ask(partners::indirect_resellers());
    let providers = wave.ask(partners::indirect_providers());
    let read = |all: Vec<partners::Relationship>| {
        let one = |one: partners::Relationship| {
            Ok(Relationship {
                id: one.id,
                name: one.name.unwrap_or_default(),
                state: one.state.or_absent("the state of a relationship")?,
            })
        };
        all.into_iter().map(one).collect()
    };
    asked::<Partner>(move |answers, facts| {
        facts.partner.resellers = fact(answers.take(resellers), read);
        facts.partner.providers = fact(answers.take(providers), read);
    })
}

pub(super) fn agreement(asking: &Asking<'_>, partner: &PartnerScene, wave: &mut Wave<Partner>) -> Step {
    if let Err(step) = told_to_persons(asking, |facts, blind| facts.partner.agreement = Fact::Unknown(blind)) {
        return step;
    }
    let ticket = wave.ask(agreement_status::agreement_status(partner.tenant_id));
    asked::<Partner>(move |answers, facts| {
        facts.partner.agreement = fact(answers.take(ticket), |agreement| {
            Ok(Agreement {
                signed: agreement.is_agreement_signed.or_absent("isAgreementSigned")?,
            })
        });
    })
}

/// Makes everything unknown that would have been asked in the partner tenant, because there is nobody to sign in as.
pub(super) fn without_sign_in(partner: &PartnerScene, facts: &mut Facts) {
    let blind = Blind {
        reason: Reason::NotSignedIn,
        message: format!("nothing proves a sign-in to the partner tenant {}", partner.tenant),
        lacking: vec!["a secret, certificate or refresh token for the partner tenant".to_owned()],
        call: None,
    };
    facts.partner = PartnerFacts {
        tenant: TenantFacts {
            signed_in: Fact::Unknown(blind.clone()),
            security_defaults: Fact::Unknown(blind.clone()),
            conditional_access: Fact::Unknown(blind.clone()),
            named_locations: Fact::Unknown(blind.clone()),
            methods_policy: Fact::Unknown(blind.clone()),
            ..TenantFacts::default()
        },
        integration: PrincipalFacts {
            account: Fact::Unknown(blind.clone()),
            licences: Fact::Unknown(blind.clone()),
            active_roles: Fact::Unknown(blind.clone()),
            role_groups: Fact::Unknown(blind.clone()),
            groups: Fact::Unknown(blind.clone()),
            role_assignments: Fact::Unknown(blind.clone()),
            role_eligibilities: Fact::Unknown(blind.clone()),
            methods: Fact::Unknown(blind.clone()),
            registration: Fact::Unknown(blind.clone()),
            per_user_mfa: Fact::Unknown(blind.clone()),
            sign_ins: Fact::Unknown(blind.clone()),
            ..PrincipalFacts::default()
        },
        directory_sign_in: Fact::Unknown(blind.clone()),
        agent_groups: Fact::Unknown(blind.clone()),
        partner_center_app: Fact::Unknown(blind.clone()),
        applications: Fact::Unknown(blind.clone()),
        organization: Fact::Unknown(blind.clone()),
        mfa_compliant: Fact::Unknown(blind.clone()),
        resellers: Fact::Unknown(blind.clone()),
        providers: Fact::Unknown(blind.clone()),
        agreement: Fact::Unknown(blind),
    };
}
