//! `docs/reference/permissions.md`: what a sign-in must be allowed, from the calls themselves.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use cutover_clients::{Api, CallSpec, Lane, Permission};
use cutover_core::evidence::Service;
use cutover_core::{Pack, Selection};
use cutover_runner::manifest::{Purpose, Right, Side, SignIn, manifest};

use super::Generated;

pub(super) fn files() -> Result<Vec<Generated>> {
    let mut page =
        String::from("# Permissions\n\nA check reads and never writes. These are all the calls it may make.\n");
    page.push_str(&least()?);
    let services = [
        (Service::Graph, "Microsoft Graph v1.0"),
        (Service::GraphBeta, "Microsoft Graph beta"),
        (Service::Dataverse, "Dataverse Web API v9.2"),
        (Service::PowerPlatform, "Power Platform API"),
        (Service::PartnerCenter, "Partner Center REST API"),
    ];
    for (service, name) in services {
        let calls: Vec<&CallSpec> = cutover_clients::calls()
            .filter(|call| call.service == service)
            .collect();
        let _ = write!(page, "\n## {name}\n\n");
        page.push_str(&if service == Service::Dataverse {
            privileges(&calls)
        } else {
            scopes(&calls)
        });
    }
    Ok(vec![Generated::page("docs/reference/permissions.md", &page)])
}

/// The least that a sign-in needs for everything that `cutover check` looks at.
fn least() -> Result<String> {
    let pack = Pack::work365().context("the built-in pack is wrong")?;
    let all = |sign_in| manifest(&pack, None, &Selection::default(), sign_in, Purpose::Reading);
    let mut text = String::from(
        "\n## Enough for a full check\n\n\
         None of these can be left out without replacing it by another. What is left out turns exactly the checks that need \
         it into *unknown*, with the name of what is lacking. A sign-in that checks less needs less, and so does a tenant that \
         some requirements do not concern: `cutover permissions` lists it, with the reason for each, an app manifest and a \
         consent link. `cutover explain CODE` names the least permission of each call behind one requirement.\n",
    );
    for (sign_in, who) in [
        (SignIn::Application, "An application, with secret or certificate"),
        (SignIn::Person, "A signed-in person"),
    ] {
        for tenant in all(sign_in).tenants {
            let place = match tenant.sides.as_slice() {
                [Side::Partner] => " in the partner tenant, where it is another one",
                _ => "",
            };
            let _ = write!(text, "\n### {who}{place}\n");
            let mut last = "";
            for entry in &tenant.entries {
                let (heading, name) = shown(entry.right);
                if heading != last {
                    let _ = write!(text, "\n{heading}:\n\n");
                    last = heading;
                }
                let _ = writeln!(text, "- {name}");
            }
        }
    }
    Ok(text)
}

/// A right on the page: under which heading, and its name.
fn shown(right: Right) -> (&'static str, String) {
    let code = |name: &str| format!("`{name}`");
    match right {
        Right::Application(_, name) => ("Application permissions of Microsoft Graph", code(name)),
        Right::Delegated(Api::Graph | Api::GraphBeta, name) => ("Delegated permissions of Microsoft Graph", code(name)),
        Right::Delegated(Api::Dataverse, name) => ("Delegated permission of Dataverse", code(name)),
        Right::Delegated(Api::PowerPlatform, name) => ("Delegated permissions of the Power Platform API", code(name)),
        Right::Delegated(Api::PartnerCenter, name) => (
            "Delegated permission of Partner Center, for the person who signs in there",
            code(name),
        ),
        Right::DirectoryRole(role) => ("Directory roles, active at sign-in", role.name.to_owned()),
        Right::PartnerCenterRole(name) => ("Role in Partner Center", name.to_owned()),
        Right::Registration => ("Once", "registration of the application with Power Platform".to_owned()),
        Right::Privilege(name) => (PRIVILEGES, code(name)),
        Right::DescribedPrivilege(words) => (PRIVILEGES, words.to_owned()),
    }
}

