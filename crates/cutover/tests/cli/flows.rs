//! Commands that build on each other, and what holds for every command.

use std::io::Read;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::bad_input::SOUND;
use crate::plan::without_digest;
use crate::program::{Place, Run, all_match, note_of_world, portable, worlds};

/// The codes of all requirements, as the program lists them.
fn codes() -> Vec<String> {
    let list = Place::new().run("explain").ended(0).stdout;
    let codes: Vec<String> = list
        .lines()
        .map(|line| line.split_whitespace().next().unwrap().to_owned())
        .collect();
    assert!(codes.len() >= 19, "{list}");
    codes
}

fn finding(run: &Run, code: &str) -> Value {
    let report = run.json();
    let mut findings = report["findings"].as_array().unwrap().iter();
    findings.find(|finding| finding["code"] == code).unwrap().clone()
}

#[test]
fn judging_kept_facts_says_what_the_check_said() {
    for world in [
        "ready",
        "nothing-ready",
        "restricted-caller",
        "consent-accepted",
        "hostile-names",
        "application-user",
    ] {
        let checked = Place::new().run(&format!("check --world {world} -o json"));
        let place = Place::new();
        let kept = place.run(&format!("facts --world {world} -o facts.json")).ended(0);
        assert!(
            kept.stdout.is_empty() && kept.stderr.contains("wrote facts.json ("),
            "{}",
            kept.stderr
        );
        let judged = place.run("judge facts.json -o json").ended(checked.code);
        assert_eq!(judged.stdout, checked.stdout, "{world}");
        assert_eq!(judged.stderr, "", "{world}: judging is offline, it opens nothing");
        // On a terminal names are shown harmless, so the text may differ; what it says does not.
        let printed = Place::new().run(&format!("facts --world {world} -o -")).ended(0);
        let kept: Value = serde_json::from_str(&place.read("facts.json")).unwrap();
        assert!(
            printed.json() == kept,
            "{world}: the printed facts differ from the kept ones"
        );
    }
}

#[test]
fn the_time_decides_over_a_sign_in_and_over_a_waiver() {
    let place = Place::new();
    place.run("facts --world ready -o facts.json").ended(0);
    let judge = |further: &str| place.run(&format!("judge facts.json -o json {further}"));
    let now = judge("");
    assert_eq!(finding(&now, "W503")["warnings"], serde_json::json!([]));
    let later = judge("--at 2027-01-31T12:00:00Z").ended(0);
    let warnings = finding(&later, "W503")["warnings"].to_string();
    assert!(
        warnings.contains("longer ago than 30 days"),
        "the sign-in is of 2026-11-21: {warnings}"
    );
    assert_eq!(later.verdicts(), now.verdicts());

    let waiver = "\n[[waiver]]\ncode = \"W401\"\nreason = \"columns are not used here\"\nby = \"ann@contoso.com\"\nuntil = \"2026-12-31\"\n";
    let place = Place::new();
    place.run("facts --world no-profile -o facts.json").ended(0);
    place.write("cutover.toml", format!("{SOUND}{waiver}"));
    let judge = |further: &str| place.run(&format!("judge facts.json -o json {further}"));
    let waived = judge("").ended(0);
    assert_eq!(waived.verdict("W401"), "waived");
    assert_eq!(finding(&waived, "W401")["waiver"]["by"], "ann@contoso.com");
    assert_eq!(finding(&waived, "W401")["waiver"]["instead_of"], "missing");
    let last_day = judge("--at 2026-12-31T23:59:59Z").ended(0);
    assert_eq!(last_day.verdict("W401"), "waived");
    let ended = judge("--at 2027-01-01T00:00:00Z").ended(3);
    assert_eq!(ended.verdict("W401"), "missing");
    let warnings = finding(&ended, "W401")["warnings"].to_string();
    assert!(
        warnings.contains("a waiver by ann@contoso.com ended on 2026-12-31"),
        "{warnings}"
    );
    // Without the configuration nobody waives anything.
    let elsewhere = Place::new();
    elsewhere.write("facts.json", place.read("facts.json"));
    assert_eq!(
        elsewhere.run("judge facts.json -o json").ended(3).verdict("W401"),
        "missing"
    );
}

