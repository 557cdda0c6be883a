//! `docs/reference/clouds.md`: Microsoft's clouds, from the table itself.

use std::fmt::Write as _;

use cutover_core::cloud::{Cloud, Endpoint, Profile};

use super::Generated;

const HEAD: &str = "# Clouds

cutover works in each of Microsoft's clouds that run Dynamics 365. The environment's address tells which one it is; \
`connection.cloud` says it in so many words. It is compared with what the sign-in service says of the tenant \
(`cloud_instance_name`, `tenant_region_sub_scope`) before anything that proves a sign-in is sent; on a mismatch nothing is judged.

```toml
[connection]
cloud = \"gcc-high\"   # commercial, gcc, gcc-high, dod, china
```

Nobody is asked at a host of another cloud. What a cloud lacks is *unknown*, never *missing*: look at it by hand and attest it, or \
waive it. Links in findings lead to the portals of the tenant's own cloud. Clouds that cutover cannot look at live were filled in \
from the documents named below; whoever finds a difference, please report it.
";

pub(super) fn files() -> Vec<Generated> {
    let mut page = HEAD.to_owned();
    for cloud in Cloud::ALL {
        describe(&mut page, cloud.profile());
    }
    vec![Generated::page("docs/reference/clouds.md", &page)]
}

fn describe(page: &mut String, profile: &Profile) {
    let _ = write!(
        page,
        "\n## `{}`: {}\n\n| what | where |\n|---|---|\n",
        profile.cloud, profile.title
    );
    let mut row = |what: &str, value: String| {
        let _ = writeln!(page, "| {what} | {value} |");
    };
    row("sign-in", code(profile.login));
    row("Microsoft Graph", endpoint(&profile.graph));
    let environments = match profile.numbered {
        true => format!("crm{{region}}{}", profile.environments),
        false => profile.environments.to_owned(),
    };
    row("environments", code(&format!("https://{{name}}.{environments}")));
    row("Power Platform API", endpoint(&profile.power_platform));
    row(
        "older administration API (BAP), not asked",
        endpoint(&profile.business_app_platform),
    );
    let partner_center = profile.partner_center.as_ref().map(endpoint);
    row(
        "Partner Center API",
        partner_center.unwrap_or_else(|| "none of its own".to_owned()),
    );
    row("Entra admin centre", code(profile.portals.entra));
    row("Microsoft 365 admin centre", code(profile.portals.microsoft_365));
    row("Power Platform admin centre", code(profile.portals.power_platform));
    row("Power Apps", code(profile.portals.power_apps));
    let partner_center = profile.portals.partner_center.map(code);
    row(
        "Partner Center",
        partner_center.unwrap_or_else(|| "no document names one".to_owned()),
    );
    let discovery = match profile.discovery.sub_scope {
        Some(sub_scope) => format!("{}, {}", code(profile.discovery.instance), code(sub_scope)),
        None => code(profile.discovery.instance),
    };
    row("the tenant says of itself", discovery);
    page.push('\n');
    if profile.lacks.is_empty() {
        page.push_str("Nothing of what a check asks is known to be missing.\n");
    }
    for lack in profile.lacks {
        let what = lack.path.map_or_else(
            || lack.service.name().to_owned(),
            |path| format!("{} `{path}`", lack.service.name()),
        );
        let _ = writeln!(page, "- Missing: {what}. {} ({}).", lack.why, lack.source);
    }
    page.push_str("\nSources:\n");
    for (what, source) in profile.sources {
        let _ = writeln!(page, "- {what}: {source}");
    }
}

fn endpoint(endpoint: &Endpoint) -> String {
    match endpoint.address == endpoint.audience {
        true => code(endpoint.address),
        false => format!("{}, tokens for {}", code(endpoint.address), code(endpoint.audience)),
    }
}

fn code(text: &str) -> String {
    format!("`{text}`")
}
