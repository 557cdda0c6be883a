//! W602.

use uuid::Uuid;

use crate::check::check;
use crate::context::{Context, Undecided};
use crate::facts::partner::AgentGroup;
use crate::facts::{Blind, Calls, Facts, Reason};
use crate::pack::RoleSet;
use crate::rules::integration_account::{self, PARTNER_CENTER, USER_MANAGEMENT};
use crate::scene::Principal;
use crate::verdict::{Evidence, Fix, Judged};

check! {
    /// The integration account is Admin agent in Partner Center.
    ///
    /// # Why
    /// Row 6 of the article. Without the role every purchase and every change of a subscription is refused, often only at night
    /// when the jobs run.
    ///
    /// # Evidence
    /// Partner Center keeps its agents in groups of the partner tenant: `AdminAgents`, `SalesAgents`, `HelpdeskAgents`. There is
    /// no call of Partner Center's own that tells the role, so membership of the group counts, direct or through other groups.
    /// Groups are found by display name, which can be imitated: there has to be exactly one security group of the name.
    ///
    /// One undated page of the vendor asks for Sales agent and Billing admin instead. The setting
    /// `settings.partner_roles = "sales-agent-and-billing-admin"` chooses that; an account that holds what the setting does not
    /// choose is told so.
    ///
    /// # By hand
    /// Partner Center > Settings (the gear) > Account settings > User management > the account > Assists your customers as: Admin
    /// agent. A change made in Entra shows in Partner Center after up to an hour.
    602,
    needs: [IntegrationAccount, AgentGroups, IntegrationGroups, IntegrationActiveRoles],
    judge: judge,
}

fn judge(context: &Context<'_>) -> Result<Judged, Undecided> {
    let facts = context.facts;
    let partner = integration_account::named(&facts.scene)?;
    let who = &partner.integration_account;
    let Some(set) = context.pack.role_set() else {
        return Err(no_role_set(&context.pack.settings.partner_roles).into());
    };
    let wanted = format!("{}, by membership of {}", set.title, set.groups.join(" and "));
    let account_calls = match integration_account::account(facts, partner, &wanted)? {
        Ok((_, calls)) => calls,
        Err(absent) => return Ok(*absent),
    };
    let found = compare(facts, set)?;
    let calls = found.calls.clone().and(account_calls);
    let default = context.pack.partner_center.role_set.first();
    let by_setting = default.filter(|default| default.name != set.name).map(|default| {
        format!(
            "chosen by settings.partner_roles; the vendor's article asks for {}",
            default.title
        )
    });
    if found.lacking.is_empty() {
        let seen = format!("member of {}", found.held.join(" and "));
        let evidence = Evidence::new(&calls, seen.clone(), wanted);
        return Ok(Judged::met(evidence, format!("{who} is {}: {seen}", set.title))
            .warn_all(found.warnings)
            .warn_all(by_setting));
    }
    let seen: Vec<String> = found.lacking.iter().map(Lacking::words).collect();
    let seen = seen.join("; ");
    let instead = context
        .pack
        .partner_center
        .role_set
        .iter()
        .find(|other| compare(facts, other).is_ok_and(|found| found.lacking.is_empty()));
    let mut fix = fix(&found.lacking, who, set, &partner.tenant);
    let mut sentence = format!("{who} is not {}: {seen}", set.title);
    if let Some(other) = instead {
        sentence.push_str(&format!(
            "; it holds {}, which another page of the vendor accepts",
            other.title
        ));
        fix = fix.or_by_hand(format!(
            "or, when the vendor confirms that {} is enough: settings.partner_roles = \"{}\"",
            other.title, other.name
        ));
    }
    Ok(Judged::missing(Evidence::new(&calls, seen, wanted), sentence, fix)
        .warn_all(found.warnings)
        .warn_all(by_setting))
}

fn no_role_set(name: &str) -> Blind {
    Blind {
        reason: Reason::NotDecidable,
        message: format!("settings.partner_roles names `{name}`, and the pack lists no such roles"),
        lacking: Vec::new(),
        call: None,
    }
}

/// What an account holds of a set of roles, and what it lacks.
struct Comparison {
    held: Vec<String>,
    lacking: Vec<Lacking>,
    warnings: Vec<String>,
    calls: Calls,
}

