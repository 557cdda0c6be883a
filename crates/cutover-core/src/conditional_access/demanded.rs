//! What all policies together demand of one user who signs in to one application.

use super::known::Known;
use super::policy::{Conditions, Demand, LocationSet, Policy, State};
use super::region::{Region, TooMany, uncovered, undominated, widest};
use super::scope::{Application, Scope, Subject, scope, scope_in_its_state};
use super::situation::{Circumstance, Situation};

/// What is asked: is MFA demanded of this user at every sign-in to this application?
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Who signs in.
    pub subject: &'a Subject,
    /// To what.
    pub application: Application,
    /// The tenant's named locations; those that are not known are told apart by their ids.
    pub places: &'a [Place],
    /// Whether an MFA claim of an earlier sign-in may not be used again.
    pub every_sign_in: bool,
}

/// A named location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its id, in lower case.
    pub id: String,
    /// Its name: somebody's text.
    pub name: String,
    /// Whether it counts as trusted.
    pub trusted: bool,
    /// The countries of a location of countries, found by address; `None` for address ranges, and for locations found by
    /// another way or holding unknown countries, which may overlap with any other.
    pub countries: Option<Vec<String>>,
}

/// How many parts of the space are looked at before the answer is "not proven".
const MOST_PARTS: usize = 20_000;
/// How many holes are named; the rest is counted.
const MOST_HOLES: usize = 6;
/// How many policies are named at a hole.
const MOST_NEAR: usize = 3;

/// The answer, with how each policy was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Reasoning<'p> {
    /// Every policy, in the order given.
    pub readings: Vec<Reading<'p>>,
    /// What they demand together.
    pub demanded: Demanded,
}

/// How one policy was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading<'p> {
    /// The policy.
    pub policy: &'p Policy,
    /// Whether it is meant for this user and application.
    pub scope: Scope,
    /// What it demands.
    pub demand: Demand,
    /// In which situations, in words; `None` for all of them, or when it is not meant.
    pub only: Option<String>,
}

/// What all policies demand together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Demanded {
    /// MFA, at every sign-in. The policies that decide it, by id.
    Everywhere(Vec<String>),
    /// Every sign-in is blocked. The policies that decide it, by id.
    Blocked(Vec<String>),
    /// MFA at some sign-ins at most; what is left.
    Holes {
        /// The widest holes, named.
        holes: Vec<Hole>,
        /// How many more there are.
        more: usize,
        /// Whether some sign-in is met by a policy.
        some: bool,
        /// Policies, by name, of which it cannot be told whether they are meant, and why; with them nothing would be left.
        perhaps: Vec<(String, String)>,
    },
    /// The policies span more combinations than are looked at.
    TooMany,
}

/// Sign-ins that nothing demands MFA of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hole {
    /// Which sign-ins, such as `from trusted places, in a browser`.
    pub sign_ins: String,
    /// MFA is demanded there, but an earlier claim is used again; only asked when every sign-in has to be met.
    pub reused: bool,
    /// The policies that come closest.
    pub near: Vec<Near>,
}

/// A policy that comes close to meeting the sign-ins of a hole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Near {
    /// Its name: somebody's text.
    pub policy: String,
    /// Why it does not meet them.
    pub why: String,
    /// What would make it meet them.
    pub change: String,
}

/// What meets one concrete sign-in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Meeting {
    /// A policy demands MFA.
    pub mfa: bool,
    /// A policy demands a new sign-in every time.
    pub every_time: bool,
    /// A policy blocks it.
    pub blocked: bool,
}

/// What policies demand at one concrete sign-in, found policy by policy. Policies of which it cannot be told whether
/// they are meant demand nothing here.
pub fn at(policies: &[Policy], question: &Question<'_>, situation: &Situation) -> Meeting {
    let mut meeting = Meeting::default();
    for policy in policies {
        let meant = policy.state == State::Enabled
            && scope(policy, question.subject, question.application) == Scope::Meant
            && applies(&policy.conditions, situation);
        if meant {
            meeting.mfa |= policy.grant.demand() == Demand::Mfa;
            meeting.blocked |= policy.grant.demand() == Demand::Block;
            meeting.every_time |= policy.session.every_time;
        }
    }
    meeting
}

/// Whether a policy that is not switched off applies to one concrete sign-in; `None` when it cannot be told whether it is
/// meant.
pub fn applies_at(policy: &Policy, question: &Question<'_>, situation: &Situation) -> Option<bool> {
    match scope(policy, question.subject, question.application) {
        Scope::Meant => Some(applies(&policy.conditions, situation)),
        Scope::NotMeant(_) => Some(false),
        Scope::Unclear(_) => None,
    }
}

