//! Regions of the space of sign-ins, and what several of them leave uncovered.
//!
//! A region is a product: some places of each axis, and some circumstances that must or must not hold. What is left of a
//! region when another is taken away is again a few regions, so the space never has to be counted out.

use super::situation::{Axis, Mask};

/// A product of places and circumstances. Circumstances are numbered; the bit of a number in `holds` or `fails` says
/// what must be so, neither leaves it open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Region {
    pub(super) places: [Mask; Axis::COUNT],
    pub(super) holds: u128,
    pub(super) fails: u128,
}

/// How many circumstances can be told apart.
pub(super) const MOST_CIRCUMSTANCES: usize = 128;

/// The search was given up: there are more combinations than are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooMany;

impl Region {
    /// Every situation.
    pub(super) fn everything() -> Self {
        let mut places = [0; Axis::COUNT];
        for (slot, axis) in places.iter_mut().zip(Axis::EACH) {
            *slot = axis.all();
        }
        Self {
            places,
            holds: 0,
            fails: 0,
        }
    }

    /// Whether no situation is in it.
    pub(super) fn is_empty(&self) -> bool {
        self.places.contains(&0) || self.holds & self.fails != 0
    }

    /// What is in both.
    pub(super) fn and(&self, other: &Self) -> Self {
        let mut both = *self;
        for (slot, mask) in both.places.iter_mut().zip(other.places) {
            *slot &= mask;
        }
        both.holds |= other.holds;
        both.fails |= other.fails;
        both
    }

    /// Whether they share no situation.
    pub(super) fn is_apart(&self, other: &Self) -> bool {
        self.and(other).is_empty()
    }

    /// Whether all of `other` is in this one.
    pub(super) fn contains(&self, other: &Self) -> bool {
        let places = self.places.iter().zip(other.places);
        places.into_iter().all(|(mine, theirs)| theirs & !mine == 0)
            && self.holds & !other.holds == 0
            && self.fails & !other.fails == 0
    }

    /// What is left of this region without `other`, in parts that share nothing.
    fn without(&self, other: &Self, parts: &mut Vec<Self>) {
        if self.is_apart(other) {
            parts.push(*self);
            return;
        }
        let mut rest = *self;
        for axis in 0..Axis::COUNT {
            let (Some(mine), Some(theirs)) = (rest.places.get(axis).copied(), other.places.get(axis).copied()) else {
                continue;
            };
            if mine & !theirs != 0 {
                let mut part = rest;
                if let Some(slot) = part.places.get_mut(axis) {
                    *slot = mine & !theirs;
                }
                parts.push(part);
                if let Some(slot) = rest.places.get_mut(axis) {
                    *slot = mine & theirs;
                }
            }
        }
        for bit in bits(other.holds & !rest.holds) {
            parts.push(Self {
                fails: rest.fails | bit,
                ..rest
            });
            rest.holds |= bit;
        }
        for bit in bits(other.fails & !rest.fails) {
            parts.push(Self {
                holds: rest.holds | bit,
                ..rest
            });
            rest.fails |= bit;
        }
    }

    /// How many free choices it has: the wider, the more.
    pub(super) fn width(&self) -> u32 {
        let places: u32 = self.places.iter().map(|mask| mask.count_ones()).sum();
        // A circumstance halves the space.
        (places + 256).saturating_sub(4 * (self.holds.count_ones() + self.fails.count_ones()))
    }
}

fn bits(mut set: u128) -> impl Iterator<Item = u128> {
    std::iter::from_fn(move || {
        let lowest = set & set.wrapping_neg();
        set &= !lowest;
        (lowest != 0).then_some(lowest)
    })
}

/// The regions without those that another one holds: they cover the same, and there are fewer of them.
pub(super) fn undominated(regions: Vec<Region>) -> Vec<Region> {
    let mut widest = regions;
    widest.sort_by_key(|region| std::cmp::Reverse(region.width()));
    let mut kept: Vec<Region> = Vec::with_capacity(widest.len());
    for region in widest {
        if !region.is_empty() && !kept.iter().any(|wider| wider.contains(&region)) {
            kept.push(region);
        }
    }
    kept
}

