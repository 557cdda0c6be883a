//! W604.

use crate::check::check;
use crate::context::{Context, Undecided};
use crate::facts::partner::AppRegistration;
use crate::rules::integration_account;
use crate::verdict::{Evidence, Fix, Judged};

check! {
    /// A native app is available that asks for the Partner Center API.
    ///
    /// # Why
    /// Row 6 of the article. Work 365 signs the integration account in through an application of the partner's own: a native
    /// app, which is a public client, with permission to the Partner Center API.
    ///
    /// # Evidence
    /// Application registrations of the partner tenant. One of them has to be a public client (`Allow public client flows`, or
    /// a redirect address for mobile and desktop applications) and to ask for the Partner Center API. That it asks is not yet a
    /// consent: the integration account gives that in Work 365.
    ///
    /// A page of the vendor of 2026 no longer asks for an application of one's own from version 4.5 on, in the commercial cloud.
    /// The article does, so it stays required. When the vendor confirms that your version needs none, waive it in `cutover.toml`
    /// with `[[waiver]] code = "W604"`, a reason, a name and an end; or judge with a pack of your own whose requirement says
    /// `applies = { tier = "direct-bill", until = "4.5" }`.
    ///
    /// # By hand
    /// Entra admin centre of the partner tenant > Applications > App registrations > New registration: accounts of this
    /// directory only, redirect address *Public client/native* `http://localhost`. Then API permissions > Add > APIs my
    /// organization uses > Microsoft Partner Center > Delegated > user_impersonation; and Authentication > Allow public client
    /// flows: Yes. Partner Center > Account settings > App management shows it under Native App.
    604,
    needs: [NativeApps],
    judge: judge,
}

const WANTED: &str = "an application registration that is a public client and asks for the Partner Center API";

fn judge(context: &Context<'_>) -> Result<Judged, Undecided> {
    let facts = context.facts;
    let partner = integration_account::named(&facts.scene)?;
    let rules = &context.pack.partner_center;
    let (apps, calls) = facts.partner.applications.read()?;
    let asks = |app: &AppRegistration| app.asks_for.contains(&rules.api);
    if let Some(app) = apps.iter().find(|app| app.public_client && asks(app)) {
        let seen = format!(
            "{} ({}): a public client that asks for the Partner Center API",
            app.name, app.app_id
        );
        let sentence = format!("{} is a native app for Partner Center", app.name);
        return Ok(Judged::met(Evidence::new(calls, seen, WANTED), sentence));
    }
    let link = "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade";
    let registrations = format!(
        "Entra admin centre of {} > Applications > App registrations",
        partner.tenant
    );
    let create = "create a native app that asks for the Partner Center API (lasting)";
    let half = apps
        .iter()
        .find(|app| asks(app))
        .or(apps.iter().find(|app| app.public_client));
    let judged = match half {
        Some(app) => {
            let (has, lacks, step) = if asks(app) {
                (
                    "asks for the Partner Center API",
                    "is no public client",
                    "Authentication > Allow public client flows: Yes",
                )
            } else {
                (
                    "is a public client",
                    "does not ask for the Partner Center API",
                    "API permissions > Add > Microsoft Partner Center > Delegated",
                )
            };
            let seen = format!("{} ({}) {has}, but {lacks}", app.name, app.app_id);
            let fix = Fix::automatic(create)
                .or_by_hand(format!("create one; or, if {} is meant for this: {step}", app.name))
                .at(format!("{registrations} > {}", app.name), link);
            Judged::missing(
                Evidence::new(calls, seen.clone(), WANTED),
                format!("there is no native app for Partner Center: {seen}"),
                fix,
            )
        }
        None => {
            let fix = Fix::automatic(create)
                .or_by_hand("register a native app: public client, permission to Microsoft Partner Center")
                .at(format!("{registrations} > New registration"), link);
            let seen = "no registration is a public client or asks for the Partner Center API";
            Judged::missing(
                Evidence::new(calls, seen, WANTED),
                "there is no native app for Partner Center",
                fix,
            )
        }
    };
    Ok(match rules.no_own_app_from.filter(|from| context.target() >= *from) {
        Some(from) => judged.warn(format!(
            "a newer page of the vendor asks for no application of one's own from version {from} on: if the vendor confirms it, waive W604"
        )),
        None => judged,
    })
}
