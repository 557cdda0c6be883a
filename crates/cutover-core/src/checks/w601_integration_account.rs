//! W601.

use crate::check::check;
use crate::code::Code;
use crate::context::{Context, Undecided};
use crate::facts::principal::Account;
use crate::facts::{Blind, Facts, Reason};
use crate::need::Need;
use crate::reading::directory_roles::{GLOBAL_ADMINISTRATOR, Standing, standing};
use crate::reading::partner_tier::{PartnerTier, partner_tier};
use crate::rules::integration_account::{self, PARTNER_CENTER};
use crate::scene::{Part, PartnerScene, Principal, Scene};
use crate::verdict::{Evidence, Fix, Judged};

check! {
    /// A direct-bill partner has a separate integration account in the tenant of Partner Center.
    ///
    /// # Why
    /// Row 6 of the article. Work 365 buys and changes subscriptions in Partner Center as this account. If it is somebody's own
    /// account, it stops with that person's password or departure; if it is the service account or a Global Administrator,
    /// whoever gets hold of it has far more than Partner Center.
    ///
    /// # Evidence
    /// The account exists in the partner tenant, which may be another one than that of Dynamics, and is enabled. It is not the
    /// service account: compared by object id in one tenant, by name between two, the name inside a guest's name included. It
    /// is not the borrower or the caller, who are people. Global Administrator is not active there, directly or through a
    /// group; that it could be activated is a warning, and so is a guest.
    ///
    /// That it is no person's account is a person's word: `cutover attest W601`. Until then the verdict is *by hand*.
    ///
    /// The tier in the configuration is compared with Partner Center: indirect resellers make an indirect provider, an
    /// indirect provider makes an indirect reseller, neither is likely direct bill. Partner Center never says that outright, so
    /// a contradiction is a warning, and so is a partner agreement that is not signed.
    ///
    /// # By hand
    /// Partner Center > Settings (the gear) > Account settings > User management > Add user: a name that is no person's, a
    /// permanent password that does not expire, no administrator role in Entra. Name it in the configuration as
    /// `who.integration_account`, and the tenant as `[partner] tenant` when it is another one. An indirect reseller sets
    /// `work365.tier = 2`, and W601 to W605 do not apply.
    601,
    needs: [
        PartnerSignedIn, IntegrationAccount, IntegrationActiveRoles, IntegrationRoleSchedules, Account(ServiceIdentity),
        PartnerRelationships, PartnerAgreement,
    ],
    // Between two tenants accounts are compared by name.
    matters: |scene, need| in_one_tenant(scene) || need != Need::Account(Part::ServiceIdentity),
    judge: judge,
}

const WANTED: &str = "an enabled user of the partner tenant, neither the service account nor a Global Administrator, and no person's account";
const NAME_IT: &str = "write who.integration_account = \"name@domain\", and [partner] tenant = \"domain\" when Partner Center \
                       is in another tenant; an indirect reseller writes work365.tier = 2 instead";

fn judge(context: &Context<'_>) -> Result<Judged, Undecided> {
    let Some(partner) = &context.facts.scene.partner else {
        return Err(integration_account::not_named(NAME_IT).into());
    };
    // What Partner Center says about the partner is worth telling, even where the account could not be judged.
    let judged = separate(context, partner).unwrap_or_else(|Undecided(blinds)| Judged::unknown(blinds));
    Ok(with_partner_center(context.facts, judged))
}

