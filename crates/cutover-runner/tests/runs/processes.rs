//! Two real processes and one run: exactly one of them acts.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use cutover_core::machine::What;
use cutover_runner::journal::{Journal, JournalError, RunId};

use crate::plans::{plan, start};
use crate::tenant::{begin, take_up};

/// Names the folder for a process that is a child of a test.
const FOLDER: &str = "CUTOVER_TEST_FOLDER";

/// Not a test, but what a child does: it takes the first run up, says how that went, and goes on until it is let go.
#[test]
fn as_another_process() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let folder = Path::new(&folder);
    let run = take_up(folder, start());
    let answer = match &run {
        Ok(_) => "acts".to_owned(),
        Err(JournalError::Driven { owner, .. }) => format!("refused for {}", owner.as_ref().unwrap().pid),
        Err(error) => format!("failed: {error}"),
    };
    if run.is_ok() {
        let mut effects = fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(folder.join("effects"))
            .unwrap();
        writeln!(effects, "{}", std::process::id()).unwrap();
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "\nchild: {answer}").unwrap();
    out.flush().unwrap();
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
}

struct Other {
    child: Child,
    answer: String,
}

impl Other {
    fn start(folder: &Path) -> Child {
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "processes::as_another_process", "--nocapture"])
            .env(FOLDER, folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    fn hear(mut child: Child) -> Self {
        let lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
        let mut said = lines
            .map(Result::unwrap)
            .filter_map(|line| Some(line.strip_prefix("child: ")?.to_owned()));
        let answer = said.next().unwrap();
        Self { child, answer }
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[test]
fn of_two_processes_exactly_one_acts() {
    let folder = tempfile::tempdir().unwrap();
    let run = begin(folder.path(), &plan());
    let refused = Other::hear(Other::start(folder.path()));
    assert_eq!(refused.answer, format!("refused for {}", std::process::id()));
    refused.kill();
    drop(run);

    for _ in 0..5 {
        let racing = [Other::start(folder.path()), Other::start(folder.path())];
        let others = racing.map(Other::hear);
        let acting: Vec<&Other> = others.iter().filter(|other| other.answer == "acts").collect();
        assert_eq!(acting.len(), 1, "{:?}", others.each_ref().map(|other| &other.answer));
        let effects = fs::read_to_string(folder.path().join("effects")).unwrap();
        assert_eq!(effects.trim(), acting[0].child.id().to_string());
        // Killed, it gives the run up by itself.
        others.into_iter().for_each(Other::kill);
        fs::remove_file(folder.path().join("effects")).unwrap();
    }
    let journal = Journal::open(folder.path()).unwrap();
    assert!(!journal.is_driven().unwrap());
    let happened = journal.events(RunId(1)).unwrap();
    assert!(
        happened
            .iter()
            .all(|event| matches!(event.what, What::TakenOver { .. }))
    );
    assert!(take_up(folder.path(), start()).is_ok());
}
