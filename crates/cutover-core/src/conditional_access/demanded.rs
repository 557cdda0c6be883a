//! What all policies together demand of one user who signs in to one application.

use super::policy::{Conditions, Demand, LocationSet, Policy, State};
use super::region::{MOST_CIRCUMSTANCES, Region, TooMany, uncovered, widest};
use super::scope::{Application, Scope, Subject, scope};
use super::situation::{Axis, Circumstance, ClientType, Situation};

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

/// The id under which policies name the trusted addresses of per-user MFA (Microsoft Graph,
/// `conditionalAccessLocations`).
const MFA_TRUSTED_ADDRESSES: &str = "00000000-0000-0000-0000-000000000000";
/// Exchange Online's application id; Exchange ActiveSync signs in to nothing else.
const EXCHANGE_ONLINE: uuid::Uuid = uuid::uuid!("00000002-0000-0ff1-ce00-000000000000");
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
    /// The policies that come closest, by name, each with why it does not meet these sign-ins.
    pub near: Vec<(String, String)>,
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
    let mut parted = Parted::default();
    let mut readings = Vec::with_capacity(policies.len());
    let mut too_many = false;
    for policy in policies {
        let scope = match &policy.state {
            State::Enabled => scope(policy, question.subject, question.application),
            State::ReportOnly => Scope::NotMeant("it is in report-only".to_owned()),
            State::Disabled => Scope::NotMeant("it is switched off".to_owned()),
            State::Other(state) => Scope::NotMeant(format!("its state is `{state}`")),
        };
        let demand = policy.grant.demand();
        let mut only = None;
        let regions = match &scope {
            Scope::NotMeant(_) => Ok(Vec::new()),
            // What is not understood may widen nothing and narrow anything: at its widest it is everything.
            Scope::Unclear(_) if !policy.not_understood.is_empty() => Ok(vec![Region::everything()]),
            Scope::Unclear(_) | Scope::Meant => known.regions(&policy.conditions),
        };
        match (regions, &scope) {
            (Ok(regions), Scope::Meant) => {
                only = known.limits(&regions);
                parted.take(policy, demand, regions);
            }
            (Ok(regions), Scope::Unclear(_)) if demand == Demand::Mfa => {
                parted
                    .unclear
                    .extend(regions.into_iter().map(|region| (policy, region)));
            }
            (Ok(_), _) => {}
            (Err(TooMany), _) => too_many = true,
        }
        readings.push(Reading {
            policy,
            scope,
            demand,
            only,
        });
    }
    let demanded = if too_many {
        Demanded::TooMany
    } else {
        parted
            .demanded(&known, question, &readings)
            .unwrap_or(Demanded::TooMany)
    };
    Reasoning { readings, demanded }
}

/// The circumstances that policies speak of, numbered, and the space of sign-ins.
struct Known<'a> {
    circumstances: Vec<Circumstance>,
    places: &'a [Place],
    space: Region,
}

impl<'a> Known<'a> {
    fn new(question: &Question<'a>) -> Self {
        let mut space = Region::everything();
        if question.application.id != EXCHANGE_ONLINE
            && let Some(clients) = space.places.get_mut(Axis::Client.index())
        {
            *clients &= !ClientType::ExchangeActiveSync.bit();
        }
        Self {
            circumstances: Vec::new(),
            places: question.places,
            space,
        }
    }

    fn bit(&mut self, circumstance: Circumstance) -> Result<u128, TooMany> {
        let number = match self.circumstances.iter().position(|known| *known == circumstance) {
            Some(number) => number,
            None => {
                self.circumstances.push(circumstance);
                self.circumstances.len() - 1
            }
        };
        if number < MOST_CIRCUMSTANCES {
            Ok(1 << number)
        } else {
            Err(TooMany)
        }
    }

    /// The situations a policy applies in: a region for each place that it includes.
    fn regions(&mut self, conditions: &Conditions) -> Result<Vec<Region>, TooMany> {
        let mut whole = Region {
            places: conditions.axes,
            holds: 0,
            fails: 0,
        };
        if let Some(filter) = &conditions.device_filter {
            let bit = self.bit(Circumstance::DeviceRule(filter.rule.clone()))?;
            if filter.exclude {
                whole.fails |= bit;
            } else {
                whole.holds |= bit;
            }
        }
        for state in &conditions.excluded_device_states {
            whole.fails |= self.bit(Circumstance::DeviceState(state.clone()))?;
        }
        let Some(locations) = &conditions.locations else {
            return Ok(vec![whole]);
        };
        if locations.exclude.all {
            return Ok(Vec::new());
        }
        for place in named(&locations.exclude) {
            whole.fails |= self.bit(place)?;
        }
        if locations.include.all {
            return Ok(vec![whole]);
        }
        let mut regions = Vec::new();
        for place in named(&locations.include) {
            let mut region = whole;
            region.holds |= self.bit(place)?;
            regions.push(region);
        }
        Ok(regions)
    }

