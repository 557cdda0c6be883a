//! Microsoft's own evaluation (What-If) beside this one: where the two differ, a person has to look.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Asked, subject};
use crate::conditional_access::{
    Application, Axis, ClientType, Flow, InsiderRisk, Platform, Policy, Question, Risk, Situation, State, applies_at,
};
use crate::facts::Facts;
use crate::pack::Pack;
use crate::rules::mfa::by_conditional_access::{Gathered, gather};

/// A sign-in that both are asked about: on Windows, from nowhere in particular, with a device that is not registered and
/// without any risk. Beside that it has a kind of client, and a way in which authentication is handed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    client: ClientType,
    flow: Flow,
}

/// The sign-ins that are asked about: those of a person, those of a program, and the two that are forgotten most.
pub const POINTS: &[Point] = &[
    point(ClientType::Browser, Flow::Direct),
    point(ClientType::MobileAndDesktop, Flow::Direct),
    point(ClientType::Other, Flow::Direct),
    point(ClientType::MobileAndDesktop, Flow::DeviceCode),
];

const fn point(client: ClientType, flow: Flow) -> Point {
    Point { client, flow }
}

impl Point {
    /// The kind of client in Graph's word.
    pub fn client(self) -> &'static str {
        word(ClientType::WORDS, self.client.bit())
    }

    /// The transfer of authentication in Graph's word.
    pub fn transfer(self) -> &'static str {
        match self.flow {
            Flow::Direct => "none",
            flow => word(Flow::WORDS, flow.bit()),
        }
    }

    /// In words.
    pub fn words(self) -> String {
        match self.flow {
            Flow::Direct => self.client().to_owned(),
            _ => format!("{} by {}", self.client(), self.transfer()),
        }
    }

    fn situation(self) -> Situation {
        let mut at = [0; Axis::COUNT];
        for (axis, bit) in [
            (Axis::Client, self.client.bit()),
            (Axis::Platform, Platform::Windows.bit()),
            (Axis::SignInRisk, Risk::None.bit()),
            (Axis::UserRisk, Risk::None.bit()),
            (Axis::InsiderRisk, InsiderRisk::None.bit()),
            (Axis::Flow, self.flow.bit()),
        ] {
            if let Some(slot) = at.get_mut(axis.index()) {
                *slot = bit;
            }
        }
        Situation { at, holds: Vec::new() }
    }
}

fn word(words: &'static [(&'static str, u8)], bit: u8) -> &'static str {
    let found = words.iter().find(|(_, bits)| *bits == bit);
    found.map_or("unknownFutureValue", |(word, _)| word)
}

/// What What-If says of one policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opinion {
    /// Id of the policy.
    pub policy: String,
    /// Whether it applies.
    pub applies: bool,
    /// What stands against it, in Graph's word.
    pub reason: String,
}

/// What came of asking.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SecondOpinion {
    /// The sign-ins that were asked about, in words.
    pub sign_ins: Vec<String>,
    /// How many times both said the same of a policy.
    pub agreed: usize,
    /// How many times one of the two could not tell.
    pub not_comparable: usize,
    /// Where the two differ, in sentences.
    pub disagreements: Vec<String>,
    /// Why it was not asked, or not to the end.
    pub not_asked: Option<String>,
}

impl SecondOpinion {
    /// Takes in what What-If says of every policy at a point.
    pub fn compare(&mut self, facts: &Facts, pack: &Pack, asked: &Asked, point: Point, opinions: &[Opinion]) {
        self.sign_ins.push(point.words());
        let Some(gathered) = gathered(facts, pack, asked) else {
            self.not_comparable += opinions.len();
            return;
        };
        for opinion in opinions {
            let policy = gathered
                .policies
                .iter()
                .find(|policy| policy.id.eq_ignore_ascii_case(&opinion.policy));
            let Some(policy) = policy else {
                self.disagreements.push(format!(
                    "{}: What-If knows a policy {} that was not listed",
                    point.words(),
                    opinion.policy
                ));
                continue;
            };
            match ours(&gathered, policy, point) {
                // Of a policy in report-only it says what it would do.
                _ if policy.state == State::Disabled => {}
                Some(_) if opinion.reason == "notEnoughInformation" => self.not_comparable += 1,
                None => self.not_comparable += 1,
                Some(applies) if applies == opinion.applies => self.agreed += 1,
                Some(applies) => self
                    .disagreements
                    .push(differs(policy, point, applies, &opinion.reason)),
            }
        }
    }
}

fn differs(policy: &Policy, point: Point, applies: bool, reason: &str) -> String {
    let sign_in = point.words();
    match applies {
        true => format!(
            "{}: What-If says that it does not apply with {sign_in} ({reason}), by what is said here it does",
            policy.name
        ),
        false => format!(
            "{}: What-If says that it applies with {sign_in}, by what is said here it does not",
            policy.name
        ),
    }
}

fn gathered(facts: &Facts, pack: &Pack, asked: &Asked) -> Option<Gathered> {
    let subject = subject(facts, pack, asked).ok()?;
    let account = subject.person().account.value().ok()?.as_ref()?;
    gather(&subject, account).ok()
}

/// What the evaluation here says; `None` where the point does not say enough: where it comes from as places go, and what
/// its device is.
fn ours(gathered: &Gathered, policy: &Policy, point: Point) -> Option<bool> {
    let question = Question {
        subject: &gathered.signer,
        application: Application {
            id: gathered.application,
            in_tenant: *gathered.in_tenant.as_ref().ok()?,
        },
        places: &[],
        every_sign_in: false,
    };
    let conditions = &policy.conditions;
    let places = conditions.locations.as_ref();
    let names_places = places.is_some_and(|places| !places.include.ids.is_empty() || !places.exclude.ids.is_empty());
    let applies = applies_at(policy, &question, &point.situation())?;
    let depends = names_places || conditions.device_filter.is_some() || !conditions.excluded_device_states.is_empty();
    (!depends).then_some(applies)
}
