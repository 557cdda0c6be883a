//! From a way to sign in to what gives tokens.

use std::env;
use std::path::PathBuf;
use std::sync::Arc;

use cutover_clients::tokens::{
    AzureCli, ManagedIdentity, NotKept, Person, PersonAtPartnerCenter, Prompt, TokenSource, Way, WorkloadIdentity,
};
use cutover_core::scene::Principal;
use uuid::Uuid;

use crate::config::{Config, Method, PartnerSettings};
use crate::credential::{HOME, PARTNER, Proof, Variables};
use crate::foreign_hosts::foreign_hosts;
use crate::kept::{self, Entries, Side};
use crate::output::stream;
use crate::terminal::{self, Terminal};
use crate::{Global, Stop};

/// What gives tokens of one tenant, and by which way.
#[derive(Debug, Clone)]
pub(crate) struct SignIn {
    pub(crate) source: Arc<dyn TokenSource>,
    /// The way; `None` for a refresh token that the environment holds.
    pub(crate) method: Option<Method>,
    /// The person, where cutover itself asks one.
    person: Option<Arc<Person>>,
}

impl SignIn {
    fn of(source: Arc<dyn TokenSource>, method: Option<Method>) -> Self {
        Self {
            source,
            method,
            person: None,
        }
    }

    /// What came of keeping it; `None` while there was nothing to be kept.
    pub(crate) fn is_kept(&self) -> Option<Result<(), NotKept>> {
        self.person.as_ref()?.is_kept()
    }

    /// The way in words.
    pub(crate) fn how(&self) -> String {
        self.method.map_or_else(|| "refresh token".to_owned(), Method::name)
    }

    /// Whether cutover itself asks a person.
    pub(crate) fn asks_people(&self) -> bool {
        self.method.is_some_and(Method::is_person)
    }
}

/// Whom a command may ask, and what becomes of the answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asks {
    /// Nobody may be asked anything.
    non_interactive: bool,
    /// Somebody is at the terminal, and may be asked to sign in.
    people: bool,
    /// A person's sign-in to the Dynamics tenant was asked for on the command line, so it is begun without a terminal too: whoever
    /// started the command reads what it says.
    asked_for: bool,
    /// What the machine is signed in to may go wherever the configuration leads.
    trusts_connection: bool,
    /// A person signs in anew, and that sign-in is kept where it can be.
    anew: bool,
}

impl Asks {
    pub(crate) fn of(global: &Global) -> Self {
        Self {
            non_interactive: global.non_interactive,
            people: !global.non_interactive && terminal::is_there(),
            asked_for: !global.non_interactive && global.sign_in.is_some_and(Method::is_person),
            trusts_connection: global.trust_connection,
            anew: false,
        }
    }

    /// The same; a person signs in anew, and that sign-in is kept where it can be.
    pub(crate) fn anew(self) -> Self {
        Self { anew: true, ..self }
    }
}

/// Who is to sign in where.
struct Wanted<'a> {
    tenant: &'a str,
    client_id: Option<Uuid>,
    /// Who is expected, as a name for the sign-in page.
    hint: Option<&'a Principal>,
    variables: &'static Variables,
    proof: &'a Proof,
    side: Side,
    /// Somebody may be asked to sign in there.
    people: bool,
    /// Hosts that are not Microsoft's and would get the tokens.
    foreign: Vec<String>,
}

/// Whose sign-in is expected, as a sign-in page and an entry of the keyring name it.
pub(crate) fn expected(who: Option<&Principal>) -> Option<String> {
    match who {
        Some(Principal::User(name)) => Some(name.clone()),
        _ => None,
    }
}

