//! W603.

use crate::check::check;
use crate::context::{Context, Undecided};
use crate::evidence::Service;
use crate::facts::principal::Account;
use crate::facts::{Blind, Calls, Facts};
use crate::rules::integration_account::{self, PARTNER_CENTER};
use crate::rules::mfa::{Subject, demanded, exercised, registered};
use crate::verdict::{Evidence, Fix, Judged, Verdict};

check! {
    /// The integration account has MFA: registered, demanded and exercised.
    ///
    /// # Why
    /// Row 6 of the article. Partner Center refuses calls whose sign-in was without MFA (error 900421), and Work 365 works with
    /// the sign-in of this account. The vendor adds that MFA must not be conditional: it has to be asked for each time.
    ///
    /// # Evidence
    /// The three parts are judged as for the service account, in the partner tenant: W501 (a strong method is registered), W502
    /// (something demands it), W503 (it was exercised). The gravest decides, and is named.
    ///
    /// Partner Center itself tells whether the sign-in that asks was compliant (`isMfaCompliant`); when already the token says that
    /// there was no second factor (`amr`), nothing is asked there, and the token is the evidence. When cutover is signed in to
    /// the partner tenant as the integration account, that is the strongest proof: *met*, with what the policies leave
    /// open as a warning, or *missing* when it says no. The sign-in of an application, or of anybody else, says nothing about this
    /// account.
    ///
    /// # By hand
    /// Sign in as the integration account at https://aka.ms/mfasetup and register a method. Entra admin centre of the partner
    /// tenant > Protection > Conditional Access > Policies, or Users > Per-user MFA > Enforce. Then sign in once more with MFA, and
    /// give Work 365 its consent again as this account: an older sign-in stays without.
    603,
    needs: [
        PartnerSignedIn, IntegrationAccount, IntegrationMethods, PartnerMethodsPolicy, IntegrationRegistration,
        IntegrationGroups, IntegrationPerUserMfa, PartnerSecurityDefaults, PartnerConditionalAccess, IntegrationActiveRoles,
        IntegrationSignIns, PartnerOrganization, PartnerNamedLocations, PartnerCenterApp,
    ],
    judge: judge,
}

const WANTED: &str = "MFA registered, demanded and exercised, or a sign-in that Partner Center finds compliant";

fn judge(context: &Context<'_>) -> Result<Judged, Undecided> {
    let facts = context.facts;
    let partner = integration_account::named(&facts.scene)?;
    let who = &partner.integration_account;
    let account = match integration_account::account(facts, partner, WANTED)? {
        Ok((account, _)) => account,
        Err(absent) => return Ok(*absent),
    };
    let subject = Subject::integration_account(facts, partner, context.pack.partner_center.api);
    let settings = &context.pack.settings;
    let parts = Judged::all_of(vec![
        ("registered", registered(&subject)),
        ("demanded", demanded(&subject, settings.mfa)),
        ("exercised", exercised(&subject, settings, context.at)),
    ]);
    let Some((compliant, calls)) = own_sign_in(facts, account)? else {
        return Ok(parts);
    };
    let by_token = calls.as_slice().iter().all(|call| call.service == Service::Entra);
    let (seen, finds) = match by_token {
        false => (format!("isMfaCompliant: {compliant}"), "Partner Center finds"),
        true => (
            "the token of the sign-in says how: without a second factor".to_owned(),
            "Entra ID shows",
        ),
    };
    let evidence = Evidence::new(&calls, seen, WANTED);
    if compliant {
        let sentence = format!("{who} is signed in with MFA, by Partner Center's own word");
        let judged = Judged::met(evidence, sentence);
        return Ok(match parts.verdict() {
            Verdict::Met(_) => judged.and_all_of(parts),
            verdict => {
                let warning = format!(
                    "without Partner Center's word it would be {}: {}",
                    verdict.name(),
                    parts.sentence()
                );
                judged.warn(warning)
            }
        });
    }
    let fix = Fix::by_hand(format!(
        "make sure that {who} is asked for MFA, sign in once more as {who} with MFA, and store that sign-in for cutover"
    ))
    .or_by_hand(format!(
        "give Work 365 its consent for Partner Center again, signed in as {who} with MFA"
    ))
    .at(
        "Entra admin centre of the partner tenant > Protection > Conditional Access > Policies; or Users > Per-user MFA",
        PARTNER_CENTER,
    );
    let sentence = format!("{finds} the sign-in of {who} without MFA");
    let judged = Judged::missing(evidence, sentence, fix);
    Ok(match parts.verdict() {
        Verdict::Met(_) => judged.warn(format!("although in Entra: {}", parts.sentence())),
        _ => judged.warn(format!("in Entra: {}", parts.sentence())),
    })
}

/// What Partner Center says about the sign-in of this very account; `None` when somebody else is signed in, or it says nothing.
fn own_sign_in(facts: &Facts, account: &Account) -> Result<Option<(bool, Calls)>, Blind> {
    let answer = facts.partner.mfa_compliant.read();
    if let Ok((None, _)) = answer {
        return Ok(None);
    }
    let (signed_in, calls) = facts.partner.tenant.signed_in.read()?;
    if signed_in.application || signed_in.object_id != account.id {
        return Ok(None);
    }
    let (compliant, more) = answer?;
    Ok(compliant.map(|compliant| (compliant, calls.clone().and(more))))
}
