//! Whatever a person gets wrong: the message says what, where, and what would be right; nothing is judged.

use crate::program::{Place, Run, matches, portable};

/// A sound configuration, with services that nobody can reach: what is wrong has to be found before a call.
pub(crate) const SOUND: &str = r#"tenant = "contoso.onmicrosoft.com"

[environment]
url = "https://contoso.crm4.dynamics.com"

[work365]
tier = 1
region = "eu"

[who]
borrower = "admin@contoso.onmicrosoft.com"
service_account = "svc-work365@contoso.onmicrosoft.com"

[sign_in]
client_id = "c07e7000-0000-4000-8000-00000000000a"

[connection]
login = "http://127.0.0.1:9"
graph = "http://127.0.0.1:9"
dataverse = "http://127.0.0.1:9"
"#;

/// What a wrong run said, for a snapshot. It must have said nothing on standard output.
fn said(case: &str, command: &str, run: &Run, code: i32) -> String {
    assert_eq!(run.code, code, "{case}: {}{}", run.stderr, run.stdout);
    assert_eq!(run.stdout, "", "{case}");
    assert!(!run.stderr.contains("panicked"), "{case}: {}", run.stderr);
    format!("# {case}\n$ {command}\n{}exit code {code}\n", portable(&run.stderr))
}

