//! `cutover permissions`: the least that a sign-in must be allowed, and why; offline.

use std::fmt::Write as _;

use clap::{Args, ValueEnum};
use cutover_clients::Api;
use cutover_core::cloud::Profile;
use cutover_core::scene::Scene;
use cutover_runner::manifest::{self, Manifest, Right, Side, SignIn, TenantManifest, manifest};
use url::Url;
use uuid::Uuid;

use crate::commands::check::SelectionOptions;
use crate::config::{Config, Method};
use crate::output::permissions_v1::{
    AppManifest, ConsentLink, FORMAT, LeftOut, NamedRight, Report, Tenant, api_name, side_name,
};
use crate::output::style::Style;
use crate::output::{escape, stream};
use crate::session::{built_in_pack, offline_scene};
use crate::world;
use crate::{Exit, Global, Stop};

/// The least permissions for what you will run, why each is needed, an app manifest and a consent link; offline
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// What is to be run
    #[arg(long = "for", value_name = "COMMAND", default_value = "check")]
    purpose: Purpose,
    /// Who signs in [default: by the configured way to sign in, else an application]
    #[arg(long = "as", value_name = "WHO")]
    who: Option<Who>,
    #[command(flatten)]
    selection: SelectionOptions,
    /// What is written to standard output
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    output: Format,
}

/// What permissions can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Purpose {
    /// Reading: check, facts, explain-mfa of a requirement.
    Check,
    /// Planning, which looks at the same and writes nothing either.
    Plan,
    /// Carrying a plan out: what its steps may write as well.
    Apply,
    /// The upgrade: what carrying a plan out needs, and what the installation takes beside it.
    Upgrade,
}

impl Purpose {
    fn word(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Plan => "plan",
            Self::Apply => "apply",
            Self::Upgrade => "upgrade",
        }
    }

    fn of_manifest(self) -> manifest::Purpose {
        match self {
            Self::Check | Self::Plan => manifest::Purpose::Reading,
            Self::Apply => manifest::Purpose::Changing,
            Self::Upgrade => manifest::Purpose::Upgrading,
        }
    }
}

/// Who signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Who {
    /// An application by itself.
    Application,
    /// A person.
    Person,
}

/// Forms of the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a person.
    Table,
    /// For a program, with a published schema.
    Json,
    /// The part of an app manifest that asks for the permissions, for each application.
    Manifest,
}

/// Where Entra sends the administrator back to after the consent; the registration has to name it.
const REDIRECT: &str = "http://localhost";

pub(crate) fn run(global: &Global, options: &Options) -> Result<Exit, Stop> {
    let pack = built_in_pack()?;
    let selection = options.selection.selection(&pack)?;
    let config = config(global)?;
    let scene = config.as_ref().map(offline_scene);
    let asked = Asked {
        config: config.as_ref(),
        scene: scene.as_ref(),
        sign_in: options.who.unwrap_or_else(|| who(global, config.as_ref())),
        chosen: global.sign_in,
    };
    let sign_in = match asked.sign_in {
        Who::Application => SignIn::Application,
        Who::Person => SignIn::Person,
    };
    let purpose = options.purpose.of_manifest();
    let manifest = manifest(&pack, scene.as_ref(), &selection, sign_in, purpose);
    let report = asked.report(options.purpose, &manifest);
    let style = Style::of_stdout(global.plain);
    match options.output {
        Format::Table => stream::text(&render(&report, style), style.ascii),
        Format::Json => stream::json(&pretty(&report), style.ascii),
        Format::Manifest => {
            let manifests: Vec<&AppManifest> = report.tenants.iter().map(|tenant| &tenant.app_manifest).collect();
            for tenant in &report.tenants {
                if !tenant.without_id.is_empty() {
                    stream::note(&by_name(tenant));
                }
                tenant
                    .instead_of_consent
                    .iter()
                    .for_each(|instead| stream::note(instead));
            }
            match manifests.as_slice() {
                [one] => stream::json(&pretty(one), style.ascii),
                several => stream::json(&pretty(&several), style.ascii),
            }
        }
    }
    Ok(Exit::Done)
}

fn pretty(value: &impl serde::Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

/// The configuration, where there is one: the named one, a world's, or `cutover.toml` in the current folder.
fn config(global: &Global) -> Result<Option<Config>, Stop> {
    if let Some(name) = &global.world {
        return Ok(Some(world::open(name, global.state.as_deref())?.config));
    }
    let path = global.config_path();
    if global.config.is_none() && !path.exists() {
        return Ok(None);
    }
    let config = Config::read(&path).map_err(|error| Stop::usage(error.to_string()))?;
    Ok(Some(config))
}

/// Who signs in by the way that is chosen or configured for the Dynamics tenant.
fn who(global: &Global, config: Option<&Config>) -> Who {
    let method = global.sign_in.or(config.and_then(|config| config.sign_in.method));
    match method {
        Some(Method::Browser | Method::DeviceCode | Method::AzureCli) => Who::Person,
        _ => Who::Application,
    }
}

/// What takes the place of consent, where a sign-in has no application that one could consent to.
fn instead_of_consent(method: Option<Method>) -> Option<&'static str> {
    match method? {
        Method::AzureCli => Some(
            "The Azure CLI is Microsoft's own application: its permissions cannot be added to. What it lacks of this list stays unknown; \
             cutover whoami shows what its token holds. For all of it, sign in with an application of your own",
        ),
        Method::ManagedIdentity => Some(
            "A managed identity has no registration to consent to: an administrator assigns it each application permission as an app role \
             (New-MgServicePrincipalAppRoleAssignment of Microsoft Graph PowerShell, with the ids that -o json lists)",
        ),
        _ => None,
    }
}

