//! `cutover explain-mfa`: why MFA is demanded of an account, or not, policy by policy.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use cutover_core::facts::Facts;
use cutover_core::mfa_explained::{Asked, DATAVERSE, Explained, SecondOpinion, SeenHole, SeenPolicy, explain};
use cutover_core::scene::Principal;
use cutover_core::{Code, Pack, Selection, judge};
use cutover_runner::second_opinion;
use serde::Serialize;
use uuid::Uuid;

use crate::commands::check::look;
use crate::commands::judge::read;
use crate::output::style::Style;
use crate::output::{escape, stream};
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

/// The JSON of this command, version 1.
#[derive(Debug, Serialize)]
struct Report<'a> {
    version: u8,
    #[serde(flatten)]
    explained: &'a Explained,
    /// What else is required of the account's MFA, by code.
    requirements: Vec<Said>,
}

/// What a requirement came to.
#[derive(Debug, Serialize)]
struct Said {
    code: String,
    verdict: &'static str,
    sentence: String,
}

pub(crate) async fn run(global: &Global, options: &Options) -> Result<Exit, Stop> {
    let who = Principal::user(&options.user);
    let style = Style::of_stdout(global.plain);
    let mut session = None;
    let (facts, pack, asked) = match &options.facts {
        Some(file) => {
            let facts = read(file)?;
            let pack = built_in_pack()?;
            let asked = asked(&options.app, &who, &facts, &pack)?;
            let facts = about(facts, &who);
            if matches!(asked, Asked::Account(..)) && !facts.principals.contains_key(&who) {
                return Err(not_in(&facts, &who, file));
            }
            (facts, pack, asked)
        }
        None => {
            let mut opened = Session::open(global).await?;
            let nothing = Facts::new(opened.scene.clone(), jiff::Timestamp::UNIX_EPOCH);
            let asked = asked(&options.app, &who, &nothing, &opened.pack)?;
            opened.scene.service_identity = who.clone();
            let (facts, _) = look(&opened, &selection(&asked)).await?;
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
        Format::Table => stream::text(&Page { style }.render(&explained, &said, &facts), style.ascii),
        Format::Json => {
            let report = Report {
                version: 1,
                explained: &explained,
                requirements: said,
            };
            let mut text = serde_json::to_string_pretty(&report).unwrap_or_default();
            text.push('\n');
            stream::json(&text, style.ascii);
        }
    }
    Ok(Exit::Done)
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
        (Asked::Account(..), _) => Some(second_opinion(&session.clients, facts, pack, asked, explained).await),
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
        false => Asked::Account(who.clone(), application),
    })
}

