//! W802.

use crate::check::check;
use crate::context::{Context, Stage, Undecided};
use crate::facts::Blind;
use crate::reading::installed::Installed;
use crate::verdict::{Evidence, Fix, Judged};
use crate::version::Version;

check! {
    /// The way from the installed version to the target is legal.
    ///
    /// # Why
    /// Some versions have to be stopped at, an old portal has to go before the core is upgraded, the portal never runs ahead
    /// of the core, and nothing goes backwards. A wrong order breaks the portal or loses data.
    ///
    /// # Evidence
    /// The product's solutions, found by the publisher's prefix since their names are not documented, against the route of
    /// the pack. The whole route is shown, not only the next step. Once the target is installed, an installed portal has to be of
    /// its line too, whoever says that it was upgraded; where the vendor has no newer portal, that is for a waiver.
    ///
    /// # By hand
    /// Power Apps > Solutions > Managed, for what is installed. Set `work365.target` to the next stop and upgrade in steps. A portal
    /// that stayed behind its core: Power Apps > Solutions > Import solution, with the portal's newest solution.
    802,
    needs: [Solutions],
    judge: judge,
}

fn judge(context: &Context<'_>) -> Result<Judged, Undecided> {
    let (installed, calls) = Installed::of(context.facts, context.pack)?;
    let target = context.target();
    let route = &context.pack.route;
    let evidence = |seen: String, wanted: String| Evidence::new(calls, seen, wanted);
    let wanted = format!("a legal way to {target}");
    let solutions = ("Power Apps > Solutions > Managed", "https://make.powerapps.com");
    let not_decidable = |message: String| Undecided(vec![Blind::not_decidable(message, calls)]);
    if target.major_minor() > route.newest.major_minor() {
        let newest = route.newest;
        return Err(not_decidable(format!(
            "the way to {target} is not known: the newest version this pack knows is {newest}; check work365.target, or use a newer cutover"
        )));
    }
    let Some(core) = installed.core_version() else {
        let names: Vec<&str> = installed
            .candidates
            .iter()
            .map(|solution| solution.unique_name.as_str())
            .collect();
        let names = names.join(", ");
        let (seen, fix) = match &context.facts.scene.core_solution {
            _ if names.is_empty() => (
                format!(
                    "no solution with the publisher prefix {}",
                    context.pack.names.publisher_prefix
                ),
                Fix::by_hand(
                    "check environment.url in the configuration: Work 365 is not installed in this environment",
                ),
            ),
            Some(named) => (
                format!("no solution {named}; there are {names}"),
                Fix::by_hand(format!(
                    "correct work365.core_solution in the configuration: one of {names}"
                )),
            ),
            None => {
                return Err(not_decidable(format!(
                    "several solutions could be the core: {names}; name it in the configuration as work365.core_solution"
                )));
            }
        };
        let sentence = format!("the installed version of Work 365 is not known: {seen}");
        return Ok(Judged::missing(
            evidence(seen, wanted),
            sentence,
            fix.at(solutions.0, solutions.1),
        ));
    };
    let seen = installed.words();
    let portal = installed.portal.map(|portal| portal.version);
    if target.is_behind(core) {
        let fix = Fix::by_hand(format!(
            "set work365.target to {core} or higher: there is no way back to {target}"
        ));
        let sentence = format!("{target} is older than what is installed ({seen})");
        return Ok(Judged::missing(evidence(seen, wanted), sentence, fix));
    }
    let stop = route
        .stop
        .iter()
        .filter(|stop| core < stop.version && stop.version < target)
        .min_by_key(|stop| stop.version);
    let way = way(context, core, portal, target);
    if let Some(stop) = stop {
        let fix = Fix::by_hand(format!(
            "set work365.target to {} and upgrade to it first: {}",
            stop.version, stop.why
        ));
        let sentence = format!("{target} cannot be reached from {core} in one step; the route is {way}");
        return Ok(Judged::missing(
            evidence(seen, format!("no stop between {core} and {target}")),
            sentence,
            fix,
        ));
    }
    if route.portal.never_above_core && portal.is_some_and(|portal| portal.major_minor() > core.major_minor()) {
        let fix = Fix::by_hand("ask the vendor's support: a portal ahead of its core is not supported")
            .at(solutions.0, solutions.1);
        let sentence = format!("the portal is ahead of the core ({seen})");
        return Ok(Judged::missing(
            evidence(seen, "a portal not above the core".into()),
            sentence,
            fix,
        ));
    }
    let stage = context.stage?;
    if stage == Stage::AfterInstall && portal.is_some_and(|portal| portal.major_minor() < target.major_minor()) {
        let fix = Fix::by_hand("ask the vendor for the portal's newest solution, and import it as an upgrade")
            .at("Power Apps > Solutions > Import solution", "https://make.powerapps.com");
        let sentence = format!("the portal did not follow to {target} ({seen})");
        return Ok(Judged::missing(
            evidence(seen, format!("a portal of {target}, as the core")),
            sentence,
            fix,
        ));
    }
    Ok(match stage {
        Stage::AfterInstall => Judged::met(
            evidence(seen.clone(), wanted),
            format!("{target} is installed ({seen})"),
        ),
        Stage::BeforeInstall => Judged::met(evidence(seen.clone(), wanted), format!("{seen}; the route is {way}")),
    })
}

/// The whole route, in words.
fn way(context: &Context<'_>, core: Version, portal: Option<Version>, target: Version) -> String {
    let rules = &context.pack.route;
    let mut steps = vec![format!("core {core}")];
    let portal_goes = portal.is_some() && core < rules.portal.remove_before;
    if portal_goes {
        steps.push("remove the portal".to_owned());
    }
    let mut stops: Vec<Version> = rules
        .stop
        .iter()
        .map(|stop| stop.version)
        .filter(|stop| core < *stop && *stop < target)
        .collect();
    stops.sort();
    steps.extend(stops.into_iter().map(|stop| format!("core {stop}")));
    if core < target {
        steps.push(format!("core {target}"));
    }
    match portal {
        Some(_) if portal_goes => steps.push("the newest portal again".to_owned()),
        Some(portal) if portal.major_minor() < target.major_minor() => {
            steps.push(format!("portal {target}, after the core"))
        }
        _ => {}
    }
    steps.join(" > ")
}