#[test]
fn a_wrong_configuration_is_shown_with_its_line_and_a_hint() {
    const TIER: &str = "tier = 1\n";
    const WHO: &str = "service_account = \"svc-work365@contoso.onmicrosoft.com\"\n";
    const BORROWER: &str = "admin@contoso.onmicrosoft.com";
    const URL: &str = "https://contoso.crm4.dynamics.com";
    const CLIENT: &str = "c07e7000-0000-4000-8000-00000000000a";
    const WAIVER: &str = "[[waiver]]\ncode = \"W503\"\nreason = \"a new account\"\nby = \"ann@contoso.com\"\nuntil = \"2027-01-31\"\n\n[connection]\n";
    const INTEGRATION: &str = "integration_account = \"partner-center@contoso.onmicrosoft.com\"\n";
    let waiver = |from: &str, to: &str| {
        let changed = WAIVER.replace(from, to);
        assert_ne!(changed, WAIVER);
        changed
    };
    let cases: Vec<(&str, &str, String)> = vec![
        ("not TOML", "tenant =", "tenant :".into()),
        ("a quote is missing", "\"eu\"", "\"eu".into()),
        ("a misspelt key", "tier =", "teir =".into()),
        ("a misspelt table", "[sign_in]", "[signin]".into()),
        (
            "a key that resembles nothing",
            TIER,
            "tier = 1\nfavourite_colour = \"blue\"\n".into(),
        ),
        (
            "a secret in the file",
            "client_id =",
            "client_secret = \"hunter2\"\nclient_id =".into(),
        ),
        (
            "a secret in a table on one line",
            "[sign_in]\nclient_id = \"c07e7000-0000-4000-8000-00000000000a\"\n",
            "[settings]\nmfa = { client_secret = \"hunter2\" }\n".into(),
        ),
        (
            "a secret that is not TOML",
            "client_id =",
            "client_secret = 'hunter2\nclient_id =".into(),
        ),
        (
            "text without quotes",
            "\"contoso.onmicrosoft.com\"",
            "contoso.onmicrosoft.com".into(),
        ),
        (
            "a password at the top of the file",
            "tenant =",
            "password = \"hunter2\"\ntenant =".into(),
        ),
        ("no tier", TIER, String::new()),
        (
            "no table [work365]",
            "[work365]\ntier = 1\nregion = \"eu\"\n",
            String::new(),
        ),
        ("tier 3", TIER, "tier = 3\n".into()),
        ("a tier in words", TIER, "tier = \"direct\"\n".into()),
        ("a region that is none", "\"eu\"", "\"europe\"".into()),
        (
            "a time zone as Windows names it",
            "[environment]\n",
            "[environment]\ntime_zone = \"W. Europe Standard Time\"\n".into(),
        ),
        (
            "a cloud that is none",
            "[connection]\n",
            "[connection]\ncloud = \"gcchigh\"\n".into(),
        ),
        (
            "an environment of another cloud",
            "[connection]\n",
            "[connection]\ncloud = \"gcc-high\"\n".into(),
        ),
        (
            "a tenant that is none",
            "contoso.onmicrosoft.com\"\n\n[env",
            "Contoso Ltd\"\n\n[env".into(),
        ),
        ("a person without @", BORROWER, "admin".into()),
        ("a person with two @", BORROWER, "admin@contoso@onmicrosoft.com".into()),
        (
            "a person with a blank",
            BORROWER,
            "the admin@contoso.onmicrosoft.com".into(),
        ),
        (
            "a person with control characters",
            BORROWER,
            "admin\\u001b[2J@contoso.onmicrosoft.com".into(),
        ),
        ("no person", BORROWER, String::new()),
        (
            "a service account and an application user",
            WHO,
            format!("{WHO}application_user = true\n"),
        ),
        ("neither a service account nor an application user", WHO, String::new()),
        (
            "an environment without https",
            URL,
            "http://contoso.crm4.dynamics.com".into(),
        ),
        ("an environment with a path", URL, format!("{URL}/main.aspx?appid=1")),
        (
            "an environment that is no address",
            URL,
            "contoso.crm4.dynamics.com".into(),
        ),
        (
            "an organisation id that is none",
            &URL[8..],
            format!("{}\"\norganization_id = \"06a17c0d", &URL[8..]),
        ),
        ("an application id that is none", CLIENT, "cutover-reader".into()),
        ("a version that is none", TIER, "tier = 1\ntarget = \"v4.8\"\n".into()),
        (
            "a way to mean MFA that is none",
            "[connection]\n",
            "[settings]\nmfa = \"always\"\n\n[connection]\n".into(),
        ),
        (
            "a waiver of something that is no code",
            "[connection]\n",
            waiver("W503", "MFA"),
        ),
        ("a waiver of an unknown code", "[connection]\n", waiver("W503", "W999")),
        (
            "a waiver without a reason",
            "[connection]\n",
            waiver("a new account", " "),
        ),
        (
            "a waiver by nobody",
            "[connection]\n",
            waiver("by = \"ann@contoso.com\"\n", ""),
        ),
        (
            "a waiver until a day that is none",
            "[connection]\n",
            waiver("2027-01-31", "31.01.2027"),
        ),
        (
            "plain http to another machine",
            "graph = \"http://127.0.0.1:9\"",
            "graph = \"http://graph.contoso.com\"".into(),
        ),
        (
            "an authority that is not there",
            "[connection]\n",
            "[connection]\ntrusted_ca = \"no.pem\"\n".into(),
        ),
        (
            "an integration account behind an indirect provider",
            "tier = 1\nregion = \"eu\"\n\n[who]\n",
            format!("tier = 2\nregion = \"eu\"\n\n[who]\n{INTEGRATION}"),
        ),
        (
            "a partner tenant behind an indirect provider",
            "tier = 1\nregion = \"eu\"\n",
            "tier = 2\nregion = \"eu\"\n\n[partner]\ntenant = \"partner.contoso.com\"\n".into(),
        ),
        (
            "an integration account without @",
            WHO,
            format!("{WHO}integration_account = \"AdminAgents\"\n"),
        ),
        (
            "a partner tenant that is none",
            "[connection]\n",
            "[partner]\ntenant = \"Contoso Partner\"\n\n[connection]\n".into(),
        ),
        (
            "a misspelt key of the partner",
            "[connection]\n",
            "[partner]\nclientid = \"c07e7000-0000-4000-8000-00000000000a\"\n\n[connection]\n".into(),
        ),
        (
            "a refresh token in the file",
            "[connection]\n",
            "[partner]\nrefresh_token = \"hunter2\"\n\n[connection]\n".into(),
        ),
        (
            "partner roles that are none",
            "[connection]\n",
            "[settings]\npartner_roles = \"admin-agents\"\n\n[connection]\n".into(),
        ),
        (
            "a package and a file",
            "[connection]\n",
            "[install]\npackage = \"Work365\"\nfile = \"Work365.zip\"\n\n[connection]\n".into(),
        ),
        (
            "a package that is none",
            "[connection]\n",
            "[install]\npackage = \"../Work 365\"\n\n[connection]\n".into(),
        ),
        (
            "a file that is none",
            "[connection]\n",
            "[install]\nfile = \"packages/..\"\n\n[connection]\n".into(),
        ),
        (
            "a solution file without its name",
            "[connection]\n",
            "[install]\ndriver = \"solution-file\"\n\n[connection]\n".into(),
        ),
        (
            "a driver that does not go with the file",
            "[connection]\n",
            "[install]\ndriver = \"guided\"\nfile = \"Work365.zip\"\n\n[connection]\n".into(),
        ),
        (
            "a driver that is none",
            "[connection]\n",
            "[install]\ndriver = \"guide\"\n\n[connection]\n".into(),
        ),
        (
            "a name that is resolved to no address",
            "[connection]\n",
            "[connection]\nresolve = { \"graph.microsoft.com\" = \"127.0.0.1\" }\n".into(),
        ),
        (
            "an address that is resolved for no name",
            "[connection]\n",
            "[connection]\nresolve = { \"https://graph.microsoft.com\" = \"127.0.0.1:8443\" }\n".into(),
        ),
    ];
    let mut texts = Vec::new();
    for (case, from, to) in cases {
        assert!(SOUND.contains(from), "{case}: nothing to change");
        let place = Place::new();
        place.write("cutover.toml", SOUND.replacen(from, &to, 1));
        let run = place.run_in("check", &[("CUTOVER_CLIENT_SECRET", "s3cret")]);
        for secret in ["s3cret", "hunter2"] {
            assert!(!run.stderr.contains(secret), "{case}: {}", run.stderr);
        }
        texts.push(said(case, "cutover check", &run, 2));
    }
    let place = Place::new();
    place.write("bom.toml", format!("\u{feff}{SOUND}"));
    let run = place.run("check -c bom.toml").ended(2);
    assert!(
        run.stderr.contains("neither a secret nor a certificate"),
        "a byte order mark: {}",
        run.stderr
    );
    texts.push(said("no configuration", "cutover check", &place.run("check"), 2));
    place.write("folder/file", "");
    let run = place.run("check -c folder");
    assert_eq!(run.code, 2, "a folder is no configuration: {}", run.stderr);
    place.write("latin1.toml", b"tenant = \"M\xfcnchen\"\n");
    let run = place.run("check -c latin1.toml");
    texts.push(said("not UTF-8", "cutover check -c latin1.toml", &run, 2));
    matches("bad_input", "configuration", &texts.join("\n"));
}

