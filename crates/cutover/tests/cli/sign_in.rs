//! People and applications who sign in, by every way that a test can go.

use crate::program::{Emulator, Place, Run, matches, portable};

/// A tenant in which people sign in with cutover itself, and one person enters every device code after seven seconds.
const WORLD: &str = include_str!("person.toml");
const CONFIG: &str = r#"tenant = "contoso.onmicrosoft.com"

[environment]
url = "https://contoso.crm4.dynamics.com"

[work365]
tier = 1
region = "eu"

[who]
borrower = "admin@contoso.onmicrosoft.com"
service_account = "svc-work365@contoso.onmicrosoft.com"
integration_account = "partner-integration@contoso.onmicrosoft.com"

[sign_in]
client_id = "c07e7000-0000-4000-8000-00000000000c"
"#;

/// The tenant of [`WORLD`], and a configuration with these further lines of `[sign_in]`.
pub(crate) fn tenant(place: &Place, world: &str, further: &str) -> Emulator {
    place.write("person.toml", world);
    let emulator = Emulator::start_of(place, "--world-file person.toml");
    place.write("cutover.toml", format!("{CONFIG}{further}\n{}", emulator.connection));
    emulator
}

/// What a run printed, without what differs from run to run: port, codes, ends of tokens.
pub(crate) fn steady(run: &Run, emulator: &Emulator) -> String {
    let mut out = String::new();
    let text = format!("{}{}exit code {}\n", run.stderr, run.stdout, run.code);
    for line in portable(&text).replace(&emulator.base, "http://emulator").lines() {
        let line = match (line.split_once("enter the code "), line.split_once(": until ")) {
            (Some((before, _)), _) => format!("{before}enter the code <code>"),
            (_, Some((before, after))) => {
                format!("{before}: until <time>{}", &after[after.find(',').unwrap()..])
            }
            _ => line.to_owned(),
        };
        out.push_str(&line);
        out.push('\n');
    }
    out
}

/// No token and no code may lie in any file, or stand in what was printed.
fn leaves_no_token(place: &Place, run: &Run) {
    let printed = [("output".into(), format!("{}{}", run.stdout, run.stderr))];
    for (name, text) in place.files().into_iter().chain(printed) {
        for secret in ["eyJ", "0.A", "0.D", "access_token", "refresh_token"] {
            assert!(!text.contains(secret), "{secret} in {}: {text}", name.display());
        }
    }
}

#[test]
fn a_person_by_device_code_checks_both_sides_of_the_tenant_with_one_sign_in() {
    let place = Place::new();
    let emulator = tenant(&place, WORLD, "");
    let whoami = place.run("whoami --sign-in device-code").ended(0);
    matches("sign_in", "whoami_by_device_code", &steady(&whoami, &emulator));
    let check = place.run("check -o json --sign-in device-code").ended(4);
    assert_eq!(check.stderr.matches("enter the code").count(), 1, "{}", check.stderr);
    let report = check.json();
    assert_eq!(report["who"]["caller"], "user:admin@contoso.onmicrosoft.com");
    assert_eq!(
        report["who"]["integration_account"],
        "user:partner-integration@contoso.onmicrosoft.com"
    );
    // The person is Global Administrator now, by the directory and by the token, and may lend what is lacking.
    assert_eq!(
        (check.verdict("W101"), check.verdict("W102")),
        ("met".into(), "loan".into())
    );
    assert!(
        check.verdicts().iter().all(|(_, verdict)| verdict != "unknown"),
        "{:?}",
        check.verdicts()
    );
    leaves_no_token(&place, &check);
    leaves_no_token(&place, &whoami);
    let doctor = place.run("doctor --sign-in device-code");
    assert!(doctor.stdout.ends_with("0 problems, 0 warnings\n"), "{}", doctor.stdout);
}

#[test]
fn a_person_without_a_second_factor_is_refused_before_partner_center_is_asked() {
    let place = Place::new();
    let without = WORLD.replace("enters_code_after = 7", "enters_code_after = 7, mfa = false");
    assert_ne!(without, WORLD);
    let emulator = tenant(&place, &without, "");
    let whoami = place.run("whoami --sign-in device-code").ended(2);
    matches("sign_in", "whoami_without_mfa", &steady(&whoami, &emulator));
}

