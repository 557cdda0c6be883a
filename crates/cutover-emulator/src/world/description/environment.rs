//! The part of the world format that describes Dataverse environments.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::{DAWN, Keyed};

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Environment {
    pub(crate) url: String,
    pub(crate) name: String,
    pub(crate) friendly_name: Option<String>,
    pub(crate) organization_id: Option<String>,
    pub(crate) version: String,
    pub(crate) created: Timestamp,
    /// Id in Power Platform.
    pub(crate) environment_id: Option<String>,
    /// `Production`, `Sandbox`, `Default`, `Developer`, `Trial`.
    pub(crate) kind: String,
    /// `Ready`, `Preparing`, `Disabled`, as Power Platform says it.
    pub(crate) state: String,
    /// Azure region and geography.
    pub(crate) region: String,
    pub(crate) geo: String,
    /// Whether the administration mode is on.
    pub(crate) admin_mode: bool,
    pub(crate) background_operations: bool,
    /// Alias of the Entra group that limits who may enter.
    pub(crate) security_group: Option<String>,
    pub(crate) backup: Keyed<Backup>,
    /// Operations of Power Platform's control plane.
    pub(crate) operation: Keyed<Operation>,
    /// Application packages, by the name of their manifest.
    pub(crate) package: Keyed<Package>,
    /// Base language, LCID.
    pub(crate) base_language: u32,
    /// Provisioned languages beside the base language.
    pub(crate) languages: Vec<u32>,
    /// Business units below the root, whose alias is `root`.
    pub(crate) business_unit: Keyed<BusinessUnit>,
    pub(crate) role: Keyed<Role>,
    pub(crate) team: Keyed<Team>,
    pub(crate) user: Keyed<SystemUser>,
    pub(crate) profile: Keyed<Profile>,
    pub(crate) publisher: Keyed<Publisher>,
    pub(crate) solution: Keyed<Solution>,
    pub(crate) job: Keyed<Job>,
    pub(crate) process: Keyed<Process>,
    pub(crate) import: Keyed<Import>,
    /// Tables beside Dataverse's own, by logical name.
    pub(crate) table: Keyed<EntityTable>,
}