/// Why a role of the set is not held.
enum Lacking {
    Membership(String),
    NoGroup(String),
    NoSecurityGroup(String),
    SeveralGroups(String, Vec<Uuid>),
    DirectoryRole(Uuid),
}

impl Lacking {
    fn words(&self) -> String {
        match self {
            Self::Membership(name) => format!("not a member of {name}, neither directly nor through a group"),
            Self::NoGroup(name) => format!("there is no group {name} in the partner tenant"),
            Self::NoSecurityGroup(name) => {
                format!("the group {name} is no security group, so it is not Partner Center's")
            }
            Self::SeveralGroups(name, ids) => {
                let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
                format!(
                    "there are {} groups named {name} ({}), and only one can be Partner Center's",
                    ids.len(),
                    ids.join(", ")
                )
            }
            Self::DirectoryRole(role) => format!("the directory role {} is not active", role_name(*role)),
        }
    }
}

/// The directory role as Entra's portal names it, by template.
fn role_name(role: Uuid) -> String {
    const BILLING_ADMINISTRATOR: Uuid = uuid::uuid!("b0f54661-2d74-4c50-afa3-1ec803f12efe");
    if role == BILLING_ADMINISTRATOR {
        "Billing Administrator".to_owned()
    } else {
        role.to_string()
    }
}

fn compare(facts: &Facts, set: &RoleSet) -> Result<Comparison, Blind> {
    let (groups, calls) = facts.partner.agent_groups.read()?;
    let (own, more) = facts.partner.integration.groups.read()?;
    let mut found = Comparison {
        held: Vec::new(),
        lacking: Vec::new(),
        warnings: Vec::new(),
        calls: calls.clone().and(more),
    };
    for name in &set.groups {
        let named: Vec<&AgentGroup> = groups
            .iter()
            .filter(|group| group.name.eq_ignore_ascii_case(name))
            .collect();
        let security: Vec<&AgentGroup> = named.iter().copied().filter(|group| group.security).collect();
        match security.as_slice() {
            [] if named.is_empty() => found.lacking.push(Lacking::NoGroup(name.clone())),
            [] => found.lacking.push(Lacking::NoSecurityGroup(name.clone())),
            [one] => {
                if named.len() > 1 {
                    found.warnings.push(format!(
                        "another group is named {name} as well; it is no security group, and was left aside"
                    ));
                }
                if own.contains(&one.id) {
                    found.held.push(name.clone());
                } else {
                    found.lacking.push(Lacking::Membership(name.clone()));
                }
            }
            several => {
                let ids = several.iter().map(|group| group.id).collect();
                found.lacking.push(Lacking::SeveralGroups(name.clone(), ids));
            }
        }
    }
    if !set.directory_roles.is_empty() {
        let (active, more) = facts.partner.integration.active_roles.read()?;
        found.calls = found.calls.and(more);
        for role in &set.directory_roles {
            match active.iter().find(|held| held.template == *role) {
                Some(held) => found.held.push(held.name.clone()),
                None => found.lacking.push(Lacking::DirectoryRole(*role)),
            }
        }
    }
    Ok(found)
}

fn fix(lacking: &[Lacking], who: &Principal, set: &RoleSet, tenant: &str) -> Fix {
    let assign = format!("let {who} assist your customers as {}", set.title);
    let memberships: Vec<&str> = lacking
        .iter()
        .filter_map(|one| match one {
            Lacking::Membership(name) => Some(name.as_str()),
            _ => None,
        })
        .collect();
    let fix = if memberships.len() == lacking.len() {
        Fix::automatic(format!(
            "add {who} to {} (lasting; Partner Center shows it after up to an hour)",
            memberships.join(" and ")
        ))
    } else {
        Fix::default()
    };
    let fix = lacking.iter().fold(fix, |fix, one| match one {
        Lacking::NoGroup(name) | Lacking::NoSecurityGroup(name) => fix.or_by_hand(format!(
            "check that {tenant} is the tenant that is enrolled in Partner Center (Account settings > Organization profile): \
             an enrolled tenant has the security group {name}"
        )),
        Lacking::SeveralGroups(name, _) => fix.or_by_hand(format!(
            "find out which group {name} is Partner Center's, by its date of creation and its members, and rename the other"
        )),
        Lacking::Membership(_) | Lacking::DirectoryRole(_) => fix,
    });
    fix.or_by_hand(assign)
        .at(format!("{USER_MANAGEMENT} > {who}"), PARTNER_CENTER)
}
