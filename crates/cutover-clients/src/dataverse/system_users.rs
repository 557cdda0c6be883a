//! Users of the environment, their roles, teams and column security profiles.

use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::permissions;
use super::profiles::FieldSecurityProfile;
use super::roles::{self, Role};
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::{Address, literal};
use crate::read::Read;
use crate::tenancy::Home;
use crate::wire::open_code;
use crate::write::Write;

pub(super) static ROWS: CallSpec = CallSpec::new(
    Api::Dataverse,
    Shape::Collection,
    "/systemusers",
    "the rows of named people and applications as users of the environment",
    &permissions::USER,
);
pub(super) static ROLES: CallSpec = CallSpec::new(
    Api::Dataverse,
    Shape::Collection,
    "/systemusers({systemuserid})/systemuserroles_association",
    "the security roles given to a user itself",
    &permissions::ROLE,
);
pub(super) static TEAMS: CallSpec = CallSpec::new(
    Api::Dataverse,
    Shape::Collection,
    "/systemusers({systemuserid})/teammembership_association",
    "a user's teams with their security roles",
    &permissions::TEAM,
);
pub(super) static TEAM_PROFILES: CallSpec = CallSpec::new(
    Api::Dataverse,
    Shape::Collection,
    "/systemusers({systemuserid})/teammembership_association",
    "a user's teams with their column security profiles",
    &permissions::TEAM_PROFILE,
);
pub(super) static PROFILES: CallSpec = CallSpec::new(
    Api::Dataverse,
    Shape::Collection,
    "/systemusers({systemuserid})/systemuserprofiles_association",
    "the column security profiles given to a user itself",
    &permissions::PROFILE,
);

pub(super) static UPDATE: CallSpec = CallSpec::writing(
    Api::Dataverse,
    "PATCH",
    "/systemusers({systemuserid})",
    "changes what a user may do at all (access mode)",
    &permissions::WRITE_USER,
)
.with_headers(&[("If-Match", "*")]);

/// What a user of the environment is looked for by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SystemUserKey {
    /// Sign-in name (`domainname`).
    DomainName(String),
    /// Object id of the account in Entra.
    EntraObject(Uuid),
    /// Application id of an application user.
    Application(Uuid),
}

impl SystemUserKey {
    fn filter(&self) -> String {
        match self {
            Self::DomainName(name) => format!("domainname eq {}", literal(name)),
            Self::EntraObject(id) => format!("azureactivedirectoryobjectid eq {id}"),
            Self::Application(id) => format!("applicationid eq {id}"),
        }
    }
}

/// A user of the environment (table `systemuser`). One person may have several rows, the older ones deleted.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct SystemUser {
    /// Id of the row.
    pub systemuserid: Uuid,
    /// Name as shown.
    pub fullname: Option<String>,
    /// Sign-in name.
    pub domainname: Option<String>,
    /// Object id of the account in Entra.
    pub azureactivedirectoryobjectid: Option<Uuid>,
    /// Application id of an application user.
    pub applicationid: Option<Uuid>,
    /// What the user may do at all.
    pub accessmode: Option<AccessMode>,
    /// Whether the row is disabled.
    pub isdisabled: Option<bool>,
    /// Why it is.
    pub disabledreason: Option<String>,
    /// Whether Dataverse sees a licence.
    pub islicensed: Option<bool>,
    /// 0 unless the row is deleted.
    pub deletedstate: Option<i64>,
    /// Whether the account still exists in Entra.
    pub azurestate: Option<AzureState>,
    /// The user's business unit.
    #[serde(rename = "_businessunitid_value")]
    pub business_unit: Option<Uuid>,
    /// That unit's name.
    pub businessunitid: Option<BusinessUnit>,
}

/// A business unit as it comes beside a user (table `businessunit`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct BusinessUnit {
    /// Name.
    pub name: Option<String>,
}

open_code! {
    /// What a user may do at all (`systemuser.accessmode`).
    AccessMode {
        /// Work.
        ReadWrite = 0,
        /// Settings only; administrators without licence arrive so.
        Administrative = 1,
        /// Look.
        Read = 2,
        /// Microsoft's support.
        SupportUser = 3,
        /// By program only.
        NonInteractive = 4,
        /// An administrator of a partner.
        DelegatedAdmin = 5,
    }
}

