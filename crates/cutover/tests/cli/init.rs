//! `cutover init`: what it writes, what it finds, and what it leaves alone.

use crate::program::{Emulator, Place, matches, portable};
use crate::sign_in::steady;

const PEOPLE: &str = "--tenant contoso.onmicrosoft.com --client-id c07e7000-0000-4000-8000-00000000000c --tier 1 --region eu \
                      --borrower admin@contoso.onmicrosoft.com --service-account svc-work365@contoso.onmicrosoft.com";

#[test]
fn by_flags_it_finds_environment_and_version_and_the_file_is_one_that_check_takes() {
    let place = Place::new();
    place.write("person.toml", include_str!("person.toml"));
    let emulator = Emulator::start_of(&place, "--world-file person.toml");
    place.write("connection.toml", &emulator.connection);
    let arguments = format!("init {PEOPLE} --connection connection.toml --sign-in device-code");
    let run = place.run(&arguments).ended(0);
    let written = place.read("cutover.toml").replace(&emulator.base, "http://emulator");
    matches("init", "by_flags", &format!("{}\n{written}", steady(&run, &emulator)));
    let check = place.run("check --only W802 -o json --sign-in device-code").ended(0);
    assert_eq!(check.json()["installed"], "4.6.0.35");

    let again = place.run(&arguments).ended(2);
    assert!(
        again.stderr.contains("is there already, and was not touched"),
        "{}",
        again.stderr
    );
    let other = arguments.replace("--tier 1", "--tier 2");
    place.run(&format!("{other} --force")).ended(0);
    assert!(place.read("cutover.toml").contains("tier = 2"));
}

#[test]
fn what_is_lacking_or_wrong_is_said_and_nothing_is_written() {
    let place = Place::new();
    let mut texts = Vec::new();
    for arguments in [
        "init --non-interactive".to_owned(),
        format!("init {PEOPLE} --offline"),
        format!("init {PEOPLE} --offline --environment http://contoso.crm4.dynamics.com"),
        format!("init {PEOPLE} --offline --environment https://contoso.crm4.dynamics.com")
            .replace("--tier 1", "--tier three"),
        format!("init {PEOPLE} --offline --environment https://contoso.crm4.dynamics.com --connection no.toml"),
        format!("init {PEOPLE} --environment https://contoso.crm4.dynamics.com --application-user"),
    ] {
        let run = place.run(&arguments).ended(2);
        assert_eq!(run.stdout, "");
        assert!(!place.path("cutover.toml").exists(), "{arguments}");
        texts.push(format!("$ cutover {arguments}\n{}", portable(&run.stderr)));
    }
    matches("init", "wrong", &texts.join("\n"));
    // A name that could be taken for TOML stays a name, or is refused.
    let named = |name: &str| {
        let mut command = place.command(&format!(
            "init --offline --force --environment https://contoso.crm4.dynamics.com {}",
            PEOPLE.replace("--borrower admin@contoso.onmicrosoft.com", "")
        ));
        crate::program::Run::of(command.args(["--borrower", name]).output().unwrap()).code
    };
    assert_eq!(named("a@contoso.com\"\n[waiver]"), 2);
    assert!(!place.path("cutover.toml").exists());
    let odd = "a\"]#\\n'@contoso.com";
    assert_eq!(named(odd), 0);
    let written: toml::Table = toml::from_str(&place.read("cutover.toml")).unwrap();
    assert_eq!(written["who"]["borrower"].as_str(), Some(odd));
}

#[test]
fn offline_and_in_a_world_it_asks_no_tenant() {
    let place = Place::new();
    let run = place
        .run(&format!(
            "init {PEOPLE} --offline --environment https://contoso.crm4.dynamics.com/ -c deep/er/c.toml"
        ))
        .ended(0);
    assert_eq!(
        run.stderr,
        "wrote deep/er/c.toml\nnext: cutover check -c deep/er/c.toml\n"
    );
    assert!(
        place
            .read("deep/er/c.toml")
            .contains("url = \"https://contoso.crm4.dynamics.com/\"")
    );
    let run = place.run(&format!("init {PEOPLE} --world ready")).ended(0);
    assert!(
        run.stderr.contains("environment: Contoso (Production, Ready)"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("Work 365: core 4.6.0.35"), "{}", run.stderr);
}
