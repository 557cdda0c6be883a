//! The second person: who signs in beside the caller, sees what is to be done, and approves this very plan.
//!
//! What makes it worth anything is that nobody approves for somebody else: the person proves who it is to the tenant of the plan, by
//! a sign-in of its own that no other command shares and that nothing keeps.

use std::sync::Arc;

use clap::{Args, ValueEnum};
use cutover_clients::graph::UserKey;
use cutover_clients::tokens::{Person, TokenClaims, Way};
use cutover_clients::{Api, Clients};
use cutover_core::Plan;
use cutover_core::machine::What;
use cutover_runner::user;
use uuid::Uuid;

use crate::output::{escape, stream};
use crate::session::{Session, advice};
use crate::terminal::{self, Terminal};
use crate::{Global, Stop, chain};

/// Whether somebody else has to approve, and how that person signs in.
#[derive(Debug, Args)]
pub(crate) struct ApproverOptions {
    /// A second person who has to sign in and approve this very plan: user principal name or object id
    #[arg(long, value_name = "USER")]
    pub(crate) approve_by: Option<UserKey>,
    /// How that person signs in
    #[arg(long, value_name = "METHOD", default_value = "device-code", requires = "approve_by")]
    approver_sign_in: ApproverSignIn,
}

/// Ways for a second person to sign in: those that ask a person, since anything else would prove the caller again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ApproverSignIn {
    /// On any device, by a code.
    DeviceCode,
    /// In the browser of this machine.
    Browser,
}

/// Has the person who is named approve the plan; what is to be journalled of that.
///
/// # Errors
/// When it is not another person of the same tenant who signs in and says yes. Nothing was started then.
pub(crate) async fn approved(
    plan: &Plan,
    session: &Session,
    global: &Global,
    named: &UserKey,
    options: &ApproverOptions,
) -> Result<What, Stop> {
    let expected = expected(plan, session, named).await?;
    if global.non_interactive {
        return Err(refused(
            "a second person has to approve it, and --non-interactive forbids to ask",
            "leave --non-interactive out",
        ));
    }
    let application = session.application.ok_or_else(|| {
        refused(
            "a second person has to sign in, and no application is named for that",
            "set sign_in.client_id to the application that people sign in with",
        )
    })?;
    stream::error(&asked(plan, &expected), global.plain);
    let way = match options.approver_sign_in {
        ApproverSignIn::DeviceCode => Way::DeviceCode,
        ApproverSignIn::Browser => Way::Browser,
    };
    let prompt = Arc::new(Terminal {
        to: format!(
            "the tenant {} as {}, to approve the plan",
            plan.scene.tenant,
            escape::line(&expected.name)
        ),
    });
    // Nothing keeps this sign-in: it serves this approval alone.
    let person = Person::new(application, way, Some(prompt)).with_hint(Some(expected.name.clone()));
    let clients = Clients::new(
        session.clients.connection().clone(),
        session.clients.tenant(),
        Arc::new(person),
    );
    let claims = clients.claims(Api::Graph).await.map_err(|error| {
        let hint = advice(&error);
        Stop::usage(format!(
            "error: {} did not sign in to approve the plan: {}: nothing was started{hint}",
            escape::line(&expected.name),
            chain(&error)
        ))
    })?;
    let tenant = (plan.scene.tenant_id, plan.scene.tenant.as_str());
    is_expected(tenant, plan.caller.object_id, &expected, &claims)?;
    let question = format!("{}: approve {}? type yes to approve", expected.name, plan.digest);
    let answer = terminal::ask(&question, None).unwrap_or_default();
    if answer != "yes" {
        return Err(refused(
            &format!("{} did not approve it", expected.name),
            "apply it again when it is agreed on",
        ));
    }
    Ok(What::Approved {
        digest: plan.digest.clone(),
        object_id: expected.id,
        by: expected.name,
    })
}

/// Who has to sign in.
struct Expected {
    id: Uuid,
    name: String,
}

/// The person that is named, by the directory of the tenant: nobody is asked in vain.
async fn expected(plan: &Plan, session: &Session, named: &UserKey) -> Result<Expected, Stop> {
    let found = user(&session.clients, named).await;
    let found = match found.value() {
        Ok(Some(found)) => found,
        Ok(None) => {
            return Err(refused(
                &format!("{named}, who has to approve it, does not exist in the tenant"),
                "--approve-by takes a user principal name or an object id",
            ));
        }
        Err(blind) => {
            return Err(refused(
                &format!(
                    "{named}, who has to approve it, could not be looked up: {}",
                    blind.message
                ),
                "see whether the sign-in may read users: cutover whoami",
            ));
        }
    };
    let expected = Expected {
        id: found.id,
        name: found.user_principal_name.clone(),
    };
    match expected.id == plan.caller.object_id {
        true => Err(same_person(&expected)),
        false => Ok(expected),
    }
}

/// Whoever signed in is the person that is named, in this tenant.
fn is_expected(
    (tenant_id, tenant): (Uuid, &str),
    caller: Uuid,
    expected: &Expected,
    claims: &TokenClaims,
) -> Result<(), Stop> {
    let who = claims.who();
    if claims.tid != tenant_id {
        return Err(refused(
            &format!("{who} signed in to approve it in another tenant, {}", claims.tid),
            &format!("{} has to sign in to {tenant}", expected.name),
        ));
    }
    if claims.is_application() {
        return Err(refused(
            &format!("an application signed in to approve it: {who}"),
            "a person has to approve it",
        ));
    }
    if claims.oid == Some(caller) {
        return Err(same_person(expected));
    }
    match claims.oid == Some(expected.id) {
        true => Ok(()),
        false => Err(refused(
            &format!("{who} signed in to approve it, and {} has to", expected.name),
            "sign out there first, or name with --approve-by who is to approve it",
        )),
    }
}

fn same_person(expected: &Expected) -> Stop {
    refused(
        &format!(
            "{} carries the plan out, and nobody approves an own plan",
            expected.name
        ),
        "a second person has to sign in: name one with --approve-by",
    )
}

fn refused(why: &str, hint: &str) -> Stop {
    Stop::usage(format!(
        "error: the plan was not approved: {}: nothing was started\n  hint: {}",
        escape::line(why),
        escape::line(hint)
    ))
}

/// What the second person is shown before signing in: names are whatever the tenant says, so each line is made safe by itself.
fn asked(plan: &Plan, expected: &Expected) -> String {
    let (caller, scene) = (&plan.caller.name, &plan.scene);
    let head = format!(
        "{} is asked to approve this plan, which {caller} would carry out in {}, {}:",
        expected.name, scene.tenant, scene.environment_url
    );
    let steps = plan.steps.iter().map(|step| {
        let sign = if step.loan.is_some() { "lend   " } else { "change " };
        format!("  {sign}{}", step.action.describe().does())
    });
    let loans = plan.loans().count();
    let changes = plan.steps.len() - loans;
    let why = format!(
        "  {changes} lasting change(s), {loans} loan(s) that come back; why: {}",
        plan.justification
    );
    let lines = [head]
        .into_iter()
        .chain(steps)
        .chain([why, format!("  {}", plan.digest)]);
    let lines: Vec<String> = lines.map(|line| escape::line(&line).into_owned()).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests;