fn applies(conditions: &Conditions, situation: &Situation) -> bool {
    let holds = |circumstance: &Circumstance| situation.holds.contains(circumstance);
    let inside = |set: &LocationSet| {
        set.all
            || (set.trusted && holds(&Circumstance::Trusted))
            || set.ids.iter().any(|id| holds(&Circumstance::Location(id.clone())))
    };
    let mut axes = conditions.axes.iter().zip(situation.at);
    axes.all(|(mask, at)| mask & at != 0)
        && conditions
            .locations
            .as_ref()
            .is_none_or(|locations| inside(&locations.include) && !inside(&locations.exclude))
        && conditions
            .device_filter
            .as_ref()
            .is_none_or(|filter| holds(&Circumstance::DeviceRule(filter.rule.clone())) != filter.exclude)
        && !conditions
            .excluded_device_states
            .iter()
            .any(|state| holds(&Circumstance::DeviceState(state.clone())))
}

/// Judges all policies together.
pub fn evaluate<'p>(policies: &'p [Policy], question: &Question<'_>) -> Reasoning<'p> {
    let mut known = Known::new(question);
    let scopes: Vec<Scope> = policies
        .iter()
        .map(|policy| scope_in_its_state(policy, question.subject, question.application))
        .collect();
    let decides = |policy: &Policy, scope: &Scope| {
        let counts = matches!(policy.grant.demand(), Demand::Mfa | Demand::Block)
            || (question.every_sign_in && policy.session.every_time);
        counts && !matches!(scope, Scope::NotMeant(_))
    };
    // What the deciding policies speak of is numbered first, so that others cannot use the numbers up.
    let mut reach: Vec<Result<Vec<Region>, TooMany>> = policies.iter().map(|_| Ok(Vec::new())).collect();
    for deciding in [true, false] {
        for ((slot, policy), scope) in reach.iter_mut().zip(policies).zip(&scopes) {
            if decides(policy, scope) == deciding {
                *slot = match scope {
                    // What is not understood may widen nothing and narrow anything: at its widest it is everything.
                    Scope::Unclear(_) if !policy.not_understood.is_empty() => Ok(vec![Region::everything()]),
                    _ => known.regions(&policy.conditions),
                };
            }
        }
    }
    let mut parted = Parted::default();
    let mut readings = Vec::with_capacity(policies.len());
    let mut too_many = false;
    for ((policy, scope), reach) in policies.iter().zip(scopes).zip(&reach) {
        let demand = policy.grant.demand();
        too_many |= reach.is_err() && decides(policy, &scope);
        let regions = reach.as_deref().unwrap_or_default();
        match &scope {
            Scope::Meant => parted.take(policy, demand, regions),
            Scope::Unclear(_) => parted.take_unclear(policy, demand, regions),
            Scope::NotMeant(_) if demand == Demand::Mfa => {
                let regions = regions.iter().map(|region| (policy, *region));
                parted.not_meant.extend(regions);
            }
            Scope::NotMeant(_) => {}
        }
        let only = match (&scope, reach) {
            (Scope::Meant, Ok(regions)) => known.limits(regions),
            (Scope::Meant, Err(TooMany)) => Some("at places that are too many to be told apart".to_owned()),
            _ => None,
        };
        readings.push(Reading {
            policy,
            scope,
            demand,
            only,
        });
    }
    let demanded = match parted.at_once(&known.space, question) {
        Some(by) => Demanded::Everywhere(by),
        None if too_many => Demanded::TooMany,
        None => parted
            .demanded(&known, question, &readings)
            .unwrap_or(Demanded::TooMany),
    };
    Reasoning { readings, demanded }
}