    fn place(&self, id: &str) -> Option<&'a Place> {
        self.places.iter().find(|place| place.id == id)
    }

    /// Combinations of circumstances that no sign-in has: a trusted place that is not trusted, two countries at once.
    fn impossible(&self) -> Vec<Region> {
        let everything = Region::everything();
        let number = |wanted: &Circumstance| self.circumstances.iter().position(|known| known == wanted);
        let located: Vec<(u128, &str)> = self
            .circumstances
            .iter()
            .enumerate()
            .filter_map(|(number, known)| match known {
                Circumstance::Location(id) => Some((1 << number, id.as_str())),
                _ => None,
            })
            .collect();
        let mut impossible = Vec::new();
        if let Some(trusted) = number(&Circumstance::Trusted) {
            for (bit, id) in &located {
                if *id == MFA_TRUSTED_ADDRESSES || self.place(id).is_some_and(|place| place.trusted) {
                    impossible.push(Region {
                        holds: *bit,
                        fails: 1 << trusted,
                        ..everything
                    });
                }
            }
        }
        let countries = |id: &str| self.place(id)?.countries.as_ref();
        for (index, (bit, id)) in located.iter().enumerate() {
            let Some(mine) = countries(id) else { continue };
            for (other_bit, other) in located.iter().skip(index + 1) {
                if countries(other).is_some_and(|theirs| !theirs.iter().any(|country| mine.contains(country))) {
                    impossible.push(Region {
                        holds: bit | other_bit,
                        ..everything
                    });
                }
            }
        }
        impossible
    }

    /// A region in words, without what is open in the whole space.
    fn words(&self, region: &Region) -> String {
        let mut words = Vec::new();
        for axis in Axis::EACH {
            let all = self.space.places.get(axis.index()).copied().unwrap_or_default();
            let mask = region.places.get(axis.index()).copied().unwrap_or_default() & all;
            if mask != all {
                words.push(axis.words(mask));
            }
        }
        for (number, circumstance) in self.circumstances.iter().enumerate() {
            let bit = 1 << number;
            if region.holds & bit != 0 {
                words.push(self.circumstance(circumstance, false));
            }
            if region.fails & bit != 0 {
                words.push(self.circumstance(circumstance, true));
            }
        }
        words.join(", ")
    }

    /// Why a policy with this region does not meet everything.
    fn leaves(&self, region: &Region) -> String {
        let everywhere = Region {
            fails: region.fails,
            ..Region::everything()
        };
        // One that only leaves places or devices out is said by what it leaves out.
        if everywhere.and(&self.space).places == region.and(&self.space).places && region.holds == 0 {
            let left_out = Region {
                holds: region.fails,
                ..Region::everything()
            };
            return format!("leaves out sign-ins {}", self.words(&left_out).replace(", ", " and "));
        }
        format!("asks only {}", self.words(region))
    }

    fn circumstance(&self, circumstance: &Circumstance, not: bool) -> String {
        let not = if not { "not " } else { "" };
        match circumstance {
            Circumstance::Location(id) => match self.place(id) {
                Some(place) => format!("{not}from {}", place.name),
                None if id == MFA_TRUSTED_ADDRESSES => format!("{not}from the trusted addresses of per-user MFA"),
                None => format!("{not}from the location {id}"),
            },
            Circumstance::Trusted => format!("{not}from trusted places"),
            Circumstance::DeviceRule(_) | Circumstance::DeviceState(_) => format!("{not}on {circumstance}"),
        }
    }

    /// In which situations a policy applies, in words; `None` for all.
    fn limits(&self, regions: &[Region]) -> Option<String> {
        if regions.iter().any(|region| region.contains(&self.space)) {
            return None;
        }
        let words: Vec<String> = regions.iter().map(|region| self.words(region)).collect();
        Some(words.join("; or "))
    }
}

fn named(set: &LocationSet) -> impl Iterator<Item = Circumstance> + '_ {
    let trusted = set.trusted.then_some(Circumstance::Trusted);
    let ids = set.ids.iter().cloned().map(Circumstance::Location);
    trusted.into_iter().chain(ids)
}

