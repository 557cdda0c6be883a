//! `cutover init`: write a configuration, by flags or by asking.

use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use cutover_clients::Wave;
use cutover_clients::power_platform::environments::{Environment, environments};
use cutover_core::reading::installed::Installed;
use cutover_core::{Code, Selection};

use crate::commands::check::look;
use crate::config::{Config, Method, Rule};
use crate::credential::HOME;
use crate::output::{escape, stream};
use crate::session::Session;
use crate::sign_in::{Asks, SignIn};
use crate::{Exit, Global, Stop, terminal};

/// Write a configuration by flags or by asking; finds the environments and what is installed
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// Id or verified domain of the Dynamics tenant
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    /// Id of the application that signs in
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// Address of the environment; looked for when it is left out
    #[arg(long, value_name = "ADDRESS")]
    environment: Option<String>,
    /// 1 for direct-bill partners, 2 for partners behind an indirect provider
    #[arg(long, value_name = "NUMBER")]
    tier: Option<String>,
    /// Data centre of Work 365: us or eu
    #[arg(long, value_name = "NAME")]
    region: Option<String>,
    /// The person who acts as Global Administrator
    #[arg(long, value_name = "NAME")]
    borrower: Option<String>,
    /// The account that Work 365 runs as
    #[arg(long, value_name = "NAME", conflicts_with = "application_user")]
    service_account: Option<String>,
    /// Work 365 runs as its application user
    #[arg(long)]
    application_user: bool,
    /// The account that Work 365 works as in Partner Center
    #[arg(long, value_name = "NAME")]
    integration_account: Option<String>,
    /// Take the table [connection] from this file, such as what `cutover emulator` prints
    #[arg(long, value_name = "FILE")]
    connection: Option<PathBuf>,
    /// Write over a file that is there
    #[arg(long)]
    force: bool,
    /// Sign in nowhere and look for nothing
    #[arg(long)]
    offline: bool,
}

/// What stands for an environment that is not known yet.
const NOT_KNOWN: &str = "https://unknown.crm.dynamics.com";

pub(crate) async fn run(global: &Global, options: &Options) -> Result<Exit, Stop> {
    let path = global.config_path();
    if path.exists() && !options.force {
        return Err(Stop::usage(format!(
            "error: {} is there already, and was not touched\n  hint: another file with -c FILE, or --force to write over it",
            path.display()
        )));
    }
    let mut draft = Draft::of(global, options)?;
    let mut signed_in = None;
    if draft.environment.is_empty() {
        match find_environment(global, &draft).await {
            Ok((environment, by)) => {
                draft.environment = environment;
                signed_in = by;
            }
            // What was answered so far is not lost by it.
            Err(stop) if people(global) => {
                stream::note(&stop.message);
                draft.environment = answered("Address of the environment", Rule::Environment)?;
            }
            Err(stop) => return Err(stop),
        }
    }
    let text = draft.text();
    let config = parse(&text, &path)?;
    if !options.offline {
        tell_installed(global, &config, signed_in).await;
    }
    write(&path, &text, options.force)?;
    stream::note(&format!("wrote {}", path.display()));
    let next = match global.world {
        Some(_) => "a built-in world brings a configuration of its own: this file is for a tenant like it".to_owned(),
        None => format!("next: cutover check -c {}", path.display()),
    };
    stream::note(&next);
    Ok(Exit::Done)
}

/// By the same rules as every other command reads it.
fn parse(text: &str, path: &Path) -> Result<Config, Stop> {
    Config::parse(text, &path.display().to_string()).map_err(|error| Stop::usage(error.to_string()))
}

/// Never over another file unless that was asked for, even if it came in between.
fn write(path: &Path, text: &str, force: bool) -> Result<(), Stop> {
    let context = || format!("cannot write {}", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(context)?;
    }
    let mut open = OpenOptions::new();
    open.write(true);
    match force {
        true => open.create(true).truncate(true),
        false => open.create_new(true),
    };
    let mut file = open.open(path).with_context(context)?;
    Ok(file.write_all(text.as_bytes()).with_context(context)?)
}

