//! What all findings say together; waivers; selection; packs.

use cutover_core::facts::Reason;
use cutover_core::facts::principal::SignInLog;
use cutover_core::judge::{Readiness, Selection};
use cutover_core::waiver::Waiver;
use cutover_core::{Code, Facts, Pack, judge, readiness};

use crate::fixture::{admin_of, all, blind, known, now, ready, service_of};

#[test]
fn readiness_follows_the_gravest_finding() {
    type Change = fn(&mut Facts);
    let cases: &[(&str, Change, Readiness)] = &[
        ("loans and dues", |_| {}, Readiness::Ready { warnings: true }),
        (
            "one with a remedy",
            |facts| service_of(facts).profiles = known(vec![]),
            Readiness::RemediesExist,
        ),
        (
            "one with a remedy, one for a person",
            |facts| {
                service_of(facts).profiles = known(vec![]);
                service_of(facts).methods = known(vec![]);
            },
            Readiness::PersonMustAct,
        ),
        (
            "one for a person, one blind",
            |facts| {
                service_of(facts).methods = known(vec![]);
                facts.environment.languages = blind(Reason::Unreachable);
            },
            Readiness::Undecided,
        ),
        // W503 is advice: neither its absence nor its blindness keeps a tenant from being ready.
        (
            "an advisory one missing",
            |facts| service_of(facts).sign_ins = known(SignInLog::default()),
            Readiness::Ready { warnings: true },
        ),
        (
            "an advisory one blind",
            |facts| service_of(facts).sign_ins = blind(Reason::MissingLicence),
            Readiness::Ready { warnings: true },
        ),
    ];
    for (what, change, expected) in cases {
        let mut facts = ready();
        change(&mut facts);
        assert_eq!(readiness(&all(&facts, &[])), *expected, "{what}");
    }
}

#[test]
fn only_what_is_met_without_a_word_is_ready_without_warnings() {
    let (plain, loud): (Vec<_>, Vec<_>) = all(&ready(), &[])
        .into_iter()
        .partition(|finding| finding.warnings().is_empty() && finding.verdict().permits_ready());
    assert!(!plain.is_empty() && !loud.is_empty());
    assert_eq!(readiness(&plain), Readiness::Ready { warnings: false });
    for finding in loud {
        let what = format!("{finding:?}");
        let with_one = [plain.as_slice(), &[finding]].concat();
        assert_eq!(readiness(&with_one), Readiness::Ready { warnings: true }, "{what}");
    }
}

fn waiver(until: &str) -> Waiver {
    Waiver {
        code: Code::new(701),
        reason: "French only".into(),
        by: "Bob".into(),
        until: until.parse().unwrap(),
    }
}

#[test]
fn a_waiver_holds_through_its_last_day() {
    let mut facts = ready();
    facts.environment.languages = known(vec![1036]);
    for (until, verdict) in [
        ("2026-11-23", "waived"),
        ("2027-01-01", "waived"),
        ("2026-11-22", "missing"),
    ] {
        let findings = all(&facts, &[waiver(until)]);
        let finding = findings
            .iter()
            .find(|finding| finding.code() == Code::new(701))
            .unwrap();
        assert_eq!(finding.verdict().name(), verdict, "until {until}");
        assert_eq!(finding.blocks(), verdict == "missing");
        let ended = finding
            .warnings()
            .iter()
            .any(|warning| warning.contains("ended on 2026-11-22"));
        assert_eq!(ended, verdict == "missing", "an ended waiver is said: {finding:?}");
    }
    // What holds anyway is not waived.
    let findings = all(&ready(), &[waiver("2027-01-01")]);
    let finding = findings
        .iter()
        .find(|finding| finding.code() == Code::new(701))
        .unwrap();
    assert_eq!(finding.verdict().name(), "met");
    // Nor is the end of a waiver a warning where nothing is left to waive.
    let findings = all(&ready(), &[waiver("2026-11-22")]);
    let finding = findings
        .iter()
        .find(|finding| finding.code() == Code::new(701))
        .unwrap();
    assert!(finding.warnings().is_empty(), "{finding:?}");
}

