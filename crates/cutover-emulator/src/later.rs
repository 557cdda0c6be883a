//! What changes by itself as time goes: row changes that a world scheduled, each for one place of the tenant.
//!
//! A world says what a tenant looks like from some time on; what differs is kept here as single changes of rows,
//! links and settings. They are made to whatever stands there when their time has come, property by property, so
//! that what was written in between stays. Each is made once and then forgotten.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::faults::Service;
use crate::state::{
    Administration, Client, Environment, Package, PartnerCenter, Premium, RefreshToken, Row, SolutionOperation, State,
    Tables,
};
use crate::sync::Person;
use crate::world::crossing;
use crate::{dataverse, graph};

/// What tells a row from all others of its set: property names and texts, mostly the id alone.
pub type Key = BTreeMap<String, String>;

/// A change and its time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scheduled {
    /// When it happens; reads show it once the propagation of its service has passed as well.
    pub at: Timestamp,
    /// What changes.
    pub change: Change,
    /// Why it does.
    #[serde(default)]
    pub cause: Cause,
}

/// Why something changes by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// It was bound to: a world says so, or somebody started it.
    #[default]
    Time,
    /// One service learns what another one knows ([`crate::sync`]).
    Sync,
}

/// One thing that changes, by the place where it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// The tenant itself.
    Tenant(TenantChange),
    /// A row or a link of the directory.
    Directory(TableChange),
    /// Somebody decides on a request of Privileged Identity Management; nothing happens when it waits no more.
    Approval {
        /// Id of the request.
        request_id: String,
        /// The instance that the activation brings; none when it is denied.
        instance: Option<Row>,
    },
    /// An environment learns what a person is in Entra ID.
    Person {
        /// Its organization id.
        organization_id: String,
        /// The person.
        person: Box<Person>,
    },
    /// Something in an environment.
    Environment {
        /// Its organization id.
        organization_id: String,
        /// What changes there.
        change: EnvironmentChange,
    },
}

/// A change of what the tenant says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TenantChange {
    /// What the organisation calls itself.
    DisplayName(String),
    /// All verified domains, the initial one first.
    Domains(Vec<String>),
    /// The Entra ID edition.
    Premium(Premium),
    /// What an application signs in with, or what its tokens carry.
    Client {
        /// Application (client) id.
        app_id: String,
        /// All about it; none when it may not sign in any more.
        client: Option<Client>,
    },
    /// Applications that are registered with Power Platform.
    PowerPlatformApps(Vec<String>),
    /// What Partner Center knows of the tenant; none when it is no partner's any more.
    PartnerCenter(Option<Box<PartnerCenter>>),
    /// Refresh tokens come, go, or become other than they were.
    RefreshTokens {
        /// The values of those that go.
        removed: Vec<String>,
        /// Those that come.
        added: Vec<RefreshToken>,
    },
    /// Everything that a user signed in with before is worth nothing any more.
    SessionsRevoked {
        /// Object id of the user.
        user_id: String,
    },
}

/// A change in an environment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EnvironmentChange {
    /// A row or a link.
    Tables(TableChange),
    /// What `RetrieveVersion` answers.
    Version(String),
    /// Languages are provisioned or taken away (LCID).
    Languages {
        /// Those that come.
        added: Vec<u32>,
        /// Those that go.
        removed: Vec<u32>,
    },
    /// A solution is installed, or becomes another version of itself.
    Solution(Box<dataverse::Installation>),
    /// What a role grants.
    Privileges {
        /// `roleid`.
        role_id: String,
        /// Privilege names; none when the role goes.
        privileges: Option<Vec<String>>,
    },
    /// What Power Platform's control plane knows.
    Administration(AdministrationChange),
    /// A solution operation begins.
    Begun(SolutionOperation),
}

/// A change of what Power Platform's control plane knows of an environment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AdministrationChange {
    /// Everything.
    Whole(Box<Administration>),
    /// The administration mode begins or ends.
    AdminMode(bool),
    /// What it knows of one application package.
    Package(Box<Package>),
    /// An application package is installed: work of the app that is pending at this moment breaks off.
    Installed {
        /// Its unique name.
        package: String,
        /// The version that is installed now.
        version: String,
    },
    /// Installing an application package failed.
    Failed {
        /// Its unique name.
        package: String,
        /// What went wrong.
        error: String,
    },
    /// An application package is taken away.
    Removed {
        /// Its unique name.
        package: String,
    },
}

