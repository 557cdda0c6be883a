//! Who carries a plan out, and what that identity may do before anything is lent.

use std::collections::BTreeSet;

use jiff::Timestamp;
use uuid::Uuid;

use super::{Case, right};
use crate::facts::principal::{PrincipalFacts, SecurityRole};
use crate::facts::tenant::SignedIn;
use crate::facts::{Facts, Reason};
use crate::plan::Caller;
use crate::plan::action::Whom;
use crate::reading::directory_roles::{Ends, Standing, standing};
use crate::reading::environment_user::{Holding, Row, holding, is_system_administrator, row};
use crate::scene::{Part, Principal};

/// Who carries a plan out. An application may do what its permissions say; a person what the directory roles say, since
/// the delegated permissions are asked for when the person signs in for it.
#[derive(Debug)]
pub(crate) struct Actor<'a> {
    /// The identity.
    pub(crate) whom: Whom,
    /// Whether it is an application by itself.
    pub(crate) application: bool,
    /// How the scene calls it, when it plays a part.
    principal: Option<&'a Principal>,
    /// What is known of it, when it plays a part.
    person: Option<&'a PrincipalFacts>,
    /// Its token, when it is the one that is signed in now.
    token: Option<&'a SignedIn>,
    /// Roles whose activation is ended first: then they may be activated.
    ended: BTreeSet<Uuid>,
}

/// How the actor stands to a directory role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stands {
    /// It is active.
    Active(Ends),
    /// It may be activated.
    Eligible,
    /// Neither.
    Not {
        /// Whether the tenant has Privileged Identity Management.
        pim: bool,
    },
    /// It could not be read; why.
    Hidden(String),
}

impl<'a> Actor<'a> {
    /// The identity that a plan is made for: the caller of the scene, or an application that is signed in and may write
    /// itself. `None` when nobody is known who could carry anything out.
    pub(crate) fn of(facts: &'a Facts) -> Option<Self> {
        let scene = &facts.scene;
        let signed_in = facts.tenant.signed_in.value().ok();
        let caller = facts.of(Part::Caller);
        let account = caller.account.value().ok().and_then(Option::as_ref);
        if let Some(account) = account.filter(|account| account.enabled && scene.caller.is_user()) {
            let token = signed_in.filter(|token| token.object_id == account.id);
            if token.is_some() || !signed_in.is_some_and(|token| writes_itself(facts, token)) {
                return Some(Self {
                    whom: Whom {
                        id: account.id,
                        name: account.user_principal_name.clone(),
                    },
                    application: false,
                    principal: Some(&scene.caller),
                    person: Some(caller),
                    token,
                    ended: BTreeSet::new(),
                });
            }
        }
        let token = signed_in?;
        let is_caller = scene.caller == Principal::Application(token.app_id);
        if !token.application || !(is_caller || writes_itself(facts, token)) {
            return None;
        }
        Some(Self {
            whom: Whom {
                id: token.object_id,
                name: format!("application {}", token.app_id),
            },
            application: true,
            principal: Some(&scene.caller).filter(|_| is_caller),
            person: None,
            token: Some(token),
            ended: BTreeSet::new(),
        })
    }

    /// As a plan names it.
    pub(crate) fn caller(&self) -> Caller {
        Caller {
            object_id: self.whom.id,
            application: self.application,
            name: self.whom.name.clone(),
        }
    }

    /// Whether it is the identity that is signed in now.
    pub(crate) fn is_signed_in(&self) -> bool {
        self.token.is_some()
    }

    /// Whether it is whoever the scene names.
    pub(crate) fn is(&self, who: &Principal) -> bool {
        self.principal == Some(who)
    }

    /// Whether an application has one of these permissions, each of which may be several joined by ` and `.
    pub(crate) fn permitted(&self, permissions: &[&str]) -> bool {
        self.application && self.token.is_some_and(|token| permits(token, permissions))
    }

    /// The same, who has these activations ended before anything else.
    pub(crate) fn without_activations(mut self, roles: impl IntoIterator<Item = Uuid>) -> Self {
        self.ended.extend(roles);
        self
    }

