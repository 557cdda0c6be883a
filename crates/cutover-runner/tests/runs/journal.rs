//! The journal: what it keeps, and what it refuses.

use std::path::{Path, PathBuf};

use cutover_core::machine::{Event, What};
use cutover_runner::journal::{Journal, JournalError, RunId, path_in};
use jiff::SignedDuration;

use crate::plans::{plan, start};
use crate::tenant::{begin, owner, take_up};

fn aborted(by: &str) -> Event {
    Event {
        at: start(),
        what: What::Aborted { by: by.to_owned() },
    }
}

#[test]
fn what_was_added_is_there_for_everybody_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let plan = plan();
    let mut run = begin(folder.path(), &plan);
    run.append(&aborted("anna")).unwrap();
    let reader = Journal::open_if_there(folder.path()).unwrap().unwrap();
    assert_eq!(reader.events(run.id()).unwrap(), [aborted("anna")]);
    assert_eq!(reader.plan(run.id()).unwrap(), plan);
    let record = reader.run(run.id()).unwrap();
    assert_eq!((record.digest, record.tenant_id), (plan.digest, plan.scene.tenant_id));
    assert_eq!(record.owner, Some(owner()));
    assert!(reader.is_driven().unwrap());
    drop(run);
    assert!(!reader.is_driven().unwrap());
    assert!(matches!(reader.run(RunId(7)), Err(JournalError::NoSuchRun { .. })));
    assert!(matches!(reader.plan(RunId(7)), Err(JournalError::NoSuchRun { .. })));
}

#[test]
fn what_happened_before_a_run_is_there_when_the_run_is() {
    let folder = tempfile::tempdir().unwrap();
    let approved = Event {
        at: start(),
        what: What::Approved {
            digest: plan().digest,
            object_id: uuid::Uuid::from_u128(9),
            by: "bob".to_owned(),
        },
    };
    let journal = Journal::open(folder.path()).unwrap();
    let before = [approved.clone()];
    let run = journal.begin_after(&plan(), &owner(), start(), &before).unwrap();
    let id = run.id();
    drop(run);
    // Whoever takes it up finds it first.
    let run = take_up(folder.path(), start()).unwrap();
    assert_eq!(run.journal().events(id).unwrap()[0], approved);
    // And a run that does not begin leaves nothing of it.
    drop(run);
    let journal = Journal::open(folder.path()).unwrap();
    let second = journal.begin_after(&plan(), &owner(), start(), &before);
    assert!(matches!(second, Err(JournalError::Unfinished { .. })), "{second:?}");
    let reader = Journal::open_if_there(folder.path()).unwrap().unwrap();
    let events = reader.events(id).unwrap();
    assert_eq!(
        events.iter().filter(|event| **event == approved).count(),
        1,
        "{events:?}"
    );
}

#[test]
fn one_process_drives_at_a_time_and_a_dead_one_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let plan = plan();
    let run = begin(folder.path(), &plan);
    let second = take_up(folder.path(), start());
    let Err(JournalError::Driven { owner: Some(by), .. }) = second else {
        panic!("{second:?}");
    };
    assert_eq!(by, owner());
    drop(run);
    let mut run = take_up(folder.path(), start()).unwrap();
    run.append(&aborted("bob")).unwrap();
    let happened = run.journal().events(run.id()).unwrap();
    assert!(matches!(happened[0].what, What::TakenOver { .. }), "{happened:?}");
    assert_eq!(happened[1], aborted("bob"));
}

#[test]
fn nothing_is_there_until_somebody_begins() {
    let folder = tempfile::tempdir().unwrap();
    assert!(Journal::open_if_there(folder.path()).unwrap().is_none());
    assert!(!path_in(folder.path()).exists());
}

fn raw(folder: &Path) -> rusqlite::Connection {
    rusqlite::Connection::open(path_in(folder)).unwrap()
}

#[test]
fn what_happened_cannot_be_changed() {
    let folder = tempfile::tempdir().unwrap();
    let mut run = begin(folder.path(), &plan());
    run.append(&aborted("anna")).unwrap();
    drop(run);
    for sql in ["UPDATE event SET at = ''", "DELETE FROM event"] {
        assert!(raw(folder.path()).execute(sql, []).is_err(), "{sql}");
    }
}

#[test]
fn every_commit_is_synced_to_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let run = begin(folder.path(), &plan());
    // Settings of a connection are not in the file; so they are asked of the journal's own.
    assert_eq!(run.journal().durability().unwrap(), ("delete".to_owned(), 3, 1));
}

