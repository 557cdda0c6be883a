//! Files as they are exported, cut, damaged and made by somebody hostile.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::io::{Cursor, Write};

use cutover_core::facts::package::SolutionFile;
use proptest::prelude::*;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{MOST_MANIFEST, read};

const SOUND: &str = r#"<ImportExportXml version="9.2.24.10" SolutionPackageVersion="9.2" languagecode="1033" generatedBy="CrmLive">
  <SolutionManifest>
    <UniqueName>Work365</UniqueName>
    <LocalizedNames><LocalizedName description="Work 365" languagecode="1033" /></LocalizedNames>
    <Descriptions />
    <Version>4.8.0.12</Version>
    <Managed>1</Managed>
    <Publisher>
      <UniqueName>iotap</UniqueName>
      <CustomizationPrefix>work365</CustomizationPrefix>
    </Publisher>
    <RootComponents />
  </SolutionManifest>
</ImportExportXml>"#;

fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// An exported solution with this manifest.
fn exported(manifest: &str) -> Vec<u8> {
    zipped(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("solution.xml", manifest.as_bytes()),
        ("customizations.xml", b"<ImportExportXml/>"),
    ])
}

fn told(bytes: &[u8]) -> SolutionFile {
    read(&mut Cursor::new(bytes.to_vec())).unwrap()
}

#[track_caller]
fn refused(bytes: &[u8], because: &str) {
    match told(bytes) {
        SolutionFile::Refused { because: said } => assert!(said.contains(because), "{said}"),
        solution => panic!("taken for {solution:?}, not refused because {because}"),
    }
}

/// Every name in the headers of an archive, exchanged for another of the same length.
fn renamed(mut bytes: Vec<u8>, from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let places: Vec<usize> = (0..bytes.len() - from.len())
        .filter(|at| bytes[*at..].starts_with(from.as_bytes()))
        .collect();
    assert!(places.len() >= 2, "in the local and in the central header");
    for at in places {
        bytes[at..at + from.len()].copy_from_slice(to.as_bytes());
    }
    bytes
}

#[test]
fn a_solution_tells_what_it_is() {
    let bytes = exported(SOUND);
    let SolutionFile::Solution {
        unique_name,
        version,
        managed,
        publisher,
        prefix,
        sha256,
    } = told(&bytes)
    else {
        panic!("refused: {:?}", told(&bytes))
    };
    assert_eq!(
        (
            unique_name.as_str(),
            version,
            managed,
            publisher.as_str(),
            prefix.as_str()
        ),
        ("Work365", "4.8.0.12".parse().unwrap(), true, "iotap", "work365")
    );
    assert_eq!(sha256.len(), 64);
    let other = told(&exported(&SOUND.replace("4.8.0.12", "4.8.0.13")));
    assert!(!matches!(other, SolutionFile::Solution { sha256: other, .. } if other == sha256));

    let unmanaged = told(&exported(&SOUND.replace("<Managed>1", "<Managed>0")));
    assert!(
        matches!(unmanaged, SolutionFile::Solution { managed: false, .. }),
        "{unmanaged:?}"
    );
    let spelled = zipped(&[
        ("[content_types].XML", b"<Types/>"),
        ("Solution.XML", format!("\u{feff}{SOUND}").as_bytes()),
    ]);
    assert!(
        matches!(told(&spelled), SolutionFile::Solution { .. }),
        "{:?}",
        told(&spelled)
    );
}

/// FIPS 180-4, example of one block, so that the figure is the one other tools show.
#[test]
fn the_digest_is_sha_256_of_the_whole_file() {
    let digest = super::sha256(&mut Cursor::new(b"abc".to_vec())).unwrap();
    assert_eq!(
        digest,
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
}

#[test]
fn what_is_no_solution_is_refused_and_says_why() {
    let dtd = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]>";
    let cases = [
        ("not 0 or 1", SOUND.replace("<Managed>1", "<Managed>yes")),
        ("is neither", SOUND.replace("<Managed>1", "<Managed>2")),
        ("not a version", SOUND.replace("4.8.0.12", "4.8-beta")),
        ("no element Version", SOUND.replace("Version>", "Fassung>")),
        (
            "no element SolutionManifest",
            SOUND.replace("SolutionManifest>", "Manifest>"),
        ),
        ("not that of a solution", SOUND.replace("ImportExportXml", "Package")),
        (
            "the element UniqueName twice",
            SOUND.replace("<Managed>", "<UniqueName>Other</UniqueName><Managed>"),
        ),
        (
            "does not say UniqueName",
            SOUND.replace(">Work365<", "><b>Work365</b><"),
        ),
        (
            "does not say UniqueName",
            SOUND.replace(">Work365<", ">Work<!-- -->365<"),
        ),
        (
            "does not say CustomizationPrefix",
            SOUND.replace(">work365<", &format!(">{}<", "w".repeat(300))),
        ),
        ("cannot be read", format!("{dtd}{SOUND}")),
        ("cannot be read", SOUND.replace("Work365", "&b;")),
        ("cannot be read", SOUND.replace("</ImportExportXml>", "")),
        ("cannot be read", String::new()),
    ];
    for (because, manifest) in cases {
        refused(&exported(&manifest), because);
    }
}

