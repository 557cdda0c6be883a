//! Is, or could be, System Administrator in the environment: W001 and W102.

use crate::context::{Context, Undecided};
use crate::facts::{Blind, Reason};
use crate::reading::environment_user::{Holding, Row, further_rows, holding, is_system_administrator, row};
use crate::reading::powers::{self, GlobalAdministrator};
use crate::rules::{environment_users_path, unusable_person};
use crate::scene::Part;
use crate::verdict::{Evidence, Fix, Judged, Loan};

const WANTED: &str = "security role System Administrator (by role template), in the user's own business unit";

/// Judges whoever plays `part`.
pub(crate) fn judge(context: &Context<'_>, part: Part) -> Result<Judged, Undecided> {
    let facts = context.facts;
    let who = facts.scene.principal(part);
    if who.is_user()
        && let Some(judged) = unusable_person(facts, who, WANTED)?
    {
        return Ok(judged);
    }
    let row = row(facts, who)?;
    let Row::Usable(user, row_calls) = &row else {
        let fault = row.fault().unwrap_or_default();
        let evidence = Evidence::new(row.calls(), format!("{who} {fault}"), WANTED);
        let sentence = format!("{who} {fault}, so cannot be System Administrator now");
        return not_held(context, part, evidence, sentence, false);
    };
    let (held, calls) = holding(facts, who, user, is_system_administrator)?;
    let calls = row_calls.clone().and(&calls);
    let unit = user.business_unit_name.as_deref().unwrap_or("the user's own");
    let judged = match held {
        Holding::Direct => {
            let seen = format!("System Administrator, assigned directly, business unit {unit}");
            Judged::met(
                Evidence::new(&calls, seen, WANTED),
                format!("{who} is System Administrator"),
            )
        }
        Holding::Team(team) => {
            let seen = format!("System Administrator through the team {}", team.name);
            Judged::met(
                Evidence::new(&calls, seen, WANTED),
                format!("{who} is System Administrator through the team {}", team.name),
            )
        }
        Holding::No(near) => {
            let seen = near.unwrap_or_else(|| "the role is not assigned, neither directly nor through a team".into());
            let evidence = Evidence::new(&calls, seen, WANTED);
            let judged = not_held(
                context,
                part,
                evidence,
                format!("{who} is not System Administrator"),
                true,
            )?;
            return Ok(warn_of_rows(judged, context, part));
        }
    };
    let judged = match user.access_mode {
        0 => judged,
        // Application users work non-interactively by nature.
        4 if !who.is_user() => judged,
        1 => judged.warn("the access mode is Administrative: enough for administration, not for working in apps"),
        mode => judged.warn(format!("the access mode is {}, not Read-Write", access_mode(mode))),
    };
    Ok(warn_of_rows(judged, context, part))
}

fn warn_of_rows(judged: Judged, context: &Context<'_>, part: Part) -> Judged {
    match further_rows(context.facts, context.facts.scene.principal(part)) {
        0 => judged,
        more => judged.warn(format!(
            "{more} more row(s) of this person in the environment, left by earlier accounts"
        )),
    }
}

/// Microsoft's name of an access mode.
pub(crate) fn access_mode(mode: i64) -> String {
    match mode {
        0 => "Read-Write".to_owned(),
        1 => "Administrative".to_owned(),
        2 => "Read".to_owned(),
        3 => "Support".to_owned(),
        4 => "Non-interactive".to_owned(),
        5 => "Delegated admin".to_owned(),
        other => format!("{other} (not documented)"),
    }
}