/// The regions of all policies that are meant, by what they demand.
#[derive(Default)]
struct Parted<'p> {
    mfa: Vec<(&'p Policy, Region)>,
    block: Vec<(&'p Policy, Region)>,
    every_time: Vec<(&'p Policy, Region)>,
    or_other: Vec<(&'p Policy, Region)>,
    /// Policies that demand MFA or block, and of which it cannot be told whether they are meant, as wide as they may reach.
    unclear: Vec<(&'p Policy, Region)>,
    /// The same of policies that ask for a sign-in every time, or block.
    unclear_every_time: Vec<(&'p Policy, Region)>,
    /// Policies that demand MFA and are not meant, as far as they would reach.
    not_meant: Vec<(&'p Policy, Region)>,
}

impl<'p> Parted<'p> {
    fn take(&mut self, policy: &'p Policy, demand: Demand, regions: &[Region]) {
        for region in regions.iter().copied() {
            match demand {
                Demand::Mfa => self.mfa.push((policy, region)),
                Demand::Block => self.block.push((policy, region)),
                Demand::MfaOrOther => self.or_other.push((policy, region)),
                Demand::NotMfa => {}
            }
            if policy.session.every_time {
                self.every_time.push((policy, region));
            }
        }
    }

    fn take_unclear(&mut self, policy: &'p Policy, demand: Demand, regions: &[Region]) {
        for region in regions.iter().copied() {
            if matches!(demand, Demand::Mfa | Demand::Block) {
                self.unclear.push((policy, region));
            }
            if policy.session.every_time || demand == Demand::Block {
                self.unclear_every_time.push((policy, region));
            }
        }
    }

    /// The policy that demands MFA of everything by itself, where nothing is blocked: the usual case, found at once.
    fn at_once(&self, space: &Region, question: &Question<'_>) -> Option<Vec<String>> {
        if question.every_sign_in || !self.block.is_empty() {
            return None;
        }
        let whole = self.mfa.iter().find(|(_, region)| region.contains(space));
        whole.map(|(policy, _)| vec![policy.id.clone()])
    }

    fn demanded(
        &self,
        known: &Known<'_>,
        question: &Question<'_>,
        readings: &[Reading<'_>],
    ) -> Result<Demanded, TooMany> {
        let space = &known.space;
        let both = |sets: &[&[(&'p Policy, Region)]]| -> Vec<(&'p Policy, Region)> { sets.concat() };
        if !self.block.is_empty() && left(known, &self.block)?.is_empty() {
            return Ok(Demanded::Blocked(deciding(known, &self.block)));
        }
        let met = both(&[&self.mfa, &self.block]);
        let anew = both(&[&self.every_time, &self.block]);
        let mut found: Vec<Hole> = Vec::new();
        let mut more = 0;
        let mut holes = |covered: &[(&'p Policy, Region)], reused: bool| -> Result<(), TooMany> {
            let parts = left(known, covered)?;
            let covered: Vec<Region> = covered.iter().map(|(_, region)| *region).collect();
            let (regions, further) = widest(space, &covered, &parts, MOST_HOLES.saturating_sub(found.len()));
            more += further;
            for region in regions {
                let words = known.words(&region);
                found.push(Hole {
                    sign_ins: if words.is_empty() {
                        "any sign-in".to_owned()
                    } else {
                        words
                    },
                    reused,
                    near: if reused {
                        Vec::new()
                    } else {
                        self.near(known, &region, readings)
                    },
                });
            }
            Ok(())
        };
        holes(&met, false)?;
        if question.every_sign_in {
            holes(&anew, true)?;
        }
        if found.is_empty() {
            let mut by = deciding(known, &met);
            if question.every_sign_in {
                by.extend(
                    deciding(known, &anew)
                        .into_iter()
                        .filter(|id| !by.contains(id))
                        .collect::<Vec<_>>(),
                );
            }
            return Ok(Demanded::Everywhere(by));
        }
        let reachable = |(_, region): &(&Policy, Region)| !region.is_apart(space);
        let mut perhaps = Vec::new();
        let closed = |sets: &[&[(&'p Policy, Region)]]| left(known, &both(sets)).map(|left| left.is_empty());
        // Where nothing could ask for MFA, blocks that are in doubt leave a hole or block everything: missing either way.
        let could_ask =
            |reading: &Reading<'_>| reading.demand == Demand::Mfa && !matches!(reading.scope, Scope::NotMeant(_));
        if readings.iter().any(could_ask)
            && closed(&[&self.mfa, &self.block, &self.unclear])?
            && (!question.every_sign_in || closed(&[&self.every_time, &self.block, &self.unclear_every_time])?)
        {
            let could_close = |reading: &&Reading<'_>| {
                matches!(reading.demand, Demand::Mfa | Demand::Block)
                    || (question.every_sign_in && reading.policy.session.every_time)
            };
            perhaps = readings
                .iter()
                .filter(could_close)
                .filter_map(|reading| match &reading.scope {
                    Scope::Unclear(why) => Some((reading.policy.name.clone(), why.clone())),
                    _ => None,
                })
                .collect();
        }
        Ok(Demanded::Holes {
            holes: found,
            more,
            some: self.mfa.iter().any(reachable),
            perhaps,
        })
    }

    /// The policies that come closest to meeting the sign-ins of a hole. Only those that are named are put into words.
    fn near(&self, known: &Known<'_>, hole: &Region, readings: &[Reading<'_>]) -> Vec<Near> {
        let other = self.or_other.iter().filter(|(_, region)| !region.is_apart(hole));
        let other = other.map(|(policy, _)| (*policy, Nearness::TakesOther));
        let limited = self
            .mfa
            .iter()
            .map(|(policy, region)| (*policy, Nearness::Limited(region)));
        let elsewhere = self.not_meant.iter().chain(&self.unclear);
        let elsewhere = elsewhere.filter(|(_, region)| !region.is_apart(hole));
        let elsewhere = elsewhere.map(|(policy, _)| (*policy, Nearness::Elsewhere));
        let mut near: Vec<Near> = Vec::new();
        let mut named: Vec<&str> = Vec::new();
        for (policy, nearness) in other.chain(limited).chain(elsewhere) {
            if near.len() == MOST_NEAR {
                break;
            }
            if named.contains(&policy.id.as_str()) {
                continue;
            }
            let said = match nearness {
                Nearness::TakesOther => {
                    let instead: Vec<&str> = policy.grant.instead_of_mfa().collect();
                    let instead = instead.join(" or ");
                    let change = format!(
                        "create a policy of its own that demands MFA of this account; to demand all controls of this one would ask everybody it means for {instead}, too"
                    );
                    Some((format!("takes {instead} instead of MFA"), change))
                }
                Nearness::Limited(region) => Some((
                    known.leaves(region),
                    "let it apply at these sign-ins, too, or let another policy ask for MFA at them".to_owned(),
                )),
                Nearness::Elsewhere => readings
                    .iter()
                    .find(|reading| std::ptr::eq(reading.policy, policy))
                    .and_then(|reading| why_elsewhere(&reading.scope)),
            };
            if let Some((why, change)) = said {
                named.push(&policy.id);
                near.push(Near {
                    policy: policy.name.clone(),
                    why,
                    change,
                });
            }
        }
        near
    }
}

/// Why a policy that would reach a hole does not, and what would change that; `None` where nothing can.
fn why_elsewhere(scope: &Scope) -> Option<(String, String)> {
    match scope {
        Scope::Meant => None,
        Scope::Unclear(why) => {
            let change = "see in the portal whether it is meant, or name this account and application in it";
            Some((why.clone(), change.to_owned()))
        }
        Scope::NotMeant(why) => why.change().map(|change| (why.to_string(), change)),
    }
}

/// The sign-ins that these policies leave, in parts; combinations that no sign-in has are no part.
fn left(known: &Known<'_>, covered: &[(&Policy, Region)]) -> Result<Vec<Region>, TooMany> {
    let regions = undominated(covered.iter().map(|(_, region)| *region).collect());
    let mut parts = uncovered(&known.space, &regions, MOST_PARTS)?;
    parts.retain(|part| known.is_possible(part));
    Ok(parts)
}

/// How a policy comes close to a hole.
enum Nearness<'a> {
    /// It takes something else instead of MFA there.
    TakesOther,
    /// It asks for MFA elsewhere.
    Limited(&'a Region),
    /// It would reach there, but is not meant, or that cannot be told.
    Elsewhere,
}

/// How many policies are tried one by one for whether the others suffice.
const MOST_TRIED: usize = 16;

/// The policies without which something would be left, by id, the widest first.
fn deciding(known: &Known<'_>, covered: &[(&Policy, Region)]) -> Vec<String> {
    let mut all: Vec<&(&Policy, Region)> = covered.iter().collect();
    all.retain(|(_, region)| !region.is_apart(&known.space));
    all.sort_by_key(|(_, region)| std::cmp::Reverse(region.width()));
    if let Some((policy, _)) = all.iter().find(|(_, region)| region.contains(&known.space)) {
        return vec![policy.id.clone()];
    }
    let mut ids: Vec<&str> = Vec::new();
    for (policy, _) in &all {
        if !ids.contains(&policy.id.as_str()) {
            ids.push(&policy.id);
        }
    }
    if ids.len() <= MOST_TRIED {
        for id in ids.clone().into_iter().rev() {
            let others = covered
                .iter()
                .filter(|(policy, _)| policy.id != id && ids.contains(&policy.id.as_str()));
            let others: Vec<(&Policy, Region)> = others.copied().collect();
            if left(known, &others).is_ok_and(|left| left.is_empty()) {
                ids.retain(|kept| *kept != id);
            }
        }
    }
    ids.into_iter().map(str::to_owned).collect()
}
