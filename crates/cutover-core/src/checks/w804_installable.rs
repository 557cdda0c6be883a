//! W804.

use std::collections::BTreeSet;

use crate::check::check;
use crate::context::{Context, Stage, Undecided};
use crate::facts::package::SolutionFile;
use crate::facts::power_platform::ApplicationPackage;
use crate::facts::{Blind, Calls};
use crate::reading::installed::Installed;
use crate::reading::package::is_products;
use crate::scene::InstallDriver;
use crate::verdict::{Evidence, Fix, Judged};
use crate::version::Version;

check! {
    /// The package that is to be installed can be installed.
    ///
    /// # Why
    /// A wrong, older or unmanaged package is found out by the install step, after licences and roles were borrowed and everybody
    /// waits. What can be known before is looked at before.
    ///
    /// # Evidence
    /// It depends on `[install]` in the configuration, since it is not documented which way a given version takes.
    ///
    /// Application package: the environment's list of packages holds it (by `install.package`, or the one whose name begins with
    /// *Work 365* and is not the portal's), in a version that is neither below the installed core nor below the target. That its
    /// version is the core's is assumed. A failed installation is a warning, with what the service said.
    ///
    /// Solution file: it is whole, managed, of the publisher with the prefix `work365`, the installed core's solution, and not
    /// below the installed version or the target. It is read on this machine only; nothing is sent.
    ///
    /// Missing dependencies show only when it is staged in the run, so when all else holds the verdict is *due*. With a
    /// guided install there is nothing to look at, and after the install step nothing left to install: not applicable.
    ///
    /// # By hand
    /// Power Platform admin centre > Manage > Environments > the environment > Resources > Dynamics 365 apps, for a package; when
    /// it is not listed, get it in the marketplace first (AppSource > Work 365 > Get it now). Ask the vendor for the right file.
    804,
    needs: [Solutions, ApplicationPackages, SolutionPackage],
    matters: |scene, _| scene.install != InstallDriver::Guided,
    judge: judge,
}

const WHEN: &str =
    "the step Install Work 365: whether something it depends on is missing shows only when it is staged there";
const ENVIRONMENTS: &str = "https://admin.powerplatform.microsoft.com/manage/environments";

fn judge(context: &Context<'_>) -> Result<Judged, Undecided> {
    match &context.facts.scene.install {
        InstallDriver::Guided => Ok(Judged::not_applicable(
            "the vendor or a person installs (guided), so there is no package to look at",
        )),
        _ if context.stage? == Stage::AfterInstall => Ok(Judged::not_applicable(format!(
            "{} is installed, so nothing is left to install",
            context.target()
        ))),
        InstallDriver::ApplicationPackage { unique_name } => application_package(context, unique_name.as_deref()),
        InstallDriver::SolutionFile { file } => solution_file(context, file),
    }
}

fn application_package(context: &Context<'_>, wanted_name: Option<&str>) -> Result<Judged, Undecided> {
    let facts = context.facts;
    let (packages, calls) = facts.power_platform.packages.read()?;
    let (installed, more) = Installed::of(facts, context.pack)?;
    let calls = calls.clone().and(more);
    let wanted = format!("a package of {}, not below {}", context.pack.product, context.target());
    let path = format!(
        "Power Platform admin centre > Manage > Environments > {} > Resources > Dynamics 365 apps",
        facts.scene.environment_url
    );
    let found: Vec<&ApplicationPackage> = packages
        .iter()
        .filter(|package| match wanted_name {
            Some(name) => package.unique_name.eq_ignore_ascii_case(name),
            None => is_products(context.pack, package),
        })
        .collect();
    let names: BTreeSet<String> = found.iter().map(|package| package.unique_name.to_lowercase()).collect();
    if names.len() > 1 {
        let names: Vec<String> = names.into_iter().collect();
        let message = format!(
            "several packages could be {}: {}; name it in the configuration as install.package",
            context.pack.product,
            names.join(", ")
        );
        return Err(Blind::not_decidable(message, &calls).into());
    }
    // The list may hold a package twice: as it is installed, and as it may be installed.
    let mut versions = Vec::new();
    for package in found {
        let version: Version = package.version.parse().map_err(|_| {
            let message = format!(
                "the package {} has the version `{}`, which is not a version of four numbers",
                package.unique_name, package.version
            );
            Blind::not_decidable(message, &calls)
        })?;
        versions.push((version, package));
    }
    let Some((version, package)) = versions.iter().max_by_key(|(version, _)| *version) else {
        let (seen, first) = match wanted_name {
            Some(name) => (
                format!("no package {name} among {} of the environment", packages.len()),
                format!("check install.package in the configuration: the environment has no package {name}"),
            ),
            None => (
                format!(
                    "none of {} packages of the environment is of {}",
                    packages.len(),
                    context.pack.product
                ),
                format!(
                    "name the package as install.package, if it is called otherwise than {}",
                    context.pack.names.application
                ),
            ),
        };
        let fix = Fix::by_hand(first)
            .or_by_hand("or get it in the marketplace for this tenant first (AppSource > Work 365 > Get it now), or install guided")
            .at(path, ENVIRONMENTS);
        let sentence = format!("the package cannot be installed: {seen}");
        return Ok(Judged::missing(Evidence::new(&calls, seen, wanted), sentence, fix));
    };
    let what = format!("the package {}", package.unique_name);
    let marker = &context.pack.names.portal_marker;
    if [&package.unique_name, &package.name]
        .iter()
        .any(|name| name.to_lowercase().contains(marker))
    {
        let seen = format!("{what} is the portal's ({}), and the core comes first", package.name);
        let fix = Fix::by_hand("name the core's package as install.package in the configuration".to_owned())
            .at(path, ENVIRONMENTS);
        return Ok(Judged::missing(Evidence::new(&calls, seen.clone(), wanted), seen, fix));
    }
    if let Some(judged) = wrong_version(context, &installed, &what, *version, &calls, &wanted) {
        return Ok(judged);
    }
    let seen = format!(
        "{what}, version {version}, of {} ({})",
        package.publisher, package.state
    );
    Ok(Judged::due(
        Evidence::new(&calls, seen, wanted),
        format!("{what} brings {version}; as far as can be seen it can be installed"),
        WHEN,
    )
    .warn_all(versions.iter().filter_map(|(_, package)| odd_state(package)))
    .warn_all(beyond(context, *version)))
}