#[test]
fn a_journal_that_cannot_be_trusted_is_refused() {
    type Spoil = fn(&Path);
    let spoils: [(&str, Spoil, &str); 7] = [
        (
            "newer",
            |folder| raw(folder).pragma_update(None, "user_version", 9).unwrap(),
            "was written by a later version of cutover (its form is 9, this version reads up to 2)",
        ),
        (
            "another program's",
            |folder| raw(folder).pragma_update(None, "application_id", 7).unwrap(),
            "is not a journal of cutover",
        ),
        (
            "text",
            |folder| std::fs::write(path_in(folder), "once upon a time ".repeat(400)).unwrap(),
            "is not a journal of cutover",
        ),
        (
            "cut off",
            |folder| {
                let file = std::fs::OpenOptions::new().write(true).open(path_in(folder)).unwrap();
                file.set_len(3 * 4096).unwrap();
            },
            "is damaged",
        ),
        (
            "overwritten",
            |folder| {
                let mut bytes = std::fs::read(path_in(folder)).unwrap();
                for page in 2..bytes.len() / 4096 {
                    bytes[page * 4096..page * 4096 + 200].fill(0xff);
                }
                std::fs::write(path_in(folder), bytes).unwrap();
            },
            "is damaged",
        ),
        (
            "a plan that was changed",
            |folder| {
                let sql = "UPDATE run SET plan = replace(plan, 'upgrade', 'downgrade')";
                raw(folder).execute(sql, []).unwrap();
            },
            "the plan of run 1",
        ),
        (
            "an entry of another time",
            |folder| {
                let sql = "INSERT INTO event VALUES (1, 99, 1, '2026-12-01T08:00:00Z', '{\"event\":\"dreamt\"}')";
                raw(folder).execute(sql, []).unwrap();
            },
            "entry 99 of run 1",
        ),
    ];
    for (name, spoil, expected) in spoils {
        let folder = tempfile::tempdir().unwrap();
        begin(folder.path(), &plan()).append(&aborted("anna")).unwrap();
        spoil(folder.path());
        let read = || {
            let journal = Journal::open(folder.path())?;
            journal.plan(RunId(1))?;
            journal.events(RunId(1))
        };
        let error = read().expect_err(name).to_string();
        assert!(error.contains(expected), "{name}: {error}");
    }
}

#[test]
fn a_full_disk_is_said_and_nothing_half_written_stays() {
    let folder = tempfile::tempdir().unwrap();
    let mut run = begin(folder.path(), &plan());
    run.journal().let_be_full().unwrap();
    let long = aborted(&"x".repeat(100_000));
    let error = run.append(&long).unwrap_err();
    assert!(matches!(error, JournalError::Full { .. }), "{error}");
    drop(run);
    let run = take_up(folder.path(), start()).unwrap();
    let happened = run.journal().events(run.id()).unwrap();
    assert!(
        matches!(
            happened[..],
            [Event {
                what: What::TakenOver { .. },
                ..
            }]
        ),
        "{happened:?}"
    );
}

#[test]
fn a_journal_that_is_held_by_another_program_is_said_to_be() {
    let folder = tempfile::tempdir().unwrap();
    let mut run = begin(folder.path(), &plan());
    let other = raw(folder.path());
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let error = run.append(&aborted("anna")).unwrap_err();
    assert!(matches!(error, JournalError::Locked { .. }), "{error}");
    other.execute_batch("ROLLBACK").unwrap();
    run.append(&aborted("anna")).unwrap();
}

#[test]
fn what_is_kept_with_a_run_stays_as_it_was_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut run = begin(folder.path(), &plan());
    let id = run.id();
    run.keep("facts-before.json", "{\"first\": 1}", start()).unwrap();
    run.keep("facts-before.json", "{\"second\": 2}", start()).unwrap();
    let mut journal = Journal::open(folder.path()).unwrap();
    let early = journal.keep_after_end(id, "facts-after.json", "{}", start());
    assert!(matches!(early, Err(JournalError::Unfinished { .. })), "{early:?}");
    run.close(start()).unwrap();
    let later = start() + SignedDuration::from_mins(5);
    journal.keep_after_end(id, "facts-after.json", "{}", later).unwrap();
    let kept = journal.documents(id).unwrap();
    let told: Vec<_> = kept
        .iter()
        .map(|one| (one.name.as_str(), one.text.as_str(), one.at))
        .collect();
    assert_eq!(
        told,
        [
            ("facts-after.json", "{}", later),
            ("facts-before.json", "{\"first\": 1}", start())
        ]
    );
    assert_eq!(journal.documents(RunId(9)).unwrap(), []);

    // The database itself refuses a change, and who gets around that is found out.
    let file = raw(folder.path());
    let changed = file.execute("UPDATE document SET text = 'other'", []);
    assert!(changed.unwrap_err().to_string().contains("does not change"));
    let gone = file.execute("DELETE FROM document", []);
    assert!(gone.unwrap_err().to_string().contains("does not go away"));
    file.execute_batch("DROP TRIGGER document_never_changes; UPDATE document SET text = 'other'")
        .unwrap();
    let error = journal.documents(id).unwrap_err().to_string();
    assert!(
        error.contains("facts-after.json of run 1: is not what was kept"),
        "{error}"
    );
}