#[test]
fn archives_that_lie_are_refused() {
    let manifest = SOUND.as_bytes();
    let types: (&str, &[u8]) = ("[Content_Types].xml", b"<Types/>");
    refused(b"", "not a whole zip file");
    refused(b"<ImportExportXml/>", "not a whole zip file");
    refused(&zipped(&[types]), "no solution.xml");
    refused(&zipped(&[types, ("folder/solution.xml", manifest)]), "no solution.xml");
    refused(&zipped(&[("solution.xml", manifest)]), "no [Content_Types].xml");
    refused(&zipped(&[types, ("solution.xml", b"\xff\xfe<\0")]), "not UTF-8");
    for name in ["../solution.xml", "/etc/passwd", "a\\..\\b", "C:\\a", "\\\\host\\a"] {
        refused(
            &zipped(&[types, ("solution.xml", manifest), (name, b"")]),
            "unpacked elsewhere",
        );
    }
    let twice = zipped(&[types, ("solution.xml", manifest), ("Solution.xml", manifest)]);
    refused(&twice, "solution.xml twice");
    let same_name_twice = renamed(
        zipped(&[types, ("solution.xml", manifest), ("solution.xmk", manifest)]),
        "solution.xmk",
        "solution.xml",
    );
    refused(&same_name_twice, "the same name twice");

    let mut encrypted = zipped(&[("solution.xml", manifest), types]);
    let central = encrypted.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    encrypted[6] |= 1;
    encrypted[central + 8] |= 1;
    refused(&encrypted, "encrypted");

    let mut damaged = zipped(&[("solution.xml", manifest), types]);
    damaged[80] ^= 0x55;
    assert!(
        matches!(told(&damaged), SolutionFile::Refused { .. }),
        "{:?}",
        told(&damaged)
    );
}

#[test]
fn a_directory_without_end_is_not_listed() {
    let manifest = SOUND.as_bytes();
    let mut names: Vec<String> = (0..super::MOST_ENTRIES)
        .map(|number| format!("WebResources/{number}"))
        .collect();
    let all = |names: &[String]| {
        let start: [(&str, &[u8]); 2] = [("solution.xml", manifest), ("[Content_Types].xml", b"<Types/>")];
        let rest = names.iter().map(|name| (name.as_str(), b"".as_slice()));
        zipped(&start.into_iter().chain(rest).collect::<Vec<_>>())
    };
    refused(&all(&names), "entries, more than any solution");
    names.truncate(2000);
    assert!(matches!(told(&all(&names)), SolutionFile::Solution { .. }));
    let long = "n".repeat(60_000);
    let names: Vec<String> = (0..150).map(|number| format!("{long}{number}")).collect();
    refused(&all(&names), "cut off or damaged");
}

#[test]
fn a_bomb_is_not_unpacked() {
    let mut manifest = SOUND.as_bytes().to_vec();
    manifest.resize(usize::try_from(MOST_MANIFEST).unwrap() + 1, b' ');
    let bomb = zipped(&[("[Content_Types].xml", b"<Types/>"), ("solution.xml", &manifest)]);
    assert!(bomb.len() < 100_000, "{}", bomb.len());
    refused(&bomb, "unpacks to more than");
    manifest.truncate(1024 * 1024);
    assert!(matches!(
        told(&zipped(&[
            ("[Content_Types].xml", b"<Types/>"),
            ("solution.xml", &manifest)
        ])),
        SolutionFile::Solution { .. }
    ));
}

/// What only says that it is large is not read at all.
#[test]
fn more_than_dataverse_takes_is_refused_unread() {
    struct Huge;
    impl std::io::Read for Huge {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            panic!("read")
        }
    }
    impl std::io::Seek for Huge {
        fn seek(&mut self, _: std::io::SeekFrom) -> std::io::Result<u64> {
            Ok(128 * 1024 * 1024 + 1)
        }
    }
    let SolutionFile::Refused { because } = read(&mut Huge).unwrap() else {
        panic!("taken")
    };
    assert!(because.contains("134217728"), "{because}");
}

#[test]
fn a_file_cut_off_anywhere_is_refused() {
    let whole = exported(SOUND);
    for length in 0..whole.len() {
        assert!(
            matches!(told(&whole[..length]), SolutionFile::Refused { .. }),
            "cut at {length}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..2048)) {
        told(&bytes);
    }

    #[test]
    fn a_damaged_file_is_refused_or_read_and_never_a_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let mut bytes = exported(SOUND);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        told(&bytes);
    }

    #[test]
    fn no_manifest_makes_it_panic(text in "[<>/&;=\"'A-Za-z !?\\[\\]-]{0,300}") {
        told(&exported(&text));
        told(&exported(&SOUND.replace("Work365", &text)));
    }
}