impl Default for Environment {
    fn default() -> Self {
        Self {
            url: String::new(),
            name: String::new(),
            friendly_name: None,
            organization_id: None,
            version: "9.2.26101.00180".to_owned(),
            created: DAWN,
            environment_id: None,
            kind: "Production".to_owned(),
            state: "Ready".to_owned(),
            region: "westeurope".to_owned(),
            geo: "EU".to_owned(),
            admin_mode: false,
            background_operations: true,
            security_group: None,
            backup: Keyed::new(),
            operation: Keyed::new(),
            package: Keyed::new(),
            base_language: 1033,
            languages: Vec::new(),
            business_unit: Keyed::new(),
            role: Keyed::new(),
            team: Keyed::new(),
            user: Keyed::new(),
            profile: Keyed::new(),
            publisher: Keyed::new(),
            solution: Keyed::new(),
            job: Keyed::new(),
            process: Keyed::new(),
            import: Keyed::new(),
            table: Keyed::new(),
        }
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct BusinessUnit {
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
    /// Alias of the unit above; the root unit when absent.
    pub(crate) parent: Option<String>,
    pub(crate) disabled: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Role {
    /// Id of the row in the root business unit.
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
    /// Role template of a built-in role.
    pub(crate) template: Option<String>,
    pub(crate) managed: bool,
    /// Whether team members get the role's user level privileges as well (`isinherited` 1).
    pub(crate) inherited: bool,
    /// Privilege names; `*` is all.
    pub(crate) privileges: Vec<String>,
}

impl Default for Role {
    fn default() -> Self {
        Self {
            id: None,
            name: None,
            template: None,
            managed: true,
            inherited: true,
            privileges: Vec::new(),
        }
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Team {
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) kind: TeamKind,
    /// The Entra group of a group team.
    pub(crate) group: Option<String>,
    pub(crate) business_unit: Option<String>,
    /// Role aliases, each the copy in the team's business unit or, as `role@unit`, in another.
    pub(crate) roles: Vec<String>,
    pub(crate) profiles: Vec<String>,
    /// Aliases of the environment's users.
    pub(crate) members: Vec<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum TeamKind {
    #[default]
    Owner,
    Access,
    SecurityGroup,
    OfficeGroup,
}

/// A user of an environment.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SystemUser {
    pub(crate) id: Option<String>,
    /// The Entra user it stands for; empty for none.
    pub(crate) user: Option<String>,
    /// The app it stands for: an application user.
    pub(crate) app: Option<String>,
    /// Object id where the Entra user is not there any more.
    pub(crate) object_id: Option<String>,
    /// `domainname` where it is not the name of the Entra user, or that user is not there any more.
    pub(crate) domain_name: Option<String>,
    pub(crate) full_name: Option<String>,
    pub(crate) business_unit: Option<String>,
    /// 0 Read-Write, 1 Administrative, 2 Read, 3 Support, 4 Non-interactive; 4 for an application user.
    pub(crate) access_mode: Option<i64>,
    /// Whether Dataverse knows of a licence; derived from the Entra user's licences when absent.
    pub(crate) licensed: Option<bool>,
    pub(crate) disabled: bool,
    pub(crate) disabled_reason: Option<String>,
    pub(crate) deleted: bool,
    pub(crate) setup_user: bool,
    /// Role aliases, each the copy in the user's business unit or, as `role@unit`, in another.
    pub(crate) roles: Vec<String>,
    pub(crate) profiles: Vec<String>,
    pub(crate) settings: UserSettings,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct UserSettings {
    /// Format (LCID); the base language when absent.
    pub(crate) locale: Option<u32>,
    /// 0 means the base language.
    pub(crate) ui_language: u32,
    pub(crate) help_language: u32,
    /// Dataverse's time zone code; 92 is Coordinated Universal Time.
    pub(crate) time_zone: Option<i64>,
    pub(crate) date_format: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Profile {
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) managed: bool,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Publisher {
    pub(crate) id: Option<String>,
    pub(crate) unique_name: Option<String>,
    pub(crate) friendly_name: Option<String>,
    pub(crate) prefix: String,
    pub(crate) read_only: bool,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Solution {
    pub(crate) id: Option<String>,
    pub(crate) unique_name: Option<String>,
    pub(crate) friendly_name: Option<String>,
    pub(crate) version: String,
    pub(crate) managed: bool,
    pub(crate) publisher: String,
    pub(crate) installed: Option<Timestamp>,
}

/// An asynchronous operation.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Job {
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) operation_type: i64,
    pub(crate) message_name: Option<String>,
    pub(crate) state: i64,
    pub(crate) status: i64,
    pub(crate) created: Option<Timestamp>,
    pub(crate) completed: Option<Timestamp>,
    pub(crate) postponed_until: Option<Timestamp>,
    /// Alias of the environment's user.
    pub(crate) owner: Option<String>,
}

/// A workflow, a business rule or a flow.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Process {
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
    /// 0 workflow, 2 business rule, 3 action, 4 business process flow, 5 flow of Power Automate.
    pub(crate) category: i64,
    /// Whether it is a draft.
    pub(crate) draft: bool,
    /// Alias of the environment's user.
    pub(crate) owner: String,
}

/// An import job.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Import {
    pub(crate) id: Option<String>,
    /// Unique name of the solution.
    pub(crate) solution: String,
    pub(crate) progress: f64,
    pub(crate) started: Option<Timestamp>,
    pub(crate) completed: Option<Timestamp>,
}

/// A backup of the environment.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Backup {
    pub(crate) id: Option<String>,
    /// None for one that the system made.
    pub(crate) label: Option<String>,
    pub(crate) point: Timestamp,
    /// Four weeks after the point when absent.
    pub(crate) expires: Option<Timestamp>,
}

impl Default for Backup {
    fn default() -> Self {
        Self {
            id: None,
            label: None,
            point: DAWN,
            expires: None,
        }
    }
}

/// An operation on the environment.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Operation {
    pub(crate) id: Option<String>,
    pub(crate) name: String,
    pub(crate) started: Timestamp,
    /// When it ends; it runs on when absent.
    pub(crate) ends: Option<Timestamp>,
    /// What it ends as.
    pub(crate) outcome: String,
}

impl Default for Operation {
    fn default() -> Self {
        Self {
            id: None,
            name: String::new(),
            started: DAWN,
            ends: None,
            outcome: "Succeeded".to_owned(),
        }
    }
}

/// An application package: its manifest says what an installed version brings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Package {
    /// Whether Power Platform lists it; not where the app came as a solution file.
    pub(crate) listed: bool,
    /// The installed version; none when it is not installed.
    pub(crate) version: Option<String>,
    /// The version that the marketplace offers; none when it offers none.
    pub(crate) offered: Option<String>,
    /// `InstancePackageState` where it does not follow from the rest, such as `InstallFailed`.
    pub(crate) state: Option<String>,
    pub(crate) last_error: Option<String>,
    /// The error that the next installations end with; none when they succeed.
    pub(crate) fails_with: Option<String>,
}

impl Default for Package {
    fn default() -> Self {
        Self {
            listed: true,
            version: None,
            offered: None,
            state: None,
            last_error: None,
            fails_with: None,
        }
    }
}

/// A table of an app.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct EntityTable {
    pub(crate) entity_set: String,
    pub(crate) primary_id: String,
    pub(crate) primary_name: String,
    /// English display name.
    pub(crate) display_name: String,
    /// Whether it is Microsoft's own table, in an app that the emulator does not know.
    pub(crate) standard: bool,
    /// Columns beside the primary ones, by logical name.
    pub(crate) column: Keyed<EntityColumn>,
    /// Choices of `statuscode`, by English label.
    pub(crate) status: Keyed<i64>,
    /// Labels of `status` whose rows are inactive (`statecode` 1).
    pub(crate) inactive: Vec<String>,
    /// Label of `status` that active rows get at the moment when another version of the app is installed; they stay as they
    /// are when absent.
    pub(crate) crossing: Option<String>,
    /// Column values by row alias; `statuscode` may be given by its label.
    pub(crate) row: Keyed<toml::Table>,
    /// Rows that end by themselves, by row alias; those that are inactive by then stay as they are.
    pub(crate) ends: Keyed<RowEnd>,
}

/// How a row of an app's table ends by itself, as work does.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RowEnd {
    /// How long after the world's own time, ISO 8601.
    pub(crate) after: SignedDuration,
    /// Label of the status it gets.
    #[serde(rename = "as")]
    pub(crate) status: String,
}

/// A column of an app's table.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct EntityColumn {
    /// English display name.
    pub(crate) display_name: String,
    /// `AttributeType`: `String`, `DateTime`, `Integer`, `Boolean` …
    pub(crate) kind: String,
}
