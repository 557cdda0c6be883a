//! The configuration file, `cutover.toml`: which tenant, which environment, who is who.
//!
//! There is no place for a secret in it: what proves the sign-in comes from the environment.

mod connection;
mod diagnose;
mod install;
mod partner;
mod rule;
mod sign_in;

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use cutover_core::attestation::Attestation;
use cutover_core::cloud::Cloud;
use cutover_core::code::Code;
use cutover_core::pack::MfaDemand;
use cutover_core::scene::{Principal, Region, Tier};
use cutover_core::version::Version;
use cutover_core::waiver::Waiver;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;
use toml::Spanned;
use url::Url;
use uuid::Uuid;

pub(crate) use connection::ConnectionSettings;
pub(crate) use install::InstallSettings;
pub(crate) use partner::PartnerSettings;
pub(crate) use rule::Rule;
pub(crate) use sign_in::{Method, SignInSettings};

use connection::RawConnection;
use diagnose::{Problem, Source};
use install::RawInstall;
use partner::RawPartner;
use sign_in::RawSignIn;

/// A configuration that was read and found sound.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Config {
    /// Tenant id or a verified domain.
    pub(crate) tenant: String,
    /// The cloud of both: as configured, or as the environment's address tells.
    pub(crate) cloud: Cloud,
    /// Address of the environment, without a slash at the end.
    pub(crate) environment_url: String,
    /// Organisation id, when pinned.
    pub(crate) organization_id: Option<Uuid>,
    /// Time zone in which people say when a maintenance window ends, when given.
    pub(crate) time_zone: Option<TimeZone>,
    /// Partner tier.
    pub(crate) tier: Tier,
    /// Data centre of Work 365.
    pub(crate) region: Region,
    /// Target version, when given.
    pub(crate) target: Option<Version>,
    /// Unique name of the core solution, when given.
    pub(crate) core_solution: Option<String>,
    /// Who runs the upgrade, when it is not the signed-in identity.
    pub(crate) caller: Option<Principal>,
    /// Who acts as Global Administrator.
    pub(crate) borrower: Principal,
    /// The service account; `None` for an application user.
    pub(crate) service_account: Option<Principal>,
    /// Application id that signs in.
    pub(crate) client_id: Uuid,
    /// By which way.
    pub(crate) sign_in: SignInSettings,
    /// Where and as whom Work 365 works in Partner Center, when an integration account is named.
    pub(crate) partner: Option<PartnerSettings>,
    /// How Work 365 will be installed.
    pub(crate) install: InstallSettings,
    /// How strictly MFA is meant, when chosen otherwise than the pack.
    pub(crate) mfa: Option<MfaDemand>,
    /// Which set of Partner Center roles the integration account is to have, when chosen otherwise than the pack.
    pub(crate) partner_roles: Option<String>,
    /// Waivers.
    pub(crate) waivers: Vec<Waiver>,
    /// Where the services are, when not at Microsoft's usual addresses.
    pub(crate) connection: ConnectionSettings,
    /// Attestations that come with a built-in world; never from a file.
    pub(crate) attestations: Vec<Attestation>,
}

/// What `who.caller` may say instead of a name; the same as leaving it out.
const SIGNED_IN: &str = "signed-in";