/// The regions of all policies that are meant, by what they demand.
#[derive(Default)]
struct Parted<'p> {
    mfa: Vec<(&'p Policy, Region)>,
    block: Vec<(&'p Policy, Region)>,
    every_time: Vec<(&'p Policy, Region)>,
    or_other: Vec<(&'p Policy, Region)>,
    /// Policies that demand MFA and of which it cannot be told whether they are meant, as wide as they may reach.
    unclear: Vec<(&'p Policy, Region)>,
}

impl<'p> Parted<'p> {
    fn take(&mut self, policy: &'p Policy, demand: Demand, regions: Vec<Region>) {
        for region in regions {
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

    fn demanded(
        &self,
        known: &Known<'_>,
        question: &Question<'_>,
        readings: &[Reading<'_>],
    ) -> Result<Demanded, TooMany> {
        let space = &known.space;
        let impossible = known.impossible();
        let with = |sets: &[&[(&'p Policy, Region)]]| -> Vec<Region> {
            let named = sets.iter().flat_map(|set| set.iter().map(|(_, region)| *region));
            named.chain(impossible.iter().copied()).collect()
        };
        let blocked = with(&[&self.block]);
        if !self.block.is_empty() && uncovered(space, &blocked, MOST_PARTS)?.is_empty() {
            return Ok(Demanded::Blocked(deciding(&[&self.block], space)));
        }
        let met = with(&[&self.mfa, &self.block]);
        let mut found = Vec::new();
        let mut more = 0;
        let mut holes = |covered: &[Region], reused: bool| -> Result<(), TooMany> {
            let parts = uncovered(space, covered, MOST_PARTS)?;
            for region in widest(space, covered, &parts) {
                if found.len() == MOST_HOLES {
                    more += 1;
                    continue;
                }
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
            holes(&with(&[&self.every_time, &self.block]), true)?;
        }
        if found.is_empty() {
            return Ok(Demanded::Everywhere(deciding(&[&self.mfa, &self.block], space)));
        }
        let reachable = |(_, region): &(&Policy, Region)| !region.is_apart(space);
        let mut perhaps = Vec::new();
        let closed = |covered: Vec<Region>| uncovered(space, &covered, MOST_PARTS).map(|left| left.is_empty());
        let unclear_every_time: Vec<(&Policy, Region)> = self
            .unclear
            .iter()
            .filter(|(policy, _)| policy.session.every_time)
            .copied()
            .collect();
        if !self.unclear.is_empty()
            && closed(with(&[&self.mfa, &self.block, &self.unclear]))?
            && (!question.every_sign_in || closed(with(&[&self.every_time, &self.block, &unclear_every_time]))?)
        {
            perhaps = readings
                .iter()
                .filter(|reading| reading.demand == Demand::Mfa)
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

    /// The policies that come closest to meeting the sign-ins of a hole, each with why it does not.
    fn near(&self, known: &Known<'_>, hole: &Region, readings: &[Reading<'_>]) -> Vec<(String, String)> {
        let mut near: Vec<(String, String)> = Vec::new();
        let mut add = |policy: &Policy, why: String| {
            if !near.iter().any(|(name, _)| *name == policy.name) {
                near.push((policy.name.clone(), why));
            }
        };
        for (policy, region) in &self.or_other {
            if !region.is_apart(hole) {
                let instead: Vec<&str> = policy.grant.instead_of_mfa().collect();
                add(policy, format!("takes {} instead of MFA", instead.join(" or ")));
            }
        }
        for (policy, region) in &self.mfa {
            add(policy, known.leaves(region));
        }
        for reading in readings.iter().filter(|reading| reading.demand == Demand::Mfa) {
            match &reading.scope {
                Scope::Unclear(why) => add(reading.policy, why.clone()),
                Scope::NotMeant(why) => add(reading.policy, why.clone()),
                Scope::Meant => {}
            }
        }
        near.truncate(MOST_NEAR);
        near
    }
}

/// The policies without which a part of the space would be left, each once, by id. The widest are taken first.
fn deciding(sets: &[&[(&Policy, Region)]], space: &Region) -> Vec<String> {
    let mut all: Vec<&(&Policy, Region)> = sets.iter().flat_map(|set| set.iter()).collect();
    all.retain(|(_, region)| !region.is_apart(space));
    if let Some((policy, _)) = all.iter().find(|(_, region)| region.contains(space)) {
        return vec![policy.id.clone()];
    }
    let mut ids: Vec<String> = Vec::new();
    for (policy, _) in all {
        if !ids.contains(&policy.id) {
            ids.push(policy.id.clone());
        }
    }
    ids
}
