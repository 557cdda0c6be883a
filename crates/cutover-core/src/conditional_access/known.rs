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
        if let Some(number) = self.circumstances.iter().position(|known| *known == circumstance) {
            return Ok(1 << number);
        }
        let number = self.circumstances.len();
        if number == MOST_CIRCUMSTANCES {
            return Err(TooMany);
        }
        self.circumstances.push(circumstance);
        Ok(1 << number)
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

    /// Whether some sign-in is in a region: whoever is in a place that is trusted is in a trusted place, and nobody is in two
    /// countries at once. What a region leaves open can always be chosen to fit.
    pub(super) fn is_possible(&self, region: &Region) -> bool {
        let mut trusted = false;
        let mut countries: Option<Vec<&String>> = None;
        for (number, circumstance) in self.circumstances.iter().enumerate() {
            let bit = 1 << number;
            match circumstance {
                Circumstance::Location(id) if region.holds & bit != 0 => {
                    let place = self.place(id);
                    trusted |= id == MFA_TRUSTED_ADDRESSES || place.is_some_and(|place| place.trusted);
                    if let Some(here) = place.and_then(|place| place.countries.as_ref()) {
                        let both =
                            |there: Vec<&'a String>| there.into_iter().filter(|one| here.contains(one)).collect();
                        countries = Some(countries.map_or_else(|| here.iter().collect(), both));
                    }
                }
                _ => {}
            }
        }
        let number = self
            .circumstances
            .iter()
            .position(|known| *known == Circumstance::Trusted);
        let not_trusted = number.is_some_and(|number| region.fails & (1 << number) != 0);
        !(trusted && not_trusted) && countries.is_none_or(|countries| !countries.is_empty())
    }

    /// A region in words, without what is open in the whole space.
    pub(super) fn words(&self, region: &Region) -> String {
        self.phrases(region).join(", ")
    }

    fn phrases(&self, region: &Region) -> Vec<String> {
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
        words
    }

    /// Why a policy with this region does not meet everything.
    pub(super) fn leaves(&self, region: &Region) -> String {
        // One that only leaves places or devices out is said by what it leaves out.
        if region.and(&self.space).places == self.space.places && region.holds == 0 {
            let left_out = Region {
                holds: region.fails,
                ..Region::everything()
            };
            return format!("leaves out sign-ins {}", self.phrases(&left_out).join(" and "));
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
        let reached = regions.iter().filter(|region| !region.is_apart(&self.space));
        let words: Vec<String> = reached.map(|region| self.words(region)).collect();
        Some(match words.is_empty() {
            true => "at no sign-in: what it includes it leaves out again".to_owned(),
            false => words.join("; or "),
        })
    }
}

fn named(set: &LocationSet) -> impl Iterator<Item = Circumstance> + '_ {
    let trusted = set.trusted.then_some(Circumstance::Trusted);
    let ids = set.ids.iter().cloned().map(Circumstance::Location);
    trusted.into_iter().chain(ids)
}
