//! What this machine says: folders, credentials, proxies, terminal. No value of a secret is looked at, let alone shown.

use std::env;
use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use cutover_clients::{Validity, validities};
use cutover_core::Pack;
use cutover_runner::AttestationStore;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::Findings;
use crate::config::{Config, Method};
use crate::credential::{HOME, PARTNER, Proof, Variables};
use crate::output::doctor_v1::Line;
use crate::{Global, chain, state_folder};

/// A certificate that ends sooner than this is worth a word.
const SOON: SignedDuration = SignedDuration::from_hours(30 * 24);

pub(super) fn program(pack: &Pack) -> Line {
    Line::ok(
        "program",
        format!(
            "cutover {} for {} on {}; {} requirements up to version {}",
            env!("CARGO_PKG_VERSION"),
            env::consts::OS,
            env::consts::ARCH,
            pack.requirement.len(),
            pack.route.newest
        ),
    )
}

/// Where cutover keeps what outlives a command. It keeps no cache.
pub(super) fn folders(global: &Global, config: Option<&Config>, findings: &mut Findings) {
    const ABOUT: &str = "state folder";
    let tenant = config.and_then(|config| Some((Uuid::parse_str(&config.tenant).ok()?, config)));
    let folder = match (&global.state, &global.world, tenant) {
        (Some(folder), _, _) => Ok(folder.clone()),
        (None, Some(world), _) => state_folder::of_world(world),
        (None, None, Some((id, config))) => state_folder::of_tenant(id, &config.environment_url),
        // By its domain a tenant is known only once it was looked up.
        (None, None, None) => state_folder::base(),
    };
    let folder = match folder {
        Ok(folder) => folder,
        Err(error) => {
            let next = "name a folder with --state DIR";
            return findings.add(Line::problem(ABOUT, chain(error.as_ref()), next));
        }
    };
    match writable(&folder) {
        Ok(true) => findings.add(Line::ok(ABOUT, format!("{} can be written", folder.display()))),
        Ok(false) => findings.add(Line::ok(
            ABOUT,
            format!("{} does not exist yet and can be made", folder.display()),
        )),
        Err(error) => findings.add(Line::problem(
            ABOUT,
            format!("{} cannot be written: {error}", folder.display()),
            "name another folder with --state DIR",
        )),
    }
    if global.state.is_some() || tenant.is_some() {
        findings.add(attestations(&folder));
    }
}

/// What people confirmed, in a state folder.
pub(super) fn attestations(folder: &Path) -> Line {
    match AttestationStore::in_folder(folder).read() {
        Ok(all) => Line::ok("attestations", format!("{} recorded", all.len())),
        Err(error) => Line::problem(
            "attestations",
            chain(&error),
            "put the file right, or move it away and attest again",
        ),
    }
}

/// Whether a file can be made in a folder, or the folder itself; `false` when it is not there yet.
fn writable(folder: &Path) -> std::io::Result<bool> {
    let nearest = folder.ancestors().find(|folder| folder.exists());
    let nearest = nearest.filter(|folder| !folder.as_os_str().is_empty());
    // A name without a folder before it lies in the current one.
    let nearest = nearest.unwrap_or_else(|| Path::new("."));
    tempfile::NamedTempFile::new_in(nearest)?;
    Ok(nearest == folder)
}

/// Which credentials are set, by name, and whether they can be used.
pub(super) fn credentials(config: Option<&Config>, chosen: Option<Method>, findings: &mut Findings) {
    let home = config.map(|config| config.client_id);
    let partner = config.and_then(|config| config.partner.as_ref());
    // Only these ways to sign in are proved by a variable of cutover's own.
    let needed = |config: &Config| {
        matches!(
            chosen.or(config.sign_in.method),
            None | Some(Method::ClientSecret | Method::ClientCertificate)
        )
    };
    let wanted = [
        ("credentials", &HOME, home, config.is_some_and(needed)),
        // Without its own, the partner tenant may be signed in to with those of the Dynamics tenant.
        ("partner", &PARTNER, partner.map(|partner| partner.client_id), false),
    ];
    for (about, variables, client_id, needed) in wanted {
        let line = credential(about, variables, client_id.unwrap_or_default(), needed);
        findings.add_usage(line);
        if let Some(line) = certificate(about, variables) {
            findings.add(line);
        }
    }
}