/// The role is not held: a loan where somebody could really lend it.
fn not_held(
    context: &Context<'_>,
    part: Part,
    evidence: Evidence,
    sentence: String,
    has_row: bool,
) -> Result<Judged, Undecided> {
    let facts = context.facts;
    let who = facts.scene.principal(part);
    // A person who is, or can become, a tenant administrator self-elevates; nobody can do that for another.
    let elevation = if who.is_user() {
        self_elevation(context, part)
    } else {
        Ok(None)
    };
    if let Ok(Some(loan)) = elevation {
        return Ok(Judged::loan(evidence, sentence, loan));
    }
    let association = powers::administers_environment(facts);
    if has_row && association == Ok(true) {
        let loan = Loan {
            how: "associate the role, and take it back after the run".into(),
            by: "the signed-in identity, which is System Administrator here".into(),
            needs: Vec::new(),
        };
        return Ok(Judged::loan(evidence, sentence, loan));
    }
    let by_borrower = if has_row { by_borrower(context, part) } else { Ok(None) };
    if let Ok(Some(loan)) = by_borrower {
        return Ok(Judged::loan(evidence, sentence, loan));
    }
    if let Err(blind) = elevation.and(by_borrower) {
        return Err(blind.into());
    }
    if let (true, Err(blind)) = (has_row, association) {
        return Err(blind.into());
    }
    let (path, link) = environment_users_path(&facts.scene, &who.to_string());
    let fix = Fix::by_hand(format!(
        "have a System Administrator of the environment assign System Administrator to {who}"
    ))
    .or_by_hand("or name a person who is, or can become, Global Administrator: that person can self-elevate")
    .at(path, link);
    Ok(Judged::missing(evidence, sentence, fix))
}

/// The borrower, once System Administrator, can associate the role with somebody else.
fn by_borrower(context: &Context<'_>, part: Part) -> Result<Option<Loan>, Blind> {
    let scene = &context.facts.scene;
    if part == Part::Borrower || scene.principal(part) == &scene.borrower {
        return Ok(None);
    }
    let loan = |by: String, needs: Vec<String>| Loan {
        how: "associate the role, and take it back after the run".into(),
        by,
        needs,
    };
    if let Row::Usable(user, _) = row(context.facts, &scene.borrower)? {
        let (held, _) = holding(context.facts, &scene.borrower, user, is_system_administrator)?;
        if !matches!(held, Holding::No(_)) {
            return Ok(Some(loan(
                format!("{}, who is System Administrator", scene.borrower),
                Vec::new(),
            )));
        }
    }
    let first = "System Administrator for the borrower first (the loan of W102)".to_owned();
    let elevated = self_elevation(context, Part::Borrower)?;
    Ok(elevated.map(|_| loan(format!("{}, once System Administrator", scene.borrower), vec![first])))
}

fn self_elevation(context: &Context<'_>, part: Part) -> Result<Option<Loan>, Blind> {
    let facts = context.facts;
    let who = facts.scene.principal(part);
    let loan = |needs: Vec<String>| Loan {
        how: "self-elevate in this environment, and take the role back after the run".into(),
        by: who.to_string(),
        needs,
    };
    if let Ok(active) = facts.of(part).active_roles.value() {
        use crate::reading::directory_roles::{DYNAMICS_ADMINISTRATOR, POWER_PLATFORM_ADMINISTRATOR};
        if active
            .iter()
            .any(|role| [DYNAMICS_ADMINISTRATOR, POWER_PLATFORM_ADMINISTRATOR].contains(&role.template))
        {
            return Ok(Some(loan(Vec::new())));
        }
    }
    match powers::global_administrator(facts, part) {
        Ok(GlobalAdministrator::Now) => Ok(Some(loan(Vec::new()))),
        Ok(GlobalAdministrator::ByActivation | GlobalAdministrator::ByAssignment) => {
            Ok(Some(loan(vec!["Global Administrator first (the loan of W101)".into()])))
        }
        Ok(GlobalAdministrator::NoWay) => Ok(None),
        // Nobody asked how this person stands in Entra: that is no obstacle, there may be another lender.
        Err(blind) if blind.reason == Reason::NotCollected => Ok(None),
        Err(blind) => Err(blind),
    }
}