#[test]
fn who_was_taken_over_keeps_nothing_more() {
    let folder = tempfile::tempdir().unwrap();
    let mut run = begin(folder.path(), &plan());
    raw(folder.path())
        .execute("UPDATE run SET epoch = epoch + 1", [])
        .unwrap();
    let fenced = run.keep("facts-before.json", "{}", start());
    assert!(matches!(fenced, Err(JournalError::Fenced { .. })), "{fenced:?}");
    assert_eq!(run.journal().documents(run.id()).unwrap(), []);
}

/// Who may only read it, as from a disk that is not written to, reads the first form as it is.
#[test]
fn a_journal_of_the_first_form_that_may_only_be_read_is_read() {
    let stored = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/runs/journal-1.sqlite3");
    let mut bytes = std::fs::read(&stored).unwrap();
    // The file format's "write version": one that SQLite does not know lets it read and never write, whoever asks.
    bytes[18] = 3;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(path_in(folder.path()), &bytes).unwrap();
    let journal = Journal::open_if_there(folder.path()).unwrap().unwrap();
    assert_eq!(journal.documents(RunId(1)).unwrap(), []);
    assert!(!journal.events(RunId(1)).unwrap().is_empty());
    assert_eq!(std::fs::read(path_in(folder.path())).unwrap(), bytes);
    let refused = Journal::open(folder.path());
    assert!(matches!(refused, Err(JournalError::ReadOnly { .. })), "{refused:?}");
}

/// What this version wrote, every later one opens and drives to its end.
#[test]
fn a_journal_of_the_first_form_stays_readable() {
    let stored = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/runs/journal-1.sqlite3");
    if std::env::var_os("CUTOVER_WRITE_FIXTURES").is_some() {
        write(&stored);
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(&stored, path_in(folder.path())).unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    let runs = journal.runs().unwrap();
    assert_eq!(runs.len(), 1);
    assert_eq!(runs[0].owner.as_ref().unwrap().host, "fixture");
    assert_eq!(journal.plan(RunId(1)).unwrap(), plan());
    let happened = journal.events(RunId(1)).unwrap();
    let state = cutover_core::machine::state(&plan(), &happened);
    assert!(state.of(&"lend-licence".into()).owes());
    // It was another machine's, which has to be said.
    let refused = journal.take_up(RunId(1), &owner(), start(), false);
    assert!(matches!(refused, Err(JournalError::OtherHost { .. })), "{refused:?}");
    let journal = Journal::open(folder.path()).unwrap();
    journal.take_up(RunId(1), &owner(), start(), true).unwrap();
}

/// One event of each kind, in a run whose owner died on another machine.
fn write(stored: &PathBuf) {
    use cutover_core::machine::{Outcome, Retry, Way};
    use serde_json::json;
    use uuid::Uuid;

    let folder = tempfile::tempdir().unwrap();
    let mut owner = owner();
    owner.host = "fixture".to_owned();
    owner.pid = 1;
    let mut run = Journal::open(folder.path())
        .unwrap()
        .begin(&plan(), &owner, start())
        .unwrap();
    let licence = || "lend-licence".into();
    let later = start() + SignedDuration::from_mins(2);
    let ended = |way, outcome| What::Ended {
        step: licence(),
        way,
        outcome,
    };
    let seen = || "read".to_owned();
    let started = |way| What::Started {
        step: licence(),
        way,
        before: json!({"skus": []}),
        key: Uuid::from_u128(8),
    };
    let happened = [
        What::Approved {
            digest: plan().digest,
            object_id: Uuid::from_u128(9),
            by: "bob".to_owned(),
        },
        What::Unread {
            step: licence(),
            why: "no answer".to_owned(),
            again: later,
        },
        What::Time {},
        started(Way::Do),
        ended(
            Way::Do,
            Outcome::Refused {
                why: "throttled".to_owned(),
                retry: Retry::At(later),
            },
        ),
        started(Way::Do),
        ended(
            Way::Do,
            Outcome::Unclear {
                why: "no answer".to_owned(),
                look_at: later,
            },
        ),
        What::TakenOver {
            by: "another".to_owned(),
        },
        What::Pending {
            step: licence(),
            way: Way::Do,
            for_what: "it".to_owned(),
            look_at: later,
            handle: json!("job"),
        },
        ended(
            Way::Do,
            Outcome::Done {
                kept: json!({"id": 1}),
                seen: seen(),
            },
        ),
        What::Renewed {
            step: licence(),
            until: later,
            by: "anna".to_owned(),
        },
        What::Aborted { by: "anna".to_owned() },
        started(Way::Undo),
        ended(Way::Undo, Outcome::AlreadySo { seen: seen() }),
        What::Proved {
            step: licence(),
            gone: false,
            seen: seen(),
        },
        started(Way::Undo),
        ended(
            Way::Undo,
            Outcome::Refused {
                why: "last one".to_owned(),
                retry: Retry::Never,
            },
        ),
    ];
    for what in happened {
        run.append(&Event { at: later, what }).unwrap();
    }
    drop(run);
    std::fs::copy(path_in(folder.path()), stored).unwrap();
}
