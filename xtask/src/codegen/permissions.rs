//! `docs/reference/permissions.md`: what a sign-in must be allowed, from the calls themselves.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use anyhow::{Context, Result};
use cutover_clients::{CallSpec, Lane, Permission};
use cutover_core::evidence::Service;
use cutover_core::{Check, Pack};
use cutover_runner::collect::{calls_in_home_tenant, calls_in_partner_tenant, calls_of};

use super::Generated;

pub(super) fn files() -> Result<Vec<Generated>> {
    let mut page =
        String::from("# Permissions\n\nA check reads and never writes. These are all the calls it may make.\n");
    page.push_str(&least(
        &of_all_checks(calls_in_home_tenant)?,
        &of_all_checks(calls_in_partner_tenant)?,
    ));
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

/// The calls behind every requirement of the pack, or those of them in one tenant.
fn of_all_checks(of_check: fn(&Check, &Pack) -> Vec<&'static CallSpec>) -> Result<Vec<&'static CallSpec>> {
    let pack = Pack::work365().context("the built-in pack is wrong")?;
    let checks = pack
        .requirement
        .iter()
        .filter_map(|requirement| cutover_core::checks::find(requirement.code));
    let mut calls: Vec<&CallSpec> = checks.flat_map(|check| of_check(check, &pack)).collect();
    calls.sort_by_key(|call| (call.service, call.path, call.about));
    calls.dedup();
    Ok(calls)
}

const PRIVILEGES: &str = "Privileges of the Dataverse security role, organisation-wide";

/// The least that a sign-in needs for everything that `cutover check` looks at.
fn least(home: &[&CallSpec], partner: &[&CallSpec]) -> String {
    let privileges: BTreeSet<&str> = home
        .iter()
        .flat_map(|call| call.permission.privileges)
        .copied()
        .collect();
    let mut text = String::from(
        "\n## Enough for a full check\n\n\
         None of these can be left out without replacing it by another. What is left out turns exactly the checks that need \
         it into *unknown*, with the name of what is lacking. A sign-in that checks less needs less: `cutover explain CODE` \
         names the least permission of each call behind one requirement.\n",
    );
    for (title, all) in [
        (
            "Application permissions of Microsoft Graph, for a sign-in with secret or certificate",
            fewest(home, GRAPH, |permission| permission.application),
        ),
        (
            "Delegated permissions of Microsoft Graph, for a signed-in person",
            fewest(home, GRAPH, |permission| permission.delegated),
        ),
        (PRIVILEGES, privileges),
        (
            "Delegated permissions of the Power Platform API, for a signed-in person; an application is registered there instead",
            fewest(home, &[Service::PowerPlatform], |permission| permission.delegated),
        ),
        (
            "Application permissions of Microsoft Graph in the partner tenant, where it is another one",
            fewest(partner, GRAPH, |permission| permission.application),
        ),
        (
            "Delegated permissions of Partner Center, for the person who signs in there",
            fewest(partner, &[Service::PartnerCenter], |permission| permission.delegated),
        ),
    ] {
        let _ = write!(text, "\n### {title}\n\n");
        for one in all {
            let _ = writeln!(text, "- `{one}`");
        }
        if title == PRIVILEGES {
            // A privilege whose name each environment has its own of can only be described.
            let described: BTreeSet<&str> = home
                .iter()
                .filter(|call| call.service == Service::Dataverse && call.permission.privileges.is_empty())
                .filter_map(|call| call.permission.note)
                .collect();
            for one in described {
                let _ = writeln!(text, "- {one}");
            }
        }
    }
    text
}

/// The application permissions of Microsoft Graph that suffice for a full check.
///
/// # Errors
/// When the built-in pack is wrong.
pub fn application_permissions() -> Result<Vec<&'static str>> {
    Ok(
        fewest(&of_all_checks(calls_of)?, GRAPH, |permission| permission.application)
            .into_iter()
            .collect(),
    )
}

/// What Microsoft Graph's permissions are for.
const GRAPH: &[Service] = &[Service::Graph, Service::GraphBeta];

/// A set with something of each call's lists, from which nothing can be left out. It starts with the least permission
/// of each call and drops those that another one, needed anyway, makes superfluous.
fn fewest(
    calls: &[&CallSpec],
    services: &[Service],
    main: fn(&Permission) -> &'static [&'static str],
) -> BTreeSet<&'static str> {
    let lists: Vec<&[&str]> = calls
        .iter()
        .filter(|call| services.contains(&call.service))
        .flat_map(|call| [main(call.permission), call.permission.also])
        .filter(|list| !list.is_empty())
        .collect();
    let mut set: BTreeSet<&str> = lists.iter().filter_map(|list| list.first().copied()).collect();
    let mut by_use: Vec<&str> = set.iter().copied().collect();
    by_use.sort_by_key(|one| lists.iter().filter(|list| list.contains(one)).count());
    for one in by_use {
        set.remove(one);
        if !lists.iter().all(|list| list.iter().any(|other| set.contains(other))) {
            set.insert(one);
        }
    }
    set
}

fn scopes(calls: &[&CallSpec]) -> String {
    let mut text = String::from(
        "The least permission comes first; any one of a list suffices, and `and` joins two lists of which one each is needed.\n\n\
         | call | tells | application | delegated | besides | source |\n|---|---|---|---|---|---|\n",
    );
    for call in calls {
        let permission = call.permission;
        let lane = match call.lane {
            Lane::General => "",
            Lane::ConditionalAccess => "one request a second per tenant",
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
                besides.join("; "),
                permission.source.to_owned(),
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
        let privileges: Vec<String> = permission.privileges.iter().map(|one| format!("`{one}`")).collect();
        row(
            &mut text,
            &[
                format!("`{} {}`", call.method, call.path),
                call.about.to_owned(),
                privileges.join(" and "),
                permission.note.unwrap_or_default().to_owned(),
                permission.source.to_owned(),
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