/// What the file will say.
struct Draft {
    tenant: String,
    client_id: String,
    method: Option<Method>,
    environment: String,
    tier: String,
    region: String,
    borrower: String,
    service_account: Option<String>,
    integration_account: Option<String>,
    /// The table `[connection]`, as it was.
    connection: Option<toml::Table>,
}

/// Whether there is somebody to ask.
fn people(global: &Global) -> bool {
    !global.non_interactive && terminal::is_there()
}

/// Asks until the answer is one that the reader of the file takes.
fn answered(question: &str, rule: Rule) -> Result<String, Stop> {
    loop {
        let answer = terminal::ask(question, None).context("cannot read the answer")?;
        match rule.fault(&answer) {
            None => return Ok(answer),
            Some(_) if answer.is_empty() => {}
            Some(fault) => stream::note(&fault),
        }
    }
}

/// The same for one of a few words.
fn answered_by_one_of(question: &str, words: &[&str]) -> Result<String, Stop> {
    loop {
        let answer = terminal::ask(question, None).context("cannot read the answer")?;
        if words.contains(&answer.as_str()) {
            return Ok(answer);
        }
        stream::note(&format!("please answer one of: {}", words.join(", ")));
    }
}

/// Takes what flags say, asks for the rest, and notes what nobody could be asked for. What a flag says is for the reader of the
/// file to refuse.
struct Answers {
    people: bool,
    missing: Vec<&'static str>,
}

impl Answers {
    fn need(&mut self, flag: &'static str, given: Option<&String>, question: &str, rule: Rule) -> Result<String, Stop> {
        self.given_or(flag, given, || answered(question, rule))
    }

    fn need_one_of(
        &mut self,
        flag: &'static str,
        given: Option<&String>,
        question: &str,
        words: &[&str],
    ) -> Result<String, Stop> {
        self.given_or(flag, given, || answered_by_one_of(question, words))
    }

    fn given_or(
        &mut self,
        flag: &'static str,
        given: Option<&String>,
        ask: impl FnOnce() -> Result<String, Stop>,
    ) -> Result<String, Stop> {
        match given {
            Some(given) => Ok(given.clone()),
            None if self.people => ask(),
            None => {
                self.missing.push(flag);
                Ok(String::new())
            }
        }
    }

    /// By which way is signed in, as far as the file has to say it: an application is known by what the environment holds.
    fn method(&self, chosen: Option<Method>) -> Result<Option<Method>, Stop> {
        if chosen.is_some() || !self.people || HOME.are_set() {
            return Ok(chosen);
        }
        let question = "Who signs in: a person in the browser, or an application by a secret or certificate (person or application)";
        let who = answered_by_one_of(question, &["person", "application"])?;
        if who == "person" {
            return Ok(Some(Method::Browser));
        }
        stream::note(&format!(
            "what proves the application is not in the file: set {} to its secret, or {} to a PEM file with certificate and key",
            HOME.secret, HOME.certificate
        ));
        Ok(None)
    }

    fn may(&self, given: Option<&String>, question: &str) -> Result<Option<String>, Stop> {
        let answer = match given {
            Some(given) => given.clone(),
            None if self.people => loop {
                let answer = terminal::ask(question, None).context("cannot read the answer")?;
                match Rule::User.fault(&answer).filter(|_| !answer.is_empty()) {
                    None => break answer,
                    Some(fault) => stream::note(&fault),
                }
            },
            None => String::new(),
        };
        Ok(Some(answer).filter(|answer| !answer.is_empty()))
    }
}