/// What the report is made from beside the manifest.
struct Asked<'a> {
    config: Option<&'a Config>,
    scene: Option<&'a Scene>,
    sign_in: Who,
    /// The way to sign in to the Dynamics tenant that the command line chooses.
    chosen: Option<Method>,
}

/// One of the tenants, and how it is signed in to.
struct Place<'a> {
    tenant: &'a str,
    /// The application, where one is named.
    client_id: Option<Uuid>,
    method: Option<Method>,
}

impl Asked<'_> {
    fn report(&self, purpose: Purpose, manifest: &Manifest) -> Report {
        Report {
            format: FORMAT.to_owned(),
            tool: env!("CARGO_PKG_VERSION").to_owned(),
            purpose: purpose.word().to_owned(),
            changes: purpose.of_manifest() == manifest::Purpose::Changing,
            sign_in: match self.sign_in {
                Who::Application => "application".to_owned(),
                Who::Person => "person".to_owned(),
            },
            configured: self.config.is_some(),
            tenants: manifest.tenants.iter().map(|tenant| self.tenant(tenant)).collect(),
            left_out: manifest
                .left_out
                .iter()
                .map(|(code, because)| LeftOut {
                    code: code.to_string(),
                    because: because.clone(),
                })
                .collect(),
        }
    }

    fn tenant(&self, tenant: &TenantManifest) -> Tenant {
        let place = self.config.and_then(|config| {
            let home = self.chosen.or(config.sign_in.method);
            let settings = config.sign_in;
            match tenant.sides.first()? {
                Side::Home => Some(Place {
                    tenant: &config.tenant,
                    client_id: settings.names_application.then_some(config.client_id),
                    method: home,
                }),
                Side::Partner => config.partner.as_ref().map(|partner| Place {
                    tenant: &partner.tenant,
                    client_id: partner.names_application.then_some(partner.client_id),
                    method: partner.method,
                }),
            }
        });
        let (app_manifest, without_id) = AppManifest::of(tenant);
        let instead = place.as_ref().and_then(|place| instead_of_consent(place.method));
        let client_id = place.as_ref().and_then(|place| place.client_id);
        Tenant {
            sides: tenant.sides.iter().map(|side| side_name(*side).to_owned()).collect(),
            consent: match (&place, client_id, instead) {
                (Some(place), Some(client_id), None) => self.consent(tenant, place.tenant, client_id),
                _ => Vec::new(),
            },
            instead_of_consent: instead.map(str::to_owned),
            tenant: place.as_ref().map(|place| place.tenant.to_owned()),
            client_id,
            rights: tenant.entries.iter().map(NamedRight::of).collect(),
            app_manifest,
            without_id,
        }
    }

    /// Application permissions are consented to as the registration asks for them (version 1.0 of the endpoint); delegated
    /// ones by name, one API at a time (Microsoft identity platform, admin consent).
    fn consent(&self, tenant: &TenantManifest, name: &str, client_id: Uuid) -> Vec<ConsentLink> {
        let login = self.config.and_then(|config| config.connection.login.as_ref());
        let login = login.map_or_else(|| self.cloud().login.to_owned(), ToString::to_string);
        let login = login.trim_end_matches('/').to_owned();
        let address = |path: &str, scope: Option<String>| {
            let mut url = Url::parse(&format!("{login}/{name}/{path}")).ok()?;
            let mut query = url.query_pairs_mut();
            query.append_pair("client_id", &client_id.to_string());
            if let Some(scope) = scope {
                query.append_pair("scope", &scope);
            }
            query.append_pair("redirect_uri", REDIRECT);
            query.append_pair("state", "cutover");
            drop(query);
            Some(url.to_string())
        };
        let entries = || tenant.entries.iter().map(|entry| entry.right);
        let mut links = Vec::new();
        if entries().any(|right| matches!(right, Right::Application(..))) {
            links.extend(address("adminconsent", None).map(|url| ConsentLink {
                about: "all permissions that the registration asks for".to_owned(),
                url,
            }));
        }
        for api in [Api::Graph, Api::Dataverse, Api::PowerPlatform, Api::PartnerCenter] {
            let resource = self.resource(api);
            let scopes: Vec<String> = entries()
                .filter_map(|right| match right {
                    Right::Delegated(of, name) if of == api && !resource.is_empty() => {
                        Some(format!("{resource}/{name}"))
                    }
                    _ => None,
                })
                .collect();
            if !scopes.is_empty() {
                links.extend(
                    address("v2.0/adminconsent", Some(scopes.join(" "))).map(|url| ConsentLink {
                        about: format!("delegated permissions of {}", api_name(api)),
                        url,
                    }),
                );
            }
        }
        links
    }

    /// What an API is called in a scope; empty where the cloud does not have it.
    fn resource(&self, api: Api) -> &str {
        let cloud = self.cloud();
        match api {
            Api::Graph | Api::GraphBeta => cloud.graph.audience,
            Api::Dataverse => self
                .scene
                .map(|scene| scene.environment_url.as_str())
                .unwrap_or_default(),
            Api::PowerPlatform => cloud.power_platform.audience,
            Api::PartnerCenter => cloud.partner_center.map(|it| it.audience).unwrap_or_default(),
        }
    }

    fn cloud(&self) -> &'static Profile {
        self.scene.map(|scene| scene.cloud).unwrap_or_default().profile()
    }
}

