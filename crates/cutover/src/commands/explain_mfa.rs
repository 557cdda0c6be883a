//! `cutover explain-mfa`: why MFA is demanded of an account, or not, policy by policy.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use cutover_core::facts::Facts;
use cutover_core::mfa_explained::{Asked, DATAVERSE, Explained, SecondOpinion, explain};
use cutover_core::scene::Principal;
use cutover_core::{Code, Pack, Selection, judge};
use cutover_runner::{application, second_opinion};
use uuid::Uuid;

use crate::carrying::StillOut;
use crate::commands::check::look;
use crate::commands::judge::read;
use crate::output::explain_mfa_v1::{Report, Requirement};
use crate::output::style::Style;
use crate::output::{explained_mfa, stream};
use crate::session::{Session, built_in_pack};
use crate::{Exit, Global, Stop};

/// Why MFA is demanded of an account, or not: every policy, what it demands, and which sign-ins slip through
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The account, by user principal name
    #[arg(short, long, value_name = "NAME")]
    user: String,
    /// What it signs in to: dataverse, partner-center, or an application id
    #[arg(short, long, value_name = "APP", default_value = "dataverse")]
    app: String,
    /// Explain from stored facts, without any network
    #[arg(long, value_name = "FILE")]
    facts: Option<PathBuf>,
    /// What is written to standard output
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    output: Format,
}

/// Forms of the explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a person.
    Table,
    /// For a program.
    Json,
}

/// Requirements that say of the service account whether it has registered MFA and exercised it; everything that decides
/// about an account is looked at for them.
const REGISTERED: Code = Code::new(501);
const DEMANDED: Code = Code::new(502);
const EXERCISED: Code = Code::new(503);
/// The same of the integration account, in one.
const OF_INTEGRATION: Code = Code::new(603);

pub(crate) async fn run(global: &Global, options: &Options) -> Result<Exit, Stop> {
    let who = Principal::user(&options.user);
    let style = Style::of_stdout(global.plain);
    let mut session = None;
    let mut exit = Exit::Done;
    let (facts, pack, asked) = match &options.facts {
        Some(file) => {
            let facts = read(file)?;
            let pack = built_in_pack()?;
            let asked = asked(&options.app, &who, &facts, &pack)?;
            let facts = about(facts, &who);
            if matches!(asked, Asked::Account { .. }) && !facts.principals.contains_key(&who) {
                return Err(not_in(&facts, &who, file));
            }
            (facts, pack, asked)
        }
        None => {
            let mut opened = Session::open(global).await?;
            exit = StillOut::told(&opened, global).or(exit);
            let nothing = Facts::new(opened.scene.clone(), jiff::Timestamp::UNIX_EPOCH);
            let mut asked = asked(&options.app, &who, &nothing, &opened.pack)?;
            opened.scene.service_identity = who.clone();
            let (facts, _) = look(&opened, &selection(&asked)).await?;
            look_up_application(&opened, &mut asked).await;
            let pack = opened.pack.clone();
            session = Some(opened);
            (facts, pack, asked)
        }
    };
    let mut explained = explain(&facts, &pack, &asked).map_err(|why| {
        Stop::usage(format!(
            "error: {why}: nothing was explained\n  hint: --user takes a user principal name, such as svc-work365@contoso.com"
        ))
    })?;
    if let Some(session) = &session {
        explained.second_opinion = ask_microsoft(session, &facts, &asked, &explained).await;
        session.keep()?;
    }
    let said = said(&facts, &pack, &asked);
    match options.output {
        Format::Table => stream::text(&explained_mfa::page(style, &explained, &said, &facts), style.ascii),
        Format::Json => {
            let report = Report::new(explained, said);
            let mut text = serde_json::to_string_pretty(&report).unwrap_or_default();
            text.push('\n');
            stream::json(&text, style.ascii);
        }
    }
    Ok(exit)
}

/// Asks for an application that no requirement is about, in the tenant whose policies decide.
async fn look_up_application(session: &Session, asked: &mut Asked) {
    if let Asked::Account {
        application: id,
        principal,
        ..
    } = asked
        && *id != DATAVERSE
    {
        *principal = Some(application(&session.clients, *id).await);
    }
}

/// Microsoft's own evaluation, in the tenant of the account. A tenant without policies has nothing to compare.
async fn ask_microsoft(
    session: &Session,
    facts: &Facts,
    asked: &Asked,
    explained: &Explained,
) -> Option<SecondOpinion> {
    explained.policies.as_ref().filter(|policies| !policies.is_empty())?;
    let pack = &session.pack;
    match (asked, &session.partner) {
        (Asked::IntegrationAccount, Some(partner)) => {
            Some(second_opinion(partner, facts, pack, asked, explained).await)
        }
        (Asked::IntegrationAccount, None) => None,
        (Asked::Account { .. }, _) => Some(second_opinion(&session.clients, facts, pack, asked, explained).await),
    }
}

/// What is asked: the integration account at Partner Center in its own tenant, anybody else in the Dynamics tenant.
fn asked(app: &str, who: &Principal, facts: &Facts, pack: &Pack) -> Result<Asked, Stop> {
    let partner_center = pack.partner_center.api;
    let application = match app {
        "dataverse" => DATAVERSE,
        "partner-center" => partner_center,
        id => Uuid::parse_str(id).map_err(|_| {
            Stop::usage(format!(
                "error: {id} is no application\n  hint: --app takes dataverse, partner-center or an application id"
            ))
        })?,
    };
    let partner = facts.scene.partner.as_ref();
    let is_integration = partner.is_some_and(|partner| partner.integration_account == *who);
    Ok(match is_integration && application == partner_center {
        true => Asked::IntegrationAccount,
        false => Asked::at(who.clone(), application),
    })
}

fn selection(asked: &Asked) -> Selection {
    let only = match asked {
        Asked::IntegrationAccount => vec![OF_INTEGRATION],
        Asked::Account { .. } => vec![REGISTERED, DEMANDED, EXERCISED],
    };
    Selection { only, skip: Vec::new() }
}

/// The facts, with this account in the place of the service account.
fn about(mut facts: Facts, who: &Principal) -> Facts {
    facts.scene.service_identity = who.clone();
    facts
}

fn not_in(facts: &Facts, who: &Principal, file: &std::path::Path) -> Stop {
    let known: Vec<String> = facts
        .principals
        .keys()
        .filter(|principal| principal.is_user())
        .map(ToString::to_string)
        .collect();
    Stop::usage(format!(
        "error: {} holds nothing of {who}: nothing was explained\n  hint: it knows of {}; without --facts any account can be asked for",
        file.display(),
        known.join(", ")
    ))
}

/// What was judged of registration and use beside the demand, which is explained itself.
fn said(facts: &Facts, pack: &Pack, asked: &Asked) -> Vec<Requirement> {
    let findings = judge(facts, pack, &[], &selection(asked), facts.collected_at);
    findings
        .iter()
        .filter(|finding| finding.code() != DEMANDED)
        .map(|finding| Requirement {
            code: finding.code().to_string(),
            verdict: finding.verdict().name().to_owned(),
            sentence: finding.sentence().to_owned(),
        })
        .collect()
}
