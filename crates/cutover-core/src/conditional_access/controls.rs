//! Grant and session controls read from Graph's JSON.

use super::policy::{Control, Grant, Session};
use super::taken::Taken;

/// Built-in authentication strengths, each of which only combinations of two factors satisfy (Microsoft Graph,
/// `authenticationStrengthPolicy`).
const BUILT_IN_STRENGTHS: &[&str] = &[
    "00000000-0000-0000-0000-000000000002",
    "00000000-0000-0000-0000-000000000003",
    "00000000-0000-0000-0000-000000000004",
];

/// Single combinations that are two factors by themselves; the others need a comma (`password,sms`), except those that
/// are one factor only.
const TWO_FACTORS: &[&str] = &[
    "windowsHelloForBusiness",
    "fido2",
    "x509CertificateMultiFactor",
    "deviceBasedPush",
    "temporaryAccessPassOneTime",
    "temporaryAccessPassMultiUse",
    "federatedMultiFactor",
];

pub(super) fn grant(controls: &mut Taken) -> Grant {
    let operator = controls.text("operator");
    let mut all: Vec<Control> = Vec::new();
    for word in controls.texts("builtInControls") {
        all.push(match word.as_str() {
            "block" => Control::Block,
            "mfa" => Control::Mfa,
            _ => Control::Other(word),
        });
    }
    for factor in controls.texts("customAuthenticationFactors") {
        all.push(Control::Other(format!("custom factor {factor}")));
    }
    for terms in controls.texts("termsOfUse") {
        all.push(Control::Other(format!("terms of use {terms}")));
    }
    let mut strength = controls.object("authenticationStrength");
    if !strength.is_empty() {
        all.push(read_strength(&mut strength));
    }
    let mut left = Vec::new();
    // An operator of tomorrow could mean anything, so that MFA is never the only way through it.
    if let Some(odd) = operator.as_deref().filter(|word| !["AND", "OR"].contains(word)) {
        left.push(format!("operator {odd}"));
    }
    controls.rest("grantControls", &mut left);
    all.extend(left.into_iter().map(Control::Other));
    Grant {
        all: operator.as_deref() == Some("AND"),
        controls: all,
    }
}

fn read_strength(strength: &mut Taken) -> Control {
    let id = strength.text("id").unwrap_or_default();
    let name = strength.text("displayName").unwrap_or_else(|| format!("strength {id}"));
    let combinations = strength.texts("allowedCombinations");
    let two_factors = |combination: &String| combination.contains(',') || TWO_FACTORS.contains(&combination.as_str());
    let is_mfa = match strength.text("requirementsSatisfied").as_deref() {
        // Somebody's own strength may allow a combination of one factor; what it allows outweighs what it is called.
        Some("mfa") => combinations.iter().all(two_factors),
        Some(_) => false,
        None if combinations.is_empty() => BUILT_IN_STRENGTHS.contains(&id.as_str()),
        None => combinations.iter().all(two_factors),
    };
    if is_mfa {
        Control::MfaStrength(name)
    } else {
        Control::Other(format!("authentication strength {name}"))
    }
}

pub(super) fn session(controls: &mut Taken) -> Session {
    let mut frequency = controls.object("signInFrequency");
    let enabled = frequency.flag("isEnabled") == Some(true);
    let every_time = enabled && frequency.is_text("frequencyInterval", "everyTime");
    if every_time {
        frequency.drop("frequencyInterval");
    }
    let span = match (frequency.number("value"), frequency.text("type")) {
        (Some(value), Some(unit)) => Some(format!("{value} {unit}")),
        (value, unit) => value.map(|value| value.to_string()).or(unit),
    };
    let mut other = Vec::new();
    frequency.rest("sessionControls.signInFrequency", &mut other);
    controls.rest("sessionControls", &mut other);
    Session {
        every_time,
        frequency: match (every_time, enabled) {
            (true, _) => Some("every time".to_owned()),
            (false, true) => span,
            (false, false) => None,
        },
        other,
    }
}
