//! `cutover plan`: what would change, in order, before anything is written.

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use clap::{Args, ValueEnum};
use cutover_clients::graph::UserKey;
use cutover_core::plan::action::Whom;
use cutover_core::plan::{Refusal, lint};
use cutover_core::planner::MfaBy;
use cutover_core::{Decisions, Finding, Plan, Selection, Verdict};
use cutover_runner::{Probed, Said, probe, sha256, user};
use jiff::SignedDuration;
use uuid::Uuid;

use crate::carrying::StillOut;
use crate::commands::check::{SelectionOptions, called, look, span};
use crate::output::file::save;
use crate::output::plan::Page;
use crate::output::stream;
use crate::output::style::Style;
use crate::session::Session;
use crate::{Exit, Global, Stop};

/// What would be changed, lent and returned, and what is left to people; nothing is written to the tenant
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Keep the plan in this file, for `cutover apply`
    #[arg(short = 'o', long = "file", value_name = "FILE")]
    file: Option<PathBuf>,
    /// Also ask PIM whether it would accept what the plan lends by it; that stores nothing, and takes the right that lending it takes
    #[arg(long)]
    probe: bool,
    /// What is written to standard output
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    output: Format,
    #[command(flatten)]
    selection: SelectionOptions,
    #[command(flatten)]
    decisions: DecisionOptions,
}

/// Forms of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a person.
    Table,
    /// The plan itself, with a published schema.
    Json,
}

/// What the planner does not decide by itself.
#[derive(Debug, Args)]
#[command(next_help_heading = "Decisions")]
pub(crate) struct DecisionOptions {
    /// By what MFA is demanded; without it nothing demands it
    #[arg(long, value_name = "HOW")]
    mfa: Option<Mfa>,
    /// An account that a Conditional Access policy leaves out: user principal name or object id; may be repeated
    #[arg(long = "emergency-account", value_name = "NAME")]
    emergency_accounts: Vec<UserKey>,
    /// The licence to assign: SKU part number or id [default: the first free one that does]
    #[arg(long, value_name = "SKU")]
    sku: Option<String>,
    /// The country of people who have none, such as NL: no licence can be assigned without it
    #[arg(long, value_name = "COUNTRY", value_parser = country)]
    usage_location: Option<String>,
    /// Let the service account have a licence for good
    #[arg(long)]
    lasting_licence: bool,
    /// Microsoft's time zone code for a service account that has none, such as 110
    #[arg(long, value_name = "CODE")]
    time_zone: Option<i64>,
    /// A role-assignable group of Global Administrators, by object id: the role is lent by membership of it
    #[arg(long, value_name = "ID")]
    role_group: Option<Uuid>,
    /// How long anything is out on loan at most
    #[arg(long, value_name = "TIME", default_value = "4h", value_parser = loan_limit)]
    loan_limit: SignedDuration,
    /// Why, in the words that Microsoft's audit logs will show
    #[arg(long, value_name = "TEXT", default_value = Decisions::JUSTIFICATION, value_parser = justification)]
    justification: String,
    /// Number of the ticket, where PIM asks for one
    #[arg(long, value_name = "NUMBER")]
    ticket: Option<String>,
}

/// Ways to demand MFA.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Mfa {
    /// Per-user MFA of the account.
    PerUser,
    /// A Conditional Access policy for the account, report-only at first.
    ConditionalAccess,
    /// Security defaults, for everybody.
    SecurityDefaults,
}

fn country(text: &str) -> Result<String, String> {
    match text.len() == 2 && text.bytes().all(|letter| letter.is_ascii_alphabetic()) {
        true => Ok(text.to_ascii_uppercase()),
        false => Err("expected the two letters of a country (ISO 3166), such as NL".to_owned()),
    }
}

/// PIM ends no activation within its first five minutes.
fn loan_limit(text: &str) -> Result<SignedDuration, String> {
    let bounds = SignedDuration::from_mins(5)..=SignedDuration::from_hours(24);
    span(text)
        .filter(|limit| bounds.contains(limit))
        .ok_or_else(|| "expected a time such as 4h or 90m, at least 5m and at most 24h".to_owned())
}

/// Microsoft's limit of a justification is 500 characters.
fn justification(text: &str) -> Result<String, String> {
    let text = text.trim();
    match !text.is_empty() && text.chars().count() <= 500 && !text.chars().any(char::is_control) {
        true => Ok(text.to_owned()),
        false => Err("expected one line of text, of 500 characters at most".to_owned()),
    }
}

pub(crate) async fn run(global: &Global, options: &Options) -> Result<Exit, Stop> {
    let session = Session::open(global).await?;
    let out = StillOut::told(&session, global);
    let selection = options.selection.selection(&session.pack)?;
    let decisions = decisions(&session, &options.decisions, selection).await?;
    let (plan, findings) = out.weigh(make(&session, &decisions, Some(global).filter(|_| options.probe)).await)?;
    let mut text = serde_json::to_string_pretty(&plan).context("cannot write the plan down")?;
    text.push('\n');
    if let Some(file) = &options.file {
        save(file, &text).with_context(|| format!("cannot write {}", file.display()))?;
    }
    let style = Style::of_stdout(global.plain);
    match options.output {
        Format::Json => stream::json(&text, style.ascii),
        Format::Table => {
            let page = Page {
                plan: &plan,
                findings: &findings,
                style,
                next: &next(global, &plan, options.file.as_deref()),
            };
            stream::text(&page.render(), style.ascii);
        }
    }
    Ok(out.or(exit(&plan, &findings, &decisions.selection)))
}