fn names(variables: &Variables) -> Vec<&'static str> {
    let refresh = variables.refresh_token;
    [variables.secret, variables.certificate]
        .into_iter()
        .chain(refresh)
        .collect()
}

fn credential(about: &str, variables: &Variables, client_id: Uuid, needed: bool) -> Line {
    let is_set = |name: &&str| env::var_os(name).is_some_and(|value| !value.is_empty());
    let set: Vec<&str> = names(variables).into_iter().filter(is_set).collect();
    let next = format!(
        "set {} to the secret, or {} to a PEM file with certificate and key",
        variables.secret, variables.certificate
    );
    match (Proof::from_environment(client_id, variables), set.as_slice()) {
        (Err(stop), _) => super::refused(about, &stop),
        (Ok(_), []) if needed => Line::problem(about, format!("none of {} is set", names(variables).join(", ")), next),
        (Ok(_), []) => Line::ok(about, format!("none of {} is set", names(variables).join(", "))),
        (Ok(_), set) => Line::ok(about, format!("{} is set", set.join(" and "))),
    }
}

/// How long the certificate that signs in is good.
fn certificate(about: &str, variables: &Variables) -> Option<Line> {
    let path = env::var_os(variables.certificate).filter(|path| !path.is_empty())?;
    let path = PathBuf::from(path);
    let pem = fs::read(&path).ok()?;
    let all = validities(&pem)?;
    let next = "put a new certificate into the application registration and into the file";
    Some(validity(about, &path, &all, Timestamp::now(), next))
}

/// The authority of the configuration that is trusted beside the usual ones.
pub(super) fn trusted_authority(config: Option<&Config>, findings: &mut Findings) {
    const ABOUT: &str = "trusted CA";
    let Some(path) = config.and_then(|config| config.connection.trusted_ca.as_ref()) else {
        return;
    };
    const NEXT: &str =
        "connection.trusted_ca names a PEM file with one or more certificates (blocks BEGIN CERTIFICATE)";
    let line = match fs::read(path) {
        Err(error) => Line::problem(ABOUT, format!("cannot read {}: {error}", path.display()), NEXT),
        Ok(pem) => match validities(&pem) {
            None => Line::problem(
                ABOUT,
                format!("{} holds no certificate that can be read", path.display()),
                NEXT,
            ),
            Some(all) => validity(
                ABOUT,
                path,
                &all,
                Timestamp::now(),
                "ask whoever runs that service for its new certificate",
            ),
        },
    };
    findings.add_usage(line);
}

/// Whether certificates are good now, and for how long: the first that ends decides.
fn validity(about: &str, path: &Path, all: &[Validity], now: Timestamp, next: &str) -> Line {
    let path = path.display();
    let first = all.iter().map(|one| one.until).min().unwrap_or(now);
    let begins = all.iter().map(|one| one.from).max().unwrap_or(now);
    if first < now {
        return Line::problem(about, format!("a certificate in {path} ended at {first}"), next);
    }
    if begins > now {
        return Line::problem(
            about,
            format!("a certificate in {path} is good only from {begins} on"),
            next,
        );
    }
    if first.duration_since(now) < SOON {
        return Line::warning(about, format!("a certificate in {path} ends at {first}"), next);
    }
    Line::ok(about, format!("{path} is good until {first}"))
}

