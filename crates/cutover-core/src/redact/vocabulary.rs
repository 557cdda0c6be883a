//! Words, names and ids that are the same in every tenant: Microsoft's, the pack's, and cutover's own.
//!
//! From Microsoft's reference of Graph v1.0 and beta, of the Dataverse Web API, of the Power Platform API and of Partner
//! Center; the sentences from the messages that cutover itself puts together.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use uuid::{Uuid, uuid};

use super::tokens::KINDS;
use crate::cloud::{PROFILES, Profile};
use crate::pack::Pack;
use crate::reading::built_in_roles;
use crate::reading::environment_user::SYSTEM_ADMINISTRATOR;
use crate::reading::licence;

/// Further ids that Microsoft gave away once for all tenants.
const IDS: &[Uuid] = &[
    Uuid::nil(),
    // Role templates of Dataverse: System Administrator and System Customizer.
    SYSTEM_ADMINISTRATOR,
    uuid!("119f245c-3cc8-4b62-b31c-d1a046ced15d"),
    // Applications: Azure AD Graph, Microsoft Graph, Dataverse, Exchange Online, SharePoint Online, Power Platform API.
    uuid!("00000002-0000-0000-c000-000000000000"),
    uuid!("00000003-0000-0000-c000-000000000000"),
    uuid!("00000007-0000-0000-c000-000000000000"),
    uuid!("00000002-0000-0ff1-ce00-000000000000"),
    uuid!("00000003-0000-0ff1-ce00-000000000000"),
    uuid!("8578e004-a5c6-46e7-913e-12f58912df43"),
    // Built-in authentication strengths.
    uuid!("00000000-0000-0000-0000-000000000002"),
    uuid!("00000000-0000-0000-0000-000000000003"),
    uuid!("00000000-0000-0000-0000-000000000004"),
    // What a token carries in `wids` for anybody who holds no directory role.
    uuid!("b79fbf4d-3ef9-4689-8143-76b194e85509"),
    // And for an application by itself.
    uuid!("0997a1d0-0d1d-4acb-b408-d5ca73121e90"),
];

/// Display names of Microsoft's that stand where somebody's name could.
const NAMES: &[&str] = &[
    "Microsoft Graph",
    "Dataverse",
    "Common Data Service",
    "Dynamics",
    "Dynamics CRM Online",
    "Dynamics 365",
    "Microsoft Power Platform",
    "Partner Center",
    "Azure Portal",
    "Microsoft Office 365 Portal",
    "System Administrator",
    "System Customizer",
    "Basic User",
    "AdminAgents",
    "HelpdeskAgents",
    "SalesAgents",
    // Kinds of clients in the sign-in log (Microsoft Graph, `signIn.clientAppUsed`).
    "Browser",
    "Mobile Apps and Desktop clients",
    "Exchange ActiveSync",
    "Authenticated SMTP",
    "Autodiscover",
    "Exchange Online PowerShell",
    "Exchange Web Services",
    "IMAP4",
    "MAPI Over HTTP",
    "Offline Address Book",
    "Outlook Anywhere (RPC over HTTP)",
    "Outlook Service",
    "POP3",
    "Reporting Web Services",
    "SMTP",
    "Other clients",
];