#[test]
fn login_and_logout_say_what_is_kept() {
    let place = Place::new();
    let emulator = tenant(&place, WORLD, "method = \"device-code\"");
    let login = place.run("login --sign-in device-code").ended(0);
    if !cfg!(feature = "keyring") {
        matches("sign_in", "login", &steady(&login, &emulator));
        let logout = place.run("logout").ended(0);
        matches("sign_in", "logout", &steady(&logout, &emulator));
    }
    let application = place.run("login --world ready").ended(0);
    assert!(application.stderr.contains("asks nobody"), "{}", application.stderr);
    let two = Place::new().run("whoami --world two-tenants").ended(0);
    let text = format!("{}exit code {}\n", two.stdout, two.code);
    matches("sign_in", "whoami_in_two_tenants", &text);
}

#[test]
fn what_a_way_to_sign_in_lacks_is_said_before_anything_is_sent() {
    let place = Place::new();
    place.write(
        "cutover.toml",
        format!("{CONFIG}\n[connection]\nlogin = \"http://127.0.0.1:9\"\n"),
    );
    place.write(
        "person.toml",
        format!("{CONFIG}method = \"browser\"\n\n[connection]\nlogin = \"http://127.0.0.1:9\"\n"),
    );
    let mut texts = Vec::new();
    for (arguments, variables) in [
        ("whoami", &[][..]),
        ("whoami --sign-in browser --non-interactive", &[]),
        ("check --sign-in device-code --non-interactive", &[]),
        ("login -c person.toml", &[]),
        ("whoami --sign-in client-secret", &[]),
        (
            "whoami --sign-in client-certificate",
            &[("CUTOVER_CLIENT_SECRET", "s3cret")],
        ),
        ("whoami --sign-in workload-identity", &[]),
        (
            "whoami --sign-in managed-identity",
            &[("IDENTITY_ENDPOINT", "http://localhost:40342/")],
        ),
        ("whoami --sign-in telepathy", &[]),
        ("whoami --sign-in browser --world ready", &[]),
    ] {
        let mut command = place.command(arguments);
        for name in ["AZURE_FEDERATED_TOKEN_FILE", "IDENTITY_ENDPOINT", "IDENTITY_HEADER"] {
            command.env_remove(name);
        }
        if cfg!(feature = "keyring") && arguments.ends_with("--non-interactive") {
            // What is kept is looked for before anybody would be asked.
            continue;
        }
        let run = Run::of(command.envs(variables.iter().copied()).output().unwrap()).ended(2);
        texts.push(format!("$ cutover {arguments}\n{}{}", run.stderr, run.stdout));
    }
    if !cfg!(feature = "keyring") {
        matches("sign_in", "lacking", &texts.join("\n"));
    }
}

#[test]
fn a_way_that_only_the_file_names_asks_nobody_where_there_is_no_terminal() {
    let place = Place::new();
    let _emulator = tenant(&place, WORLD, "method = \"device-code\"");
    for arguments in ["whoami", "check", "login"] {
        let run = place.run(arguments).ended(2);
        assert!(!run.stderr.contains("enter the code"), "{}", run.stderr);
        let said = match cfg!(feature = "keyring") && arguments != "login" {
            true => "nobody can be asked",
            false => "nobody can be asked here: this is no terminal",
        };
        assert!(run.stderr.contains(said), "{}", run.stderr);
    }
    // Who asks for it on the command line reads what it says.
    let run = place.run("whoami --sign-in device-code").ended(0);
    assert_eq!(run.stderr.matches("enter the code").count(), 1, "{}", run.stderr);
}

#[test]
fn who_does_not_come_is_asked_once_by_every_command() {
    let place = Place::new();
    let nobody = WORLD.replace("browser = {", "# browser = {");
    assert_ne!(nobody, WORLD);
    let emulator = tenant(&place, &nobody, "");
    let named = CONFIG.replace("[who]\n", "[who]\ncaller = \"admin@contoso.onmicrosoft.com\"\n");
    assert_ne!(named, CONFIG);
    place.write("cutover.toml", format!("{named}\n{}", emulator.connection));
    for arguments in ["whoami", "check", "check --only W802"] {
        let run = place.run(&format!("{arguments} --sign-in device-code")).ended(2);
        assert_eq!(run.stderr.matches("enter the code").count(), 1, "{}", run.stderr);
        let told = format!("{}{}", run.stdout, run.stderr);
        assert!(told.contains("nobody signed in within 15 minutes"), "{told}");
    }
}

