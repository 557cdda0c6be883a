//! The permission manifest, run: every check with exactly what it names, as an application and as a person, and without any
//! one of it.

mod looker;
mod places;

use std::collections::HashMap;
use std::ops::RangeInclusive;

use cutover_core::scene::Scene;
use cutover_core::{Code, Finding, Pack, Selection, checks};
use cutover_runner::manifest::{Manifest, Purpose, Right, Side, SignIn, manifest};

use super::harness::{Tenant, said};
use looker::look;
use places::{EXACT, PLACES, Place};

const SIGN_INS: [SignIn; 2] = [SignIn::Application, SignIn::Person];

/// Rights by the tenant in which they are held.
type Rights = Vec<(Side, Right)>;

fn rights(manifest: &Manifest) -> Rights {
    let tenants = manifest.tenants.iter();
    let of_tenant = |tenant: &cutover_runner::manifest::TenantManifest| -> Rights {
        let held = tenant.entries.iter().map(|entry| (tenant.sides[0], entry.right));
        held.collect()
    };
    tenants.flat_map(of_tenant).collect()
}

fn only(code: Code) -> Selection {
    Selection {
        only: vec![code],
        skip: Vec::new(),
    }
}

fn of_check(scene: &Scene, pack: &Pack, code: Code, sign_in: SignIn) -> Rights {
    rights(&manifest(pack, Some(scene), &only(code), sign_in, Purpose::Reading))
}

/// What all checks together need, each with the least of its own: with this nothing can be out of sight.
fn everything(tenant: &Tenant, sign_in: SignIn) -> Rights {
    let all = checks::ALL
        .iter()
        .flat_map(|check| of_check(&tenant.scene, &tenant.pack, check.code, sign_in));
    all.collect()
}

fn is_unknown(finding: &Finding) -> bool {
    finding.verdict().name() == "unknown"
}

#[test]
fn a_check_sees_with_exactly_its_list_what_it_sees_with_all() {
    for sign_in in SIGN_INS {
        for place in EXACT {
            let all = everything(&place.open(), sign_in);
            for check in checks::ALL {
                let tenant = place.open();
                let least = of_check(&tenant.scene, &tenant.pack, check.code, sign_in);
                let look = |tenant, rights: &Rights| look(tenant, check.code, sign_in, rights, place.at_partner);
                let with_all = look(place.open(), &all).expect("facts");
                let with_least = look(tenant, &least);
                let words = format!("{place:?}, {sign_in:?}, {}", check.code);
                let with_least = with_least.unwrap_or_else(|| panic!("{words}: no facts with {least:?}"));
                assert_eq!(said(&with_all), said(&with_least), "{words}: {least:#?}");
                assert!(!is_unknown(&with_least), "{words}: {}", with_least.sentence());
            }
        }
    }
}

/// A place, with who plays which part there.
struct Described {
    number: usize,
    place: &'static Place,
    scene: Scene,
    pack: Pack,
}

/// One check by one kind of sign-in, in the places whose scenes give it one and the same list.
struct Trial<'a> {
    code: Code,
    sign_in: SignIn,
    list: Rights,
    places: Vec<&'a Described>,
    /// What the check says with its list in each of the places; looked at when it is first asked for.
    seen: Vec<Option<Option<Finding>>>,
}

impl<'a> Trial<'a> {
    fn all(code: Code, sign_in: SignIn, places: &'a [Described]) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for place in places {
            let list = of_check(&place.scene, &place.pack, code, sign_in);
            let trial = match all.iter().position(|trial| trial.list == list) {
                Some(known) => &mut all[known],
                None => {
                    let (places, seen) = (Vec::new(), Vec::new());
                    all.push(Self {
                        code,
                        sign_in,
                        list,
                        places,
                        seen,
                    });
                    all.last_mut().expect("just added")
                }
            };
            trial.places.push(place);
            trial.seen.push(None);
        }
        all
    }

    fn look(&self, number: usize, rights: &Rights) -> Option<Finding> {
        let place = self.places[number].place;
        look(place.open(), self.code, self.sign_in, rights, place.at_partner)
    }

    /// Whether a check that sees with its list in a place goes blind there without one right of it, or at least says less.
    fn fails_without(&mut self, right: (Side, Right), number: usize) -> bool {
        let with = match self.seen[number].take() {
            Some(with) => with,
            None => self.look(number, &self.list),
        };
        let without: Rights = self.list.iter().copied().filter(|held| *held != right).collect();
        let fails = with.as_ref().is_some_and(|with| {
            let says_less = |after: &Finding| all_of(with) != all_of(after);
            !is_unknown(with) && self.look(number, &without).as_ref().is_none_or(says_less)
        });
        self.seen[number] = Some(with);
        fails
    }
}