fn separate(context: &Context<'_>, partner: &PartnerScene) -> Result<Judged, Undecided> {
    let facts = context.facts;
    let who = &partner.integration_account;
    let (account, calls) = match integration_account::account(facts, partner, WANTED)? {
        Ok(found) => found,
        Err(absent) => return Ok(*absent),
    };
    let calls = &calls.clone();
    let users = "https://entra.microsoft.com/#view/Microsoft_AAD_UsersAndTenants/UserManagementMenuBlade/~/AllUsers";
    let another = |seen: String| {
        let fix = Fix::by_hand("create an account for this purpose alone, and name it as who.integration_account")
            .at(integration_account::USER_MANAGEMENT, PARTNER_CENTER);
        Judged::missing(Evidence::new(calls, seen.clone(), WANTED), seen, fix)
    };
    if is_service_account(facts, partner, account)? {
        return Ok(another(format!("{who} is the service account itself")));
    }
    if let Some(part) = acts_as(facts, partner, account) {
        return Ok(another(format!("{who} is {part}, so it is a person's account")));
    }
    if !account.enabled {
        let seen = format!("{who} is disabled in the partner tenant");
        let fix = Fix::by_hand(format!("enable {who}")).at(
            format!(
                "Entra admin centre of {} > Users > All users > {who} > Account enabled",
                partner.tenant
            ),
            users,
        );
        return Ok(Judged::missing(Evidence::new(calls, seen.clone(), WANTED), seen, fix));
    }
    let mut warnings = Vec::new();
    let person = &facts.partner.integration;
    let (_, role_calls) = person.active_roles.read()?;
    let calls = &calls.clone().and(role_calls);
    match standing(person, GLOBAL_ADMINISTRATOR) {
        Ok(Standing::Active { calls: more, group, .. }) => {
            let through = group
                .map(|group| format!(" through the group {group}"))
                .unwrap_or_default();
            let seen = format!("{who} is Global Administrator of the partner tenant{through}");
            let fix = Fix::by_hand(format!(
                "take Global Administrator from {who}, after a look at who relies on it"
            ))
            .or_by_hand("or create another account for this purpose, and name it as who.integration_account")
            .at(
                format!(
                    "Entra admin centre of {} > Users > {who} > Assigned roles",
                    partner.tenant
                ),
                users,
            );
            let calls = calls.clone().and(&more);
            return Ok(Judged::missing(Evidence::new(&calls, seen.clone(), WANTED), seen, fix));
        }
        Ok(Standing::Eligible { .. }) => {
            warnings.push("it may activate Global Administrator in the partner tenant".to_owned());
        }
        Ok(Standing::None { .. } | Standing::NoneWithoutPim { .. }) => {}
        Err(blind) => warnings.push(format!(
            "whether it may activate Global Administrator could not be read: {}",
            blind.message
        )),
    }
    if home_name(&account.user_principal_name).is_some() {
        warnings.push("it is a guest: Partner Center expects a user of its own tenant".to_owned());
    }
    let seen = format!(
        "{who}, enabled in {}; neither the service account nor an active Global Administrator",
        partner.tenant
    );
    let evidence = Evidence::new(calls, seen, WANTED);
    Ok(by_word(context, who).and(evidence).warn_all(warnings))
}

/// That nobody uses the account in person is somebody's word.
fn by_word(context: &Context<'_>, who: &Principal) -> Judged {
    let word = context.attestation(Code::new(601));
    // A word given for another account says nothing about this one.
    if let Some(attestation) = word.filter(|attestation| attestation.about.as_ref() == Some(who)) {
        let sentence = format!(
            "{who} is a separate account; {} confirmed on {}: {}",
            attestation.by, attestation.at, attestation.seen
        );
        return Judged::attested(attestation, sentence);
    }
    let fix = Fix::by_hand(format!(
        "find out who signs in as {who}: it should be nobody's own account"
    ))
    .or_by_hand(format!(
        "then record it: cutover attest W601 --by you@example.com --seen \"…\" --for-version {}",
        context.target()
    ))
    .at(integration_account::USER_MANAGEMENT, PARTNER_CENTER);
    Judged::by_hand(
        format!("{who} is a separate account, and nobody has confirmed yet that it is no person's"),
        fix,
    )
}

fn in_one_tenant(scene: &Scene) -> bool {
    let partner = scene.partner.as_ref();
    partner.is_some_and(|partner| partner.tenant_id == scene.tenant_id)
}

fn is_service_account(facts: &Facts, partner: &PartnerScene, account: &Account) -> Result<bool, Blind> {
    let service = &facts.scene.service_identity;
    if !service.is_user() {
        return Ok(false);
    }
    if !in_one_tenant(&facts.scene) {
        return Ok(is_named(service, partner, account));
    }
    let there = facts.of_principal(service).account.value()?;
    Ok(there.as_ref().is_some_and(|service| service.id == account.id))
}

/// The part that the same person plays in the upgrade, in words.
fn acts_as(facts: &Facts, partner: &PartnerScene, account: &Account) -> Option<&'static str> {
    let scene = &facts.scene;
    let parts = [(&scene.borrower, "the borrower"), (&scene.caller, "the caller")];
    parts
        .into_iter()
        .find(|(who, _)| is_named(who, partner, account))
        .map(|(_, part)| part)
}