#[test]
fn a_refused_sign_in_is_not_blamed_on_a_variable_that_it_does_not_use() {
    let place = Place::new();
    let emulator = tenant(&place, WORLD, "");
    let unknown = CONFIG.replace(
        "c07e7000-0000-4000-8000-00000000000c",
        "c07e7000-0000-4000-8000-0000000000ff",
    );
    place.write("cutover.toml", format!("{unknown}\n{}", emulator.connection));
    let run = place.run("whoami --sign-in device-code").ended(2);
    assert!(run.stderr.contains("AADSTS700016"), "{}", run.stderr);
    assert!(!run.stderr.contains("CUTOVER_"), "{}", run.stderr);
    let secret = [("CUTOVER_CLIENT_SECRET", "s3cret")];
    let run = place.run_in("whoami", &secret).ended(2);
    let told = format!("{}{}", run.stdout, run.stderr);
    assert!(told.contains("AADSTS"), "{told}");
}

#[test]
fn a_placeholder_is_no_application_of_the_partner_tenant() {
    let place = Place::new();
    let emulator = tenant(&place, WORLD, "");
    let of_azure = CONFIG.replace(
        "client_id = \"c07e7000-0000-4000-8000-00000000000c\"",
        "method = \"managed-identity\"",
    );
    let mut texts = Vec::new();
    for method in ["browser", "client-secret"] {
        place.write(
            "cutover.toml",
            format!("{of_azure}\n[partner]\nmethod = \"{method}\"\n{}", emulator.connection),
        );
        texts.push(place.run("whoami").ended(2).stderr);
    }
    place.write(
        "cutover.toml",
        format!(
            "{of_azure}\n[partner]\ntenant = \"contoso.onmicrosoft.com\"\n{}",
            emulator.connection
        ),
    );
    let variables = [
        ("CUTOVER_PARTNER_CLIENT_SECRET", "s3cret"),
        ("IDENTITY_ENDPOINT", &emulator.base),
        ("IDENTITY_HEADER", "x"),
    ];
    texts.push(place.run_in("whoami", &variables).ended(2).stderr);
    matches("sign_in", "placeholder", &texts.join("\n"));
}

/// A program in place of `az`, which writes down that it ran.
#[cfg(unix)]
#[test]
fn what_the_machine_is_signed_in_to_does_not_go_to_foreign_hosts() {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    let place = Place::new();
    let emulator = tenant(&place, WORLD, "");
    place.write(
        "bin/az",
        "#!/bin/sh\necho ran >> az-ran\necho 'Please run az login.' >&2\nexit 1\n",
    );
    fs::set_permissions(place.path("bin/az"), fs::Permissions::from_mode(0o755)).unwrap();
    let foreign = |name: &str| {
        emulator
            .connection
            .lines()
            .map(|line| match line.starts_with(&format!("{name} = ")) {
                true => format!("{name} = \"https://{name}.example.invalid\"\n"),
                false => format!("{line}\n"),
            })
            .collect::<String>()
    };
    let run = |arguments: &str| {
        let mut command = place.command(arguments);
        Run::of(
            command
                .env("PATH", format!("{}:/usr/bin:/bin", place.path("bin").display()))
                .output()
                .unwrap(),
        )
    };
    for name in ["graph", "dataverse", "partner_center"] {
        place.write("cutover.toml", format!("{CONFIG}\n{}", foreign(name)));
        for method in ["azure-cli", "managed-identity"] {
            let refused = run(&format!("whoami --sign-in {method}")).ended(2);
            assert!(
                refused.stderr.contains(&format!("{name}.example.invalid")),
                "{}",
                refused.stderr
            );
            assert!(refused.stderr.contains("--trust-connection"), "{}", refused.stderr);
        }
        assert!(!place.path("az-ran").exists());
    }
    // Who proves the sign-in knowingly is told where it goes.
    let secret = [("CUTOVER_CLIENT_SECRET", "s3cret")];
    let told = place.run_in("whoami", &secret);
    assert!(
        told.stderr.contains("goes there: partner_center.example.invalid"),
        "{}",
        told.stderr
    );
    run("whoami --sign-in azure-cli --trust-connection").ended(2);
    assert!(place.path("az-ran").exists());
    // At this machine's own addresses nothing is in the way.
    fs::remove_file(place.path("az-ran")).unwrap();
    place.write("cutover.toml", format!("{CONFIG}\n{}", emulator.connection));
    let own = run("whoami --sign-in azure-cli").ended(2);
    assert!(
        place.path("az-ran").exists() && !own.stderr.contains("[connection]"),
        "{}",
        own.stderr
    );
}