#[test]
fn what_proves_the_sign_in_comes_from_the_environment_and_is_one_thing() {
    let place = Place::new();
    place
        .write("cutover.toml", SOUND)
        .write("not.pem", "nothing of the kind\n");
    place.write(
        "no-key.pem",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    );
    let cases: [(&str, &[(&str, &str)]); 6] = [
        ("nothing", &[]),
        ("an empty secret", &[("CUTOVER_CLIENT_SECRET", "")]),
        (
            "secret and certificate",
            &[
                ("CUTOVER_CLIENT_SECRET", "s3cret"),
                ("CUTOVER_CLIENT_CERTIFICATE", "not.pem"),
            ],
        ),
        (
            "a certificate that is not there",
            &[("CUTOVER_CLIENT_CERTIFICATE", "no.pem")],
        ),
        (
            "a certificate that is none",
            &[("CUTOVER_CLIENT_CERTIFICATE", "not.pem")],
        ),
        (
            "a certificate without a key",
            &[("CUTOVER_CLIENT_CERTIFICATE", "no-key.pem")],
        ),
    ];
    let texts = cases.map(|(case, environment)| {
        let run = place.run_in("check", environment);
        assert!(!run.stderr.contains("s3cret"), "{case}");
        let names: Vec<String> = environment
            .iter()
            .map(|(name, value)| format!("{name}={value} "))
            .collect();
        said(case, &format!("{}cutover check", names.concat()), &run, 2)
    });
    matches("bad_input", "sign-in", &texts.join("\n"));

    let account = "[who]\nintegration_account = \"partner-center@contoso.onmicrosoft.com\"\n";
    place.write("cutover.toml", SOUND.replacen("[who]\n", account, 1));
    let cases: [(&str, &[(&str, &str)]); 2] = [
        (
            "secret and certificate for the partner tenant",
            &[
                ("CUTOVER_PARTNER_CLIENT_SECRET", "s3cret"),
                ("CUTOVER_PARTNER_CLIENT_CERTIFICATE", "not.pem"),
            ],
        ),
        (
            "a certificate for the partner tenant that is none",
            &[("CUTOVER_PARTNER_CLIENT_CERTIFICATE", "not.pem")],
        ),
    ];
    let texts = cases.map(|(case, own)| {
        let environment: Vec<(&str, &str)> = [("CUTOVER_CLIENT_SECRET", "home")].iter().chain(own).copied().collect();
        let run = place.run_in("check", &environment);
        assert!(!run.stderr.contains("s3cret"), "{case}");
        let names: Vec<String> = own.iter().map(|(name, value)| format!("{name}={value} ")).collect();
        said(case, &format!("{}cutover check", names.concat()), &run, 2)
    });
    matches("bad_input", "partner-sign-in", &texts.join("\n"));
}