#[test]
fn only_and_skip_choose() {
    let pack = Pack::work365().unwrap();
    let codes = |selection: &Selection| -> Vec<String> {
        judge(&ready(), &pack, &[], selection, now())
            .iter()
            .map(|finding| finding.code().to_string())
            .collect()
    };
    let only = Selection {
        only: vec![Code::new(701), Code::new(101)],
        skip: vec![],
    };
    assert_eq!(codes(&only), ["W101", "W701"], "in the pack's order");
    let skip = Selection {
        only: vec![Code::new(701), Code::new(101)],
        skip: vec![Code::new(101)],
    };
    assert_eq!(codes(&skip), ["W701"]);
    assert_eq!(codes(&Selection::default()).len(), pack.requirement.len());
}

#[test]
fn the_pack_names_every_check_and_no_other() {
    let pack = Pack::work365().unwrap();
    let in_pack: Vec<Code> = pack.requirement.iter().map(|requirement| requirement.code).collect();
    let checks: Vec<Code> = cutover_core::checks::ALL.iter().map(|check| check.code).collect();
    assert_eq!(in_pack, checks);
    for check in cutover_core::checks::ALL {
        for part in ["# Why", "# Evidence", "# By hand"] {
            assert!(check.page.contains(part), "{} lacks {part}", check.code);
        }
    }
}

#[test]
fn a_wrong_pack_is_refused_with_the_reason() {
    let text = include_str!("../../../../packs/work365.toml");
    let cases = [
        (text.replacen("format = 1", "format = 2", 1), "format 2"),
        (text.replacen("code = \"W001\"", "code = \"W999\"", 1), "W999"),
        (text.replacen("code = \"W002\"", "code = \"W001\"", 1), "W001 twice"),
        (
            text.replacen("severity = \"required\"", "severity = \"grave\"", 1),
            "unknown variant",
        ),
        (text.replacen("newest = ", "oldest = ", 1), "unknown field"),
        (text.replacen("[region.us]", "[region.uk]", 1), "region.us"),
        (
            text.replacen("partner_roles = \"admin-agent\"", "partner_roles = \"admin\"", 1),
            "`admin`",
        ),
    ];
    let has_check = |code| cutover_core::checks::find(code).is_some();
    assert!(Pack::from_toml(text, has_check).is_ok());
    for (text, says) in cases {
        let error = Pack::from_toml(&text, has_check).unwrap_err().to_string();
        assert!(error.contains(says), "{error:?} does not say {says:?}");
    }
}

#[test]
fn a_requirement_holds_from_one_version_to_below_another() {
    let mut pack = Pack::work365().unwrap();
    let requirement = pack
        .requirement
        .iter_mut()
        .find(|one| one.code == Code::new(701))
        .unwrap();
    requirement.applies.since = Some("4.2".parse().unwrap());
    requirement.applies.until = Some("4.8".parse().unwrap());
    let cases = [
        (
            "4.1.9.9",
            "not applicable",
            "it holds from version 4.2 on, and the target is 4.1.9.9",
        ),
        ("4.2", "met", ""),
        ("4.7.9.9", "met", ""),
        (
            "4.8",
            "not applicable",
            "it holds below version 4.8, and the target is 4.8",
        ),
        ("4.8.0.1", "not applicable", "it holds below version 4.8"),
    ];
    for (target, verdict, says) in cases {
        let mut facts = ready();
        facts.scene.target = Some(target.parse().unwrap());
        let findings = judge(&facts, &pack, &[], &Selection::default(), now());
        let finding = findings
            .iter()
            .find(|finding| finding.code() == Code::new(701))
            .unwrap();
        assert_eq!(finding.verdict().name(), verdict, "target {target}: {finding:?}");
        assert!(
            finding.sentence().contains(says),
            "target {target}: {}",
            finding.sentence()
        );
    }
}

#[test]
fn several_administrators_are_never_asked_to_be_one() {
    // Caller and borrower may be two people; each is judged by itself.
    let mut facts = ready();
    let other = cutover_core::scene::Principal::user("caller@contoso.example");
    let mut caller = admin_of(&mut facts).clone();
    caller.security_roles = known(vec![crate::fixture::system_administrator()]);
    facts.scene.caller = other.clone();
    facts.principals.insert(other, caller);
    assert_eq!(crate::fixture::finding(&facts, 1).verdict().name(), "met");
    assert_eq!(crate::fixture::finding(&facts, 102).verdict().name(), "loan");
}
