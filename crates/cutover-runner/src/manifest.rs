//! What a sign-in must be allowed for a selection of checks, and nothing beyond: made from the calls themselves.
//!
//! The least set starts with the least permission of each call and drops those that another one, needed anyway, makes
//! superfluous. A test runs every check with exactly its set, as an application and as a person, and sees it go blind
//! without any one of it.

use std::collections::BTreeSet;

use cutover_clients::{Api, CallSpec, DirectoryRole, calls_of_apply, calls_of_upgrade};
use cutover_core::evidence::Service;
use cutover_core::judge::not_applicable;
use cutover_core::pack::{Pack, Requirement};
use cutover_core::scene::Scene;
use cutover_core::{Check, Code, Selection};

use crate::collect::{Question, calls_in_home_tenant, calls_in_partner_tenant, calls_in_scene, which_organization};

/// What is to be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// What only reads: `check`, and `plan`, which looks at the same.
    Reading,
    /// Carrying a plan out as well: whatever a step may write.
    Changing,
    /// Upgrading: that, and what the installation takes.
    Upgrading,
}

/// Who signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignIn {
    /// An application by itself, with a secret or a certificate. Partner Center answers a person all the same.
    Application,
    /// A person.
    Person,
}

/// A tenant, by what it is in an upgrade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The Dynamics tenant.
    Home,
    /// The tenant that is enrolled in Partner Center.
    Partner,
}