#[test]
fn a_wrong_command_line_names_what_would_be_right() {
    let place = Place::new();
    let cases = [
        "chekc",
        "check --worlds ready",
        "check --world redy",
        "check --world no-such-thing-anywhere",
        "check --world ready --only W999",
        "check --world ready --only mfa",
        "check --world ready --skip W000",
        "check --world ready --only W301 --skip W301",
        "check --world ready --wait nonsense",
        "check --world ready --wait -5m",
        "check --world ready --wait 0s",
        "check --world ready --wait 1y",
        "check --world ready -o xml",
        "explain W999",
        "explain w3o1",
        "attest W999 --world ready --by ann --seen it",
        "attest W301 --world ready --by ann --seen it",
        "attest W104 --world ready",
        "attest W104 --world ready --by ann --seen it --for-version new",
        "facts --world ready",
        "judge",
        "judge no.json",
        "emulator --world redy --port 0",
        "emulator --port 70000",
        "emulator --world-file no.toml --port 0",
    ];
    let texts = cases.map(|command| said(command, &format!("cutover {command}"), &place.run(command), 2));
    let empty = place.run_with("attest W104 --world ready", &["--by", " ", "--seen", "it"]);
    let empty = said(
        "attest by nobody",
        "cutover attest W104 --world ready --by ' ' --seen it",
        &empty,
        2,
    );
    assert!(
        !place.path("state").exists(),
        "a wrong command line leaves nothing behind"
    );
    matches("bad_input", "command-line", &(texts.join("\n") + "\n" + &empty));
}

#[test]
fn a_facts_file_that_is_none_is_refused_wherever_it_breaks() {
    let place = Place::new();
    place.run("facts --world restricted-caller -o facts.json").ended(0);
    let whole = place.read("facts.json");
    let judged = |text: &str| {
        place.write("broken.json", text);
        place.run("judge broken.json")
    };
    // Every part of a whole file is a broken one; cut in steps that no structure of the file shares.
    for length in (0..whole.trim_end().len()).step_by(whole.len() / 61) {
        let Some(part) = whole.get(..length) else { continue };
        let run = judged(part).ended(2);
        assert!(
            run.stdout.is_empty() && run.stderr.contains("broken.json is not a whole facts file"),
            "{}",
            run.stderr
        );
    }
    let mut texts = Vec::new();
    for (case, text) in [
        ("empty", String::new()),
        ("cut off", whole[..whole.len() / 2].to_owned()),
        ("not JSON", "facts: none\n".to_owned()),
        ("other JSON", "{\"findings\": []}\n".to_owned()),
        ("a list", "[1, 2]\n".to_owned()),
        (
            "a newer format",
            whole.replacen("cutover-facts/2", "cutover-facts/3", 1),
        ),
        (
            "a format of another program",
            whole.replacen("cutover-facts/2", "kubernetes/v1", 1),
        ),
        (
            "a field that this version does not know",
            whole.replacen("\"scene\"", "\"weather\": \"fine\",\n  \"scene\"", 1),
        ),
        (
            "a time that is none",
            whole.replacen("2026-11-23T09:00:00Z", "yesterday", 1),
        ),
        (
            "a hostile format",
            whole.replacen("cutover-facts/2", "cutover-facts/\\u001b[2J", 1),
        ),
    ] {
        texts.push(said(case, "cutover judge broken.json", &judged(&text), 2));
    }
    for (case, from, to) in [
        (
            "facts of another tenant",
            "contoso.onmicrosoft.com\"\n\n[env",
            "fabrikam.onmicrosoft.com\"\n\n[env",
        ),
        (
            "facts of another tenant id",
            "contoso.onmicrosoft.com\"\n\n[env",
            "5e56ae97-9be1-40d3-938b-99ea52175a30\"\n\n[env",
        ),
        (
            "facts of another environment",
            "https://contoso.crm4",
            "https://contoso-test.crm4",
        ),
    ] {
        place.write("other.toml", SOUND.replacen(from, to, 1));
        let run = place.run("judge facts.json -c other.toml");
        texts.push(said(case, "cutover judge facts.json -c other.toml", &run, 2));
    }
    texts.push(said(
        "a configuration that is not there",
        "cutover judge facts.json -c no.toml",
        &place.run("judge facts.json -c no.toml"),
        2,
    ));
    for (case, pack) in [
        ("a pack that is not there", None),
        ("a pack that is none", Some("format = 1\n")),
        ("a newer pack", Some("format = 2\n")),
    ] {
        if let Some(text) = pack {
            place.write("pack.toml", text);
        }
        let run = place.run("judge facts.json --pack pack.toml");
        texts.push(said(case, "cutover judge facts.json --pack pack.toml", &run, 2));
    }
    matches("bad_input", "facts", &texts.join("\n"));
}

