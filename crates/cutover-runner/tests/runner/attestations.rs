//! The store of attestations: whatever stands in its place, nothing is lost and nothing is taken for what it is not.

use std::fs;
use std::path::Path;

use cutover_core::Code;
use cutover_core::attestation::Attestation;
use cutover_runner::{AttestationStore, StoreError};
use tempfile::TempDir;

const FILE: &str = "attestations.json";

fn attestation(seen: &str) -> Attestation {
    Attestation {
        code: Code::new(104),
        by: "Alice Admin".to_owned(),
        at: "2026-11-23T09:00:00Z".parse().expect("a time"),
        seen: seen.to_owned(),
        version: "4.8".parse().expect("a version"),
        tenant_id: "7a6e0c55-6f0f-4c2e-9a53-2f3f0b7f1d10".parse().expect("an id"),
        environment_url: "https://contoso.crm4.dynamics.com".to_owned(),
        about: None,
    }
}

/// What lies in the folder, beside the empty file by which programs take turns.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    names.filter(|name| name != "attestations.lock").collect()
}

#[test]
fn whoever_adds_at_once_takes_turns() {
    let folder = TempDir::new().expect("a folder");
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let store = AttestationStore::in_folder(folder.path());
            scope.spawn(move || {
                (0..5).for_each(|one| store.add(attestation(&format!("{writer} {one}"))).expect("added"))
            });
        }
    });
    let all = AttestationStore::in_folder(folder.path()).read().expect("the store");
    let mut seen: Vec<String> = all.into_iter().map(|one| one.seen).collect();
    seen.sort();
    let wanted = (0..8).flat_map(|writer| (0..5).map(move |one| format!("{writer} {one}")));
    assert_eq!(seen, wanted.collect::<Vec<_>>(), "nobody wrote over another");
}

#[test]
fn what_was_attested_comes_back_in_order_whatever_a_person_wrote() {
    let folder = TempDir::new().expect("a folder");
    let state = folder.path().join("not").join("there yet");
    let store = AttestationStore::in_folder(&state);
    assert_eq!(store.read().expect("an empty store"), []);
    assert!(!state.exists(), "looking makes nothing");
    let all = [
        "Admin Hub shows the account",
        "“quotes” \"and\" \\ back\u{1b}[31m",
        "",
        "\u{202e}قلب\n\0",
    ]
    .map(attestation);
    for one in &all {
        store.add(one.clone()).expect("added");
    }
    assert_eq!(store.read().expect("the store"), all);
    assert_eq!(
        AttestationStore::in_folder(&state)
            .read()
            .expect("another program's look"),
        all
    );
    assert_eq!(names(&state), [FILE], "no half-written file is left");
}

/// A file that is not whole and of this version is an error that names it, and stays as it is.
#[test]
fn a_file_that_is_something_else_is_refused_and_left_alone() {
    let folder = TempDir::new().expect("a folder");
    let store = AttestationStore::in_folder(folder.path());
    store.add(attestation("seen")).expect("added");
    let path = folder.path().join(FILE);
    let whole = fs::read_to_string(&path).expect("the file");
    let broken = |text: &str| (text.to_owned(), "is broken");
    let other = |text: &str| (text.to_owned(), "has the format");
    let truncations = (1..8).map(|eighth| broken(&whole[..whole.len() * eighth / 8]));
    let cases = truncations.chain([
        broken(""),
        broken("not JSON"),
        broken(&whole.replace("\"by\"", "\"from\"")),
        broken(&whole.replace("W104", "104")),
        broken(&whole.replace("7a6e0c55", "somebody")),
        broken(&whole.replace("\"attestations\"", "\"more\": 1, \"attestations\"")),
        broken(&format!("{whole}{whole}")),
        other("{}"),
        other("[]"),
        other("null"),
        other(&whole.replace("cutover-attestations/1", "cutover-attestations/2")),
        other(&whole.replace("cutover-attestations/1", "cutover-facts/1")),
        other(&whole.replace("\"cutover-attestations/1\"", "1")),
        other(&whole.replace("cutover-attestations/1", &"x".repeat(5000))),
    ]);
    for (text, wanted) in cases {
        fs::write(&path, &text).expect("the file in its place");
        for error in [
            store.read().expect_err(&text),
            store.add(attestation("more")).expect_err(&text),
        ] {
            let message = error.to_string();
            let kind = matches!(error, StoreError::Broken { .. }) == (wanted == "is broken");
            assert!(
                kind && message.contains(wanted) && message.contains(FILE),
                "{text}: {message}"
            );
            assert!(message.len() < 1000, "{text}: {message}");
        }
        assert_eq!(fs::read_to_string(&path).expect("the file"), text, "left alone");
        assert_eq!(names(folder.path()), [FILE], "{text}");
    }
    fs::write(&path, [0xff, 0xfe, 0x00]).expect("the file in its place");
    assert!(
        matches!(store.read(), Err(StoreError::Io { what: "read", .. })),
        "no text at all"
    );
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let folder = TempDir::new().expect("a folder");
    let occupied = folder.path().join("state");
    fs::write(&occupied, "a file where the folder should be").expect("a file");
    let store = AttestationStore::in_folder(&occupied);
    let error = store.add(attestation("seen")).expect_err("no folder");
    let StoreError::Io { path, .. } = &error else {
        panic!("{error:?}")
    };
    assert!(path.starts_with(&occupied), "{error}");
    assert!(error.to_string().contains("state"), "{error}");
    assert_eq!(
        fs::read_to_string(&occupied).expect("the file"),
        "a file where the folder should be"
    );

    // A folder in the place of the file: the new file cannot take its place, and is not left behind.
    let blocked = folder.path().join("blocked");
    fs::create_dir_all(blocked.join(FILE)).expect("folders");
    let store = AttestationStore::in_folder(&blocked);
    assert!(matches!(store.read(), Err(StoreError::Io { .. })));
    assert!(matches!(store.add(attestation("seen")), Err(StoreError::Io { .. })));
    assert_eq!(names(&blocked), [FILE]);
}