/// What a person should know about the state of a package (Power Platform `InstancePackageState`).
fn odd_state(package: &ApplicationPackage) -> Option<String> {
    let ApplicationPackage { unique_name, state, .. } = package;
    let error = package.last_error.as_deref().map_or_else(
        || "the service does not say why".to_owned(),
        |error| format!("the service says: {error}"),
    );
    match state.as_str() {
        "None" | "Installed" | "NotInstalled" | "Uninstalled" | "TemplateInstalled" => None,
        "InstallRequested" | "Installing" | "InstallScheduled" | "InstallRetrying" => {
            Some(format!("{unique_name} is being installed right now ({state})"))
        }
        "UninstallRequested" | "Uninstalling" => {
            Some(format!("{unique_name} is being uninstalled right now ({state})"))
        }
        "InstallFailed" => Some(format!("the last installation of {unique_name} failed; {error}")),
        "UninstallFailed" => Some(format!("the last removal of {unique_name} failed; {error}")),
        other => Some(format!(
            "{unique_name} is in the state {other}, which Microsoft does not document"
        )),
    }
}

fn solution_file(context: &Context<'_>, file: &str) -> Result<Judged, Undecided> {
    let facts = context.facts;
    let (content, calls) = facts.solution_file.read()?;
    let prefix = &context.pack.names.publisher_prefix;
    let wanted = format!(
        "a managed solution of the publisher {prefix}, not below {}",
        context.target()
    );
    let another = |seen: String, calls: &Calls| {
        let fix = Fix::by_hand(format!(
            "ask the vendor for the managed core solution of {}",
            context.target()
        ))
        .or_by_hand("and name it as install.file in the configuration")
        .at("cutover.toml > [install] > file", "https://portal.iotap.com");
        let sentence = format!("{file} cannot be installed: {seen}");
        Judged::missing(Evidence::new(calls, seen, wanted.clone()), sentence, fix)
    };
    let (unique_name, version, publisher, sha256) = match content {
        SolutionFile::Refused { because } => return Ok(another(because.clone(), calls)),
        SolutionFile::Solution { managed: false, .. } => {
            return Ok(another("it is an unmanaged solution".to_owned(), calls));
        }
        SolutionFile::Solution {
            prefix: theirs,
            publisher,
            ..
        } if !theirs.eq_ignore_ascii_case(prefix) => {
            let seen = format!("its publisher is {publisher} (prefix {theirs}), not the product's (prefix {prefix})");
            return Ok(another(seen, calls));
        }
        SolutionFile::Solution {
            unique_name,
            version,
            publisher,
            sha256,
            ..
        } => (unique_name, *version, publisher, sha256),
    };
    let (installed, more) = Installed::of(facts, context.pack)?;
    let calls = calls.clone().and(more);
    let portal = context.pack.names.portal_marker.to_lowercase();
    let is_portal = unique_name.to_lowercase().contains(&portal)
        || installed
            .portal
            .is_some_and(|solution| solution.unique_name.eq_ignore_ascii_case(unique_name));
    if is_portal {
        let seen = format!("{unique_name} is the portal's solution, and the core comes first");
        return Ok(another(seen, &calls));
    }
    if let Some(core) = installed.core
        && !core.unique_name.eq_ignore_ascii_case(unique_name)
    {
        let seen = format!("it holds {unique_name}, and the installed core is {}", core.unique_name);
        return Ok(another(seen, &calls));
    }
    let what = format!("{unique_name} in {file}");
    if let Some(judged) = wrong_version(context, &installed, &what, version, &calls, &wanted) {
        return Ok(judged);
    }
    let seen = format!("{unique_name} {version}, managed, of {publisher}; SHA-256 {sha256}");
    Ok(Judged::due(
        Evidence::new(&calls, seen, wanted),
        format!("{file} holds {unique_name} {version}; as far as can be seen it can be installed"),
        WHEN,
    )
    .warn_all(beyond(context, version)))
}

/// What is wrong with a version, if anything: it goes backwards, or does not reach the target.
fn wrong_version(
    context: &Context<'_>,
    installed: &Installed<'_>,
    what: &str,
    version: Version,
    calls: &Calls,
    wanted: &str,
) -> Option<Judged> {
    let target = context.target();
    let seen = match installed.core_version() {
        Some(core) if version < core => format!("{what} is of version {version}, older than the installed {core}"),
        _ if version < target => format!("{what} is of version {version}, below the target {target}"),
        _ => return None,
    };
    let fix = Fix::by_hand(format!(
        "ask the vendor for {target}; or, if {version} is meant, set work365.target to it"
    ))
    .at("cutover.toml > [work365] > target", "https://portal.iotap.com");
    Some(Judged::missing(Evidence::new(calls, seen.clone(), wanted), seen, fix))
}

fn beyond(context: &Context<'_>, version: Version) -> Option<String> {
    let target = context.target();
    (version.major_minor() > target.major_minor())
        .then(|| format!("it brings {version}, which is beyond the target {target}"))
}