/// The proxies that the environment names. User names and passwords in them are not shown.
pub(super) fn proxies() -> Line {
    const ABOUT: &str = "proxy";
    let mut set: Vec<String> = Vec::new();
    let mut wrong: Vec<String> = Vec::new();
    for name in [
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
        "HTTP_PROXY",
        "http_proxy",
    ] {
        let Some(value) = env::var(name).ok().filter(|value| !value.is_empty()) else {
            continue;
        };
        let address = if value.contains("://") {
            value
        } else {
            format!("http://{value}")
        };
        match url::Url::parse(&address).ok().and_then(|url| {
            let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
            url.host_str().map(|host| format!("{name} leads to {host}{port}"))
        }) {
            Some(known) => set.push(known),
            None => wrong.push(name.to_owned()),
        }
    }
    if let Some(without) = env::var("NO_PROXY")
        .or_else(|_| env::var("no_proxy"))
        .ok()
        .filter(|value| !value.is_empty())
    {
        set.push(format!("NO_PROXY excepts {without}"));
    }
    match (set.as_slice(), wrong.as_slice()) {
        ([], []) => Line::ok(
            ABOUT,
            "no variable names one; this machine is never reached through one",
        ),
        (set, []) => Line::ok(ABOUT, set.join("; ")),
        (_, wrong) => Line::warning(
            ABOUT,
            format!("{} names no address", wrong.join(" and ")),
            "an address such as http://proxy.contoso.com:8080",
        ),
    }
}

/// What the output can show.
pub(super) fn terminal(global: &Global) -> Line {
    const ABOUT: &str = "terminal";
    let is_terminal = std::io::stdout().is_terminal();
    let no_colour = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let colour = match (is_terminal, global.plain, no_colour) {
        (_, true, _) => "no colour and ASCII alone (--plain)",
        (false, _, _) => "no colour, since the output is no terminal",
        (_, _, true) => "no colour (NO_COLOR)",
        (true, false, false) => "colour",
    };
    if global.plain || shows_all_letters(is_terminal) {
        return Line::ok(ABOUT, colour);
    }
    Line::warning(
        ABOUT,
        format!("{colour}; letters outside ASCII may show as something else"),
        match cfg!(windows) {
            true => "use Windows Terminal, or --plain",
            false => "set LANG to a UTF-8 locale, or use --plain",
        },
    )
}

/// Whether signs outside ASCII come through. Windows' own console depends on its font and code page.
fn shows_all_letters(is_terminal: bool) -> bool {
    if cfg!(windows) {
        return !is_terminal || env::var_os("WT_SESSION").is_some() || env::var_os("TERM_PROGRAM").is_some();
    }
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()));
    !is_terminal || locale.is_none_or(|locale| locale.to_lowercase().replace('-', "").contains("utf8"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::doctor_v1::State;

    #[test]
    fn a_certificate_is_judged_by_the_one_that_ends_first() {
        let time = |text: &str| text.parse::<Timestamp>().unwrap();
        let of = |from: &str, until: &str| Validity {
            from: time(from),
            until: time(until),
        };
        let good = of("2026-01-01T00:00:00Z", "2030-01-01T00:00:00Z");
        let line = |all: &[Validity]| validity("CA", Path::new("ca.pem"), all, time("2026-11-23T09:00:00Z"), "renew");
        assert_eq!(line(&[good]).state, State::Ok);
        for (other, state, says) in [
            (
                of("2020-01-01T00:00:00Z", "2026-11-23T08:59:59Z"),
                State::Problem,
                "ended at 2026-11-23T08:59:59Z",
            ),
            (
                of("2026-11-23T09:00:01Z", "2030-01-01T00:00:00Z"),
                State::Problem,
                "only from 2026-11-23T09:00:01Z",
            ),
            (
                of("2020-01-01T00:00:00Z", "2026-12-23T08:59:59Z"),
                State::Warning,
                "ends at 2026-12-23T08:59:59Z",
            ),
            (
                of("2020-01-01T00:00:00Z", "2026-12-23T09:00:00Z"),
                State::Ok,
                "good until 2026-12-23T09:00:00Z",
            ),
        ] {
            let line = line(&[good, other]);
            assert_eq!(line.state, state, "{line:?}");
            assert!(line.found.contains(says), "{line:?}");
        }
    }
}