/// The sign-in to the Dynamics tenant: the chosen way, else what the environment holds, else a person at the terminal.
pub(crate) fn home(config: &Config, chosen: Option<Method>, proof: &Proof, asks: Asks) -> Result<SignIn, Stop> {
    let settings = config.sign_in;
    let wanted = Wanted {
        tenant: &config.tenant,
        client_id: settings.names_application.then_some(config.client_id),
        hint: config.caller.as_ref(),
        variables: &HOME,
        proof,
        side: Side::Home,
        people: asks.people || asks.asked_for,
        foreign: foreign_hosts(config),
    };
    match chosen.or(settings.method) {
        Some(method) => by(method, &wanted, asks),
        None => match of_environment(proof, config.client_id) {
            Some(sign_in) => Ok(sign_in),
            None if asks.people => {
                stream::note("nothing in the environment proves an application, so a person signs in");
                by(Method::Browser, &wanted, asks)
            }
            None => Err(no_proof(config.client_id)),
        },
    }
}

/// Whoever the environment proves: a person by a refresh token, else an application.
pub(crate) fn of_environment(proof: &Proof, client_id: Uuid) -> Option<SignIn> {
    if let Some(source) = proof.person(client_id) {
        return Some(SignIn::of(source, None));
    }
    let method = match proof.secret {
        Some(_) => Method::ClientSecret,
        None => Method::ClientCertificate,
    };
    let source = proof.application(client_id)?;
    Some(SignIn::of(source, Some(method)))
}

/// The sign-in to the partner tenant; `same` is that of the same application in the same tenant. `None` when nothing was chosen and
/// nothing is there.
pub(crate) fn partner(
    config: &Config,
    settings: &PartnerSettings,
    proof: &Proof,
    same: Option<(&SignIn, &Proof)>,
    asks: Asks,
) -> Result<Option<SignIn>, Stop> {
    let Some(method) = settings.method else {
        if !settings.names_application {
            if proof.is_there() {
                return Err(Stop::usage(
                    "error: something proves a sign-in to the partner tenant, and no application is named that it could prove\n  \
                     hint: set partner.client_id to its id",
                ));
            }
            return Ok(same.map(|(home, _)| home.clone()));
        }
        if let Some(source) = proof.partner(settings.client_id, same.map(|(_, proof)| proof)) {
            let method = match (&proof.refresh_token, &proof.certificate) {
                (Some(_), _) => None,
                (None, Some(_)) => Some(Method::ClientCertificate),
                (None, None) => Some(Method::ClientSecret),
            };
            return Ok(Some(SignIn::of(source, method)));
        }
        // One sign-in of a person serves both sides of one tenant.
        return Ok(same.map(|(home, _)| home.clone()));
    };
    let wanted = Wanted {
        tenant: &settings.tenant,
        client_id: settings.names_application.then_some(settings.client_id),
        hint: Some(&settings.integration_account),
        variables: &PARTNER,
        proof,
        side: Side::Partner,
        people: asks.people,
        foreign: foreign_hosts(config),
    };
    let sign_in = by(method, &wanted, asks)?;
    // A person signs in where Partner Center is asked, an application elsewhere, when one is proved as well.
    Ok(Some(match proof.application(settings.client_id) {
        Some(application) if method.is_person() => SignIn {
            source: Arc::new(PersonAtPartnerCenter::new(Arc::clone(&sign_in.source), application)),
            ..sign_in
        },
        _ => sign_in,
    }))
}