/// What of `space` no region covers, in parts that share nothing. Gives up after `most` parts were looked at.
pub(super) fn uncovered(space: &Region, regions: &[Region], most: usize) -> Result<Vec<Region>, TooMany> {
    let mut widest: Vec<&Region> = regions.iter().filter(|region| !region.is_apart(space)).collect();
    widest.sort_by_key(|region| std::cmp::Reverse(region.width()));
    let mut left = vec![*space];
    let mut looked_at = 0;
    for region in widest {
        let mut parts = Vec::new();
        for part in &left {
            part.without(region, &mut parts);
            looked_at += 1;
        }
        if parts.len() + looked_at > most {
            return Err(TooMany);
        }
        left = parts;
        if left.is_empty() {
            break;
        }
    }
    Ok(left)
}

/// How many uncovered regions are compared before one is chosen. Choosing is quadratic in them, and the widest parts lead to
/// the widest regions.
const CANDIDATES: usize = 256;

/// The widest uncovered regions that together hold all of `parts`, few before many (greedy cover): up to `most` of them, and
/// how many more it takes.
pub(super) fn widest(space: &Region, regions: &[Region], parts: &[Region], most: usize) -> (Vec<Region>, usize) {
    let mut open: Vec<&Region> = parts.iter().collect();
    open.sort_by_key(|part| std::cmp::Reverse(part.width()));
    let mut wide: Vec<Region> = Vec::new();
    for part in open.iter().take(CANDIDATES) {
        let one = widen(part, space, regions);
        if !wide.contains(&one) {
            wide.push(one);
        }
    }
    let mut chosen = Vec::new();
    while let Some(first) = open.first().filter(|_| chosen.len() < most) {
        let covered = |region: &Region| open.iter().filter(|part| region.contains(part)).count();
        let best = wide
            .iter()
            .map(|region| (covered(region), region.width(), *region))
            .max_by_key(|(covered, width, _)| (*covered, *width))
            .filter(|(covered, _, _)| *covered > 0);
        // Each part is held at least by what it is widened to, so this ends.
        let best = best.map_or_else(|| widen(first, space, regions), |(_, _, best)| best);
        open.retain(|part| !best.contains(part));
        chosen.push(best);
    }
    let mut more = 0;
    while let Some(first) = open.first() {
        let one = widen(first, space, regions);
        open.retain(|part| !one.contains(part));
        more += 1;
    }
    (chosen, more)
}

