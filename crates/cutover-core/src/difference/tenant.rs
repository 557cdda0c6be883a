//! The scene, the Entra tenant and what people confirmed.

use super::{Entry, Sections, either, entry, one, or_none};
use crate::facts::principal::ServicePrincipal;
use crate::facts::tenant::{SignedIn, TenantFacts};
use crate::facts::{Fact, Facts};
use crate::scene::{InstallDriver, Region, Tier};

pub(super) fn scene(sections: &mut Sections<'_>, facts: &Facts) {
    let scene = &facts.scene;
    let mut entries = vec![
        entry("cloud", "cloud", scene.cloud.name()),
        entry("environment", "environment", &scene.environment_url),
        entry("caller", "caller", scene.caller.to_string()),
        entry("borrower", "borrower", scene.borrower.to_string()),
        entry("service", "service identity", scene.service_identity.to_string()),
        entry(
            "tier",
            "partner tier",
            either(scene.tier == Tier::DirectBill, "1, direct bill", "2, indirect"),
        ),
        entry("region", "region", either(scene.region == Region::Us, "us", "eu")),
        entry("target", "target version", or_none(scene.target.as_ref())),
        entry("core", "core solution", or_none(scene.core_solution.as_ref())),
        entry("install", "way of installing", install(&scene.install)),
    ];
    if let Some(partner) = &scene.partner {
        entries.push(entry("partner", "partner tenant", &partner.tenant));
        let account = partner.integration_account.to_string();
        entries.push(entry("integration", "integration account", account));
    }
    sections.plain("configuration", entries);
}

fn install(driver: &InstallDriver) -> String {
    match driver {
        InstallDriver::ApplicationPackage { unique_name } => {
            let name = unique_name.as_deref().unwrap_or("found by its name");
            format!("application package, {name}")
        }
        InstallDriver::SolutionFile { file } => format!("solution file {file}"),
        InstallDriver::Guided => "guided".to_owned(),
    }
}

/// Who is signed in, and what that token carries.
pub(super) fn sign_in(sections: &mut Sections<'_>, what: impl Into<String>, fact: &Fact<SignedIn>) {
    let names = sections.names;
    sections.fact(what, fact, |signed_in| {
        let mut entries = vec![
            entry("who", "object id", signed_in.object_id.to_string()),
            entry("app", "application", signed_in.app_id.to_string()),
            entry(
                "kind",
                "kind",
                either(signed_in.application, "an application by itself", "a person"),
            ),
            entry(
                "mfa",
                "MFA claim",
                either(signed_in.mfa_claim.is_some(), "in the token", "not in the token"),
            ),
        ];
        let permissions = signed_in.permissions.iter();
        entries.extend(permissions.map(|name| entry(format!("permission {name}"), format!("permission {name}"), "")));
        let roles = signed_in.directory_roles.iter();
        entries.extend(roles.map(|id| entry(format!("role {id}"), format!("directory role {}", names.name(*id)), "")));
        entries
    });
}

/// `of` tells the partner tenant from the tenant: it stands behind what the facts are about.
pub(super) fn tenant(sections: &mut Sections<'_>, of: &str, tenant: &TenantFacts) {
    let about = |what: &str| format!("{what}{of}");
    let names = sections.names;
    sign_in(sections, about("signed-in identity"), &tenant.signed_in);
    sections.fact(about("SKUs"), &tenant.skus, |skus| {
        let skus = skus.iter();
        skus.map(|sku| {
            let state = format!("{}, {} of {} seats in use", sku.status, sku.consumed, sku.seats);
            entry(sku.sku_id, &sku.sku_part_number, state)
        })
        .collect()
    });
    sections.fact(
        about("PIM policy of Global Administrator"),
        &tenant.global_administrator_policy,
        |policy| {
            vec![
                entry("longest", "longest activation", or_none(policy.longest.as_ref())),
                entry("mfa", "MFA", either(policy.mfa, "asked", "not asked")),
                entry(
                    "justification",
                    "justification",
                    either(policy.justification, "asked", "not asked"),
                ),
                entry("ticket", "ticket", either(policy.ticket, "asked", "not asked")),
                entry("approval", "approval", or_none(policy.approval.as_ref())),
            ]
        },
    );
    let apps = [
        ("Work 365 enterprise application", &tenant.work365_app),
        (
            "Work 365 enterprise application of the other data centre",
            &tenant.other_work365_app,
        ),
        ("service principal of Microsoft Graph", &tenant.graph_app),
        ("service principal of Dataverse", &tenant.dataverse_app),
    ];
    for (what, app) in apps {
        sections.fact(about(what), app, |app| application(app.as_ref()));
    }
    sections.fact(about("consent to Work 365"), &tenant.work365_grants, |grants| {
        let grants = grants.iter();
        grants
            .flat_map(|grant| {
                let whose = either(grant.tenant_wide, "for the organisation", "for one person");
                grant.scopes.iter().map(move |scope| {
                    let key = format!("{} {} {scope}", grant.resource, grant.tenant_wide);
                    entry(key, format!("{scope} of {}", names.name(grant.resource)), &whose)
                })
            })
            .collect()
    });
    sections.fact(about("security defaults"), &tenant.security_defaults, |on| {
        one(either(*on, "on", "off"))
    });
    sections.fact(
        about("Conditional Access policies"),
        &tenant.conditional_access,
        |policies| {
            let policies = policies.iter();
            policies
                .map(|policy| Entry {
                    detail: Some(policy.policy.clone()),
                    ..entry(&policy.id, &policy.name, &policy.state)
                })
                .collect()
        },
    );
    sections.fact(about("named locations"), &tenant.named_locations, |places| {
        let places = places.iter();
        places
            .map(|place| {
                let countries = place.countries.as_ref().map(|countries| countries.join(", "));
                let trusted = either(place.trusted, "trusted", "not trusted");
                entry(
                    &place.id,
                    &place.name,
                    format!("{trusted}, countries {}", or_none(countries.as_ref())),
                )
            })
            .collect()
    });
    sections.fact(
        about("authentication methods policy"),
        &tenant.methods_policy,
        |methods| {
            let methods = methods.iter();
            methods
                .map(|method| {
                    let state = match (method.enabled, method.exclude.as_slice()) {
                        (false, _) => "off".to_owned(),
                        (true, []) => format!("on for {}", method.include.join(", ")),
                        (true, out) => format!("on for {} but {}", method.include.join(", "), out.join(", ")),
                    };
                    let whose = if method.external { "of another provider, " } else { "" };
                    entry(&method.id, &method.id, format!("{whose}{state}"))
                })
                .collect()
        },
    );
}

/// An enterprise application, or that there is none.
pub(super) fn application(app: Option<&ServicePrincipal>) -> Vec<Entry> {
    let Some(app) = app else {
        return one("not in the tenant");
    };
    let state = either(app.enabled, "enabled", "disabled");
    vec![
        entry("", "", format!("{} ({}), {state}", app.display_name, app.app_id)),
        entry("id", "object id", app.id.to_string()),
    ]
}

pub(super) fn attestations(sections: &mut Sections<'_>, facts: &Facts) {
    let all = facts.attestations.iter();
    let entries = all.map(|attestation| {
        let name = format!("{} by {} at {}", attestation.code, attestation.by, attestation.at);
        let state = format!("version {}: {}", attestation.version, attestation.seen);
        entry(&name, &name, state)
    });
    sections.plain("attestations", entries.collect());
}