/// Values of properties that Microsoft documents as enumerations or as one of a few words.
const WORDS: &str = "
    Enabled Warning Suspended Deleted LockedOut Active ActiveWithError Disabled Error None Unknown
    Success PendingProvisioning PendingInput PendingActivation
    enabled disabled enabledForReportingButNotEnforced
    Basic Local Deep Global RecordFilter
    Standard Premium Developer Production Sandbox Trial Default Support SubscriptionBasedTrial Teams Platform
    Ready Preparing Running NotReady Created Creating Deleting Provisioning NotSpecified AdminMode
    Installed NotInstalled Uninstalled InstallRequested UninstallRequested InstallFailed UninstallFailed Installing
    Uninstalling InstallScheduled InstallRetrying TemplateInstalled
    NotStarted Queued InProgress Succeeded ValidationFailed Failed NoOperation ValidationPassed Canceled Skipped Postponed
    Backup Restore Copy Reset Create Delete Update Edit Enable Disable Convert Recover Provision Deprovision Upgrade
    InGoodStanding NotSigned Expired Inactive Terminated Invited Pending pending authorized rejected
    is_indirect_reseller_of is_indirect_cloud_solution_provider_of
    Waiting Dispatched Retry Completed Cancelled Processed Suspend Paused
    all_users Fido2 MicrosoftAuthenticator Sms Voice SoftwareOath HardwareOath TemporaryAccessPass Email
    X509Certificate QRCodePin VerifiableCredentials
    fido2AuthenticationMethod microsoftAuthenticatorAuthenticationMethod phoneAuthenticationMethod
    softwareOathAuthenticationMethod hardwareOathAuthenticationMethod windowsHelloForBusinessAuthenticationMethod
    platformCredentialAuthenticationMethod externalAuthenticationMethod temporaryAccessPassAuthenticationMethod
    passwordAuthenticationMethod emailAuthenticationMethod qrCodePinAuthenticationMethod
    passwordlessMicrosoftAuthenticatorAuthenticationMethod x509CertificateAuthenticationMethod
    Guest Member All GuestsOrExternalUsers AllTrusted Office365 MicrosoftAdminPortals ServicePrincipalsInMyTenant
    all always android any application approvedApplication authenticationContext authenticationFlow authenticationTransfer
    authenticatorAppGps b2bCollaborationGuest b2bCollaborationMember b2bDirectConnectUser block blockDownloads browser
    builtIn clientIpAddress compliantApplication compliantDevice custom days deviceBasedPush deviceCodeFlow devicePlatform
    devices domainJoinedDevice easSupported elevated email emptyPolicy enumerated everyTime exchangeActiveSync exclude
    federatedMultiFactor federatedSingleFactor fido2 hardwareOath hidden high hours iOS include insiderRisk internalGuest
    invalidCondition invalidPolicy linux location low macOS mcasConfigured medium mfa microsoftAuthenticatorPush minor
    mobileAppsAndDesktopClients moderate monitorOnly never none notEnoughInformation notSet other otherExternalUser
    password passwordChange policyNotEnabled primaryAndSecondaryAuthentication qrCodePin riskRemediation
    secondaryAuthentication serviceProvider signInRisk sms softwareOath temporaryAccessPassMultiUse
    temporaryAccessPassOneTime time timeBased unknownFutureValue userActions userRisk users voice windows
    windowsHelloForBusiness windowsPhone workloadIdentities x509CertificateMultiFactor x509CertificateSingleFactor
    AND OR and or urn:user:registersecurityinfo urn:user:registerdevice unknown
    c1 c2 c3 c4 c5 c6 c7 c8 c9 c10 c11 c12 c13 c14 c15 c16 c17 c18 c19 c20 c21 c22 c23 c24 c25
";

