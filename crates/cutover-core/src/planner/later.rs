//! What the upgrade will borrow and do, told in the notes: nothing of it is lent for a plan that does not install anything.

use super::Case;
use super::draft::Draft;
use super::licence::Seat;
use crate::code::Code;
use crate::scene::Principal;
use crate::verdict::Verdict;

/// Who needs a licence for the time of the upgrade.
const LICENCES: [u16; 2] = [2, 201];

pub(crate) fn tell(case: &Case<'_>, draft: &mut Draft) {
    // What serves several requirements is borrowed once.
    let mut borrowed: Vec<(String, Vec<String>)> = Vec::new();
    let mut due: Vec<(&str, Vec<String>)> = Vec::new();
    for finding in case.findings {
        if !case.decisions.selection.takes(finding.code()) {
            continue;
        }
        let code = finding.code().to_string();
        match finding.verdict() {
            Verdict::Loan(loan) => {
                let needs = match loan.needs.as_slice() {
                    [] => String::new(),
                    needs => format!("; needs {}", needs.join(", ")),
                };
                let what = format!("{}, by {}{needs}{}", loan.how, loan.by, seat(case, finding.code()));
                gather(&mut borrowed, what, code);
            }
            Verdict::Due(when) => gather(&mut due, when.as_str(), code),
            _ => {}
        }
    }
    for (what, codes) in borrowed {
        draft.note(format!("the upgrade will borrow, for {}: {what}", codes.join(" and ")));
    }
    for (when, codes) in due {
        let verb = if codes.len() == 1 { "is" } else { "are" };
        draft.note(format!("{} {verb} due {when}", codes.join(", ")));
    }
}

fn gather<T: PartialEq>(all: &mut Vec<(T, Vec<String>)>, what: T, code: String) {
    match all.iter_mut().find(|(known, _)| *known == what) {
        Some((_, codes)) => codes.push(code),
        None => all.push((what, vec![code])),
    }
}

/// Which seat a borrowed licence takes, and what goes with it.
fn seat(case: &Case<'_>, code: Code) -> String {
    if !LICENCES.iter().any(|number| Code::new(*number) == code) {
        return String::new();
    }
    let scene = &case.facts.scene;
    let who: &Principal = if code == Code::new(2) {
        &scene.caller
    } else {
        &scene.borrower
    };
    match Seat::of(case, who) {
        Ok(seat) => {
            let swap = match seat.licence.instead_of.len() {
                0 => "",
                _ => "; Team Members goes in the same call and comes back with its return",
            };
            let location = seat
                .location
                .map(|location| format!("; usage location {} first", location.country));
            format!(
                "; {} of {} free{swap}{}",
                seat.free,
                seat.licence.name,
                location.unwrap_or_default()
            )
        }
        Err(obstacle) => {
            let unless = obstacle.unless.map(|unless| format!(" (unless: {unless})"));
            format!("; but {}{}", obstacle.why, unless.unwrap_or_default())
        }
    }
}