/// A change of a row or a link.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TableChange {
    /// A row appears. Where a row with its key is there already, that one gets the properties it lacks.
    Insert {
        /// Entity set.
        set: String,
        /// What tells it from others.
        key: Key,
        /// The whole row.
        row: Row,
        /// The row it stands behind: it comes first when none is named, last when that row is gone.
        after: Option<Key>,
    },
    /// Properties of a row change; nothing happens where the row is gone.
    Set {
        /// Entity set.
        set: String,
        /// Which row.
        key: Key,
        /// New values.
        properties: Row,
        /// Properties that it loses.
        without: Vec<String>,
    },
    /// Properties of a row change, as long as others are what they were; nothing happens where the row is gone.
    SetWhile {
        /// Entity set.
        set: String,
        /// Which row.
        key: Key,
        /// What it still has to be.
        is: Row,
        /// New values.
        properties: Row,
    },
    /// A row goes.
    Remove {
        /// Entity set.
        set: String,
        /// Which row.
        key: Key,
    },
    /// A link of a many-to-many relation appears.
    Link {
        /// The relation.
        relation: String,
        /// Id of the near end.
        from: String,
        /// Id of the far end.
        to: String,
    },
    /// A link goes.
    Unlink {
        /// The relation.
        relation: String,
        /// Id of the near end.
        from: String,
        /// Id of the far end.
        to: String,
    },
}

impl Scheduled {
    /// A change that was bound to come.
    pub(crate) fn by_time(at: Timestamp, change: Change) -> Self {
        let cause = Cause::Time;
        Self { at, change, cause }
    }

    /// Whether reads show it at `now`, when changes of a service take as long as `propagation` says. A time
    /// beyond the end of time never comes.
    pub(crate) fn is_due(&self, now: Timestamp, propagation: &impl Fn(Service) -> SignedDuration) -> bool {
        let service = match self.change {
            Change::Tenant(_) | Change::Directory(_) | Change::Approval { .. } => Service::Graph,
            Change::Environment {
                change: EnvironmentChange::Administration(_),
                ..
            } => Service::PowerPlatform,
            Change::Environment { .. } | Change::Person { .. } => Service::Dataverse,
        };
        let shown = self.at.checked_add(propagation(service));
        shown.is_ok_and(|shown| shown <= now)
    }
}

impl State {
    /// Makes the changes that are due at `now`, in their order, and forgets them.
    pub(crate) fn catch_up(&mut self, now: Timestamp, propagation: &impl Fn(Service) -> SignedDuration) {
        let due: Vec<Scheduled> = self
            .later
            .extract_if(.., |scheduled| scheduled.is_due(now, propagation))
            .collect();
        for scheduled in due {
            match scheduled.change {
                Change::Tenant(change) => self.make(change),
                Change::Directory(change) => self.directory.make(change),
                Change::Approval { request_id, instance } => {
                    graph::decide(&mut self.directory, &request_id, instance, scheduled.at);
                }
                Change::Environment {
                    organization_id,
                    change,
                } => self.change_environment(&organization_id, change),
                Change::Person {
                    organization_id,
                    person,
                } => {
                    let mut environments = self.environments.iter_mut();
                    if let Some(environment) = environments.find(|it| it.organization_id == organization_id) {
                        dataverse::learn_of_person(environment, &person, scheduled.at);
                    }
                }
            }
        }
    }

    /// Changes an environment right away; one that is not there stays as it is.
    pub(crate) fn change_environment(&mut self, organization_id: &str, change: EnvironmentChange) {
        let mut environments = self.environments.iter_mut();
        if let Some(environment) = environments.find(|it| it.organization_id == organization_id) {
            environment.make(change);
        }
    }

    /// Keeps a change until its time, behind those that come no later.
    pub(crate) fn schedule(&mut self, scheduled: Scheduled) {
        let place = self.later.partition_point(|earlier| earlier.at <= scheduled.at);
        self.later.insert(place, scheduled);
    }

    fn make(&mut self, change: TenantChange) {
        match change {
            TenantChange::DisplayName(name) => self.tenant.display_name = name,
            TenantChange::Domains(domains) => self.tenant.domains = domains,
            TenantChange::Premium(premium) => self.tenant.premium = premium,
            TenantChange::Client { app_id, client } => {
                let known = self.clients.iter().position(|client| client.app_id == app_id);
                let place = known.map_or(self.clients.len()..self.clients.len(), |at| at..at + 1);
                self.clients.splice(place, client);
            }
            TenantChange::PowerPlatformApps(apps) => self.power_platform_apps = apps,
            TenantChange::PartnerCenter(partner) => self.partner_center = partner.map(|partner| *partner),
            TenantChange::RefreshTokens { removed, added } => {
                self.refresh_tokens.retain(|token| !removed.contains(&token.value));
                self.refresh_tokens.extend(added);
            }
            TenantChange::SessionsRevoked { user_id } => {
                for token in &mut self.refresh_tokens {
                    token.revoked |= token.user_id.eq_ignore_ascii_case(&user_id);
                }
                let sessions = &mut self.sign_in.sessions;
                sessions.retain(|session| !session.user_id.eq_ignore_ascii_case(&user_id));
            }
        }
    }
}

