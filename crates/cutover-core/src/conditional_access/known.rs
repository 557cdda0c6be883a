//! What policies speak of: the space of sign-ins, the circumstances that cut it, and how parts of it are said.

use super::demanded::{Place, Question};
use super::policy::{Conditions, LocationSet};
use super::region::{MOST_CIRCUMSTANCES, Region, TooMany};
use super::situation::{Axis, Circumstance, ClientType};

/// Exchange Online's application id; Exchange ActiveSync signs in to nothing else.
const EXCHANGE_ONLINE: uuid::Uuid = uuid::uuid!("00000002-0000-0ff1-ce00-000000000000");
/// The id under which policies name the trusted addresses of per-user MFA (Microsoft Graph,
/// `conditionalAccessLocations`).
const MFA_TRUSTED_ADDRESSES: &str = "00000000-0000-0000-0000-000000000000";
/// The circumstances that policies speak of, numbered, and the space of sign-ins.
pub(super) struct Known<'a> {
    circumstances: Vec<Circumstance>,
    places: &'a [Place],
    pub(super) space: Region,
}

impl<'a> Known<'a> {
    pub(super) fn new(question: &Question<'a>) -> Self {
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
    pub(super) fn regions(&mut self, conditions: &Conditions) -> Result<Vec<Region>, TooMany> {
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
    pub(super) fn impossible(&self) -> Vec<Region> {
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
    pub(super) fn words(&self, region: &Region) -> String {
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
    pub(super) fn leaves(&self, region: &Region) -> String {
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
    pub(super) fn limits(&self, regions: &[Region]) -> Option<String> {
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
