//! Ids and aliases: who is meant by a name in a world file.

use serde_json::Value;
use uuid::Uuid;

use super::WorldError;
use super::description::{Description, Environment, Keyed};
use crate::state::Row;

/// Where ids come from that a world does not give: equal across worlds, so that two worlds can be compared.
const NAMESPACE: Uuid = Uuid::from_u128(0x6b1f_2c0e_5a5d_4b7e_9d0a_3f6c_77e1_4a21);

/// Whose tenant is described: derived ids of two tenants are never the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// The tenant of the environments.
    Home,
    /// The partner's own tenant.
    Partner,
}

/// The given id, or the one derived from what the object is and its alias: the same in every tenant.
pub(super) fn id(kind: &str, alias: &str, given: Option<&str>) -> String {
    given.map_or_else(
        || Uuid::new_v5(&NAMESPACE, format!("{kind}/{alias}").as_bytes()).to_string(),
        str::to_ascii_lowercase,
    )
}

/// The row a JSON object describes.
pub(super) fn row(value: Value) -> Row {
    match value {
        Value::Object(row) => row,
        _ => Row::new(),
    }
}

/// Looks names up, and reports those that name nothing with file and key.
#[derive(Clone, Copy)]
pub(super) struct Names<'a> {
    pub(super) world: &'a Description,
    pub(super) file: &'a str,
    pub(super) whose: Whose,
}

impl<'a> Names<'a> {
    /// The given id, or the one derived from whose and what the object is and its alias.
    pub(super) fn id(&self, kind: &str, alias: &str, given: Option<&str>) -> String {
        match self.whose {
            Whose::Home => id(kind, alias, given),
            Whose::Partner => id(&format!("partner/{kind}"), alias, given),
        }
    }

    pub(super) fn dangling(&self, key: &str, kind: &'static str, alias: &str) -> WorldError {
        WorldError::Dangling {
            file: self.file.to_owned(),
            key: key.to_owned(),
            kind,
            alias: alias.to_owned(),
        }
    }

    pub(super) fn wrong(&self, key: &str, reason: impl Into<String>) -> WorldError {
        WorldError::Value {
            file: self.file.to_owned(),
            key: key.to_owned(),
            reason: reason.into(),
        }
    }

    pub(super) fn get<'t, T>(
        &self,
        table: &'t Keyed<T>,
        key: &str,
        kind: &'static str,
        alias: &str,
    ) -> Result<&'t T, WorldError> {
        table.get(alias).ok_or_else(|| self.dangling(key, kind, alias))
    }

    pub(super) fn tenant_id(&self) -> String {
        self.id("tenant", "home", self.world.tenant.id.as_deref())
    }

    pub(super) fn sku(&self, key: &str, alias: &str) -> Result<String, WorldError> {
        let sku = self.get(&self.world.sku, key, "sku", alias)?;
        Ok(self.id("sku", alias, sku.id.as_deref()))
    }

    pub(super) fn user(&self, key: &str, alias: &str) -> Result<String, WorldError> {
        let user = self.get(&self.world.user, key, "user", alias)?;
        Ok(self.id("user", alias, user.id.as_deref()))
    }

    pub(super) fn group(&self, key: &str, alias: &str) -> Result<String, WorldError> {
        let group = self.get(&self.world.group, key, "group", alias)?;
        Ok(self.id("group", alias, group.id.as_deref()))
    }

    /// Object id of a service principal: an app of the world or one of Microsoft's own.
    pub(super) fn service_principal(&self, key: &str, alias: &str) -> Result<String, WorldError> {
        if super::first_party::app_id(alias).is_some() {
            return Ok(self.id("service_principal", alias, None));
        }
        let app = self.get(&self.world.app, key, "app", alias)?;
        Ok(self.id("service_principal", alias, app.id.as_deref()))
    }

    pub(super) fn app_id(&self, key: &str, alias: &str) -> Result<String, WorldError> {
        if let Some(known) = super::first_party::app_id(alias) {
            return Ok(known.to_owned());
        }
        let app = self.get(&self.world.app, key, "app", alias)?;
        Ok(self.id("app", alias, app.app_id.as_deref()))
    }

    /// Object id of a user, group or app, in this order.
    pub(super) fn principal(&self, key: &str, alias: &str) -> Result<String, WorldError> {
        self.user(key, alias)
            .or_else(|_| self.group(key, alias))
            .or_else(|_| self.service_principal(key, alias))
            .map_err(|_| self.dangling(key, "user, group or app", alias))
    }

    pub(super) fn user_principal_name(&self, alias: &str) -> String {
        self.world
            .user
            .get(alias)
            .and_then(|user| user.user_principal_name.clone())
            .unwrap_or_else(|| {
                let domain = self.world.tenant.domains.first();
                format!("{alias}@{}", domain.map_or("invalid", String::as_str))
            })
    }
}

/// Ids inside one environment; derived ones carry the environment's alias.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) names: Names<'a>,
    pub(super) alias: &'a str,
    pub(super) environment: &'a Environment,
}

impl Place<'_> {
    pub(super) fn id(&self, kind: &str, alias: &str, given: Option<&str>) -> String {
        self.names.id(&format!("{}/{kind}", self.alias), alias, given)
    }

    /// The key of an object of this environment, for errors.
    pub(super) fn key(&self, rest: &str) -> String {
        format!("environment.{}.{rest}", self.alias)
    }

    pub(super) fn organization(&self) -> String {
        let given = self.environment.organization_id.as_deref();
        self.id("organization", "organization", given)
    }

    pub(super) fn business_unit(&self, key: &str, alias: Option<&str>) -> Result<String, WorldError> {
        let Some(alias) = alias.filter(|alias| *alias != "root") else {
            let root = self.environment.business_unit.get("root");
            return Ok(self.id("business_unit", "root", root.and_then(|unit| unit.id.as_deref())));
        };
        let units = &self.environment.business_unit;
        let unit = self.names.get(units, key, "business unit", alias)?;
        Ok(self.id("business_unit", alias, unit.id.as_deref()))
    }

    pub(super) fn system_user(&self, key: &str, alias: &str) -> Result<String, WorldError> {
        let users = &self.environment.user;
        let user = self.names.get(users, key, "user of this environment", alias)?;
        Ok(self.id("systemuser", alias, user.id.as_deref()))
    }

    pub(super) fn profile(&self, key: &str, alias: &str) -> Result<String, WorldError> {
        let profiles = &self.environment.profile;
        let profile = self.names.get(profiles, key, "field security profile", alias)?;
        Ok(self.id("profile", alias, profile.id.as_deref()))
    }

    pub(super) fn publisher(&self, key: &str, alias: &str) -> Result<String, WorldError> {
        let publishers = &self.environment.publisher;
        let publisher = self.names.get(publishers, key, "publisher", alias)?;
        Ok(self.id("publisher", alias, publisher.id.as_deref()))
    }
}