/// Something a sign-in holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// An application permission of an API.
    Application(Api, &'static str),
    /// A delegated permission of an API.
    Delegated(Api, &'static str),
    /// A directory role of the person, active when the person signs in.
    DirectoryRole(DirectoryRole),
    /// A role of the person in Partner Center.
    PartnerCenterRole(&'static str),
    /// The registration of the application with Power Platform, which knows no application permissions.
    Registration,
    /// A privilege of a Dataverse security role, for the whole organisation.
    Privilege(&'static str),
    /// The same, in words, where each environment has a name of its own for it.
    DescribedPrivilege(&'static str),
}

/// A right, and why it is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What is held.
    pub right: Right,
    /// The requirements that cannot be told without it, in the pack's order. Empty where only the question which
    /// organisation this is needs it, or a step of a plan.
    pub checks: Vec<Code>,
    /// The calls that it opens.
    pub calls: Vec<&'static CallSpec>,
}

/// What is needed in one tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantManifest {
    /// What the tenant is; both when the partner's tenant is the Dynamics tenant.
    pub sides: Vec<Side>,
    /// What is needed, each right once, in the order of [`Right`].
    pub entries: Vec<Entry>,
}

/// What is needed in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// One tenant or two. The partner tenant is left out when nothing is asked there.
    pub tenants: Vec<TenantManifest>,
    /// Requirements of the selection that do not concern the scene, with the reason.
    pub left_out: Vec<(Code, String)>,
}

/// A call with the requirement it is made for; `None` for what is asked in every case.
type Asked = (Option<Code>, &'static CallSpec);

/// The manifest of a selection: of one scene, or of whatever scene there may be. Without a scene the two tenants are told
/// apart, since they may be two.
pub fn manifest(
    pack: &Pack,
    scene: Option<&Scene>,
    selection: &Selection,
    sign_in: SignIn,
    purpose: Purpose,
) -> Manifest {
    let checks: Vec<(&Requirement, &'static Check)> = selection.checks(pack).collect();
    let mut home: Vec<Asked> = Vec::new();
    let mut partner: Vec<Asked> = Vec::new();
    let mut left_out = Vec::new();
    for (requirement, check) in checks {
        let [at_home, at_partner] = match scene {
            Some(scene) => {
                if let Some(because) = not_applicable(scene, pack, requirement) {
                    left_out.push((check.code, because));
                    continue;
                }
                let selection = &Selection {
                    only: vec![check.code],
                    skip: Vec::new(),
                };
                calls_in_scene(Question { scene, pack, selection })
            }
            None => [calls_in_home_tenant(check, pack), calls_in_partner_tenant(check, pack)],
        };
        home.extend(at_home.into_iter().map(|call| (Some(check.code), call)));
        partner.extend(at_partner.into_iter().map(|call| (Some(check.code), call)));
    }
    if purpose == Purpose::Upgrading {
        home.extend(calls_of_upgrade().map(|call| (None, call)));
    }
    if purpose != Purpose::Reading {
        home.extend(calls_of_apply().map(|call| (None, call)));
        if !partner.is_empty() {
            let there = calls_of_apply().filter(|call| is_for_partners(call));
            partner.extend(there.map(|call| (None, call)));
        }
    }
    let one_tenant = scene
        .and_then(|scene| Some(scene.partner.as_ref()?.tenant_id == scene.tenant_id))
        .unwrap_or(false);
    let sides = match one_tenant && !partner.is_empty() {
        true => {
            home.append(&mut partner);
            vec![Side::Home, Side::Partner]
        }
        false => vec![Side::Home],
    };
    if home.is_empty() {
        // Without any sign-in to the Dynamics tenant nothing is looked at.
        home.push((None, which_organization()));
    }
    let tenants = [(sides, home), (vec![Side::Partner], partner)];
    let tenants = tenants
        .into_iter()
        .filter(|(_, asked)| !asked.is_empty())
        .map(|(sides, asked)| TenantManifest {
            sides,
            entries: entries(&asked, sign_in),
        });
    Manifest {
        tenants: tenants.collect(),
        left_out,
    }
}

/// Whether a step writes this in the partner's tenant: membership of its agents, its own application and the consent to it.
fn is_for_partners(call: &CallSpec) -> bool {
    let objects = [
        "/groups",
        "/applications",
        "/servicePrincipals",
        "/oauth2PermissionGrants",
    ];
    call.service == Service::Graph && objects.iter().any(|object| call.path.starts_with(object))
}

/// What a person has by a loan of the plan itself, and so need not hold to begin with: the roles that a write asks for.
fn is_lent(code: Option<Code>, call: &CallSpec, sign_in: SignIn) -> bool {
    sign_in == SignIn::Person && code.is_none() && calls_of_apply().chain(calls_of_upgrade()).any(|write| write == call)
}

/// The APIs whose permissions are granted in Entra, with the services whose calls they open.
const APIS: [(Api, &[Service]); 4] = [
    (Api::Graph, &[Service::Graph, Service::GraphBeta]),
    (Api::Dataverse, &[Service::Dataverse]),
    (Api::PowerPlatform, &[Service::PowerPlatform]),
    (Api::PartnerCenter, &[Service::PartnerCenter]),
];

fn entries(asked: &[Asked], sign_in: SignIn) -> Vec<Entry> {
    let mut entries = Vec::new();
    for (api, services) in APIS {
        let of_api = |call: &CallSpec| services.contains(&call.service);
        let person = sign_in == SignIn::Person || api == Api::PartnerCenter;
        match (person, api) {
            (true, _) => entries.extend(least(
                asked,
                |call| match of_api(call) {
                    true => vec![call.permission.delegated, call.permission.also],
                    false => Vec::new(),
                },
                |name| Right::Delegated(api, name),
            )),
            (false, Api::PowerPlatform) => {
                entries.extend(opened(asked, Right::Registration, of_api));
            }
            (false, _) => entries.extend(least(
                asked,
                |call| match of_api(call) {
                    true => vec![call.permission.application, call.permission.also],
                    false => Vec::new(),
                },
                |name| Right::Application(api, name),
            )),
        }
    }
    let held: Vec<Asked> = asked
        .iter()
        .copied()
        .filter(|(code, call)| !is_lent(*code, call, sign_in))
        .collect();
    let asked = held.as_slice();
    if sign_in == SignIn::Person {
        entries.extend(least(
            asked,
            |call| vec![call.permission.directory_roles],
            Right::DirectoryRole,
        ));
    }
    entries.extend(least(
        asked,
        |call| vec![call.permission.partner_center_roles],
        Right::PartnerCenterRole,
    ));
    let privileges: BTreeSet<&'static str> = asked
        .iter()
        .flat_map(|(_, call)| call.permission.privileges)
        .copied()
        .collect();
    for privilege in privileges {
        let needs = |call: &CallSpec| call.permission.privileges.contains(&privilege);
        entries.extend(opened(asked, Right::Privilege(privilege), needs));
    }
    let described: BTreeSet<&'static str> = asked
        .iter()
        .filter_map(|(_, call)| call.permission.described_privilege)
        .collect();
    for privilege in described {
        let needs = |call: &CallSpec| call.permission.described_privilege == Some(privilege);
        entries.extend(opened(asked, Right::DescribedPrivilege(privilege), needs));
    }
    entries
}

/// An entry for each member of the fewest set that has something of every list of the calls.
fn least<T: Copy + Ord + 'static>(
    asked: &[Asked],
    lists: impl Fn(&CallSpec) -> Vec<&'static [T]>,
    right: impl Fn(T) -> Right,
) -> Vec<Entry> {
    let all: Vec<&[T]> = asked.iter().flat_map(|(_, call)| lists(call)).collect();
    let fewest = fewest(&all).into_iter();
    fewest
        .filter_map(|one| {
            let opens = |call: &CallSpec| lists(call).iter().any(|list| list.contains(&one));
            opened(asked, right(one), opens)
        })
        .collect()
}

/// The entry of a right, when any of the calls needs it.
fn opened(asked: &[Asked], right: Right, needs: impl Fn(&CallSpec) -> bool) -> Option<Entry> {
    let mut checks = Vec::new();
    let mut calls: Vec<&'static CallSpec> = Vec::new();
    for (code, call) in asked.iter().filter(|(_, call)| needs(call)) {
        checks.extend(code.filter(|code| !checks.contains(code)));
        calls.push(call);
    }
    calls.sort_by_key(|call| (call.service, call.path, call.about));
    calls.dedup();
    (!calls.is_empty()).then_some(Entry { right, checks, calls })
}

/// A set with something of each list, from which nothing can be left out. It starts with the first of each list and drops
/// those that another one, needed anyway, makes superfluous; those that open the fewest calls go first.
fn fewest<T: Copy + Ord>(lists: &[&[T]]) -> BTreeSet<T> {
    // The same call is made for many checks, and each list counts once.
    let lists: BTreeSet<&[T]> = lists.iter().copied().filter(|list| !list.is_empty()).collect();
    let mut set: BTreeSet<T> = lists.iter().filter_map(|list| list.first().copied()).collect();
    let mut by_use: Vec<T> = set.iter().copied().collect();
    by_use.sort_by_key(|one| lists.iter().filter(|list| list.contains(one)).count());
    for one in by_use {
        set.remove(&one);
        if !lists.iter().all(|list| list.iter().any(|other| set.contains(other))) {
            set.insert(one);
        }
    }
    set
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_can_be_left_out_of_the_fewest() {
        for (lists, expected) in [
            (vec![&["a"][..], &["b", "a"], &["c", "b"]], vec!["a", "b"]),
            (vec![&["a", "z"][..], &["b", "z"], &["z"]], vec!["z"]),
            (vec![&["a", "b"][..], &["b", "a"]], vec!["b"]),
            (vec![&[][..]], vec![]),
        ] {
            let set = fewest(&lists);
            assert_eq!(set.iter().copied().collect::<Vec<_>>(), expected);
            for one in &set {
                let served = |list: &&&[&str]| list.iter().any(|other| other != one && set.contains(other));
                assert!(
                    lists.iter().filter(served).count() < lists.len(),
                    "{one} is superfluous"
                );
            }
        }
    }
}