#[test]
fn another_pack_judges_otherwise() {
    let place = Place::new();
    place.run("facts --world ready -o facts.json").ended(0);
    let pack = include_str!("../../../../packs/work365.toml");
    let stricter = pack.replacen("mfa = \"demanded\"", "mfa = \"every-sign-in\"", 1);
    assert_ne!(stricter, pack);
    place.write("same.toml", pack).write("stricter.toml", stricter);
    let own = place.run("judge facts.json -o json").ended(0);
    assert_eq!(
        place.run("judge facts.json -o json --pack same.toml").stdout,
        own.stdout
    );
    let other = place.run("judge facts.json -o json --pack stricter.toml");
    let differing: Vec<&str> = own
        .verdicts()
        .iter()
        .zip(&other.verdicts())
        .filter(|(own, other)| own != other)
        .map(|((code, _), _)| if code == "W502" { "W502" } else { "another" })
        .collect();
    assert_eq!(
        differing,
        ["W502"],
        "per-user MFA is remembered for days, so it is not every sign-in"
    );
    // The same wish in the configuration of the tenant.
    place.write(
        "cutover.toml",
        format!("{SOUND}\n[settings]\nmfa = \"every-sign-in\"\n"),
    );
    assert_eq!(place.run("judge facts.json -o json").verdicts(), other.verdicts());
}

#[test]
fn a_confirmation_counts_for_its_version_and_in_its_folder() {
    let place = Place::new();
    let check = |place: &Place| place.run("check --world upgraded -o json");
    assert_eq!(check(&place).verdict("W104"), "by hand");
    let attest = |place: &Place, version: &str| {
        place.run_with(
            &format!("attest W104 --world upgraded --by ann@contoso.com {version}"),
            &["--seen", "the service account\u{1b}[2J, shown on the Admin Hub"],
        )
    };
    let old = attest(&place, "--for-version 4.6").ended(0);
    assert!(
        old.stdout
            .starts_with("recorded: W104 for version 4.6, by ann@contoso.com: "),
        "{}",
        old.stdout
    );
    assert!(!old.stdout.contains('\u{1b}'), "{:?}", old.stdout);
    assert_eq!(
        check(&place).verdict("W104"),
        "by hand",
        "4.6 was confirmed, 4.8 is installed"
    );
    attest(&place, "").ended(0);
    let met = check(&place);
    assert_eq!(met.verdict("W104"), "met");
    let attestation = &finding(&met, "W104")["attestation"];
    assert_eq!(attestation["by"], "ann@contoso.com");
    assert!(
        attestation["version"].as_str().unwrap().starts_with("4.8"),
        "{attestation}"
    );
    assert_eq!(
        attestation["seen"],
        "the service account\u{1b}[2J, shown on the Admin Hub"
    );
    let table = place.run("check --world upgraded --only W104");
    assert!(
        table.stdout.contains("attested by ann@contoso.com at 2026-11-23T"),
        "{}",
        table.stdout
    );
    // Facts that are kept take the confirmation along; another folder knows nothing of it.
    place.run("facts --world upgraded -o facts.json").ended(0);
    assert_eq!(place.run("judge facts.json -o json").verdict("W104"), "met");
    assert_eq!(check(&Place::new()).verdict("W104"), "by hand");
}