fn by(method: Method, wanted: &Wanted<'_>, asks: Asks) -> Result<SignIn, Stop> {
    let client_id = wanted.client_id;
    let named = || {
        client_id.ok_or_else(|| {
            Stop::usage(format!(
                "error: sign-in by {} needs an application\n  hint: set {} to its id",
                method.name(),
                match wanted.side {
                    Side::Home => "sign_in.client_id",
                    Side::Partner => "partner.client_id",
                }
            ))
        })
    };
    let unset = |variable: &str| {
        Stop::usage(format!(
            "error: sign-in by {} was chosen, and {variable} is not set\n  hint: set it, or choose another way with --sign-in or sign_in.method",
            method.name()
        ))
    };
    if method.is_ambient() && !wanted.foreign.is_empty() && !asks.trusts_connection {
        return Err(Stop::usage(format!(
            "error: sign-in by {} was not begun: [connection] leads to hosts that are neither Microsoft's nor this machine: {}\n  \
             hint: what this machine is signed in to would be sent there; take those lines out, or if you know these hosts: --trust-connection",
            method.name(),
            wanted.foreign.join(", ")
        )));
    }
    let way = match method {
        Method::Browser => Some(Way::Browser),
        Method::DeviceCode => Some(Way::DeviceCode),
        _ => None,
    };
    if let Some(way) = way {
        let person = Arc::new(person(way, named()?, wanted, asks)?);
        return Ok(SignIn {
            source: person.clone(),
            method: Some(method),
            person: Some(person),
        });
    }
    let source: Arc<dyn TokenSource> = match method {
        Method::ClientSecret => {
            let only = Proof {
                secret: wanted.proof.secret.clone(),
                ..Proof::default()
            };
            only.application(named()?)
                .ok_or_else(|| unset(wanted.variables.secret))?
        }
        Method::ClientCertificate => {
            let only = Proof {
                certificate: wanted.proof.certificate.clone(),
                ..Proof::default()
            };
            only.application(named()?)
                .ok_or_else(|| unset(wanted.variables.certificate))?
        }
        Method::WorkloadIdentity => {
            let file = env::var_os("AZURE_FEDERATED_TOKEN_FILE").filter(|file| !file.is_empty());
            let file = file.ok_or_else(|| unset("AZURE_FEDERATED_TOKEN_FILE"))?;
            Arc::new(WorkloadIdentity::new(named()?, PathBuf::from(file)))
        }
        Method::ManagedIdentity => {
            let variable = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
            let identity = ManagedIdentity::of_environment(client_id, variable);
            Arc::new(
                identity.map_err(|error| Stop::usage(format!("error: {error}{}", crate::session::advice(&error))))?,
            )
        }
        // People have been dealt with above.
        Method::AzureCli | Method::Browser | Method::DeviceCode => Arc::new(AzureCli::default()),
    };
    Ok(SignIn::of(source, Some(method)))
}

/// A person, asked at the terminal or remembered by the keyring.
fn person(way: Way, client_id: Uuid, wanted: &Wanted<'_>, asks: Asks) -> Result<Person, Stop> {
    // Whether a sign-in is kept is known only once the tenant's id is.
    if !wanted.people && (asks.anew || !kept::POSSIBLE) {
        return Err(nobody_to_ask(wanted, asks));
    }
    let prompt: Option<Arc<dyn Prompt>> = match wanted.people {
        true => Some(Arc::new(Terminal {
            to: format!("the tenant {}", wanted.tenant),
        })),
        false => None,
    };
    let hint = expected(wanted.hint);
    let entries = Entries::of(wanted.side, hint.clone());
    let person = Person::new(client_id, way, prompt).with_hint(hint);
    if !wanted.foreign.is_empty() && !asks.trusts_connection {
        // Neither is a kept sign-in sent to those hosts, nor one of theirs kept.
        return Ok(person);
    }
    Ok(match asks.anew {
        true => person.kept_anew(entries.keeper()),
        false => person.kept(entries.keeper()),
    })
}

fn nobody_to_ask(wanted: &Wanted<'_>, asks: Asks) -> Stop {
    let (why, hint) = match (asks.non_interactive, wanted.side) {
        (true, _) => (
            "--non-interactive forbids to ask",
            "leave --non-interactive out, or sign in as an application",
        ),
        (false, Side::Home) => (
            "nobody can be asked here: this is no terminal",
            "run it on a terminal, or sign in as an application; who reads the output can also ask for it: --sign-in device-code",
        ),
        (false, Side::Partner) => (
            "nobody can be asked here: this is no terminal",
            "run it on a terminal, or sign in as an application",
        ),
    };
    Stop::usage(format!(
        "error: a person has to sign in to {}, and {why}\n  hint: {hint}",
        wanted.tenant
    ))
}

fn no_proof(client_id: Uuid) -> Stop {
    Stop::usage(format!(
        "error: there is neither a secret nor a certificate to sign in with as application {client_id}\n  hint: set the environment variable {} to its secret, or {} to a PEM file with certificate and key; \
         or let a person sign in: --sign-in browser; without a tenant: cutover check --world nothing-ready",
        HOME.secret, HOME.certificate
    ))
}