/// Words of sentences, requests, permissions and error codes, in lower case; compound words are looked at in parts.
const TEXT: &str = "
    a about access account accounts accepted actions activated active activity activation ad add added admin administer
    administered administration administrator administrators adoption advanced after again agent agents agreement
    agreementstatus all allowed already an and answer answered any api apis app appid application applicationid
    applicationmfaadoptionstatus applicationpackages applications appmanagement approval are as asked aspect assign assigned
    assignable assignment assignments association async asynchronous asyncoperation asyncoperations at attribute attributes audit
    auditing auth authentication authenticated authenticator authority authorization authorized auto azure
    azureactivedirectoryobjectid
    back backup backups bad balanced base baseline basic batch be because bearer been before begin begins behind being beta
    billing binding blocked bodies body broken browser build built business businessunit businessunitid businessunits but by
    bytes
    calculated call called caller calls can cannot carries ce center centre certificate challenge change changed changes
    channel character check choice class client clientid clients clock close closed cloud code codes collected collection
    column columns come common completed completedon compliance compliant component compound conditional config
    configuration configure configured conflict connect connected connection connections consent consistency contact
    contains content context continuation contract control conversion copy core could count create created createdon creation
    credential credentials crm csp current custom customer customers customization customizationprefix customizations
    data database dataverse date day days declined default defaults defer defined definition definitions delegated delegation
    delete deleted denied depth descriptions desktop detail details device devices did digest direct directly directories
    directory disabled display displayname distinct do document documented documents does domain domainname dynamics
    each eas edition either elements eligibility eligible elevated email empty enabled end endpoint endpoints ends enforced enforcement
    enrolled enterprise entities entitlement entity entityset entitysetname entra entries entry environment
    environmentmanagement environments eq equal error errors etag everything evaluate evaluation event exceed exceeded exchange
    exclude existing exists exist expand expected expired expires ext external
    failed failure false feature federation field fields fieldsecurityprofile fieldsecurityprofiles file files filter find
    first flow follow for forbidden form format found from full function future
    gateway gave ge generic get given global gone good grant granted grants graph group groups guest
    half has have header headers held high hold holds host hour hours hybrid
    id ids identities identity if ignored impersonation import importjob importjobs in include indirect indirectly info information inner
    input ins instance instances integration interaction internal international into intune invalid invite is issue issuer
    isindirectcloudsolutionproviderof isindirectresellerof it item items its itself
    job jobs json just
    key keys kind known
    label labels lack lacking lacks language languages large larger last lcid left legal length less letters licence licences
    license licenses lifecycle limit line list listed live local localised localized location locations locked log logged logic logical
    logicalname login logs long longer
    machine made mail mailbox major makes manage managed management many marker match maximum may me media member members
    membership memory message messages met metadata method methods mfa microsoft min minor minute minutes missing mode model
    more most move ms multi multifactor multiple must
    name named names native ne need needs neither network never new next no non none nor not nothing notice notification now
    nullable null number
    oauth oauth2permissiongrants object objectid objects occurred odata of off office offline on once one only open openid
    operation operations operationtype operator optional option options or order organisation organization organizations
    organizational origin other others out outside over own owned owner
    package packages page pages parameter parameters parent part participant partner parts pass password path pending per
    permission permissions person personal pim pinned place plain plan plans platform please plug point policies policy port
    portal possible powershell power prefix premium present presence preview previous primary principal principals
    privilege privileged privileges process profile profiles program property properties protection protocol provided provider
    provision provisioned provisioning proxies proxy public publish published publisher publisherid publishers
    queried query quota
    rate rather reach reached read readable reader reason received record recovery redirect reference refresh refused region
    registered registration relationship relationships remote removed replaced reply report reports request requested
    requests require required requirement requirements reseller resellers reset resolve resource resources response restore
    restricted result results retired retrieve retry return returned right rights risk risky role roles root row rows rule
    rules run running runs
    said same sample sandbox save say says scheduled schedule schedules scheme scope scopes second seconds secret section secure
    secured security seen sees segment segments select selected self send sensible sent server service services session set
    sets setting settings several shared should shown showed shut side sign signed signin signs single site size skip
    skiptoken sku skus so social software solution solutions something sort source space specific specified standard start
    started startswith state statecode states status statuscode statuses step still stop stopped strength string strong
    structure sub subscribed subscription succeeded success such suspended switch synch sync synchronization system
    systemuser systemuserprofiles systemuserroles systemusers
    table tables take target targets team teammembership teams template templates temporary tenancy tenant tenants terms than
    that the their them then there these they this those threat throttle throttled throttling through time timed times timeout
    timestamp title to token tokens told too took top total trace transfer transitive transport trial trust trusted try turned
    two type types
    unable unanswered unauthorized understood unexpected unified unique unit units unknown unlisted unreachable unreadable
    unsupported until up update updated upgrade upn url usable usage use used user userid username users usersettings
    usersettingscollection using
    valid validate validation value values variable verify verification version via view visible voice
    wait wanted was web well went were what when where whether which while who whoami whole whose why windows with within
    without word words work world would write written wrong
    year years yes yet you your zone zip
    and any ext example upgrade oath fido sms beta prv lt gt le expand orderby and http https get post put patch microsoftonline
    com www learn status200 oauth2 v1 v2 v9 api aadsts get head p1 p2 true product powerplatform partnercenter
";

/// Numbers of more than three digits that mean the same everywhere: language codes and Partner Center's error codes.
const NUMBERS: &[&str] = &[
    "1030", "1031", "1033", "1036", "1040", "1043", "2032", "800001", "900124", "900150", "900421", "2022", "2023",
    "2024",
];

static WORD_SET: LazyLock<BTreeSet<String>> = LazyLock::new(|| lower(WORDS.split_whitespace()));
static TEXT_SET: LazyLock<BTreeSet<String>> =
    LazyLock::new(|| lower(TEXT.split_whitespace().chain(KINDS.iter().copied())));

fn lower<'a>(words: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    words.map(str::to_lowercase).collect()
}

/// What stays, for one pack.
pub(super) struct Vocabulary {
    names: BTreeSet<String>,
    product: BTreeSet<String>,
    labels: BTreeSet<String>,
    own: BTreeSet<String>,
    ids: BTreeSet<Uuid>,
    /// How the display name of the product's packages begins, in lower case.
    pub(super) application: String,
    /// The word that only the portal carries, in lower case.
    pub(super) portal: String,
}