#[test]
fn a_wrong_way_to_sign_in_is_shown_with_its_line() {
    let place = Place::new();
    let client_id = "client_id = \"c07e7000-0000-4000-8000-00000000000c\"\n";
    let texts = [
        ("a misspelt way", format!("{client_id}method = \"device_code\"\n")),
        ("a way that is none", format!("{client_id}method = \"telepathy\"\n")),
        ("no application", "method = \"browser\"\n".to_owned()),
        ("nothing at all", String::new()),
        (
            "a wrong way to the partner",
            format!("{client_id}\n[partner]\nmethod = \"az\"\n"),
        ),
        (
            "a password in the file",
            format!("{client_id}certificate_password = \"x\"\n"),
        ),
    ]
    .map(|(case, lines)| {
        place.write("cutover.toml", CONFIG.replace(client_id, &lines));
        let run = place.run("whoami").ended(2);
        format!("# {case}\n{}{}", run.stderr, run.stdout)
    });
    matches("sign_in", "wrong_way", &texts.join("\n"));
}

#[test]
fn without_the_azure_cli_that_is_told_with_a_next_step() {
    let place = Place::new();
    let config = CONFIG.replace(
        "client_id = \"c07e7000-0000-4000-8000-00000000000c\"",
        "method = \"azure-cli\"",
    );
    place.write("person.toml", WORLD);
    let emulator = Emulator::start_of(&place, "--world-file person.toml");
    place.write("cutover.toml", format!("{config}\n{}", emulator.connection));
    let mut command = place.command("whoami");
    let run = Run::of(command.env("PATH", place.path("nothing")).output().unwrap()).ended(2);
    matches("sign_in", "no_azure_cli", &steady(&run, &emulator));
}

/// The browser of the machine, as far as a sign-in needs one. Elsewhere the test would open a real one.
#[cfg(target_os = "linux")]
mod browser {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::TcpStream;

    use super::{Run, WORLD, leaves_no_token, tenant};
    use crate::program::Place;

    /// One request over a connection of its own; the answer as it came.
    fn send(address: &str, request: &str) -> String {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn a_browser_in_the_foreground_does_not_keep_its_answer_from_being_taken() {
        use std::os::unix::fs::PermissionsExt;
        let place = Place::new();
        // By its name a browser that runs in the terminal, and is waited for.
        place.write("w3m", "#!/bin/sh\nsleep 5\necho >> \"$(dirname \"$0\")/ended\"\n");
        std::fs::set_permissions(place.path("w3m"), std::fs::Permissions::from_mode(0o755)).unwrap();
        signs_in(&place, &place.path("w3m").display().to_string(), || {
            assert!(!place.path("ended").exists(), "the browser was waited for");
        });
    }

    #[test]
    fn a_browser_that_is_driven_by_hand_signs_in() {
        signs_in(&Place::new(), "true", || ());
    }

    fn signs_in(place: &Place, browser: &str, when_shown: impl FnOnce()) {
        let world = WORLD.replace("browser = {", "# browser = {");
        assert_ne!(world, WORLD);
        let emulator = tenant(place, &world, "");
        let mut command = place.command("whoami --sign-in browser");
        let mut child = command.env("BROWSER", browser).spawn().unwrap();
        let mut told = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
        let page = told
            .find_map(|line| line.trim().strip_prefix("http://").map(str::to_owned))
            .unwrap();
        let (host, target) = page.split_once('/').unwrap();
        assert_eq!(format!("http://{host}"), emulator.base);
        let form = "login=admin%40contoso.onmicrosoft.com&mfa=1&answer=sign-in";
        let answer = send(
            host,
            &format!(
                "POST /{target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {}\r\n\
                 Content-Type: application/x-www-form-urlencoded\r\n\r\n{form}",
                form.len()
            ),
        );
        let location = answer.lines().find_map(|line| line.strip_prefix("location: ")).unwrap();
        let (port, target) = location.strip_prefix("http://localhost:").unwrap().split_at(
            location
                .strip_prefix("http://localhost:")
                .unwrap()
                .find(['/', '?'])
                .unwrap(),
        );
        let target = target.trim_start_matches('/');
        let shown = send(
            &format!("127.0.0.1:{port}"),
            &format!("GET /{target} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n"),
        );
        assert!(shown.contains("You are signed in"), "{shown}");
        when_shown();
        let run = Run::of(child.wait_with_output().unwrap()).ended(0);
        assert!(
            run.stdout
                .contains("admin@contoso.onmicrosoft.com, a person, by browser"),
            "{}",
            run.stdout
        );
        leaves_no_token(place, &run);
    }
}