impl Draft {
    fn of(global: &Global, options: &Options) -> Result<Self, Stop> {
        let mut answers = Answers {
            people: people(global),
            missing: Vec::new(),
        };
        let without_application = global.sign_in.is_some_and(|method| !method.needs_application());
        let tenant = answers.need(
            "--tenant",
            options.tenant.as_ref(),
            "Tenant with the Dynamics environment (id or verified domain)",
            Rule::Tenant,
        )?;
        let client_id = match without_application {
            true => options.client_id.clone().unwrap_or_default(),
            false => answers.need(
                "--client-id",
                options.client_id.as_ref(),
                "Application that signs in (client id of its registration in Entra)",
                Rule::Id,
            )?,
        };
        let method = answers.method(global.sign_in)?;
        let tier = answers.need_one_of(
            "--tier",
            options.tier.as_ref(),
            "Partner tier (1: Microsoft bills you directly, 2: behind an indirect provider)",
            &["1", "2"],
        )?;
        let indirect = tier == "2";
        if indirect && options.integration_account.is_some() {
            return Err(Stop::usage(
                "error: an indirect partner's Work 365 has no integration account in Partner Center\n  \
                 hint: leave --integration-account out, or --tier 1 if Microsoft bills you directly",
            ));
        }
        let draft = Self {
            tenant,
            client_id,
            method,
            environment: options.environment.clone().unwrap_or_default(),
            region: answers.need_one_of(
                "--region",
                options.region.as_ref(),
                "Data centre of Work 365 (us or eu)",
                &["us", "eu"],
            )?,
            borrower: answers.need(
                "--borrower",
                options.borrower.as_ref(),
                "Person who acts as Global Administrator (user principal name)",
                Rule::User,
            )?,
            service_account: match options.application_user {
                true => None,
                false => answers.may(
                    options.service_account.as_ref(),
                    "Account that Work 365 runs as (empty: its application user)",
                )?,
            },
            integration_account: match indirect {
                true => None,
                false => answers.may(
                    options.integration_account.as_ref(),
                    "Account that Work 365 works as in Partner Center (empty: none)",
                )?,
            },
            tier,
            connection: options.connection.as_deref().map(connection_of).transpose()?,
        };
        if !answers.people && draft.service_account.is_none() && !options.application_user {
            answers.missing.push("--service-account or --application-user");
        }
        if options.offline && draft.environment.is_empty() {
            answers.missing.push("--environment");
        }
        if answers.missing.is_empty() {
            return Ok(draft);
        }
        Err(Stop::usage(format!(
            "error: nobody can be asked here, and these are not given: {}\n  hint: give them as options, or run cutover init on a terminal",
            answers.missing.join(", ")
        )))
    }

    /// The file.
    fn text(&self) -> String {
        let quoted = |text: &str| toml::Value::from(text).to_string();
        let mut out = String::from(
            "# Written by cutover init. There is no place for a secret in it: what proves a sign-in comes from the environment,\n\
             # or from a person.\n",
        );
        let _ = writeln!(out, "tenant = {}\n", quoted(&self.tenant));
        let _ = writeln!(out, "[environment]\nurl = {}\n", quoted(&self.environment));
        // A tier that is no number is for the reader to refuse, with its line.
        let tier = match self.tier.parse::<u8>() {
            Ok(tier) => tier.to_string(),
            Err(_) => quoted(&self.tier),
        };
        let _ = writeln!(out, "[work365]\ntier = {tier}\nregion = {}\n", quoted(&self.region));
        let _ = writeln!(out, "[who]\nborrower = {}", quoted(&self.borrower));
        let _ = match &self.service_account {
            Some(account) => writeln!(out, "service_account = {}", quoted(account)),
            None => writeln!(out, "application_user = true"),
        };
        if let Some(account) = &self.integration_account {
            let _ = writeln!(out, "integration_account = {}", quoted(account));
        }
        let _ = writeln!(out, "\n[sign_in]");
        if !self.client_id.is_empty() {
            let _ = writeln!(out, "client_id = {}", quoted(&self.client_id));
        }
        if let Some(method) = self.method {
            let _ = writeln!(out, "method = {}", quoted(&method.name()));
        }
        if let Some(connection) = &self.connection {
            let table = toml::Table::from_iter([("connection".to_owned(), connection.clone().into())]);
            let _ = write!(out, "\n{table}");
        }
        out
    }
}