/// What a check says, with what it stands on and what it proposes.
fn all_of(finding: &Finding) -> impl PartialEq + '_ {
    let evidence = finding.evidence().iter().map(|evidence| evidence.seen.as_str());
    (said(finding), evidence.collect::<Vec<_>>(), finding.fix())
}

/// A right by what it is called, whoever holds it.
fn name((side, right): (Side, Right)) -> String {
    let name = match right {
        Right::Application(api, name) | Right::Delegated(api, name) => format!("{api:?} {name}"),
        Right::Privilege(name) | Right::PartnerCenterRole(name) | Right::DescribedPrivilege(name) => name.to_owned(),
        Right::DirectoryRole(role) => role.name.to_owned(),
        Right::Registration => "registration".to_owned(),
    };
    format!("{side:?} {name}")
}

/// Leaves out each right of each list of these checks, in the places of that list, until one shows that it matters.
fn nothing_is_superfluous(numbers: RangeInclusive<u16>) {
    let describe = |(number, place): (usize, &'static Place)| {
        let Tenant { scene, pack, .. } = place.open();
        Described {
            number,
            place,
            scene,
            pack,
        }
    };
    let places: Vec<Described> = PLACES.iter().enumerate().map(describe).collect();
    let mut superfluous = Vec::new();
    let codes = checks::ALL.iter().map(|check| check.code);
    for code in codes.filter(|code| numbers.clone().any(|number| Code::new(number) == *code)) {
        // What shows a right to an application most likely shows it to a person.
        let mut shown: HashMap<String, Vec<usize>> = HashMap::new();
        for mut trial in SIGN_INS
            .into_iter()
            .flat_map(|sign_in| Trial::all(code, sign_in, &places))
        {
            for right in trial.list.clone() {
                let before = shown.entry(name(right)).or_default();
                let mut numbers: Vec<usize> = (0..trial.places.len()).collect();
                numbers.sort_by_key(|number| !before.contains(&trial.places[*number].number));
                match numbers.into_iter().find(|number| trial.fails_without(right, *number)) {
                    Some(number) => before.push(trial.places[number].number),
                    None => superfluous.push(format!("{code}: {right:?}, as in {:?}", trial.places[0].place)),
                }
            }
        }
    }
    assert!(superfluous.is_empty(), "{superfluous:#?}");
}

#[test]
fn without_any_one_of_its_list_a_check_of_who_upgrades_goes_blind() {
    nothing_is_superfluous(1..=299);
}

#[test]
fn without_any_one_of_its_list_a_check_of_the_service_identity_goes_blind() {
    nothing_is_superfluous(300..=599);
}

#[test]
fn without_any_one_of_its_list_a_check_of_the_partner_goes_blind() {
    nothing_is_superfluous(600..=699);
}

#[test]
fn without_any_one_of_its_list_a_check_of_the_environment_goes_blind() {
    nothing_is_superfluous(700..=999);
}

#[test]
fn what_concerns_nobody_here_asks_for_nothing() {
    let tenant = Tenant::built_in("tier-2");
    let pack = Pack::work365().expect("the built-in pack");
    let all = manifest(
        &pack,
        Some(&tenant.scene),
        &Selection::default(),
        SignIn::Application,
        Purpose::Reading,
    );
    assert_eq!(all.tenants.len(), 1, "{all:#?}");
    assert!(!all.left_out.is_empty());
    let rest: Vec<Code> = all.left_out.iter().map(|(code, _)| *code).collect();
    for entry in &all.tenants[0].entries {
        assert!(entry.checks.iter().all(|code| !rest.contains(code)), "{entry:?}");
        assert!(!matches!(entry.right, Right::PartnerCenterRole(_)), "{entry:?}");
    }
    // An application needs no licence, so that nobody is asked for any.
    let scene = Tenant::built_in("application-caller").scene;
    let licence = manifest(
        &pack,
        Some(&scene),
        &only(Code::new(2)),
        SignIn::Person,
        Purpose::Reading,
    );
    let entries = licence.tenants.iter().flat_map(|tenant| &tenant.entries);
    assert!(entries.into_iter().all(|entry| entry.checks.is_empty()));
}