/// Looks at the tenant and makes a plan that keeps all rules of plans; with `probing` it is also asked what
/// would be said of it.
pub(crate) async fn make(
    session: &Session,
    decisions: &Decisions,
    probing: Option<&Global>,
) -> Result<(Plan, Vec<Finding>), Stop> {
    // What has to be lent depends on more than the requirements that are put right, so everything is looked at.
    let (facts, findings) = look(session, &Selection::default()).await?;
    session.keep()?;
    let mut plan = cutover_core::plan(
        &facts,
        &findings,
        &session.pack,
        decisions,
        facts.collected_at,
        env!("CARGO_PKG_VERSION"),
    );
    if let Some(global) = probing {
        // Asked in the name of whoever will carry it out: in a world that is another sign-in than the one that looks.
        let person = match &global.world {
            Some(_) => Some(Session::open_in_person(global).await?),
            None => None,
        };
        let asker = person.as_ref().unwrap_or(session);
        tell(&probe(&asker.prober(&plan), &plan).await, &mut plan);
        asker.keep()?;
    }
    let plan = plan.sealed(sha256);
    sound(&plan)?;
    Ok((plan, findings))
}

/// Puts into a plan what was said of it beforehand.
fn tell(probed: &[Probed], plan: &mut Plan) {
    if probed.is_empty() {
        plan.notes
            .push("nothing is lent by PIM, so there was nothing to ask it beforehand".to_owned());
    }
    for Probed { step, said } in probed {
        let about = format!("PIM was asked about {step}, and nothing was lent by that");
        match said {
            Said::Accepted { needs_approval: false } => plan.notes.push(format!("{about}: it would accept it")),
            Said::Accepted { needs_approval: true } => plan.notes.push(format!(
                "{about}: it would accept it, and wait for somebody to approve it"
            )),
            Said::NotTried { why } => plan
                .notes
                .push(format!("PIM could not be asked about {step} beforehand: {why}")),
            Said::Refused { why, unless } => {
                let Some(refused) = plan.step(step) else { continue };
                let what = refused.action.describe().does();
                let refusals = refused.requirements.first().map(|requirement| Refusal {
                    requirement: *requirement,
                    what: format!("{what} ({step})"),
                    why: format!("PIM was asked beforehand and would refuse it: {why}"),
                    unless: unless.clone(),
                });
                plan.refused.extend(refusals);
            }
        }
    }
}

/// A plan that breaks a rule of plans is this program's own fault, and is shown to nobody as if it could be used.
pub(crate) fn sound(plan: &Plan) -> Result<(), Stop> {
    let faults: Vec<String> = lint(plan).iter().map(ToString::to_string).collect();
    match faults.as_slice() {
        [] => Ok(()),
        faults => Err(Stop::from(anyhow!(
            "the plan that was made breaks rules of plans, so it is not used: {}\n  hint: this is a fault of cutover; report it with the output of cutover facts --redact",
            faults.join("; ")
        ))),
    }
}

pub(crate) async fn decisions(
    session: &Session,
    options: &DecisionOptions,
    selection: Selection,
) -> Result<Decisions, Stop> {
    let mut emergency_accounts = Vec::new();
    for key in &options.emergency_accounts {
        let account = user(&session.clients, key).await;
        let account = match account.value() {
            Ok(Some(account)) => account,
            Ok(None) => {
                return Err(Stop::usage(format!(
                    "error: the emergency account {key} does not exist in the tenant\n  hint: --emergency-account takes a user principal name or an object id"
                )));
            }
            Err(blind) => {
                return Err(Stop::from(anyhow!(
                    "the emergency account {key} could not be looked up: {}",
                    blind.message
                )));
            }
        };
        emergency_accounts.push(Whom {
            id: account.id,
            name: account.user_principal_name.clone(),
        });
    }
    Ok(Decisions {
        selection,
        mfa: options.mfa.map(|mfa| match mfa {
            Mfa::PerUser => MfaBy::PerUser,
            Mfa::ConditionalAccess => MfaBy::ConditionalAccess,
            Mfa::SecurityDefaults => MfaBy::SecurityDefaults,
        }),
        emergency_accounts,
        sku: options.sku.clone(),
        usage_location: options.usage_location.clone(),
        lasting_licence: options.lasting_licence,
        time_zone: options.time_zone,
        role_group: options.role_group.map(|id| Whom {
            id,
            name: id.to_string(),
        }),
        loan_limit: options.loan_limit,
        justification: options.justification.clone(),
        ticket: options.ticket.clone(),
    })
}

/// What a person calls next.
fn next(global: &Global, plan: &Plan, file: Option<&Path>) -> String {
    if plan.steps.is_empty() {
        return format!("Next: {}", called("check", global));
    }
    match file {
        Some(file) => format!("Next: {}", called(&format!("apply {}", file.display()), global)),
        None => format!(
            "Next: keep it with {}, then {}",
            called("plan -o plan.json", global),
            called("apply plan.json", global)
        ),
    }
}

/// 3 as soon as there is something to carry out; else what keeps the tenant from being ready decides.
fn exit(plan: &Plan, findings: &[Finding], selection: &Selection) -> Exit {
    if !plan.steps.is_empty() {
        return Exit::RemediesExist;
    }
    let blocking = || {
        findings
            .iter()
            .filter(|finding| finding.blocks() && selection.takes(finding.code()))
    };
    if blocking().any(|finding| matches!(finding.verdict(), Verdict::Unknown(_))) {
        return Exit::Undecided;
    }
    match blocking().next() {
        Some(_) => Exit::PersonMustAct,
        None => Exit::Done,
    }
}
