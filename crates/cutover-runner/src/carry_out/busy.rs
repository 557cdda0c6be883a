//! One thing at a time: an environment that is busy with a change for everybody.

use cutover_clients::Refused;
use jiff::SignedDuration;

use super::ensure::Meaning;
use super::site::Site;

/// `SolutionConcurrencyFailure`: something else that concerns everybody runs (contracts, section 7.4).
const BUSY: &str = "0x80071151";
const FREE_AGAIN: SignedDuration = SignedDuration::from_mins(5);

/// What a refusal means: later, when it is for that.
pub(super) fn meaning(site: &Site, refused: &Refused) -> Meaning {
    if !refused.is(BUSY) {
        return Meaning::AsUsual;
    }
    let why = "the environment is busy with an import, a publish, a removal or a language";
    Meaning::Later(why.to_owned(), site.after(FREE_AGAIN))
}
