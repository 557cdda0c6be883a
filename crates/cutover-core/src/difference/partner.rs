//! The partner's side.

use super::{Sections, either, entry, one, or_none, person, tenant};
use crate::facts::Facts;
use crate::facts::partner::Relationship;

pub(super) fn partner(sections: &mut Sections<'_>, facts: &Facts) {
    let partner = &facts.partner;
    let account = match &facts.scene.partner {
        Some(scene) => format!("the integration account {}", scene.integration_account),
        None => "the integration account".to_owned(),
    };
    person::person(sections, &account, &partner.integration);
    tenant::tenant(sections, " in the partner tenant", &partner.tenant);
    let what = "identity signed in to the directory of the partner tenant";
    tenant::sign_in(sections, what, &partner.directory_sign_in);
    sections.fact("agents' groups", &partner.agent_groups, |groups| {
        let groups = groups.iter();
        groups
            .map(|group| {
                entry(
                    group.id,
                    &group.name,
                    either(group.security, "a security group", "no security group"),
                )
            })
            .collect()
    });
    sections.fact(
        "service principal of the Partner Center API",
        &partner.partner_center_app,
        |app| tenant::application(app.as_ref()),
    );
    sections.fact("application registrations", &partner.applications, |apps| {
        let apps = apps.iter();
        apps.map(|app| {
            let asked: Vec<String> = app.asks_for.iter().map(ToString::to_string).collect();
            let public = either(app.public_client, "a public client", "no public client");
            entry(
                app.app_id,
                &app.name,
                format!("{public}, asks for {}", asked.join(", ")),
            )
        })
        .collect()
    });
    sections.fact(
        "organisation in Partner Center",
        &partner.organization,
        |organization| {
            vec![
                entry("company", "company", &organization.company),
                entry("tenant", "tenant", or_none(organization.tenant_id.as_ref())),
            ]
        },
    );
    sections.fact(
        "MFA of the sign-in to Partner Center",
        &partner.mfa_compliant,
        |compliant| {
            one(match compliant {
                Some(true) => "compliant",
                Some(false) => "not compliant",
                None => "not told",
            })
        },
    );
    let relationship = |other: &Relationship| entry(&other.id, &other.name, &other.state);
    for (what, fact) in [
        ("indirect resellers", &partner.resellers),
        ("indirect providers", &partner.providers),
    ] {
        sections.fact(what, fact, |others| others.iter().map(relationship).collect());
    }
    sections.fact("Microsoft partner agreement", &partner.agreement, |agreement| {
        one(either(agreement.signed, "signed", "not signed"))
    });
}