fn selection(asked: &Asked) -> Selection {
    let only = match asked {
        Asked::IntegrationAccount => vec![OF_INTEGRATION],
        Asked::Account(..) => vec![REGISTERED, DEMANDED, EXERCISED],
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
fn said(facts: &Facts, pack: &Pack, asked: &Asked) -> Vec<Said> {
    let findings = judge(facts, pack, &[], &selection(asked), facts.collected_at);
    findings
        .iter()
        .filter(|finding| finding.code() != DEMANDED)
        .map(|finding| Said {
            code: finding.code().to_string(),
            verdict: finding.verdict().name(),
            sentence: finding.sentence().to_owned(),
        })
        .collect()
}

/// How an application is called; its id for most.
fn name_of(application: Uuid, pack_api: bool) -> String {
    match application {
        DATAVERSE => "Dataverse".to_owned(),
        _ if pack_api => "Partner Center".to_owned(),
        other => other.to_string(),
    }
}

/// The explanation as a person reads it.
struct Page {
    style: Style,
}

impl Page {
    fn render(&self, explained: &Explained, said: &[Said], facts: &Facts) -> String {
        let mut out = String::new();
        let is_partner_center = Pack::work365().is_ok_and(|pack| pack.partner_center.api == explained.application);
        let head = format!(
            "MFA of {} at {}",
            explained.user,
            name_of(explained.application, is_partner_center)
        );
        let dot = self.style.dot();
        let _ = writeln!(
            out,
            "{} {dot} {} {dot} facts of {}\n",
            self.style.bold(&escape::line(&head)),
            escape::line(&facts.scene.tenant),
            facts.collected_at
        );
        self.line(&mut out, "verdict", explained.verdict.words());
        self.line(&mut out, "because", &explained.because);
        for said in said {
            self.line(&mut out, &said.code, &format!("{}: {}", said.verdict, said.sentence));
        }
        self.account(&mut out, explained);
        match &explained.policies {
            Some(policies) => {
                self.title(&mut out, &format!("Policies ({})", policies.len()));
                for policy in policies {
                    self.policy(&mut out, policy);
                }
            }
            None => {
                self.title(&mut out, "Policies");
                self.item(&mut out, "  ", "they could not be read");
            }
        }
        self.holes(&mut out, explained);
        if let Some(opinion) = &explained.second_opinion {
            self.second_opinion(&mut out, opinion);
        }
        if !explained.warnings.is_empty() {
            self.title(&mut out, "Before anything is changed");
            for warning in &explained.warnings {
                self.item(&mut out, "  - ", warning);
            }
        }
        out
    }

    fn account(&self, out: &mut String, explained: &Explained) {
        self.title(out, "The account as policies see it");
        let Some(account) = &explained.account else {
            self.item(out, "  ", "what policies know it by could not be read whole");
            return;
        };
        let kind = match account.guest_kinds.as_slice() {
            [] => "member".to_owned(),
            kinds => kinds.join(" or "),
        };
        let many = |names: &[String]| match names {
            [] => "none".to_owned(),
            names => names.join(", "),
        };
        let groups: Vec<String> = account.groups.iter().map(ToString::to_string).collect();
        self.line(out, "id", &format!("{}, {kind}", account.id));
        self.line(out, "roles", &many(&account.roles));
        self.line(out, "groups", &many(&groups));
        let resource = match explained.in_tenant {
            Some(true) => "the application has a service principal in the tenant",
            Some(false) => {
                "the application has no service principal in the tenant: only policies for all applications mean it"
            }
            None => "whether the application has a service principal in the tenant is not known",
        };
        self.line(out, "resource", resource);
    }

    fn policy(&self, out: &mut String, policy: &SeenPolicy) {
        let scope = match policy.in_scope {
            Some(true) => "in scope",
            Some(false) => "not in scope",
            None => "not clear",
        };
        let demands = match policy.blocks {
            true => "blocks".to_owned(),
            false => format!("demands {}", policy.demands),
        };
        let mut words = format!("{}: {demands}", policy.name);
        if let Some(only) = &policy.only {
            words.push_str(&format!(", only {only}"));
        }
        if let Some(frequency) = &policy.sign_in_frequency {
            words.push_str(&format!(", sign-in asked for anew: {frequency}"));
        }
        if let Some(why) = &policy.why_not {
            words.push_str(&format!("; {why}"));
        }
        self.item(out, &format!("  {scope:14}"), &words);
    }

    fn holes(&self, out: &mut String, explained: &Explained) {
        if explained.holes.is_empty() {
            return;
        }
        self.title(out, "Sign-ins at which no policy is seen to ask for MFA");
        for hole in &explained.holes {
            self.hole(out, hole);
        }
        if explained.more_holes > 0 {
            self.item(out, "  - ", &format!("and {} more", explained.more_holes));
        }
    }

    fn hole(&self, out: &mut String, hole: &SeenHole) {
        let words = match hole.reused {
            true => format!(
                "{}: MFA is asked for, but an earlier claim is used again",
                hole.sign_ins
            ),
            false => hole.sign_ins.clone(),
        };
        self.item(out, "  - ", &words);
        for near in &hole.nearest {
            self.item(out, "      ", &format!("{}: {}", near.policy, near.why));
            self.item(out, "        change: ", &near.change);
        }
        if hole.nearest.is_empty() {
            let change = match hole.reused {
                true => "set the sign-in frequency of the policies that ask for MFA to every time",
                false => "let a policy ask for MFA at these sign-ins",
            };
            self.item(out, "      change: ", change);
        }
    }

    fn second_opinion(&self, out: &mut String, opinion: &SecondOpinion) {
        self.title(out, "Microsoft's own evaluation (What-If)");
        for differs in &opinion.disagreements {
            self.item(out, "  - differs: ", differs);
        }
        if !opinion.sign_ins.is_empty() {
            let words = format!(
                "asked about sign-ins with {}: {} answers agree, {} differ, {} cannot be compared",
                opinion.sign_ins.join(", "),
                opinion.agreed,
                opinion.disagreements.len(),
                opinion.not_comparable
            );
            self.item(out, "  ", &words);
        }
        if let Some(why) = &opinion.not_asked {
            self.item(out, "  not asked: ", why);
        }
    }

    fn title(&self, out: &mut String, title: &str) {
        let _ = writeln!(out, "\n{}", self.style.bold(title));
    }

    fn line(&self, out: &mut String, label: &str, text: &str) {
        self.item(out, &format!("  {label:10}"), text);
    }

    /// Text behind something that stands in front, wrapped below itself.
    fn item(&self, out: &mut String, before: &str, text: &str) {
        let text = escape::line(text);
        let Some(width) = self.style.width else {
            let _ = writeln!(out, "{before}{text}");
            return;
        };
        let blank = " ".repeat(before.chars().count());
        let options = textwrap::Options::new(width)
            .initial_indent(before)
            .subsequent_indent(&blank)
            .break_words(false)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        let _ = writeln!(out, "{}", textwrap::fill(&text, options));
    }
}
