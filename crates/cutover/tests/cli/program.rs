//! The real program, run in a folder of its own: no configuration, no state, no variable of the machine reaches it.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

/// A working directory that holds nothing yet; `state` in it is the state folder.
pub(crate) struct Place {
    folder: TempDir,
}

/// How a run of the program ended.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file below the working directory, with the folders on its way.
    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) -> &Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The program, about to run here with `arguments`, split at blanks.
    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cutover"));
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy().to_uppercase();
            if name.starts_with("CUTOVER_") || name.ends_with("_PROXY") || name.starts_with("CLICOLOR") {
                command.env_remove(name);
            }
        }
        for home in ["HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "XDG_DATA_HOME"] {
            command.env(home, self.path("home"));
        }
        command
            .env_remove("COLUMNS")
            .env_remove("LINES")
            .env("NO_COLOR", "1")
            .current_dir(self.folder.path())
            .args(arguments.split_whitespace())
            .args(["--state", "state"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the program here with `arguments`, split at blanks.
    pub(crate) fn run(&self, arguments: &str) -> Run {
        Run::of(self.command(arguments).output().unwrap())
    }

    /// As [`Self::run`], with further arguments that may hold blanks.
    pub(crate) fn run_with(&self, arguments: &str, further: &[&str]) -> Run {
        Run::of(self.command(arguments).args(further).output().unwrap())
    }

    /// As [`Self::run`], with environment variables.
    pub(crate) fn run_in(&self, arguments: &str, environment: &[(&str, &str)]) -> Run {
        let mut command = self.command(arguments);
        Run::of(command.envs(environment.iter().copied()).output().unwrap())
    }

    /// Every file that lies here, with its text.
    pub(crate) fn files(&self) -> Vec<(PathBuf, String)> {
        let mut open = vec![self.folder.path().to_owned()];
        let mut found = Vec::new();
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
                    found.push((path, text));
                }
            }
        }
        found
    }
}

impl Run {
    pub(crate) fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace("\r\n", "\n");
        Self {
            code: output.status.code().expect("the program ended by itself"),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    /// Asserts the exit code, showing what was said otherwise.
    pub(crate) fn ended(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        assert!(!self.stderr.contains("panicked"), "{}", self.stderr);
        self
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}\n{}\n{}", self.stdout, self.stderr))
    }

    /// Code and verdict of every finding of a JSON report.
    pub(crate) fn verdicts(&self) -> Vec<(String, String)> {
        let findings = self.json()["findings"].as_array().unwrap().clone();
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        findings
            .iter()
            .map(|finding| (text(&finding["code"]), text(&finding["verdict"])))
            .collect()
    }

    /// The verdict on one requirement in a JSON report.
    pub(crate) fn verdict(&self, code: &str) -> String {
        let verdicts = self.verdicts();
        let found = verdicts.iter().find(|(known, _)| known == code);
        found.unwrap_or_else(|| panic!("no {code} in {verdicts:?}")).1.clone()
    }
}

/// Names of the built-in worlds, as the program itself lists them.
pub(crate) fn worlds() -> Vec<String> {
    let list = Place::new().run("emulator --list").ended(0).stdout;
    let names: Vec<String> = list
        .lines()
        .map(|line| line.split_whitespace().next().unwrap().to_owned())
        .collect();
    assert!(names.len() > 50, "{list}");
    names
}

/// A key of the table `[for.cutover]` that a built-in world, or the one it extends, carries.
pub(crate) fn note_of_world(world: &str, key: &str) -> toml::Value {
    let world = cutover_emulator::World::built_in(world).unwrap();
    world.notes_for("cutover").unwrap()[key].clone()
}

/// `cutover emulator` as a process of its own; it ends with this value, however the test ends.
pub(crate) struct Emulator {
    child: Child,
    /// Such as `http://127.0.0.1:50123`.
    pub(crate) base: String,
    /// The `[connection]` table that it prints for a `cutover.toml`.
    pub(crate) connection: String,
    /// What it prints before that table.
    pub(crate) before: String,
}

impl Emulator {
    pub(crate) fn start(place: &Place, world: &str) -> Self {
        Self::start_with(place, world, "")
    }

    pub(crate) fn start_with(place: &Place, world: &str, further: &str) -> Self {
        Self::start_of(place, &format!("--world {world} {further}"))
    }

    /// Of the world that the arguments name.
    pub(crate) fn start_of(place: &Place, arguments: &str) -> Self {
        let mut command = place.command(&format!("emulator --port 0 --standing-clock {arguments}"));
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut before = String::new();
        let connection: Vec<String> = lines
            .by_ref()
            .map(Result::unwrap)
            .skip_while(|line| {
                before += &format!("{line}\n");
                line != "[connection]"
            })
            .take_while(|line| !line.is_empty())
            .collect();
        let base = connection[1].split('"').nth(1).unwrap().to_owned();
        Self {
            child,
            base,
            connection: connection.join("\n") + "\n",
            before,
        }
    }

    /// What a request to its control port answers.
    pub(crate) fn control(&self, method: &str, path: &str, body: &str) -> serde_json::Value {
        let address = self.base.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} /_emulator/{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 2"), "{method} {path}: {answer}");
        serde_json::from_str(body).unwrap_or_default()
    }

    /// Ends the process, as a power cut would.
    pub(crate) fn stop(&mut self) {
        // It may have ended already; either way it is gone afterwards.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Paths and the operating system's own words differ from system to system.
pub(crate) fn portable(text: &str) -> String {
    let text = text.replace("state\\", "state/");
    let mut out = String::new();
    for line in text.lines() {
        match (line.find(" (os error "), line.rfind(')')) {
            (Some(begin), Some(end)) => {
                let cause = line[..begin].rfind(": ").map_or(begin, |colon| colon + 2);
                out.push_str(&line[..cause]);
                out.push_str("<the system's words>");
                out.push_str(&line[end + 1..]);
            }
            _ => out.push_str(line),
        }
        out.push('\n');
    }
    out
}

/// Compares a text with its snapshot in a folder below `tests/snapshots`.
pub(crate) fn matches(folder: &str, name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(format!("../snapshots/{folder}"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// Compares every text with its snapshot in a folder of their own, and tells of all that differ, not of the first.
///
/// A snapshot without a text is an error as well: it would claim what nobody looks at.
pub(crate) fn all_match(folder: &str, texts: impl IntoIterator<Item = (String, String)>) {
    let mut seen = Vec::new();
    let mut changed = Vec::new();
    for (name, text) in texts {
        let compare = std::panic::AssertUnwindSafe(|| matches(folder, &name, &text));
        if std::panic::catch_unwind(compare).is_err() {
            changed.push(name.clone());
        }
        seen.push(name);
    }
    assert!(
        changed.is_empty(),
        "changed in {folder}: {changed:?}; when that is meant: INSTA_UPDATE=always cargo test -p cutover"
    );
    let stored = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/snapshots")
        .join(folder);
    for entry in fs::read_dir(stored).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let Some(name) = file.strip_suffix(".snap") else {
            continue;
        };
        assert!(
            seen.iter().any(|seen| seen == name),
            "{folder}/{file} belongs to nothing any more"
        );
    }
}
