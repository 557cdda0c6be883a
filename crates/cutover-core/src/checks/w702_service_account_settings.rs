//! W702.

use crate::check::check;
use crate::context::{Context, Undecided};
use crate::reading::environment_user::{Row, row};
use crate::rules::environment_users_path;
use crate::rules::system_administrator::access_mode;
use crate::scene::Part;
use crate::verdict::{Evidence, Fix, Judged};

check! {
    /// The service account works Read-Write, in the format English (United States), with a time zone set.
    ///
    /// # Why
    /// The vendor's instructions for the service account. In another access mode its calls are refused; in another format
    /// amounts and dates are read wrongly, which shows in invoices.
    ///
    /// # Evidence
    /// The access mode of the row, and its personal settings. The access mode is required; the rest is advice and shows as a
    /// warning.
    ///
    /// # By hand
    /// Power Platform admin centre > Environments > the environment > Settings > Users + permissions > Users > the account; the
    /// format and time zone signed in as the account: the app > Settings > Personalization settings > Formats and General.
    702,
    needs: [
        Account(ServiceIdentity), SystemUsers(ServiceIdentity), Settings(ServiceIdentity), OwnPrivileges,
    ],
    judge: judge,
}

const WANTED: &str = "access mode Read-Write; format 1033, English (United States); a time zone";
const READ_WRITE: i64 = 0;
const ENGLISH_UNITED_STATES: i64 = 1033;

fn judge(context: &Context<'_>) -> Result<Judged, Undecided> {
    let facts = context.facts;
    let who = &facts.scene.service_identity;
    let row = row(facts, who)?;
    let (path, link) = environment_users_path(&facts.scene, &who.to_string());
    let Row::Usable(user, calls) = &row else {
        let fault = row.fault().unwrap_or_default();
        let evidence = Evidence::new(row.calls(), format!("{who} {fault}"), WANTED);
        let fix = Fix::by_hand("put W300 right first").at(path, link);
        return Ok(Judged::missing(
            evidence,
            format!("{who} {fault}, so it has no settings"),
            fix,
        ));
    };
    let mode = access_mode(user.access_mode);
    if user.access_mode != READ_WRITE {
        let fix = Fix::automatic(format!("set the access mode of {who} to Read-Write (1 write, lasting)"))
            .or_by_hand(format!(
                "set the access mode of {who} to Read-Write; a licence comes first"
            ))
            .at(path, link);
        let evidence = Evidence::new(calls, format!("access mode {mode}"), WANTED);
        return Ok(Judged::missing(
            evidence,
            format!("{who} works in access mode {mode}, not Read-Write"),
            fix,
        ));
    }
    let (settings, more) = match facts.of(Part::ServiceIdentity).settings.read() {
        Ok(read) => read,
        Err(blind) => {
            let evidence = Evidence::new(calls, format!("access mode {mode}"), WANTED);
            let warning = format!("format and time zone could not be read: {}", blind.message);
            return Ok(Judged::met(evidence, format!("{who} works Read-Write")).warn(warning));
        }
    };
    let locale = settings.as_ref().and_then(|settings| settings.locale);
    let zone = settings.as_ref().and_then(|settings| settings.time_zone);
    let words = |value: Option<i64>| value.map_or_else(|| "not set".to_owned(), |value| value.to_string());
    let seen = format!(
        "access mode {mode}, format {}, time zone code {}",
        words(locale),
        words(zone)
    );
    let judged = Judged::met(
        Evidence::new(&calls.clone().and(more), seen, WANTED),
        format!("{who} works Read-Write"),
    );
    let judged = match locale {
        Some(ENGLISH_UNITED_STATES) => judged,
        other => judged.warn(format!(
            "the format is {}, not 1033 English (United States)",
            words(other)
        )),
    };
    Ok(if zone.is_some() {
        judged
    } else {
        judged.warn("no time zone is set")
    })
}
