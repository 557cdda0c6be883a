//! W805.

use jiff::SignedDuration;

use crate::check::check;
use crate::context::{Context, Stage, Undecided};
use crate::facts::Reason;
use crate::facts::power_platform::Backup;
use crate::reading::installed::Installed;
use crate::verdict::{Evidence, Fix, Judged};

check! {
    /// There is a restore point of this very run: a backup of the environment.
    ///
    /// # Why
    /// The vendor describes no way back from an upgrade, and removing the managed solution deletes its tables and their data.
    /// A backup taken right before the install step is the only one.
    ///
    /// # Evidence
    /// The run takes a backup and records its id, so outside a run this is *due*. The newest backup that Power Platform lists is
    /// told with its age; it is information, and meets nothing: everything since would be lost. Once the target version is
    /// installed it does not apply.
    ///
    /// A new backup can be restored after 10 to 15 minutes, as a rule only into a **sandbox**: to go back for good a
    /// production environment is first changed into one, or the copy becomes the new environment. It needs 1 GB of free
    /// capacity in the same region, and the copy starts in administration mode. Manual backups are kept 7 days, 28 in a
    /// production environment with Dynamics 365 apps. The default environment cannot be backed up by hand.
    ///
    /// # By hand
    /// Power Platform admin centre > Manage > Environments > the environment > Backup & Restore > Create manual backup, with a
    /// label that names the upgrade.
    805,
    needs: [Solutions, PowerPlatformEnvironment, Backups],
    judge: judge,
}

const WANTED: &str = "a backup of the environment, made in the run right before the install step";

fn judge(context: &Context<'_>) -> Result<Judged, Undecided> {
    let facts = context.facts;
    if context.stage? == Stage::AfterInstall {
        let target = context.target();
        return Ok(Judged::not_applicable(format!(
            "{target} is installed: a restore point is for the time before"
        )));
    }
    let (installed, calls) = Installed::of(facts, context.pack)?;
    let path = format!(
        "Power Platform admin centre > Manage > Environments > {} > Backup & Restore > Create manual backup",
        facts.scene.environment_url
    );
    let fix = Fix::automatic("take a backup in the run, and wait until it can be restored (10 to 15 minutes)")
        .or_by_hand("or take one by hand, right before the install step")
        .at(path, "https://admin.powerplatform.microsoft.com/manage/environments");
    let nothing = Evidence::new(
        calls,
        format!("{}; no run has taken a backup", installed.words()),
        WANTED,
    );
    let judged = match facts.power_platform.backups.read() {
        Ok((backups, calls)) => {
            let newest = match backups.iter().max_by_key(|backup| backup.point) {
                Some(backup) => newest(context, backup),
                None => "Power Platform lists no backup".to_owned(),
            };
            let sentence = format!("the run takes a restore point; {newest}");
            Judged::missing(nothing, sentence, fix).and(Evidence::new(calls, newest, WANTED))
        }
        Err(blind) => {
            let judged = Judged::missing(nothing, "the run takes a restore point", fix);
            match blind.reason {
                Reason::NotCollected => judged,
                _ => judged.warn(format!("which backups there are could not be read: {}", blind.message)),
            }
        }
    };
    let environment = facts.power_platform.environment.value().ok().and_then(Option::as_ref);
    let is_default = environment.is_some_and(|environment| environment.kind.eq_ignore_ascii_case("Default"));
    Ok(if is_default {
        judged.warn("the default environment cannot be backed up by hand: only its system backups can be restored")
    } else {
        judged
    })
}

fn newest(context: &Context<'_>, backup: &Backup) -> String {
    let age = context.at.duration_since(backup.point);
    let label = backup
        .label
        .as_deref()
        .map(|label| format!(" ({label})"))
        .unwrap_or_default();
    let kept = backup
        .expires
        .map(|expires| format!(", kept until {expires}"))
        .unwrap_or_default();
    format!(
        "the newest backup{label} is of {}, {} old{kept}",
        backup.point,
        in_words(age)
    )
}

fn in_words(age: SignedDuration) -> String {
    let hours = age.as_hours().max(0);
    match hours {
        0 => "less than an hour".to_owned(),
        1..48 => format!("{hours} hour(s)"),
        _ => format!("{} days", hours / 24),
    }
}