fn connection_of(path: &Path) -> Result<toml::Table, Stop> {
    let wrong = |what: String| {
        Stop::usage(format!(
            "error: {}: {what}\n  hint: --connection names a TOML file with a table [connection]",
            path.display()
        ))
    };
    let text = fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    let table: toml::Table = toml::from_str(&text).map_err(|error| wrong(error.message().to_owned()))?;
    match table.get("connection") {
        Some(toml::Value::Table(connection)) => Ok(connection.clone()),
        _ => Err(wrong("there is no table [connection] in it".to_owned())),
    }
}

/// The environment to look at, among those that the caller administers.
async fn find_environment(global: &Global, draft: &Draft) -> Result<(String, Option<SignIn>), Stop> {
    let probe = Draft {
        tenant: draft.tenant.clone(),
        client_id: draft.client_id.clone(),
        environment: NOT_KNOWN.to_owned(),
        tier: draft.tier.clone(),
        region: draft.region.clone(),
        borrower: draft.borrower.clone(),
        service_account: draft.service_account.clone(),
        integration_account: None,
        connection: draft.connection.clone(),
        ..*draft
    };
    let config = parse(&probe.text(), &global.config_path())?;
    let session = match global.world {
        Some(_) => Session::open(global).await?,
        None => Session::of_config(&config, global, Asks::of(global), None).await?,
    };
    let mut wave = Wave::new();
    let ticket = wave.ask(environments());
    let found = wave.send(&session.clients).await.take(ticket).result;
    session.keep()?;
    let name_it = "name it: --environment https://…";
    let found = found.map_err(|failure| {
        Stop::usage(format!(
            "error: the environments could not be listed: {failure}\n  hint: {name_it}"
        ))
    })?;
    let with_address: Vec<&Environment> = found.iter().filter(|one| one.url.is_some()).collect();
    let chosen = match with_address.as_slice() {
        [] => {
            return Err(Stop::usage(format!(
                "error: no environment with Dataverse is shown to whoever is signed in\n  hint: {name_it}"
            )));
        }
        [only] => only,
        several => choose(several, global)?,
    };
    let address = chosen.url.clone().unwrap_or_default().trim_end_matches('/').to_owned();
    stream::note(&format!("environment: {}", words(chosen)));
    Ok((address, Some(session.sign_in)))
}

fn words(environment: &Environment) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "?".to_owned());
    format!(
        "{} ({}, {}) {}",
        text(&environment.display_name),
        text(&environment.kind),
        text(&environment.state),
        text(&environment.url)
    )
}

fn choose<'e>(several: &[&'e Environment], global: &Global) -> Result<&'e Environment, Stop> {
    let list: String = several
        .iter()
        .enumerate()
        .map(|(place, one)| format!("\n  {}  {}", place + 1, words(one)))
        .collect();
    if !people(global) {
        return Err(Stop::usage(format!(
            "error: there are several environments:{list}\n  hint: name one with --environment"
        )));
    }
    stream::note(&format!("environments:{list}"));
    loop {
        let answer = terminal::ask("Number of the environment", Some("1")).context("cannot read the answer")?;
        let place = answer.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        if let Some(chosen) = place.and_then(|place| several.get(place)) {
            return Ok(chosen);
        }
    }
}

/// Says which versions of Work 365 the environment has. What cannot be read does not keep the file from being written.
async fn tell_installed(global: &Global, config: &Config, signed_in: Option<SignIn>) {
    let found = installed(global, config, signed_in).await;
    stream::note(&match found {
        Ok(words) => format!("Work 365: {words}"),
        Err(stop) => format!(
            "what is installed could not be read: {}",
            escape::line(stop.message.trim_start_matches("error: "))
        ),
    });
}

async fn installed(global: &Global, config: &Config, signed_in: Option<SignIn>) -> Result<String, Stop> {
    let session = match global.world {
        Some(_) => Session::open(global).await?,
        None => Session::of_config(config, global, Asks::of(global), signed_in).await?,
    };
    let selection = Selection {
        only: vec![Code::new(802)],
        skip: Vec::new(),
    };
    let (facts, _) = look(&session, &selection).await?;
    session.keep()?;
    match Installed::of(&facts, &session.pack) {
        Ok((installed, _)) => Ok(installed.words()),
        Err(_) => Ok("the installed version could not be read".to_owned()),
    }
}