impl Vocabulary {
    /// The vocabulary with a pack's own names.
    pub(super) fn of(pack: &Pack) -> Self {
        let names = &pack.names;
        let center = &pack.partner_center;
        let groups = center.role_set.iter().flat_map(|set| set.groups.iter());
        let whole = [
            &pack.product,
            &names.service_role,
            &names.portal_service_role,
            &names.profile,
            &names.application,
            &names.jobs_table,
            &names.job_scheduled,
        ];
        let whole: Vec<&str> = whole.into_iter().chain(groups).map(String::as_str).collect();
        let pieces = whole
            .iter()
            .copied()
            .chain([
                names.publisher_prefix.as_str(),
                names.portal_marker.as_str(),
                names.support_user_prefix.as_str(),
            ])
            .chain(names.open_jobs.iter().map(String::as_str));
        let own: BTreeSet<String> = pieces.flat_map(|text| words(text).map(str::to_lowercase)).collect();
        let mut product: BTreeSet<String> = lower(
            "core upgrade solution solutions patch billing job jobs id name on service provider admin"
                .split_whitespace(),
        );
        product.extend(own.iter().flat_map(|word| parts(word).map(str::to_lowercase)));
        product.extend(own.iter().cloned());
        let mut ids: BTreeSet<Uuid> = IDS.iter().copied().collect();
        ids.extend(built_in_roles::all().iter().map(|(template, _)| *template));
        ids.extend(pack.region.values().map(|region| region.app_id));
        ids.insert(center.api);
        // The applications behind Microsoft's own APIs, wherever the tenant is.
        ids.extend(PROFILES.iter().flat_map(Profile::app_ids));
        ids.extend(
            center
                .role_set
                .iter()
                .flat_map(|set| set.directory_roles.iter().copied()),
        );
        Self {
            names: lower(
                whole
                    .into_iter()
                    .chain(NAMES.iter().copied())
                    .chain(built_in_roles::all().iter().map(|(_, name)| *name)),
            ),
            product,
            labels: lower(names.open_jobs.iter().map(String::as_str)),
            own,
            ids,
            application: names.application.to_lowercase(),
            portal: names.portal_marker.to_lowercase(),
        }
    }

    /// Whether an id is the same in every tenant.
    pub(super) fn keeps_id(&self, id: Uuid) -> bool {
        self.ids.contains(&id) || licence::names_id(id)
    }

    /// Whether a display name is the same in every tenant.
    pub(super) fn keeps_name(&self, name: &str) -> bool {
        self.names.contains(&name.to_lowercase())
    }

    /// Whether a value is documented, alone or as a list with commas.
    pub(super) fn keeps_word(&self, value: &str) -> bool {
        let known = |word: &str| {
            let word = word.trim().to_lowercase();
            WORD_SET.contains(&word) || self.labels.contains(&word)
        };
        known(value) || value.split(',').all(known)
    }

    /// Whether a name is made of the product's words alone.
    pub(super) fn keeps_product(&self, name: &str) -> bool {
        let known = |word: &str| {
            self.product.contains(&word.to_lowercase())
                || parts(word).all(|part| self.product.contains(&part.to_lowercase()))
        };
        name.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b" _-".contains(&byte))
            && words(name).next().is_some()
            && words(name).all(known)
    }

    /// Whether a permission or privilege is made of words that such names are made of.
    pub(super) fn keeps_permission(&self, name: &str) -> bool {
        name.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
            && words(name).all(|word| self.keeps_in_text(word))
    }

    /// Whether a word of a text stays.
    pub(super) fn keeps_in_text(&self, word: &str) -> bool {
        let number = |part: &str| part.len() <= 3 && part.bytes().all(|byte| byte.is_ascii_digit());
        let known = |part: &str| {
            let part = part.to_lowercase();
            TEXT_SET.contains(&part) || self.own.contains(&part)
        };
        if known(word) || NUMBERS.contains(&word) || is_code(word) {
            return true;
        }
        word.is_ascii() && parts(word).all(|part| number(part) || known(part))
    }
}

/// Entra's `AADSTS50076` and Dataverse's `0x80040217`: numbers that Microsoft documents.
fn is_code(word: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let hexadecimal = |text: &str| text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    word.strip_prefix("AADSTS")
        .is_some_and(|rest| rest.len() <= 7 && digits(rest))
        || word.strip_prefix("0x").is_some_and(hexadecimal)
}

/// The words of a name: what stands between signs.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

/// The parts of a compound word: `RoleManagement`, `work365_job`, `OAuth2`.
fn parts(word: &str) -> impl Iterator<Item = &str> {
    let mut ends: Vec<usize> = Vec::new();
    let letters: Vec<(usize, char)> = word.char_indices().collect();
    for (place, (at, letter)) in letters.iter().enumerate().skip(1) {
        let before = letters.get(place - 1).map(|(_, letter)| *letter).unwrap_or_default();
        let after = letters.get(place + 1).map(|(_, letter)| *letter).unwrap_or_default();
        let begins = (letter.is_uppercase()
            && (before.is_lowercase() || (before.is_uppercase() && after.is_lowercase())))
            || letter.is_ascii_digit() != before.is_ascii_digit()
            || before == '_'
            || *letter == '_';
        if begins {
            ends.push(*at);
        }
    }
    ends.push(word.len());
    let mut begin = 0;
    ends.into_iter()
        .filter_map(move |end| {
            let part = word.get(begin..end);
            begin = end;
            part
        })
        .filter(|part| !part.is_empty() && *part != "_")
}