/// Why there is no configuration. `Display` is the whole message for a person, with file, line and hint.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    /// The file cannot be read.
    #[error("error: cannot read the configuration {path}: {source}\n  hint: name it with -c FILE, or try cutover without a tenant: cutover check --world nothing-ready", path = path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is in another encoding; editors and shells on Windows often write UTF-16.
    #[error("error: the configuration {path} is not UTF-8 text\n  hint: save it with the encoding UTF-8", path = path.display())]
    NotText {
        /// Which file.
        path: PathBuf,
    },
    /// The file is wrong.
    #[error("{0}")]
    Wrong(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawConfig {
    tenant: Spanned<String>,
    environment: RawEnvironment,
    work365: RawWork365,
    who: Spanned<RawWho>,
    sign_in: Spanned<RawSignIn>,
    partner: Option<Spanned<RawPartner>>,
    #[serde(default)]
    install: RawInstall,
    #[serde(default)]
    settings: RawSettings,
    #[serde(default)]
    waiver: Vec<RawWaiver>,
    #[serde(default)]
    connection: RawConnection,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEnvironment {
    url: Spanned<String>,
    organization_id: Option<Spanned<String>>,
    time_zone: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWork365 {
    tier: Spanned<toml::Value>,
    region: Spanned<String>,
    target: Option<Spanned<String>>,
    core_solution: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWho {
    borrower: Spanned<String>,
    service_account: Option<Spanned<String>>,
    #[serde(default)]
    application_user: bool,
    caller: Option<Spanned<String>>,
    integration_account: Option<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSettings {
    mfa: Option<Spanned<String>>,
    partner_roles: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWaiver {
    code: Spanned<String>,
    reason: Spanned<String>,
    by: Spanned<String>,
    until: Spanned<String>,
}

impl Config {
    /// Reads and checks a configuration file.
    ///
    /// # Errors
    /// When the file cannot be read or is wrong: the message shows file, line and what would be right.
    pub(crate) fn read(path: &Path) -> Result<Self, ConfigError> {
        let path = path.to_owned();
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::InvalidData => return Err(ConfigError::NotText { path }),
            Err(source) => return Err(ConfigError::Unreadable { path, source }),
        };
        Self::parse(&text, &path.display().to_string())
    }

    /// Checks the text of a configuration; `name` is what messages call it.
    ///
    /// # Errors
    /// When it is wrong.
    pub(crate) fn parse(text: &str, name: &str) -> Result<Self, ConfigError> {
        let source = Source { name, text };
        let raw: RawConfig =
            toml::from_str(text).map_err(|error| ConfigError::Wrong(source.render(&Problem::of_toml(&error))))?;
        raw.check()
            .map_err(|problem| ConfigError::Wrong(source.render(&problem)))
    }
}

impl RawConfig {
    fn check(self) -> Result<Config, Problem> {
        let tier = match self.work365.tier.get_ref() {
            toml::Value::Integer(1) => Tier::DirectBill,
            toml::Value::Integer(2) => Tier::Indirect,
            _ => {
                return Err(Problem::at(&self.work365.tier, "a tier is the number 1 or 2")
                    .hint("1 for direct-bill partners, 2 for partners behind an indirect provider"));
            }
        };
        let region = match self.work365.region.get_ref().as_str() {
            "us" => Region::Us,
            "eu" => Region::Eu,
            other => {
                return Err(
                    Problem::at(&self.work365.region, format!("there is no region `{other}`"))
                        .choices(other, &["us", "eu"]),
                );
            }
        };
        let who = self.who.get_ref();
        let service_account = match (&who.service_account, who.application_user) {
            (Some(name), false) => Some(user(name)?),
            (None, true) => None,
            (Some(name), true) => {
                return Err(
                    Problem::at(name, "both a service account and an application user are given")
                        .hint("Work 365 runs as one of them: keep service_account, or application_user = true"),
                );
            }
            (None, false) => {
                return Err(Problem::at(&self.who, "nobody is named that Work 365 runs as")
                    .hint("add service_account = \"svc-work365@…\", or application_user = true"));
            }
        };
        let mfa = match &self.settings.mfa {
            None => None,
            Some(word) => Some(match word.get_ref().as_str() {
                "demanded" => MfaDemand::Demanded,
                "every-sign-in" => MfaDemand::EverySignIn,
                other => {
                    return Err(Problem::at(word, format!("`{other}` is not a way to mean MFA"))
                        .choices(other, &["demanded", "every-sign-in"]));
                }
            }),
        };
        let tenant = tenant(&self.tenant)?;
        let (sign_in, client_id) = sign_in::check(&self.sign_in)?;
        let partner = partner::check(
            tier,
            who.integration_account.as_ref(),
            self.partner.as_ref(),
            (&tenant, client_id, sign_in.names_application),
        )?;
        let environment_url = environment_url(&self.environment.url)?;
        Ok(Config {
            tenant,
            cloud: connection::cloud(self.connection.cloud.as_ref(), &self.environment.url, &environment_url)?,
            environment_url,
            organization_id: self.environment.organization_id.as_ref().map(guid).transpose()?,
            time_zone: self.environment.time_zone.as_ref().map(time_zone).transpose()?,
            tier,
            region,
            target: self.work365.target.as_ref().map(version).transpose()?,
            core_solution: self.work365.core_solution.clone(),
            caller: who
                .caller
                .as_ref()
                .filter(|name| name.get_ref() != SIGNED_IN)
                .map(user)
                .transpose()?,
            borrower: user(&who.borrower)?,
            service_account,
            client_id,
            sign_in,
            partner,
            install: self.install.check()?,
            mfa,
            partner_roles: self.settings.partner_roles.as_ref().map(partner::roles).transpose()?,
            waivers: self.waiver.iter().map(waiver).collect::<Result<_, _>>()?,
            connection: self.connection.check()?,
            attestations: Vec::new(),
        })
    }
}

fn tenant(text: &Spanned<String>) -> Result<String, Problem> {
    let name = text.get_ref().trim();
    if Uuid::parse_str(name).is_ok() || is_domain(name) {
        return Ok(name.to_lowercase());
    }
    Err(
        Problem::at(text, format!("`{name}` is neither a tenant id nor a domain"))
            .hint("a verified domain such as contoso.onmicrosoft.com, or the tenant id (a GUID)"),
    )
}

/// Whether a text is a whole domain name, such as one that a tenant has verified.
fn is_domain(name: &str) -> bool {
    let sound =
        |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    name.contains('.') && name.split('.').all(sound)
}

fn environment_url(text: &Spanned<String>) -> Result<String, Problem> {
    let hint = "the environment's address, such as https://contoso.crm4.dynamics.com";
    let url = Url::parse(text.get_ref()).map_err(|_| Problem::at(text, "this is not a whole address").hint(hint))?;
    let plain = url.path() == "/" && url.query().is_none() && url.username().is_empty() && url.password().is_none();
    if url.scheme() != "https" || url.host_str().is_none() || !plain {
        return Err(Problem::at(text, "an environment's address has https, a host and nothing behind it").hint(hint));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

fn guid(text: &Spanned<String>) -> Result<Uuid, Problem> {
    Uuid::parse_str(text.get_ref().trim()).map_err(|_| {
        Problem::at(text, format!("`{}` is not a GUID", text.get_ref()))
            .hint("32 hexadecimal digits in five groups, such as 5e56ae97-9be1-40d3-938b-99ea52175a30")
    })
}

/// A zone of the IANA database, which comes with the program: Windows has none of its own.
fn time_zone(text: &Spanned<String>) -> Result<TimeZone, Problem> {
    let name = text.get_ref().trim();
    TimeZone::get(name).map_err(|_| {
        Problem::at(text, format!("there is no time zone `{}`", name.escape_debug()))
            .hint("a name of the IANA database, such as Europe/Berlin or America/New_York")
    })
}

fn version(text: &Spanned<String>) -> Result<Version, Problem> {
    text.get_ref()
        .parse()
        .map_err(|error: cutover_core::version::VersionError| Problem::at(text, error.to_string()))
}

/// A user principal name: one `@`, something on both sides, no blank or control character (Entra's rules).
fn user(text: &Spanned<String>) -> Result<Principal, Problem> {
    let name = text.get_ref().as_str();
    let sound =
        |part: &str| !part.is_empty() && !part.chars().any(|letter| letter.is_whitespace() || letter.is_control());
    match name.split_once('@') {
        Some((local, domain)) if sound(local) && sound(domain) && domain.contains('.') && !domain.contains('@') => {
            Ok(Principal::user(name))
        }
        _ => {
            let message = match name {
                "" => "a user principal name is missing here".to_owned(),
                name => format!("`{}` is not a user principal name", name.escape_debug()),
            };
            Err(Problem::at(text, message).hint("a sign-in name such as admin@contoso.onmicrosoft.com"))
        }
    }
}

fn waiver(raw: &RawWaiver) -> Result<Waiver, Problem> {
    let code: Code = raw
        .code
        .get_ref()
        .parse()
        .map_err(|error: cutover_core::code::CodeError| Problem::at(&raw.code, error.to_string()))?;
    if cutover_core::checks::find(code).is_none() {
        return Err(Problem::at(&raw.code, format!("there is no check {code}")).hint("cutover explain lists the codes"));
    }
    for (text, what) in [(&raw.reason, "a reason"), (&raw.by, "the name of who decided")] {
        if text.get_ref().trim().is_empty() {
            return Err(Problem::at(text, format!("a waiver needs {what}")));
        }
    }
    let until: Date = raw.until.get_ref().parse().map_err(|_| {
        Problem::at(&raw.until, format!("`{}` is not a day", raw.until.get_ref()))
            .hint("the last day it holds, such as 2027-03-31")
    })?;
    Ok(Waiver {
        code,
        reason: raw.reason.get_ref().clone(),
        by: raw.by.get_ref().clone(),
        until,
    })
}
