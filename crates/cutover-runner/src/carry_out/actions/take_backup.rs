//! Takes a backup of the environment.

use cutover_clients::Refused;
use cutover_clients::power_platform::backups::{backups, take};
use cutover_core::plan::action::TakeBackup;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::carry_out::CannotLook;
use crate::carry_out::ensure::{Back, Ensure, Made, Meaning, Move, Trace};
use crate::carry_out::site::{Change, Site};

/// The longest label that is sent.
const MOST_LETTERS: usize = 250;
const FREE_AGAIN: SignedDuration = SignedDuration::from_mins(2);

/// The backup of this plan.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::carry_out) struct Backups {
    ours: Option<Ours>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Ours {
    backup: String,
    point: Option<Timestamp>,
}

/// The label with what tells the plan's own backup from others, which is never cut.
fn label(action: &TakeBackup, site: &Site) -> String {
    let tag = format!(" ({})", site.tag);
    let room = MOST_LETTERS.saturating_sub(tag.chars().count());
    let label: String = action.label.chars().take(room).collect();
    format!("{}{tag}", label.trim())
}

impl Ensure for TakeBackup {
    type Seen = Backups;

    async fn read(&self, site: &Site) -> Result<Backups, CannotLook> {
        let all = site.ask(backups(&self.environment.to_string())).await;
        let all = all.map_err(|unread| site.cannot(unread))?;
        let label = label(self, site);
        let ours = all.into_iter().find(|backup| backup.label.as_deref() == Some(&label));
        Ok(Backups {
            ours: ours.map(|backup| Ours {
                backup: backup.id,
                point: backup.backup_point_date_time,
            }),
        })
    }

    fn held(&self, seen: &Backups) -> bool {
        seen.ours.is_some()
    }

    fn words(&self, seen: &Backups) -> String {
        match &seen.ours {
            Some(ours) => {
                let point = ours
                    .point
                    .map_or_else(|| "an unknown time".to_owned(), |point| point.to_string());
                format!(
                    "the backup {} of {point} is listed; it is restored into a sandbox only, after 10 to 15 minutes",
                    ours.backup
                )
            }
            None => "the backup of this plan is not listed".to_owned(),
        }
    }

    fn make(&self, site: &Site, _: &Backups) -> Move {
        let write = take(&self.environment.to_string(), &label(self, site));
        Move::Send(Change::Here(write))
    }

    fn refused(&self, site: &Site, _: &Backups, refused: &Refused) -> Meaning {
        match refused.status {
            409 => {
                let why = "another operation on the environment runs";
                Meaning::Later(why.to_owned(), site.after(FREE_AGAIN))
            }
            400 => Meaning::Never(
                "Power Platform takes no backup of this environment by hand. The default environment has automatic backups \
                 only; another one may lack what a backup needs. Look at the automatic ones (Power Platform admin centre > \
                 Environments > the environment > Backups), and plan without a restore point of your own if they suffice"
                    .to_owned(),
            ),
            _ => Meaning::AsUsual,
        }
    }

    fn named(&self, answer: &Value) -> Value {
        match answer.get("id") {
            Some(id) => json!({"backup": id, "point": answer.get("backupPointDateTime")}),
            None => Value::Null,
        }
    }

    async fn trace(&self, _: &Site, made: &Made<'_>, now: &Backups) -> Result<Trace, CannotLook> {
        Ok(match &now.ours {
            Some(ours) => Trace::Made(json!(ours)),
            None if made.handle.accepted => Trace::Waits(
                "the backup is listed, which takes 10 to 15 minutes".to_owned(),
                Value::Null,
            ),
            None => Trace::None,
        })
    }

    async fn back(&self, _: &Site, _: &Backups, now: &Backups, _: &Made<'_>) -> Result<Back, CannotLook> {
        Ok(Back::NotOurs(format!("{}, and stays", self.words(now))))
    }

    /// A backup is listed 10 to 15 minutes after it was asked for, and a second one would be a second one.
    fn shows_within(&self) -> SignedDuration {
        SignedDuration::from_mins(20)
    }
}
