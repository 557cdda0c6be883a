//! W701.

use crate::check::check;
use crate::context::{Context, Undecided};
use crate::verdict::{Evidence, Fix, Judged};

check! {
    /// English is enabled in the environment.
    ///
    /// # Why
    /// Row 7 of the article: people may work in another language, but Work 365's processes need English. It has to be there
    /// before the solution is imported, or the English labels are skipped and lost.
    ///
    /// # Evidence
    /// The provisioned languages contain 1033, English (United States). An environment whose base language is English always
    /// has it.
    ///
    /// # By hand
    /// Power Platform admin centre > Environments > the environment > Settings > Product > Languages > English. It may take
    /// an hour or more and slows the next import: do it on an earlier day. It cannot be undone in practice.
    701,
    needs: [Languages, Organization],
    judge: judge,
}

fn judge(context: &Context<'_>) -> Result<Judged, Undecided> {
    let facts = context.facts;
    let english = context.pack.names.english;
    let wanted = format!("{english} among the provisioned languages");
    let (languages, calls) = facts.environment.languages.read()?;
    let listed: Vec<String> = languages.iter().map(ToString::to_string).collect();
    let base = facts
        .environment
        .organization
        .value()
        .ok()
        .map(|organization| organization.base_language);
    let base_words = match base {
        Some(base) if base == english => "; English is the base language".to_owned(),
        Some(base) => format!("; the base language is {base}"),
        None => String::new(),
    };
    let evidence = Evidence::new(calls, format!("provisioned: {}{base_words}", listed.join(", ")), wanted);
    if languages.contains(&english) {
        return Ok(Judged::met(evidence, "English is enabled"));
    }
    let fix = Fix::automatic("provision English (up to an hour or more; lasting, cannot be undone)")
        .or_by_hand("enable English, on an earlier day than the upgrade: it slows the next import")
        .at(
            format!(
                "Power Platform admin centre > Manage > Environments > {} > Settings > Product > Languages",
                facts.scene.environment_url
            ),
            "https://admin.powerplatform.microsoft.com/manage/environments",
        );
    Ok(Judged::missing(
        evidence,
        "English is not enabled in this environment",
        fix,
    ))
}