/// A part made as wide as it can be without touching what is covered.
fn widen(part: &Region, space: &Region, regions: &[Region]) -> Region {
    let free = |region: &Region| regions.iter().all(|covered| covered.is_apart(region));
    let mut wide = *part;
    for bit in bits(wide.holds) {
        let open = Region {
            holds: wide.holds & !bit,
            ..wide
        };
        if free(&open) {
            wide = open;
        }
    }
    for bit in bits(wide.fails) {
        let open = Region {
            fails: wide.fails & !bit,
            ..wide
        };
        if free(&open) {
            wide = open;
        }
    }
    for axis in 0..Axis::COUNT {
        let Some(all) = space.places.get(axis).copied() else {
            continue;
        };
        let each = (0..Mask::BITS).map(|bit| 1 << bit).filter(|bit| all & bit != 0);
        // All places at once first: it is the shortest thing to say.
        for more in std::iter::once(all).chain(each) {
            let mut open = wide;
            if let Some(slot) = open.places.get_mut(axis) {
                *slot |= more;
            }
            if free(&open) {
                wide = open;
            }
        }
    }
    wide
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    fn region() -> impl Strategy<Value = Region> {
        let places = proptest::array::uniform6(prop_oneof![3 => Just(Mask::MAX), 1 => 1..16 as Mask]);
        (places, 0..64_u128, 0..64_u128).prop_map(|(masks, holds, fails)| {
            let mut region = Region::everything();
            for (slot, mask) in region.places.iter_mut().zip(masks) {
                *slot &= mask;
            }
            // A few circumstances, most of them open.
            region.holds = holds & fails & 0b0101_0101;
            region.fails = holds & !fails & 0b0010_1010;
            region
        })
    }

    fn holding(holds: u128, fails: u128) -> Region {
        Region {
            holds,
            fails,
            ..Region::everything()
        }
    }

    #[test]
    fn a_hole_is_named_without_what_does_not_matter() {
        // What the first circumstance decides is covered; that the second holds, and the third does not, is by chance.
        let covered = [holding(1, 0)];
        let part = holding(2, 1 | 4);
        let (named, more) = widest(&Region::everything(), &covered, &[part], 5);
        assert_eq!((named, more), (vec![holding(0, 1)], 0));
    }

    #[test]
    fn a_hole_takes_every_place_that_is_free() {
        let at = |mask: Mask| {
            let mut region = Region::everything();
            region.places[0] &= mask;
            region
        };
        let all = Region::everything().places[0];
        assert!(all.count_ones() > 3, "an axis of several places");
        let (first, last) = (1 << all.trailing_zeros(), 1 << (Mask::BITS - 1 - all.leading_zeros()));
        let (named, more) = widest(&Region::everything(), &[at(last)], &[at(first)], 5);
        assert_eq!((named, more), (vec![at(all & !last)], 0));
    }

    #[test]
    fn what_another_region_holds_and_what_is_nothing_is_left_out() {
        let (wide, narrow, nothing) = (holding(1, 0), holding(1, 2), holding(4, 4));
        assert_eq!(undominated(vec![narrow, nothing, wide]), [wide]);
        assert_eq!(undominated(vec![nothing]), []);
    }

    #[test]
    fn every_part_that_is_looked_at_counts() {
        let space = Region::everything();
        // Three looks and no more than one part at any time.
        let regions = [holding(1, 0), holding(2, 1), holding(4, 1 | 2)];
        assert!(uncovered(&space, &regions, 4).is_ok());
        assert_eq!(uncovered(&space, &regions, 3), Err(TooMany));
    }

    proptest! {
        #[test]
        fn what_is_left_and_what_was_taken_make_up_the_space(regions in proptest::collection::vec(region(), 0..6), most in 0_usize..4) {
            let space = Region::everything();
            let parts = uncovered(&space, &regions, 100_000).unwrap();
            for (number, part) in parts.iter().enumerate() {
                prop_assert!(!part.is_empty());
                prop_assert!(regions.iter().all(|region| region.is_apart(part)));
                prop_assert!(parts.iter().skip(number + 1).all(|other| other.is_apart(part)));
            }
            let (named, more) = widest(&space, &regions, &parts, most);
            prop_assert!(named.len() <= most);
            for wide in &named {
                prop_assert!(regions.iter().all(|region| region.is_apart(wide)), "a hole touches what is covered");
            }
            let open = parts.iter().filter(|part| !named.iter().any(|wide| wide.contains(part))).count();
            prop_assert_eq!(open == 0, more == 0);
            prop_assert!(more <= open);
            let all: Vec<Region> = regions.iter().chain(&parts).copied().collect();
            prop_assert_eq!(uncovered(&space, &all, 1_000_000).unwrap(), vec![]);
        }
    }

    #[test]
    fn a_search_that_grows_is_given_up() {
        let apart = |number: u32| Region {
            fails: 0b11 << (2 * number),
            ..Region::everything()
        };
        let regions: Vec<Region> = (0..24).map(apart).collect();
        assert_eq!(uncovered(&Region::everything(), &regions, 20_000), Err(TooMany));
        assert_eq!(
            uncovered(&Region::everything(), &regions[..4], 20_000).unwrap().len(),
            16
        );
    }
}