fn by_name(tenant: &Tenant) -> String {
    format!(
        "Microsoft publishes no id of {}: choose it by name in Entra admin centre > App registrations > API permissions",
        tenant.without_id.join(", ")
    )
}

/// Headings for a kind of right, in the order of the manifest.
fn heading(right: &NamedRight) -> String {
    let api = right.api.as_deref().unwrap_or_default();
    match right.kind.as_str() {
        "application-permission" => format!("{api}, application permissions"),
        "delegated-permission" => format!("{api}, delegated permissions of a person"),
        "directory-role" => {
            "Directory roles of the person, active at sign-in (activate an eligible one in PIM first)".to_owned()
        }
        "partner-center-role" => "Role of the person in Partner Center".to_owned(),
        "registration" => "Power Platform".to_owned(),
        _ => "Dataverse, privileges of a security role, for the whole organisation".to_owned(),
    }
}

fn render(report: &Report, style: Style) -> String {
    let mut out = String::new();
    let who = if report.sign_in == "person" {
        "a person"
    } else {
        "an application"
    };
    let _ = writeln!(
        out,
        "{}",
        style.bold(&format!(
            "The least that {who} must be allowed for cutover {}",
            report.purpose
        ))
    );
    let _ = writeln!(
        out,
        "What is left out can turn the requirements behind it to unknown{}.",
        if report.changes {
            ", or a step of a plan to refused"
        } else {
            "; nothing is written"
        }
    );
    if report.changes && report.sign_in == "person" {
        let _ = writeln!(
            out,
            "The directory and security roles that a plan's steps ask for are lent by the plan itself, and are not listed."
        );
    }
    if !report.configured {
        let _ = writeln!(
            out,
            "No configuration: all that any could need is listed, for two tenants. With -c FILE it is less, with consent links."
        );
    }
    for tenant in &report.tenants {
        let sides = match tenant.sides.as_slice() {
            [_, _] => "Dynamics tenant and partner tenant",
            [one] if one == "partner" => "Partner tenant",
            _ => "Dynamics tenant",
        };
        let named = tenant.tenant.as_ref().map(|name| format!(" {}", escape::line(name)));
        let client = tenant.client_id.map(|id| format!(", application {id}"));
        let title = format!("{sides}{}{}", named.unwrap_or_default(), client.unwrap_or_default());
        let _ = writeln!(out, "\n{}", style.bold(&title));
        let mut last = String::new();
        for right in &tenant.rights {
            let heading = heading(right);
            if heading != last {
                let _ = writeln!(out, "\n  {heading}");
                last = heading;
            }
            let checks = match right.checks.is_empty() {
                true if right.calls.iter().any(|call| call.method != "GET") => "steps of a plan".to_owned(),
                true => "every check".to_owned(),
                false => right.checks.join(" "),
            };
            let _ = writeln!(out, "    {}  {}", right.name, style.dim(&format!("for {checks}")));
            for call in &right.calls {
                let line = format!(
                    "{} {} {}: {} <{}>",
                    call.method, call.service, call.path, call.about, call.source
                );
                let _ = writeln!(out, "      {}", style.dim(&line));
            }
        }
        if !tenant.without_id.is_empty() {
            let _ = writeln!(out, "\n  {}", by_name(tenant));
        }
        for link in &tenant.consent {
            let _ = writeln!(
                out,
                "\n  Consent to {}, as an administrator of this tenant:\n  {}",
                link.about, link.url
            );
        }
        if !tenant.consent.is_empty() {
            let _ = writeln!(
                out,
                "  The registration has to name {REDIRECT} as a redirect address. The page that cannot be reached afterwards, with\n  \
                 admin_consent=True in its address, means that it worked."
            );
        }
        if let Some(instead) = &tenant.instead_of_consent {
            let _ = writeln!(out, "\n  {instead}.");
        }
    }
    for left_out in &report.left_out {
        let _ = writeln!(out, "\n{} asks for nothing here: {}", left_out.code, left_out.because);
    }
    out
}