const PRIVILEGES: &str = "Privileges of the Dataverse security role, organisation-wide";

/// The application permissions of Microsoft Graph that suffice for a full check in one tenant.
///
/// # Errors
/// When the built-in pack is wrong.
pub fn application_permissions() -> Result<Vec<&'static str>> {
    let pack = Pack::work365().context("the built-in pack is wrong")?;
    let tenants = manifest(
        &pack,
        None,
        &Selection::default(),
        SignIn::Application,
        Purpose::Reading,
    )
    .tenants;
    // What is asked of the partner's side too is in it: of one tenant, the Dynamics tenant sees all.
    let home = tenants.iter().filter(|tenant| tenant.sides.contains(&Side::Home));
    let mut names: Vec<&str> = home
        .flat_map(|tenant| &tenant.entries)
        .filter_map(|entry| match entry.right {
            Right::Application(_, name) => Some(name),
            _ => None,
        })
        .collect();
    names.sort_unstable();
    names.dedup();
    Ok(names)
}

fn scopes(calls: &[&CallSpec]) -> String {
    let mut text = String::from(
        "The least permission comes first; any one of a list suffices, and `and` joins two lists of which one each is needed.\n\n\
         | call | tells | application | delegated | role of the person | besides | source |\n|---|---|---|---|---|---|---|\n",
    );
    for call in calls {
        let permission = call.permission;
        let lane = match call.lane {
            Lane::General => "",
            Lane::ConditionalAccess => "one request a second per tenant",
        };
        let roles: Vec<&str> = permission.directory_roles.iter().map(|role| role.name).collect();
        let roles = match roles.is_empty() {
            true => permission.partner_center_roles.join(" or "),
            false => roles.join(" or "),
        };
        let besides: Vec<&str> = permission
            .note
            .into_iter()
            .chain([lane])
            .filter(|text| !text.is_empty())
            .collect();
        row(
            &mut text,
            &[
                format!("`{} {}`", call.method, call.path),
                call.about.to_owned(),
                both(permission.application, permission.also),
                both(permission.delegated, permission.also),
                roles,
                besides.join("; "),
                link(permission),
            ],
        );
    }
    text
}

fn privileges(calls: &[&CallSpec]) -> String {
    let mut text = String::from(
        "A signed-in person also needs the delegated permission `user_impersonation` of Dataverse. An application has no \
         permission to ask for: it is added to the environment as an application user.\n\n\
         | call | tells | privileges | besides | source |\n|---|---|---|---|---|\n",
    );
    for call in calls {
        let permission = call.permission;
        let mut privileges: Vec<String> = permission.privileges.iter().map(|one| format!("`{one}`")).collect();
        privileges.extend(permission.described_privilege.map(str::to_owned));
        row(
            &mut text,
            &[
                format!("`{} {}`", call.method, call.path),
                call.about.to_owned(),
                privileges.join(" and "),
                permission.note.unwrap_or_default().to_owned(),
                link(permission),
            ],
        );
    }
    text
}

fn both(list: &[&str], also: &[&str]) -> String {
    let any = |list: &[&str]| {
        list.iter()
            .map(|one| format!("`{one}`"))
            .collect::<Vec<_>>()
            .join(" or ")
    };
    if also.is_empty() {
        any(list)
    } else {
        format!("({}) and ({})", any(list), any(also))
    }
}

/// Microsoft's page on a call.
fn link(permission: &Permission) -> String {
    let name = permission.source.rsplit('/').next().unwrap_or(permission.source);
    format!("[{name}]({})", permission.source)
}

fn row(text: &mut String, cells: &[String]) {
    let cells: Vec<String> = cells
        .iter()
        .map(|cell| {
            if cell.is_empty() {
                "–".to_owned()
            } else {
                cell.replace('|', "\\|")
            }
        })
        .collect();
    let _ = writeln!(text, "| {} |", cells.join(" | "));
}