#[test]
fn waiting_says_for_what_moves_the_clock_and_ends() {
    let place = Place::new();
    let run = place.run("check --world nothing-ready -o json --wait 2m").ended(4);
    let blocking: Vec<String> = run.json()["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["blocks"] == true)
        .map(|finding| finding["code"].as_str().unwrap().to_owned())
        .collect();
    let waiting = format!(
        "waiting for {} since 2026-11-23T09:00:00Z, until 2026-11-23T09:02:00Z",
        blocking.join(", ")
    );
    assert_eq!(
        run.stderr.matches(&waiting).count(),
        1,
        "once, not at every look: {}",
        run.stderr
    );
    let ended = format!("gave up waiting for {}: the time is up", blocking.join(", "));
    assert!(run.stderr.trim_end().ends_with(&ended), "{}", run.stderr);
    assert_eq!(run.json()["collected_at"], "2026-11-23T09:02:00Z");
    // The next command goes on at that time.
    let next = place.run("check --world nothing-ready -o json").ended(4);
    assert_eq!(next.json()["collected_at"], "2026-11-23T09:02:00Z");
    // What changes while it waits ends the wait: here a licence that is set up by ten past nine.
    let licensed = Place::new()
        .run("check --world pending-licence -o json --wait 15m")
        .ended(0);
    assert_eq!(licensed.json()["collected_at"], "2026-11-23T09:10:00Z");
    assert_eq!(licensed.verdict("W300"), "met");
    // Who is ready waits for nothing.
    let ready = Place::new().run("check --world ready -o json --wait 2m").ended(0);
    assert_eq!(ready.json()["collected_at"], "2026-11-23T09:00:00Z");
    assert!(!ready.stderr.contains("waiting"), "{}", ready.stderr);
}

#[test]
fn warnings_count_only_when_they_are_asked_to() {
    let run = |further: &str| Place::new().run(&format!("check --world ready {further}"));
    assert_eq!(run("").code, 0);
    run("--strict-warnings").ended(6);
    run("--strict-warnings --only W701").ended(0);
    let json = run("--strict-warnings -o json").ended(6);
    assert_eq!(json.json()["exit_code"], 6);
    assert_eq!(json.json()["readiness"], "ready");
    let worse = Place::new().run("check --world nothing-ready --strict-warnings");
    assert_eq!(worse.code, 4, "a missing requirement outweighs a warning");
}

#[test]
fn a_selection_shows_what_was_asked_for_and_says_that_it_is_a_part() {
    let run = Place::new().run("check --world nothing-ready --only W802,w502 -o json");
    let shown: Vec<String> = run.verdicts().into_iter().map(|(code, _)| code).collect();
    assert_eq!(shown, ["W502", "W802"], "in the order of the pack");
    let run = Place::new().run("check --world nothing-ready --skip W502 -o json");
    assert_eq!(run.verdicts().len(), codes().len() - 1);
    let part = Place::new().run("check --world nothing-ready --only W802").ended(0);
    assert!(
        part.stdout
            .contains(&format!("Only 1 of {} requirements", codes().len())),
        "{}",
        part.stdout
    );
}

#[test]
fn plain_output_is_ascii_and_loses_nothing() {
    for command in [
        "check --world hostile-names",
        "check --world hostile-names -o short",
        "check --world illegal-path",
        "check --world hostile-names -o json",
        "facts --world hostile-names -o -",
        "explain W803",
        "explain W104",
        "explain",
        "demo",
        "emulator --list",
        "check --world b\u{e4}d",
    ] {
        let run = Place::new().run(&format!("{command} --plain"));
        let both = format!("{}{}", run.stdout, run.stderr);
        let strange = both
            .chars()
            .find(|letter| !letter.is_ascii() || (letter.is_control() && *letter != '\n'));
        assert_eq!(strange, None, "{command}\n{both}");
        if command.ends_with("json") || command.ends_with("-o -") {
            assert_eq!(run.json(), Place::new().run(command).json(), "{command}");
        }
    }
}

#[test]
fn colour_is_for_terminals_only() {
    for value in ["", "1"] {
        let run = Place::new().run_in("check --world nothing-ready", &[("NO_COLOR", value)]);
        assert!(!run.stdout.contains('\u{1b}') && !run.stderr.contains('\u{1b}'));
    }
}

#[test]
fn nobody_reading_is_no_failure() {
    for (command, code) in [
        ("check --world nothing-ready", 4),
        ("check --world ready -o json", 0),
        ("demo", 0),
        ("explain W301", 0),
        ("emulator --list", 0),
        ("--help", 0),
    ] {
        let place = Place::new();
        let mut child = place.command(command).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(code), "{command}: {said}");
        assert!(!said.contains("panicked"), "{command}: {said}");
    }
}

#[test]
fn the_demo_needs_nothing_leaves_its_evidence_and_takes_a_moment() {
    let place = Place::new();
    let began = Instant::now();
    let run = place.run("demo").ended(0);
    // It takes about a second, and syncs a journal; a busy machine may need longer, but no wait of the story may be a real one: there
    // are three quarters of an hour of them.
    assert!(began.elapsed() < Duration::from_secs(90), "{:?}", began.elapsed());
    let files: Vec<_> = place.files().into_iter().map(|(file, _)| file).collect();
    assert!(
        matches!(files.as_slice(), [file] if file.ends_with("cutover-demo.tar.zst")),
        "{files:?}"
    );
    place.run("verify-bundle cutover-demo.tar.zst").ended(0);
    let notes: Vec<&str> = run.stderr.lines().collect();
    assert!(
        !notes.is_empty() && notes.iter().all(|note| note.ends_with("no tenant is involved")),
        "{notes:?}"
    );
    assert_eq!(place.run("demo").stdout, run.stdout, "two demos differ");
    all_match("demo", [("demo".to_owned(), without_digest(&run.stdout))]);
}