    /// How it stands to a directory role. Applications are lent none.
    pub(crate) fn stands(&self, role: Uuid) -> Stands {
        if self.ended.contains(&role) {
            return Stands::Eligible;
        }
        if self.token.is_some_and(|token| token.directory_roles.contains(&role)) && self.person.is_none() {
            return Stands::Active(Ends::NotKnown);
        }
        let Some(person) = self.person else {
            return Stands::Not { pim: false };
        };
        match standing(person, role) {
            Ok(Standing::Active { ends, .. }) => Stands::Active(ends),
            Ok(Standing::Eligible { .. }) => Stands::Eligible,
            Ok(Standing::None { .. }) => Stands::Not { pim: true },
            Ok(Standing::NoneWithoutPim { .. }) => Stands::Not { pim: false },
            Err(_) if self.token.is_some_and(|token| token.directory_roles.contains(&role)) => {
                Stands::Active(Ends::NotKnown)
            }
            Err(blind) => Stands::Hidden(blind.message),
        }
    }

    /// Whether it holds a role of the product by which billing contracts are written (work365.md E). What is not seen is not
    /// held.
    pub(crate) fn works_in(&self, case: &Case<'_>) -> bool {
        let names = &case.pack.names;
        let writes = |role: &SecurityRole| {
            [&names.service_role, &names.admin_role]
                .iter()
                .any(|name| role.name.eq_ignore_ascii_case(name))
        };
        if self.token.is_some()
            && let Ok(roles) = case.facts.environment.own_roles.value()
        {
            return roles.iter().any(writes);
        }
        let Some(who) = self.principal else {
            return false;
        };
        let held = || match row(case.facts, who).ok()? {
            Row::Usable(user, _) => holding(case.facts, who, user, writes).ok().map(|(held, _)| held),
            _ => None,
        };
        held().is_some_and(|held| !matches!(held, Holding::No(_)))
    }

    /// Whether it is System Administrator of the environment now.
    ///
    /// # Errors
    /// Why that could not be read.
    pub(crate) fn administers_environment(&self, facts: &Facts) -> Result<bool, String> {
        if self.token.is_some()
            && let Ok(roles) = facts.environment.own_roles.value()
        {
            return Ok(roles.iter().any(is_system_administrator));
        }
        let Some(who) = self.principal else {
            return Ok(false);
        };
        let is = || {
            Ok(match row(facts, who)? {
                Row::Usable(user, _) => {
                    !matches!(holding(facts, who, user, is_system_administrator)?.0, Holding::No(_))
                }
                _ => false,
            })
        };
        is().map_err(|blind: crate::facts::Blind| match blind.reason {
            Reason::NotCollected => "its security roles were not read".to_owned(),
            _ => blind.message,
        })
    }

    /// When an activation of a role in PIM ends, if that is the only way it is held: then the platform ends with it what
    /// was had by it.
    pub(crate) fn activated_until(&self, role: Uuid, at: Timestamp) -> Option<Timestamp> {
        let schedules = self.person?.role_assignments.value().ok()?;
        let of_role: Vec<_> = schedules.iter().filter(|schedule| schedule.role == role).collect();
        let all_activated = of_role.iter().all(|schedule| schedule.activated);
        let ends = of_role
            .iter()
            .map(|schedule| schedule.ends)
            .collect::<Option<Vec<_>>>()?;
        ends.into_iter().max().filter(|ends| all_activated && *ends > at)
    }
}

/// Whether somebody who is signed in, and is not the caller, could carry out anything himself: an application with a
/// permission to write, or one that administers the environment.
fn writes_itself(facts: &Facts, token: &SignedIn) -> bool {
    let roles = facts.environment.own_roles.value();
    let permitted = right::OF_APPLICATIONS
        .iter()
        .any(|permissions| permits(token, permissions));
    token.application && (permitted || roles.is_ok_and(|roles| roles.iter().any(is_system_administrator)))
}

/// Whether a token carries one of these permissions, each of which may be several joined by ` and `.
pub(super) fn permits(token: &SignedIn, permissions: &[&str]) -> bool {
    let has = |wanted: &str| token.permissions.iter().any(|held| held == wanted);
    permissions.iter().any(|all| all.split(" and ").all(has))
}
