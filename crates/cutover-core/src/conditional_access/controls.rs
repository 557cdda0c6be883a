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

/// Factors that are two by themselves; the others need one beside them (`password,sms`).
const TWO_FACTORS: &[&str] = &[
    "windowsHelloForBusiness",
    "fido2",
    "x509CertificateMultiFactor",
    "deviceBasedPush",
    "temporaryAccessPassOneTime",
    "temporaryAccessPassMultiUse",
    "federatedMultiFactor",
];

/// Factors that need another one beside them (Microsoft Graph, `authenticationMethodModes`).
const ONE_FACTOR: &[&str] = &[
    "password",
    "voice",
    "hardwareOath",
    "softwareOath",
    "sms",
    "microsoftAuthenticatorPush",
    "email",
    "x509CertificateSingleFactor",
    "federatedSingleFactor",
    "qrCodePin",
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
    let named = strength.text("displayName");
    let name = named.clone().unwrap_or_else(|| format!("strength {id}"));
    let combinations = strength.texts("allowedCombinations");
    let known = |factor: &str| ONE_FACTOR.contains(&factor) || TWO_FACTORS.contains(&factor);
    let two_factors = |combination: &String| {
        let factors: Vec<&str> = combination.split(',').map(str::trim).collect();
        match factors.as_slice() {
            [one] => TWO_FACTORS.contains(one),
            several => several.iter().all(|factor| known(factor)),
        }
    };
    let satisfies = strength.text("requirementsSatisfied");
    if satisfies.is_none() && combinations.is_empty() && !BUILT_IN_STRENGTHS.contains(&id.as_str()) {
        return Control::UnreadStrength(named.unwrap_or(id));
    }
    // Somebody's own strength may allow a combination of one factor; what it allows outweighs what it is called. A built-in
    // one by its id alone allows nothing but what Microsoft says.
    if satisfies.is_none_or(|what| what == "mfa") && combinations.iter().all(two_factors) {
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
