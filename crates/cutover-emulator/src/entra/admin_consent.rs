//! `…/adminconsent`: an administrator lets an application into the whole tenant.

use http::StatusCode;

use super::application::PAGE_REFUSAL;
use super::authorize::{Admission, Request, admission};
use super::error::Refusal;
use super::form::{ClaimsRequest, Form};
use super::person::{Person, Way};
use super::scope::Wanted;
use super::visit::{self, Visit};
use super::{Version, consent, page};
use crate::audit::By;
use crate::emulator::Emulator;
use crate::exchange::{Call, Reply};
use crate::world::first_party::GRAPH;

/// The page, or the redirect with which it ends (Entra documents: v2-admin-consent).
pub(super) fn answer(emulator: &Emulator, call: &Call, version: Version, any_tenant: bool) -> Reply {
    let query = Form::of_query(call);
    let emulator = &match any_tenant {
        true => visit::place(emulator, call, &query),
        false => emulator.clone(),
    };
    let request = match Request::of(emulator, &query) {
        Ok(request) => request,
        Err(refusal) => return page::refusal(PAGE_REFUSAL, &refusal),
    };
    let wanted = match what(emulator, call, &request, version) {
        Ok(wanted) => wanted,
        Err(refusal) => return page::refusal(PAGE_REFUSAL, &refusal),
    };
    let visit = Visit::of(emulator, call, query.get("login_hint"), false);
    if visit.declines || visit.consent == Some(false) {
        let text = "The admin canceled the request".to_owned();
        return request.redirect(&[("error", "permission_denied".to_owned()), ("error_description", text)]);
    }
    if visit.who.is_none() {
        return visit.ask_who(emulator, call, query.get("login_hint"), &[]);
    }
    match decide(emulator, call, &request, &visit, &wanted) {
        Ok(Some(page)) => page,
        Ok(None) => {
            let tenant = emulator.read(|state| state.tenant.id.clone());
            let mut fields = vec![("admin_consent", "True".to_owned()), ("tenant", tenant)];
            if let (Version::V2, Some(scope)) = (version, query.get("scope")) {
                fields.push(("scope", scope.to_owned()));
            }
            request.redirect(&fields)
        }
        Err(refusal) => page::refusal(StatusCode::OK, &refusal),
    }
}

/// What an administrator is asked to give: resource and delegated permissions there.
struct Asked {
    resource: String,
    scopes: Vec<String>,
    /// Whether the application permissions of the registration go along.
    roles: bool,
}

/// The first generation means everything the registration lists, and so does `.default`; otherwise the scopes named.
fn what(emulator: &Emulator, call: &Call, request: &Request<'_>, version: Version) -> Result<Vec<Asked>, Refusal> {
    let app = &request.app;
    let named = match version {
        Version::V1 => None,
        Version::V2 => {
            let scope = request.query.need("scope")?;
            let wanted = emulator.read(|state| Wanted::of_scope(state, call, scope))?;
            Some(wanted).filter(|wanted| !wanted.scopes.is_empty())
        }
    };
    if let Some(wanted) = named {
        return Ok(vec![Asked {
            resource: wanted.resource,
            scopes: wanted.scopes,
            roles: false,
        }]);
    }
    Ok(emulator.read(|state| {
        let resources = consent::registered_resources(state, app).into_iter();
        resources
            .map(|resource| Asked {
                scopes: consent::registered(state, app, &resource, "Scope"),
                resource,
                roles: true,
            })
            .collect()
    }))
}

/// The next page; none when everything is given.
fn decide(
    emulator: &Emulator,
    call: &Call,
    request: &Request<'_>,
    visit: &Visit,
    wanted: &[Asked],
) -> Result<Option<Reply>, Refusal> {
    let app = &request.app;
    let who = visit.who.as_deref().unwrap_or_default();
    let (person, judged, administrator) = emulator.read(|state| {
        let person = Person::find(state, who, visit.mfa == Some(true))?;
        let judged = person.admit(state, app, GRAPH, Way::Page, emulator.clock().now());
        let administrator = consent::is_administrator(state, &person, emulator.clock().now());
        Ok::<_, Refusal>((person, judged, administrator))
    })?;
    if let Admission::AskForMfa = admission(visit, &person, judged, &ClaimsRequest::default())? {
        return Ok(Some(page::second_factor(&call.target(), &person.upn, &visit.said())));
    }
    if !administrator {
        return Err(emulator.read(|state| consent::needs_administrator(state, app)));
    }
    if visit.consent.is_none() {
        let all = |asked: &Asked| {
            let mut names = asked.scopes.clone();
            if asked.roles {
                names.extend(emulator.read(|state| consent::registered(state, app, &asked.resource, "Role")));
            }
            names
        };
        let names: Vec<String> = wanted.iter().flat_map(all).collect();
        let said = visit.said();
        return Ok(Some(page::consent(
            &call.target(),
            &app.name,
            &person.upn,
            &names,
            false,
            &said,
        )));
    }
    let now = emulator.clock().now();
    emulator.write_by(&By::person(&person.upn, &app.app_id), |state| {
        for asked in wanted {
            if !asked.scopes.is_empty() {
                consent::grant(state, app, &asked.resource, None, &asked.scopes);
            }
            if asked.roles {
                consent::assign_roles(state, app, &asked.resource, now);
            }
        }
    });
    Ok(None)
}
