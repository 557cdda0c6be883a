//! Ids of requests that are the same in every run.

use std::collections::HashMap;

use uuid::Uuid;

/// Kinds of requests that are counted at most, so that an emulator that stands for long does not grow.
const MOST_KINDS: usize = 100_000;

/// How many requests of one kind came so far, by the name-based id of the kind.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    by_kind: HashMap<Uuid, u64>,
    /// How often the counts began anew, because there were too many kinds to remember.
    generation: u64,
}

impl Counts {
    /// The id of the next request of a kind.
    pub(crate) fn next(&mut self, kind: Uuid) -> Uuid {
        if self.by_kind.len() == MOST_KINDS && !self.by_kind.contains_key(&kind) {
            self.by_kind.clear();
            self.generation = self.generation.saturating_add(1);
        }
        let count = self.by_kind.entry(kind).or_default();
        *count = count.saturating_add(1);
        let id = Uuid::new_v5(&kind, &count.to_be_bytes());
        match self.generation {
            0 => id,
            later => Uuid::new_v5(&id, &later.to_be_bytes()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_stay_different_when_the_counts_begin_anew() {
        let mut counts = Counts::default();
        let kind = |number: u128| Uuid::from_u128(number);
        let first = counts.next(kind(0));
        let mut ids: std::collections::HashSet<Uuid> =
            (1..MOST_KINDS as u128).map(|it| counts.next(kind(it))).collect();
        assert_ne!(first, counts.next(kind(0)), "the second of its kind");
        ids.insert(first);
        assert!(ids.insert(counts.next(kind(MOST_KINDS as u128))));
        assert!(
            ids.insert(counts.next(kind(0))),
            "the first of its kind again, with an id of its own"
        );
        assert_eq!(counts.by_kind.len(), 2);
    }
}
