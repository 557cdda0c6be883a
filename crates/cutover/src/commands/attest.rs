//! `cutover attest`: record a person's confirmation.

use clap::Args;
use cutover_core::Code;
use cutover_core::Selection;
use cutover_core::attestation::Attestation;
use cutover_core::reading::installed::Installed;
use cutover_core::scene::Principal;
use cutover_core::version::Version;

use crate::commands::check::look;

use crate::commands::check::requirement;
use crate::output::{escape, stream};
use crate::session::{Session, built_in_pack};
use crate::{Exit, Global, Stop};

/// Record what a person saw, where no API can show it
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The requirement, such as W104
    #[arg(value_name = "CODE")]
    code: Code,
    /// Who saw it: a name or address
    #[arg(long, value_name = "NAME")]
    by: String,
    /// What was seen, in their words
    #[arg(long, value_name = "TEXT")]
    seen: String,
    /// The Work 365 version it was seen on [default: the installed one]
    #[arg(long, value_name = "VERSION")]
    for_version: Option<Version>,
}

pub(crate) async fn run(global: &Global, options: &Options) -> Result<Exit, Stop> {
    for (text, name) in [(&options.by, "--by"), (&options.seen, "--seen")] {
        if text.trim().is_empty() {
            return Err(Stop::usage(format!(
                "error: {name} is empty\n  hint: an attestation says who saw what"
            )));
        }
    }
    let pack = built_in_pack()?;
    if !requirement(&pack, options.code)?.attestable {
        let attestable: Vec<String> = pack
            .requirement
            .iter()
            .filter(|requirement| requirement.attestable)
            .map(|requirement| requirement.code.to_string())
            .collect();
        return Err(Stop::usage(format!(
            "error: {} is not a matter of anybody's word: cutover check looks for itself\n  hint: what can be attested: {}",
            options.code,
            attestable.join(", ")
        )));
    }
    let session = Session::open(global).await?;
    let installed = installed_version(&session).await?;
    let version = match (options.for_version, installed) {
        (Some(given), _) => given,
        (None, Some(installed)) => installed,
        (None, None) => {
            return Err(Stop::usage(
                "error: which version of Work 365 is installed could not be seen\n  hint: say which one was looked at: --for-version 4.8",
            ));
        }
    };
    if installed.is_some_and(|installed| version > installed && version.major_minor() > installed.major_minor()) {
        let installed = installed.map(|installed| installed.to_string()).unwrap_or_default();
        stream::note(&format!(
            "note: {version} is not installed yet (it is {installed}): this is recorded in advance"
        ));
    }
    let attestation = Attestation {
        code: options.code,
        by: options.by.trim().to_owned(),
        at: session.clients.connection().clock.now(),
        seen: options.seen.trim().to_owned(),
        version,
        tenant_id: session.scene.tenant_id,
        environment_url: session.scene.environment_url.clone(),
        about: about(&session, options.code),
    };
    session.store.add(attestation).map_err(anyhow::Error::from)?;
    session.keep()?;
    let recorded = format!(
        "recorded: {} for version {version}, by {}: {}\n",
        options.code,
        escape::line(options.by.trim()),
        escape::line(options.seen.trim())
    );
    stream::text(&recorded, global.plain);
    Ok(Exit::Done)
}

/// Whom a requirement is about that the configuration may exchange for somebody else.
fn about(session: &Session, code: Code) -> Option<Principal> {
    let partner = session.scene.partner.as_ref().filter(|_| code == Code::new(601))?;
    Some(partner.integration_account.clone())
}

/// The version of the core that is installed; `None` when it cannot be seen.
async fn installed_version(session: &Session) -> Result<Option<Version>, Stop> {
    let selection = Selection {
        only: vec![Code::new(802)],
        skip: Vec::new(),
    };
    let (facts, _) = look(session, &selection).await?;
    Ok(Installed::of(&facts, &session.pack)
        .ok()
        .and_then(|(installed, _)| installed.core_version()))
}