impl Environment {
    /// Makes a change.
    pub(crate) fn make(&mut self, change: EnvironmentChange) {
        match change {
            EnvironmentChange::Tables(change) => self.tables.make(change),
            EnvironmentChange::Version(version) => self.version = version,
            EnvironmentChange::Begun(operation) => self.solution_operations.push(operation),
            EnvironmentChange::Administration(change) => {
                let before = self.installed_packages();
                self.administration.make(change);
                for (package, version) in self.installed_packages() {
                    if before.get(&package).is_some_and(|there| *there != version) {
                        self.cut_over(&package, &version);
                    }
                }
            }
            EnvironmentChange::Solution(installation) => dataverse::apply_solution(self, &installation),
            EnvironmentChange::Languages { added, removed } => {
                self.languages.retain(|language| !removed.contains(language));
                self.languages.extend(added);
                self.languages.sort_unstable();
                self.languages.dedup();
            }
            EnvironmentChange::Privileges { role_id, privileges } => match privileges {
                Some(privileges) => {
                    self.role_privileges.insert(role_id, privileges);
                }
                None => {
                    self.role_privileges.remove(&role_id);
                }
            },
        }
    }
}

impl Environment {
    /// Versions of the packages that are installed, by unique name.
    fn installed_packages(&self) -> BTreeMap<String, String> {
        let packages = self.administration.packages.iter();
        packages
            .filter_map(|package| Some((package.unique_name.clone(), package.installed.clone()?)))
            .collect()
    }

    /// Breaks off what an app has pending when it becomes another version of itself.
    fn cut_over(&mut self, package: &str, version: &str) {
        for (set, status, state) in crossing(package, version) {
            let active = |row: &&mut Row| row.get("statecode").and_then(serde_json::Value::as_i64) == Some(0);
            for row in self.tables.rows_mut(&set).iter_mut().filter(active) {
                row.insert("statuscode".to_owned(), status.into());
                row.insert("statecode".to_owned(), state.into());
            }
        }
    }
}

impl EnvironmentChange {
    /// The same change, of rows that are made or changed at `at`: what an app brings is as old as its installation.
    #[must_use]
    pub(crate) fn dated(mut self, at: Timestamp) -> Self {
        let at = serde_json::Value::String(at.to_string());
        match &mut self {
            Self::Tables(TableChange::Insert { row, .. }) => {
                for name in ["createdon", "modifiedon", "installedon", "updatedon"] {
                    if let Some(value) = row.get_mut(name) {
                        *value = at.clone();
                    }
                }
            }
            Self::Tables(TableChange::Set { set, properties, .. }) if set == "solutions" => {
                properties.retain(|name, _| name != "createdon" && name != "installedon");
                for name in ["modifiedon", "updatedon"] {
                    properties.insert(name.to_owned(), at.clone());
                }
            }
            _ => {}
        }
        self
    }
}

impl Administration {
    fn make(&mut self, change: AdministrationChange) {
        match change {
            AdministrationChange::Whole(whole) => *self = *whole,
            AdministrationChange::AdminMode(on) => self.admin_mode = on,
            AdministrationChange::Package(package) => {
                let mut packages = self.packages.iter_mut();
                if let Some(known) = packages.find(|known| known.unique_name == package.unique_name) {
                    let installation = known.installation.take();
                    *known = Package {
                        installation,
                        ..*package
                    };
                }
            }
            AdministrationChange::Failed { package, error } => {
                let mut packages = self.packages.iter_mut();
                if let Some(package) = packages.find(|known| known.unique_name == package) {
                    package.last_error = Some(error);
                }
            }
            AdministrationChange::Removed { package } => {
                let mut packages = self.packages.iter_mut();
                if let Some(package) = packages.find(|known| known.unique_name == package) {
                    package.installed = None;
                    package.installation = None;
                }
            }
            AdministrationChange::Installed { package, version } => {
                let mut packages = self.packages.iter_mut();
                if let Some(package) = packages.find(|known| known.unique_name == package) {
                    package.installed = Some(version);
                    package.state = None;
                    package.last_error = None;
                }
            }
        }
    }
}

impl Tables {
    fn make(&mut self, change: TableChange) {
        match change {
            TableChange::Insert { set, key, row, after } => match self.with_key_mut(&set, &key) {
                Some(there) => {
                    for (name, value) in row {
                        there.entry(name).or_insert(value);
                    }
                }
                None => self.insert_after(&set, row, after.as_ref()),
            },
            TableChange::Set {
                set,
                key,
                properties,
                without,
            } => {
                if let Some(row) = self.with_key_mut(&set, &key) {
                    row.extend(properties);
                    row.retain(|name, _| !without.contains(name));
                }
            }
            TableChange::SetWhile {
                set,
                key,
                is,
                properties,
            } => {
                let row = self.with_key_mut(&set, &key);
                if let Some(row) = row.filter(|row| is.iter().all(|(name, value)| row.get(name) == Some(value))) {
                    row.extend(properties);
                }
            }
            TableChange::Remove { set, key } => self.remove_key(&set, &key),
            TableChange::Link { relation, from, to } => self.link(&relation, &from, &to),
            TableChange::Unlink { relation, from, to } => {
                self.unlink(&relation, &from, &to);
            }
        }
    }
}
