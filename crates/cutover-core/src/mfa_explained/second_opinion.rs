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
    /// Why, each policy and reason once.
    pub why_not_comparable: Vec<String>,
    /// Where the two differ, in sentences.
    pub disagreements: Vec<String>,
    /// Why it was not asked, or not to the end.
    pub not_asked: Option<String>,
}

impl Opinion {
    fn is_of(&self, policy: &Policy) -> bool {
        policy.id.eq_ignore_ascii_case(&self.policy)
    }
}

impl SecondOpinion {
    /// Takes in what What-If says of every policy at a point.
    pub fn compare(&mut self, facts: &Facts, pack: &Pack, asked: &Asked, point: Point, opinions: &[Opinion]) {
        self.sign_ins.push(point.words());
        let Some(gathered) = gathered(facts, pack, asked) else {
            self.not_comparable += opinions.len();
            self.say_once("what policies know the account by could not be read".to_owned());
            return;
        };
        for opinion in opinions {
            let found = gathered.policies.iter().find(|policy| opinion.is_of(policy));
            match found {
                Some(policy) => self.compare_one(&gathered, policy, point, opinion),
                None => self.disagreements.push(format!(
                    "{}: What-If knows a policy {} that was not listed",
                    point.words(),
                    opinion.policy
                )),
            }
        }
        let left_out = |policy: &&Policy| !opinions.iter().any(|opinion| opinion.is_of(policy));
        for policy in gathered.policies.iter().filter(left_out) {
            self.left_out(&gathered, policy, point);
        }
    }

    fn compare_one(&mut self, gathered: &Gathered, policy: &Policy, point: Point, opinion: &Opinion) {
        // Of a policy in report-only it says what it would do.
        if policy.state == State::Disabled {
            return;
        }
        match ours(gathered, policy, point) {
            Ok(_) if opinion.reason == "notEnoughInformation" => {
                self.cannot_compare(policy, "What-If says that it has not enough information");
            }
            Err(why) => self.cannot_compare(policy, why),
            Ok(applies) if applies == opinion.applies => self.agreed += 1,
            Ok(applies) => self
                .disagreements
                .push(differs(policy, point, applies, &opinion.reason)),
        }
    }

    /// A policy that What-If says nothing of, although it is asked for those that do not apply, too.
    fn left_out(&mut self, gathered: &Gathered, policy: &Policy, point: Point) {
        if !matches!(policy.state, State::Enabled | State::ReportOnly) {
            return;
        }
        match ours(gathered, policy, point) {
            Ok(true) => self.disagreements.push(format!(
                "{}: What-If does not list it with {}, by what is said here it applies",
                policy.name,
                point.words()
            )),
            Ok(false) => self.cannot_compare(
                policy,
                "What-If does not list it, and by what is said here it does not apply",
            ),
            Err(why) => self.cannot_compare(policy, why),
        }
    }

    fn cannot_compare(&mut self, policy: &Policy, why: &str) {
        self.not_comparable += 1;
        self.say_once(format!("{}: {why}", policy.name));
    }

    fn say_once(&mut self, why: String) {
        if !self.why_not_comparable.contains(&why) {
            self.why_not_comparable.push(why);
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

/// What the evaluation here says; why not, where the point does not say enough: where it comes from as places go, and what
/// its device is.
fn ours(gathered: &Gathered, policy: &Policy, point: Point) -> Result<bool, &'static str> {
    let in_tenant = gathered.in_tenant.as_ref();
    let question = Question {
        subject: &gathered.signer,
        application: Application {
            id: gathered.application,
            in_tenant: *in_tenant.map_err(|_| "whether the application has a service principal is not known here")?,
        },
        places: &[],
        every_sign_in: false,
    };
    let conditions = &policy.conditions;
    let applies = applies_at(policy, &question, &point.situation())
        .ok_or("whether it means this account and application cannot be told here")?;
    let places = conditions.locations.as_ref();
    if places.is_some_and(|places| !places.include.ids.is_empty() || !places.exclude.ids.is_empty()) {
        return Err("it names places, and the sign-in asked about is from none that is known");
    }
    if conditions.device_filter.is_some() || !conditions.excluded_device_states.is_empty() {
        return Err("it depends on the device, of which the sign-in asked about says nothing");
    }
    Ok(applies)
}
