//! W401.

use crate::check::check;
use crate::context::{Context, Stage, Undecided};
use crate::reading::environment_user::{Holding, Row, holding, is_system_administrator, row, sees_all};
use crate::scene::Part;
use crate::verdict::{Evidence, Fix, Judged};

check! {
    /// The service identity is in the field security profile Work 365 Admin.
    ///
    /// # Why
    /// Row 4 of the article. Work 365 keeps privileged columns behind this profile. Without it they read as empty, which
    /// nobody notices while the account is System Administrator: that role passes secured columns anyway. The day the role
    /// is taken back, the columns go dark.
    ///
    /// # Evidence
    /// Membership as user or through a team. It is judged apart from System Administrator, and a warning says when that role
    /// hides a missing profile. When the installed version has no such profile yet, it is due after the install step.
    ///
    /// # By hand
    /// Power Platform admin centre > Environments > the environment > Settings > Users + permissions > Column security profiles >
    /// Work 365 Admin > Users > Add.
    401,
    needs: [
        Account(ServiceIdentity), SystemUsers(ServiceIdentity), SecurityRoles(ServiceIdentity),
        Profiles(ServiceIdentity), WantedProfiles, Solutions, OwnPrivileges,
    ],
    judge: judge,
}

fn judge(context: &Context<'_>) -> Result<Judged, Undecided> {
    let facts = context.facts;
    let name = context.pack.names.profile.as_str();
    let who = &facts.scene.service_identity;
    let wanted = format!("member of the field security profile {name}, itself or through a team");
    let (profiles, profile_calls) = facts.environment.wanted_profiles.read()?;
    let ids: Vec<_> = profiles
        .iter()
        .filter(|profile| profile.name == name)
        .map(|profile| profile.id)
        .collect();
    if ids.is_empty() {
        let profile_calls = &profile_calls
            .clone()
            .and(sees_all(facts, &["prvReadFieldSecurityProfile"])?);
        let evidence = Evidence::new(profile_calls, format!("no profile {name} in the environment"), wanted);
        return Ok(match context.stage? {
            Stage::BeforeInstall => Judged::due(
                evidence,
                format!("the installed version does not have the profile {name} yet"),
                "after the step Install Work 365, which brings the profile",
            ),
            Stage::AfterInstall => Judged::missing(
                evidence,
                format!("the profile {name} does not exist, although the target version is installed"),
                Fix::by_hand("check in the solution history whether the core solution was imported whole"),
            ),
        });
    }
    let fix = |first: Fix| {
        first.or_by_hand(format!("add {who} to {name} > Users")).at(
            format!(
                "Power Platform admin centre > Manage > Environments > {} > Settings > Users + permissions > Column security profiles > {name}",
                facts.scene.environment_url
            ),
            "https://admin.powerplatform.microsoft.com/manage/environments",
        )
    };
    let row = row(facts, who)?;
    let Row::Usable(user, row_calls) = &row else {
        let fault = row.fault().unwrap_or_default();
        let evidence = Evidence::new(row.calls(), format!("{who} {fault}"), wanted);
        let sentence = format!("{who} {fault}, so it is in no profile");
        return Ok(Judged::missing(
            evidence,
            sentence,
            fix(Fix::by_hand("put W300 right first")),
        ));
    };
    let principal = facts.of(Part::ServiceIdentity);
    let (own, own_calls) = principal.profiles.read()?;
    let calls = row_calls.clone().and(own_calls).and(profile_calls);
    if own.iter().any(|id| ids.contains(id)) {
        let evidence = Evidence::new(&calls, format!("{who} is a member of {name}"), wanted);
        return Ok(Judged::met(evidence, format!("{who} is in {name}")));
    }
    let (teams, team_calls) = principal.team_profiles.read()?;
    let calls = calls.and(team_calls);
    if let Some(team) = teams
        .iter()
        .find(|team| team.profiles.iter().any(|id| ids.contains(id)))
    {
        let evidence = Evidence::new(&calls, format!("{name} through the team {}", team.name), wanted);
        return Ok(Judged::met(
            evidence,
            format!("{who} is in {name} through the team {}", team.name),
        ));
    }
    let calls = calls.and(sees_all(facts, &["prvReadFieldSecurityProfile", "prvReadTeam"])?);
    let evidence = Evidence::new(&calls, "not a member, neither itself nor through a team", wanted);
    let remedy = fix(Fix::automatic(format!("add {who} to {name} (1 write, lasting)")));
    let judged = Judged::missing(evidence, format!("{who} is not in {name}"), remedy);
    let hidden =
        holding(facts, who, user, is_system_administrator).is_ok_and(|(held, _)| !matches!(held, Holding::No(_)));
    Ok(if hidden {
        judged.warn(
            "System Administrator hides this: secured columns read well now, and go dark when the role is taken back",
        )
    } else {
        judged
    })
}
