//! The service identity holds a named security role: W301 and W302.

use crate::context::{Context, Stage, Undecided};
use crate::facts::principal::SecurityRole;
use crate::reading::environment_user::{Holding, Row, holding, row, sees_all};
use crate::rules::environment_users_path;
use crate::scene::Part;
use crate::verdict::{Evidence, Fix, Judged};

/// Judges the service identity for the role `name`.
pub(crate) fn judge(context: &Context<'_>, name: &str) -> Result<Judged, Undecided> {
    let facts = context.facts;
    let who = facts.scene.principal(Part::ServiceIdentity);
    let wanted = format!("security role {name}, in the user's own business unit or through a team");
    let (copies, copy_calls) = facts.environment.wanted_roles.read()?;
    // A custom role has no template: a copy is told by its name and by belonging to the root role of that name.
    let roots: Vec<_> = copies
        .iter()
        .filter(|role| role.name == name)
        .map(|role| role.root.unwrap_or(role.id))
        .collect();
    if roots.is_empty() {
        let copy_calls = &copy_calls.clone().and(sees_all(facts, &["prvReadRole"])?);
        let evidence = Evidence::new(copy_calls, format!("no role {name} in the environment"), wanted);
        return Ok(match context.stage? {
            Stage::BeforeInstall => Judged::due(
                evidence,
                format!("the installed version does not have the role {name} yet"),
                "after the step Install Work 365, which brings the role",
            ),
            Stage::AfterInstall => Judged::missing(
                evidence,
                format!("the role {name} does not exist, although the target version is installed"),
                Fix::by_hand("check in the solution history whether the core solution was imported whole"),
            ),
        });
    }
    let (path, link) = environment_users_path(&facts.scene, &who.to_string());
    let fix = |reason: &str| {
        let fix = match reason {
            "" => Fix::automatic(format!("associate {name} with {who} (1 write, lasting)")),
            _ => Fix::by_hand(reason.to_owned()),
        };
        fix.or_by_hand(format!("assign the security role {name} to {who}"))
            .at(path.clone(), link)
    };
    let row = row(facts, who)?;
    let Row::Usable(user, row_calls) = &row else {
        let fault = row.fault().unwrap_or_default();
        let evidence = Evidence::new(row.calls(), format!("{who} {fault}"), wanted);
        return Ok(Judged::missing(
            evidence,
            format!("{who} {fault}, so it holds no role"),
            fix("put W300 right first"),
        ));
    };
    let is_wanted = |role: &SecurityRole| role.name == name && roots.contains(&role.root.unwrap_or(role.id));
    let (held, calls) = holding(facts, who, user, is_wanted)?;
    let calls = row_calls.clone().and(&calls).and(copy_calls);
    let unit = user.business_unit_name.as_deref().unwrap_or("the user's own");
    Ok(match held {
        Holding::Direct => {
            let evidence = Evidence::new(
                &calls,
                format!("{name}, assigned directly, business unit {unit}"),
                wanted,
            );
            Judged::met(evidence, format!("{who} holds {name}"))
        }
        Holding::Team(team) => {
            let evidence = Evidence::new(&calls, format!("{name} through the team {}", team.name), wanted);
            Judged::met(evidence, format!("{who} holds {name} through the team {}", team.name))
        }
        Holding::No(near) => {
            let seen = near.unwrap_or_else(|| "not assigned, neither directly nor through a team".to_owned());
            let sentence = format!("{who} does not hold {name}: {seen}");
            Judged::missing(Evidence::new(&calls, seen, wanted), sentence, fix(""))
        }
    })
}
