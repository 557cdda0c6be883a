//! Which Work 365 solutions are installed. Their unique names are not documented, so they are found by publisher.

use crate::facts::environment::Solution;
use crate::facts::{Blind, Calls, Facts};
use crate::pack::Pack;
use crate::version::Version;

/// What a two-step upgrade appends to the unique name of its holding solution.
pub const HOLDING_SUFFIX: &str = "_Upgrade";

/// The product's solutions in an environment.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Installed<'a> {
    /// The core solution.
    pub core: Option<&'a Solution>,
    /// The portal solution.
    pub portal: Option<&'a Solution>,
    /// Holding solutions that an unfinished upgrade left.
    pub holding: Vec<&'a Solution>,
    /// Further solutions of the publisher, of which none is clearly the core, or not the one that was named.
    pub candidates: Vec<&'a Solution>,
}

impl<'a> Installed<'a> {
    /// Sorts the publisher's solutions.
    ///
    /// # Errors
    /// When the solutions could not be read.
    pub fn of(facts: &'a Facts, pack: &Pack) -> Result<(Self, &'a Calls), &'a Blind> {
        let (solutions, calls) = facts.environment.solutions.read()?;
        let mut installed = Self::default();
        let portal_marker = pack.names.portal_marker.to_lowercase();
        let is_portal = |solution: &Solution| {
            solution.unique_name.to_lowercase().contains(&portal_marker)
                || solution.friendly_name.to_lowercase().contains(&portal_marker)
        };
        let named = facts.scene.core_solution.as_deref();
        let mut others = Vec::new();
        // A patch changes its parent and has no line of versions of its own.
        for solution in solutions.iter().filter(|solution| !solution.patch) {
            if solution.unique_name.ends_with(HOLDING_SUFFIX) {
                installed.holding.push(solution);
            } else if named.is_some_and(|name| name.eq_ignore_ascii_case(&solution.unique_name)) {
                installed.core = Some(solution);
            } else if is_portal(solution) {
                installed.portal = installed.portal.or(Some(solution));
            } else {
                others.push(solution);
            }
        }
        if installed.core.is_none() && named.is_none() {
            let by_word = |word: &str| {
                let mut hits = others.iter().filter(|solution| {
                    solution.unique_name.to_lowercase().contains(word)
                        || solution.friendly_name.to_lowercase().contains(word)
                });
                hits.next().copied().filter(|_| hits.next().is_none())
            };
            installed.core = match others.as_slice() {
                [only] => Some(only),
                _ => by_word("core"),
            };
        }
        if installed.core.is_none() {
            installed.candidates = others;
        }
        Ok((installed, calls))
    }

    /// Whether nothing of the product is there at all.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Version of the core.
    pub fn core_version(&self) -> Option<Version> {
        self.core.map(|core| core.version)
    }

    /// Whether it is known which version is installed; that none is installed is known as well.
    pub fn is_clear(&self) -> bool {
        self.core.is_some() || self.candidates.is_empty()
    }

    /// As a person reads it: `core 4.6.0.35, portal 4.6.0.13`.
    pub fn words(&self) -> String {
        let core = match self.core {
            Some(core) => format!("core {}", core.version),
            None if self.is_clear() => "no core".to_owned(),
            None => "core not clear".to_owned(),
        };
        match self.portal {
            Some(portal) => format!("{core}, portal {}", portal.version),
            None => format!("{core}, no portal"),
        }
    }
}