#[test]
fn every_page_tells_why_how_by_hand_with_which_permissions_and_from_where() {
    let pages = codes().into_iter().map(|code| {
        let run = Place::new().run(&format!("explain {code}")).ended(0);
        for part in ["# Why", "# Evidence", "# By hand", "# Permissions", "# Source"] {
            let heading = run.stdout.lines().position(|line| line == format!("#{part}"));
            let heading = heading.unwrap_or_else(|| panic!("{code} has no part {part}:\n{}", run.stdout));
            let text = run.stdout.lines().skip(heading + 1).find(|line| !line.is_empty());
            assert!(
                text.is_some_and(|line| !line.starts_with('#')),
                "{code}: {part} is empty"
            );
        }
        assert!(run.stdout.starts_with(&format!("# {code}: ")), "{}", run.stdout);
        assert_eq!(
            Place::new().run(&format!("explain {}", code.to_lowercase())).stdout,
            run.stdout
        );
        (code, run.stdout)
    });
    all_match("explain", pages);
}

#[test]
fn every_command_has_its_help() {
    let commands = [
        "",
        "check",
        "explain",
        "explain-mfa",
        "plan",
        "apply",
        "upgrade",
        "resume",
        "leases",
        "give-back",
        "abort",
        "runs",
        "report",
        "verify-bundle",
        "attest",
        "facts",
        "judge",
        "diff",
        "doctor",
        "permissions",
        "init",
        "login",
        "logout",
        "whoami",
        "demo",
        "emulator",
    ];
    let helps = commands.map(|command| {
        let run = Place::new().run(&format!("{command} --help")).ended(0);
        assert_eq!(run.stderr, "");
        let name = if command.is_empty() { "cutover" } else { command };
        (name.to_owned(), portable(&run.stdout))
    });
    let listed = &helps[0].1;
    let of_list = |line: &str| line.starts_with("  ") && !line.starts_with("   ") && !line.starts_with("  -");
    // A description that is too long for its line goes on in the next one.
    let mentioned = listed
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter(|line| of_list(line));
    assert_eq!(mentioned.count(), commands.len(), "all commands and `help`: {listed}");
    all_match("help", helps);
    let version = Place::new().run("--version").ended(0).stdout;
    assert_eq!(version, format!("cutover {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn the_list_of_worlds_has_a_sentence_for_each() {
    let list = Place::new().run("emulator --list").ended(0).stdout;
    for line in list.lines() {
        assert!(
            line.split_once("  ")
                .is_some_and(|(_, summary)| summary.trim().len() > 10),
            "{line}"
        );
    }
    assert_eq!(list.lines().count(), worlds().len());
}

/// What proves the sign-in leaves the program in no artefact, and neither does a token.
#[test]
fn no_artefact_holds_a_secret_or_a_token() {
    let place = Place::new();
    for world in ["ready", "nothing-ready", "restricted-caller", "throttled", "upgraded"] {
        let secret = note_of_world(world, "client_secret").as_str().unwrap().to_owned();
        let pem = note_of_world(world, "client_certificate").as_str().unwrap().to_owned();
        let key = pem.lines().nth(1).unwrap().to_owned();
        let run = |command: &str| place.run(&format!("{command} --world {world}"));
        let outputs = [
            run("check"),
            run("check -o json"),
            run(&format!("facts -o facts-{world}.json")),
            run("attest W104 --by ann --seen it --for-version 4.8"),
        ];
        let mut artefacts: Vec<(String, String)> = outputs
            .into_iter()
            .map(|run| ("output".to_owned(), format!("{}{}", run.stdout, run.stderr)))
            .collect();
        for (path, text) in place.files() {
            // The emulated tenant's own memory: Entra has to know which secret is right.
            if path.file_name().unwrap() != "state.json" {
                artefacts.push((path.display().to_string(), text));
            }
        }
        assert!(artefacts.iter().any(|(name, _)| name.ends_with("attestations.json")));
        for (name, text) in artefacts {
            for hidden in [secret.as_str(), key.as_str(), "eyJ", "Bearer"] {
                assert!(!text.contains(hidden), "{name} holds `{hidden}`");
            }
        }
        std::fs::remove_dir_all(place.path("state")).unwrap();
    }
}
