//! A tenant reached over HTTP, with the administrator of the built-in worlds signed in by a refresh token.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::program::{Emulator, Place, Run, note_of_world};

pub(crate) struct Tenant {
    pub(crate) place: Place,
    pub(crate) emulator: Emulator,
}

impl Tenant {
    /// The tenant of a world, as TOML; it has to extend `to-apply`.
    pub(crate) fn of(world: &str) -> Self {
        let place = Place::new();
        place.write("tenant.toml", world);
        let emulator = Emulator::start_of(&place, "--world-file tenant.toml");
        let config = toml::to_string(&note_of_world("to-apply", "config")).unwrap();
        let person = note_of_world("to-apply", "person_client_id");
        let reader = note_of_world("to-apply", "client_id");
        let config = config.replace(reader.as_str().unwrap(), person.as_str().unwrap());
        place.write("cutover.toml", format!("{config}\n{}", emulator.connection));
        Self { place, emulator }
    }

    /// A command, about to be run by the administrator.
    pub(crate) fn command(&self, arguments: &str) -> Command {
        let token = note_of_world("to-apply", "person_refresh_token");
        let mut command = self.place.command(&format!("{arguments} -c cutover.toml"));
        command.env("CUTOVER_REFRESH_TOKEN", token.as_str().unwrap());
        command
    }

    pub(crate) fn run(&self, arguments: &str) -> Run {
        Run::of(self.command(arguments).output().unwrap())
    }

    /// What the control port tells, such as `audit`.
    pub(crate) fn told(&self, path: &str) -> Value {
        let host = self.emulator.base.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        write!(
            stream,
            "GET /_emulator/{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
    }

    /// What the emulator says became of its tenants.
    pub(crate) fn audit(&self) -> Value {
        self.told("audit")
    }
}

/// The first role that is asked for is held until its client is gone.
const HELD: &str = "summary = \"held\"\nextends = \"to-apply\"\n\n[faults.held]\nkind = \"hold-before\"\nservice = \"graph\"\n\
                    method = \"POST\"\npath = \"/v1.0/roleManagement/directory/roleAssignmentScheduleRequests\"\ncount = 1\n";

/// A tenant in which a run died.
pub(crate) struct Held {
    pub(crate) tenant: Tenant,
}

impl Held {
    /// A plan is applied with these options and this on standard input, and its process killed while it asks for its first loan.
    pub(crate) fn at_its_first_loan(further: &str, answer: &str) -> Self {
        let tenant = Tenant::of(HELD);
        let plan = tenant.run("plan -o plan.json");
        assert_eq!(plan.code, 3, "{}", plan.stderr);
        let mut command = tenant.command(&format!("apply plan.json --yes {further}"));
        let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(answer.as_bytes()).unwrap();
        let began = Instant::now();
        while tenant.told("holds").as_array().unwrap().is_empty() {
            assert!(began.elapsed() < Duration::from_secs(60), "nothing was asked for");
            assert!(child.try_wait().unwrap().is_none(), "it ended before it began");
            std::thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        Self { tenant }
    }
}