open_code! {
    /// Whether an account exists in Entra (`systemuser.azurestate`).
    AzureState {
        /// It does.
        Exists = 0,
        /// It is in the bin.
        SoftDeleted = 1,
        /// It is gone.
        NotFoundOrHardDeleted = 2,
    }
}

/// A team of a user (table `team`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Team {
    /// Its id.
    pub teamid: Uuid,
    /// Name.
    pub name: Option<String>,
    /// Kind; group teams fill their members at those members' next sign-in.
    pub teamtype: Option<TeamType>,
    /// The Entra group behind a group team.
    pub azureactivedirectoryobjectid: Option<Uuid>,
    /// Its security roles; `None` when they were not told.
    pub teamroles_association: Option<Vec<Role>>,
    /// Its column security profiles; `None` when they were not told.
    pub teamprofiles_association: Option<Vec<FieldSecurityProfile>>,
}

open_code! {
    /// The kind of a team (`team.teamtype`).
    TeamType {
        /// Owns rows and holds roles.
        Owner = 0,
        /// Shares rows; cannot hold roles.
        Access = 1,
        /// Mirrors an Entra security group.
        EntraSecurityGroup = 2,
        /// Mirrors a Microsoft 365 group.
        EntraOfficeGroup = 3,
    }
}

fn read_rows(filter: &str) -> Read<Vec<SystemUser>, Home> {
    let address = Address::path(ROWS.path)
        .select(
            "systemuserid,fullname,domainname,azureactivedirectoryobjectid,applicationid,accessmode,\
             isdisabled,disabledreason,islicensed,deletedstate,azurestate,_businessunitid_value",
        )
        .expand("businessunitid($select=name)")
        .filter(filter);
    Read::new(&ROWS, address)
}

/// The rows that match any of the keys. At least one key is needed: the whole table is never read.
pub fn rows(first: &SystemUserKey, others: &[SystemUserKey]) -> Read<Vec<SystemUser>, Home> {
    let filters: Vec<String> = std::iter::once(first)
        .chain(others)
        .map(SystemUserKey::filter)
        .collect();
    read_rows(&filters.join(" or "))
}

/// The rows whose sign-in name begins with a text, such as the vendor's support users.
pub fn rows_by_name_start(start: &str) -> Read<Vec<SystemUser>, Home> {
    read_rows(&format!("startswith(domainname,{})", literal(start)))
}

/// The security roles given to a user itself.
pub fn roles(system_user: Uuid) -> Read<Vec<Role>, Home> {
    let address = Address::path(format!("/systemusers({system_user})/systemuserroles_association"));
    Read::new(&ROLES, address.select(roles::COLUMNS))
}

/// A user's teams with their security roles.
pub fn teams(system_user: Uuid) -> Read<Vec<Team>, Home> {
    let address = Address::path(format!("/systemusers({system_user})/teammembership_association"))
        .select("teamid,name,teamtype,azureactivedirectoryobjectid")
        .expand(&format!("teamroles_association($select={})", roles::COLUMNS));
    Read::new(&TEAMS, address)
}

/// A user's teams with their column security profiles. Apart from [`teams`], because profiles ask for a privilege
/// of their own, and who lacks it should still see the roles.
pub fn team_profiles(system_user: Uuid) -> Read<Vec<Team>, Home> {
    let address = Address::path(format!("/systemusers({system_user})/teammembership_association"))
        .select("teamid,name")
        .expand("teamprofiles_association($select=fieldsecurityprofileid,name)");
    Read::new(&TEAM_PROFILES, address)
}

/// The column security profiles given to a user itself.
pub fn profiles(system_user: Uuid) -> Read<Vec<FieldSecurityProfile>, Home> {
    let address = Address::path(format!("/systemusers({system_user})/systemuserprofiles_association"));
    Read::new(&PROFILES, address.select("fieldsecurityprofileid,name"))
}

/// Sets the access mode of a user who is there; never makes a row.
pub fn set_access_mode(system_user: Uuid, mode: i64) -> Write<Home> {
    Write::new(&UPDATE, Address::path(format!("/systemusers({system_user})"))).with(json!({"accessmode": mode}))
}
