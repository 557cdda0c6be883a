//! From a way to sign in to what gives tokens.

use std::env;
use std::path::PathBuf;
use std::sync::Arc;

use cutover_clients::tokens::{
    AzureCli, ManagedIdentity, Person, PersonAtPartnerCenter, Prompt, TokenSource, Way, WorkloadIdentity,
};
use cutover_core::scene::Principal;
use uuid::Uuid;

use crate::config::{Config, Method, PartnerSettings};
use crate::credential::{HOME, PARTNER, Proof, Variables};
use crate::kept::Entry;
use crate::output::stream;
use crate::terminal::{self, Terminal};
use crate::{Global, Stop};

/// What gives tokens of one tenant, and by which way.
#[derive(Debug, Clone)]
pub(crate) struct SignIn {
    pub(crate) source: Arc<dyn TokenSource>,
    /// The way; `None` for a refresh token that the environment holds.
    pub(crate) method: Option<Method>,
}

impl SignIn {
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
    /// Somebody may be asked to sign in.
    pub(crate) people: bool,
    /// A person signs in anew, and that sign-in is kept where it can be.
    pub(crate) anew: bool,
}

impl Asks {
    pub(crate) fn of(global: &Global) -> Self {
        Self {
            people: !global.non_interactive,
            anew: false,
        }
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
    };
    match chosen.or(settings.method) {
        Some(method) => by(method, &wanted, asks),
        None => match of_environment(proof, config.client_id) {
            Some(sign_in) => Ok(sign_in),
            None if asks.people && terminal::is_there() => {
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
        return Some(SignIn { source, method: None });
    }
    let method = match proof.secret {
        Some(_) => Method::ClientSecret,
        None => Method::ClientCertificate,
    };
    let source = proof.application(client_id)?;
    Some(SignIn {
        source,
        method: Some(method),
    })
}

/// The sign-in to the partner tenant; `same` is that of the same application in the same tenant. `None` when nothing was chosen and
/// nothing is there.
pub(crate) fn partner(
    settings: &PartnerSettings,
    proof: &Proof,
    same: Option<(&SignIn, &Proof)>,
    asks: Asks,
) -> Result<Option<SignIn>, Stop> {
    let Some(method) = settings.method else {
        if let Some(source) = proof.partner(settings.client_id, same.map(|(_, proof)| proof)) {
            let method = match (&proof.refresh_token, &proof.certificate) {
                (Some(_), _) => None,
                (None, Some(_)) => Some(Method::ClientCertificate),
                (None, None) => Some(Method::ClientSecret),
            };
            return Ok(Some(SignIn { source, method }));
        }
        // One sign-in of a person serves both sides of one tenant.
        return Ok(same.map(|(home, _)| home.clone()));
    };
    let wanted = Wanted {
        tenant: &settings.tenant,
        client_id: Some(settings.client_id),
        hint: Some(&settings.integration_account),
        variables: &PARTNER,
        proof,
    };
    let sign_in = by(method, &wanted, asks)?;
    // A person signs in where Partner Center is asked, an application elsewhere, when one is proved as well.
    Ok(Some(match proof.application(settings.client_id) {
        Some(application) if method.is_person() => SignIn {
            source: Arc::new(PersonAtPartnerCenter::new(sign_in.source, application)),
            method: Some(method),
        },
        _ => sign_in,
    }))
}

fn by(method: Method, wanted: &Wanted<'_>, asks: Asks) -> Result<SignIn, Stop> {
    let client_id = wanted.client_id;
    let named = || {
        client_id.ok_or_else(|| {
            Stop::usage(format!(
                "error: sign-in by {} needs an application\n  hint: set sign_in.client_id to its id",
                method.name()
            ))
        })
    };
    let unset = |variable: &str| {
        Stop::usage(format!(
            "error: sign-in by {} was chosen, and {variable} is not set\n  hint: set it, or choose another way with --sign-in or sign_in.method",
            method.name()
        ))
    };
    let source: Arc<dyn TokenSource> = match method {
        Method::Browser => Arc::new(person(Way::Browser, named()?, wanted, asks)?),
        Method::DeviceCode => Arc::new(person(Way::DeviceCode, named()?, wanted, asks)?),
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
        Method::AzureCli => Arc::new(AzureCli::default()),
    };
    Ok(SignIn {
        source,
        method: Some(method),
    })
}

/// A person, asked at the terminal or remembered by the keyring.
fn person(way: Way, client_id: Uuid, wanted: &Wanted<'_>, asks: Asks) -> Result<Person, Stop> {
    let entry = Entry::of(wanted.tenant, client_id);
    let kept = entry.read();
    if !asks.people && kept.is_none() {
        return Err(Stop::usage(format!(
            "error: a person has to sign in to {}, and --non-interactive forbids to ask\n  hint: leave --non-interactive out, or sign in as an application",
            wanted.tenant
        )));
    }
    let prompt: Option<Arc<dyn Prompt>> = match asks.people {
        true => Some(Arc::new(Terminal {
            to: format!("the tenant {}", wanted.tenant),
        })),
        false => None,
    };
    let hint = match wanted.hint {
        Some(Principal::User(name)) => Some(name.clone()),
        _ => None,
    };
    let person = Person::new(client_id, way, prompt).with_hint(hint);
    Ok(match kept {
        _ if asks.anew => person.kept(entry.keeper(), None),
        Some(kept) => person.kept(entry.keeper(), Some(kept)),
        None => person,
    })
}

fn no_proof(client_id: Uuid) -> Stop {
    Stop::usage(format!(
        "error: there is neither a secret nor a certificate to sign in with as application {client_id}\n  hint: set the environment variable {} to its secret, or {} to a PEM file with certificate and key; \
         or let a person sign in: --sign-in browser; without a tenant: cutover check --world nothing-ready",
        HOME.secret, HOME.certificate
    ))
}