#[test]
fn a_state_folder_that_cannot_be_used_stops_the_command_and_stays_as_it_is() {
    const ATTESTATIONS: &str = "state/attestations.json";
    const STATE: &str = "state/state.json";
    const ATTEST: &str = "attest W104 --world ready --by ann --seen it";
    let mut texts = Vec::new();
    for (case, file, text, command) in [
        (
            "broken attestations",
            ATTESTATIONS,
            "{\"format\": \"cutover-attestations/1\"",
            "check --world ready",
        ),
        ("broken attestations, one more", ATTESTATIONS, "", ATTEST),
        (
            "newer attestations",
            ATTESTATIONS,
            "{\"format\": \"cutover-attestations/2\"}",
            "check --world ready",
        ),
        (
            "newer attestations, one more",
            ATTESTATIONS,
            "{\"format\": \"cutover-attestations/2\"}",
            ATTEST,
        ),
        ("other attestations", ATTESTATIONS, "[]", "check --world ready"),
        (
            "a broken world",
            STATE,
            "{\"format\": \"emulated-tenant\"",
            "check --world ready",
        ),
        ("another world", STATE, "{}", "check --world ready"),
        (
            "a newer world",
            STATE,
            "{\"format\": \"emulated-tenant\", \"version\": 99}",
            "facts --world ready -o facts.json",
        ),
        (
            "a broken world to be served",
            STATE,
            "{\"format\"",
            "emulator --world ready --port 0",
        ),
    ] {
        let place = Place::new();
        place.write(file, text);
        let run = place.run(command);
        texts.push(said(case, &format!("cutover {command} --state state"), &run, 1));
        assert_eq!(place.read(file), text, "{case}: the file was changed");
        assert!(!place.path("facts.json").exists(), "{case}");
    }
    let place = Place::new();
    place.run("check --world ready").ended(0);
    let kept = place.read(STATE);
    for command in ["check --world upgraded", "emulator --world upgraded --port 0"] {
        let run = place.run(command);
        texts.push(said(
            "the state of another world",
            &format!("cutover {command} --state state"),
            &run,
            2,
        ));
        assert_eq!(place.read(STATE), kept);
    }
    matches("bad_input", "state", &texts.join("\n"));

    // A file where the folder should be: no system can write below it, each in its own words.
    for command in ["check --world ready", ATTEST] {
        let place = Place::new();
        place.write("state", "not a folder");
        let run = place.run(command).ended(1);
        assert_eq!(run.stdout, "", "nothing is reported that could not be kept");
        assert!(
            run.stderr.contains("error: cannot ") && run.stderr.contains("state"),
            "{}",
            run.stderr
        );
    }
}