/// Whether two names are one person's: the same, or the name a guest had at home.
fn is_named(who: &Principal, partner: &PartnerScene, account: &Account) -> bool {
    let at_home = |name: &str| home_name(name).map_or_else(|| Principal::user(name), |home| Principal::user(&home));
    let Principal::User(name) = who else {
        return false;
    };
    // Either of them may be a guest in the tenant where it is looked at.
    *who == partner.integration_account || at_home(name) == at_home(&account.user_principal_name)
}

/// The name a guest had at home: Entra makes `svc_contoso.com#EXT#@fabrikam.com` of it. `None` for a user of the tenant itself.
fn home_name(name: &str) -> Option<String> {
    let name = name.to_lowercase();
    let (home, _) = name.split_once("#ext#")?;
    Some(
        home.rsplit_once('_')
            .map_or_else(|| home.to_owned(), |(user, domain)| format!("{user}@{domain}")),
    )
}

/// Adds what Partner Center shows about tier and agreement.
fn with_partner_center(facts: &Facts, judged: Judged) -> Judged {
    const WANTED_TIER: &str = "tier 1, as configured: neither indirect resellers nor an indirect provider";
    let mut hidden: Vec<String> = Vec::new();
    let mut hide = |blind: &Blind| {
        if blind.reason != Reason::NotCollected && !hidden.contains(&blind.message) {
            hidden.push(blind.message.clone());
        }
    };
    let judged = match partner_tier(facts) {
        Ok((PartnerTier::IndirectProvider(resellers), calls)) => {
            let names = names(&resellers);
            let seen = format!("{} indirect reseller(s): {names}", resellers.len());
            judged.and(Evidence::new(&calls, seen, WANTED_TIER)).warn(format!(
                "the configuration says direct bill, and Partner Center shows indirect resellers ({names}): this is an \
                 indirect provider. It buys from Microsoft itself, so the integration account is needed all the same, but \
                 the vendor's pages speak of direct-bill partners only: ask the vendor"
            ))
        }
        Ok((PartnerTier::IndirectReseller(providers), calls)) => {
            let names = names(&providers);
            let seen = format!("{} indirect provider(s): {names}", providers.len());
            judged.and(Evidence::new(&calls, seen, WANTED_TIER)).warn(format!(
                "the configuration says direct bill, and Partner Center shows an indirect provider ({names}): an indirect \
                 reseller needs none of W601 to W605; set work365.tier = 2 if that is so"
            ))
        }
        Ok((PartnerTier::LikelyDirect, calls)) => {
            let seen = "neither indirect resellers nor an indirect provider: likely direct bill, which Partner Center never says outright";
            judged.and(Evidence::new(&calls, seen, WANTED_TIER))
        }
        Err(blind) => {
            hide(&blind);
            judged
        }
    };
    let judged = match facts.partner.agreement.read() {
        Ok((agreement, calls)) => {
            let (seen, warning) = match agreement.signed {
                true => ("signed", None),
                false => (
                    "not signed",
                    Some("the Microsoft Partner Agreement is not signed: Partner Center refuses calls until it is"),
                ),
            };
            let seen = format!("Microsoft Partner Agreement: {seen}");
            let judged = judged.and(Evidence::new(calls, seen, "the agreement is signed"));
            judged.warn_all(warning.map(str::to_owned))
        }
        Err(blind) => {
            hide(blind);
            judged
        }
    };
    let refused = [partner_tier(facts).err(), facts.partner.agreement.read().err().cloned()];
    let refused = refused
        .iter()
        .flatten()
        .any(|blind| blind.reason == Reason::NotSignedIn);
    let judged = judged.warn_all(
        hidden
            .into_iter()
            .map(|message| format!("tier and agreement could not be compared with Partner Center: {message}")),
    );
    judged.warn_all(refused.then(|| {
        "if that is the sign-in that Work 365 uses, its calls are refused as well: press Verify Connectivity at the provider in \
         Work 365, and after 401 or 403 give its consent for Partner Center again, signed in as this account with MFA"
            .to_owned()
    }))
}

fn names(partners: &[&crate::facts::partner::Relationship]) -> String {
    const SHOWN: usize = 3;
    let mut names: Vec<&str> = partners
        .iter()
        .take(SHOWN)
        .map(|partner| partner.name.as_str())
        .collect();
    if partners.len() > SHOWN {
        names.push("…");
    }
    names.join(", ")
}
