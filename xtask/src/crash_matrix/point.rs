//! Where the program is killed, and what disturbs it there.

use std::collections::HashMap;
use std::fmt;

use serde_json::{Value, json};

use super::place::{Request, Undisturbed};

/// A moment at which the program is killed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Point {
    /// At a place of its own, as `name:turn`.
    Place(String),
    /// While a request, counted from 0, has not had its effect yet.
    Before(usize, Request),
    /// When it had its effect, and its answer was not heard.
    After(usize, Request),
    /// After a request was disturbed, when the next one begins.
    Disturbed(usize, Request, Disturbance),
}

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Disturbance {
    /// It has its effect, and the answer is lost.
    AnswerLost,
    /// The connection breaks before it has an effect.
    Dropped,
    /// 429, with a time to wait.
    Throttled,
    /// 503, without an effect.
    Unavailable,
    /// 401: the token has expired.
    TokenExpired,
}

const DISTURBANCES: [Disturbance; 5] = [
    Disturbance::AnswerLost,
    Disturbance::Dropped,
    Disturbance::Throttled,
    Disturbance::Unavailable,
    Disturbance::TokenExpired,
];

impl Point {
    /// Every point of a run. Polls that follow one another and ask the same collapse to the first and the last of them.
    pub(super) fn all(run: &Undisturbed) -> Vec<Self> {
        let mut points: Vec<Self> = run.places.iter().cloned().map(Self::Place).collect();
        for (number, request) in distinct(&run.requests) {
            points.push(Self::Before(number, request.clone()));
            points.push(Self::After(number, request.clone()));
            let disturbed = DISTURBANCES.map(|disturbance| Self::Disturbed(number, request.clone(), disturbance));
            points.extend(disturbed);
        }
        points
    }

    /// The request that it is killed around; `None` at a place of the program's own.
    pub(super) fn request(&self) -> Option<&Request> {
        match self {
            Self::Place(_) => None,
            Self::Before(_, request) | Self::After(_, request) | Self::Disturbed(_, request, _) => Some(request),
        }
    }

    /// What the emulator is told: the disturbance, and where it holds the program for the kill.
    pub(super) fn faults(&self) -> Value {
        let one = |kind: &str, skip: usize| json!({"kind": kind, "strikes": "requests", "skip": skip, "count": 1});
        match self {
            Self::Place(_) => json!([]),
            Self::Before(number, _) => json!([one("hold-before", *number)]),
            Self::After(number, _) => json!([one("hold-after", *number)]),
            Self::Disturbed(number, _, disturbance) => {
                let mut fault = match disturbance {
                    Disturbance::AnswerLost => one("drop-after", *number),
                    Disturbance::Dropped => one("drop-before", *number),
                    Disturbance::Throttled => one("throttle", *number),
                    Disturbance::Unavailable => one("error", *number),
                    Disturbance::TokenExpired => one("token-expired", *number),
                };
                if *disturbance == Disturbance::Throttled {
                    fault["retry_after"] = json!("7");
                }
                json!([fault, one("hold-before", number + 1)])
            }
        }
    }
}

/// The first and the last of all requests that ask the same, with their numbers.
fn distinct(requests: &[Request]) -> Vec<(usize, &Request)> {
    let mut last: HashMap<(&str, &str), usize> = HashMap::new();
    for (number, request) in requests.iter().enumerate() {
        last.insert((&request.method, &request.target), number);
    }
    let mut seen: Vec<(&str, &str)> = Vec::new();
    let mut chosen = Vec::new();
    for (number, request) in requests.iter().enumerate() {
        let key = (request.method.as_str(), request.target.as_str());
        // What writes is never a poll.
        if request.method != "GET" || !seen.contains(&key) || last.get(&key) == Some(&number) {
            chosen.push((number, request));
        }
        seen.push(key);
    }
    chosen
}

impl fmt::Display for Point {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Place(name) => write!(out, "at {name}"),
            Self::Before(number, Request { method, target }) => {
                write!(out, "before request {number}, {method} {target}")
            }
            Self::After(number, Request { method, target }) => write!(out, "after request {number}, {method} {target}"),
            Self::Disturbed(number, Request { method, target }, disturbance) => {
                write!(out, "after {disturbance:?} of request {number}, {method} {target}")
            }
        }
    }
}
