//! W104.

use crate::check::check;
use crate::code::Code;
use crate::context::{Context, Undecided};
use crate::verdict::{Fix, Judged};

check! {
    /// Work 365 itself has accepted the consent.
    ///
    /// # Why
    /// The consent has two sides: Entra's, which an API shows (W103), and the vendor's back end, which only shows in the
    /// app. A grant alone satisfies Entra and may register nothing at Work 365.
    ///
    /// # Evidence
    /// A person's attestation, recorded with `cutover attest W104`: what the app shows as service account or application
    /// id. It counts for the version it was seen on, so after an upgrade it is asked for again.
    ///
    /// # By hand
    /// Up to version 3.2: the Work 365 app > Configuration, top right shows the service account. From 3.5 on: the Work 365
    /// app > Administration > Admin Hub, hover over the user icon. If it does not show the right identity: Change, accept in
    /// a private window, then Clear Cache.
    104,
    needs: [Solutions],
    judge: judge,
}

fn judge(context: &Context<'_>) -> Result<Judged, Undecided> {
    let target = context.target();
    if let Some(attestation) = context.attestation(Code::new(104)) {
        let sentence = format!(
            "{} confirmed on {} what the app shows: {}",
            attestation.by, attestation.at, attestation.seen
        );
        return Ok(Judged::attested(attestation, sentence));
    }
    let identity = &context.facts.scene.service_identity;
    let fix = Fix::by_hand(format!(
        "open the Work 365 app and look at the identity it shows: it should be {identity}"
    ))
    .or_by_hand(format!(
        "then record it: cutover attest W104 --by you@example.com --seen \"…\" --for-version {target}"
    ))
    .at(
        "Work 365 app > Administration > Admin Hub (up to 3.2: Configuration, top right)",
        context.facts.scene.environment_url.clone(),
    );
    Ok(Judged::by_hand(
        format!("nobody has confirmed yet what Work 365 {target} shows as its identity"),
        fix,
    ))
}
