//! Evidence bundles: every change of one is named, and nothing that anybody hands over does harm.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may")]

use std::collections::BTreeMap;

use cutover_report::bundle::{
    About, Fault, KeyError, PackError, PublicKey, Signed, SigningKey, Verified, pack, verify,
};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use ruzstd::decoding::StreamingDecoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

/// Keys made for these tests by `openssl genpkey -algorithm ed25519`; they open nothing.
const PRIVATE: &[u8] = include_bytes!("bundle/signing.pem");
const PUBLIC: &[u8] = include_bytes!("bundle/signing.pub.pem");
const OTHER_PUBLIC: &[u8] = include_bytes!("bundle/other.pub.pem");
const OF_ANOTHER_KIND: &[u8] = include_bytes!("bundle/p256.pem");

fn about() -> About {
    About {
        run: 7,
        plan: "sha256:00".to_owned(),
        tenant_id: "7a6e0c55-6f0f-4c2e-9a53-2f3f0b7f1d10".to_owned(),
        environment: "https://contoso.crm4.dynamics.com".to_owned(),
    }
}

fn files() -> BTreeMap<String, Vec<u8>> {
    let file = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
    BTreeMap::from([
        file("facts-before.json", "{\"facts\": [1, 2, 3]}\n"),
        file("journal.jsonl", &"{\"at\": \"2026-11-23T10:00:00Z\"}\n".repeat(40)),
        file("packs/work365.toml", "format = 1\n"),
        file("report.html", "<!DOCTYPE html>"),
        file("empty.json", ""),
    ])
}

fn key() -> SigningKey {
    SigningKey::from_pem(PRIVATE).unwrap()
}

fn public() -> PublicKey {
    PublicKey::from_pem(PUBLIC).unwrap()
}

fn signed() -> Vec<u8> {
    pack(&files(), &about(), Some(&key())).unwrap()
}

fn unsigned() -> Vec<u8> {
    pack(&files(), &about(), None).unwrap()
}

/// The archive in a bundle.
fn archive(packed: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    std::io::Read::read_to_end(&mut StreamingDecoder::new(packed).unwrap(), &mut out).unwrap();
    out
}

fn packed(archive: &[u8]) -> Vec<u8> {
    compress_to_vec(archive, CompressionLevel::Fastest)
}

/// Where the content of a file begins in an archive.
fn content(archive: &[u8], name: &str) -> usize {
    let blocks = archive.chunks(512);
    let is_header = |block: &[u8]| block.starts_with(format!("{name}\0").as_bytes()) && block[257..262] == *b"ustar";
    (blocks.clone().position(is_header).unwrap() + 1) * 512
}

fn said(verified: &Verified) -> String {
    let told: Vec<String> = verified.faults.iter().map(ToString::to_string).collect();
    told.join("\n")
}

#[test]
fn a_bundle_is_what_was_written() {
    let verified = verify(&unsigned(), None);
    assert_eq!(said(&verified), "");
    assert_eq!(verified.signed, Some(Signed::No));
    let manifest = verified.manifest.clone().unwrap();
    assert_eq!(manifest.about, about());
    let mut there = verified.files;
    assert!(there.remove("manifest.json").is_some());
    assert_eq!(there, files());
    let names: Vec<&String> = manifest.files.iter().map(|file| &file.name).collect();
    assert_eq!(names, files().keys().collect::<Vec<_>>());
}

#[test]
fn equal_files_give_equal_bytes() {
    assert_eq!(unsigned(), unsigned());
    // Ed25519 signs equal texts equally.
    assert_eq!(signed(), signed());
}

#[test]
fn a_signature_says_with_which_key() {
    let key = public().id();
    assert_eq!(
        verify(&signed(), Some(&public())).signed,
        Some(Signed::By { key: key.clone() })
    );
    assert_eq!(verify(&signed(), Some(&public())).faults, []);
    let unchecked = verify(&signed(), None);
    assert_eq!(
        (unchecked.signed, unchecked.faults),
        (Some(Signed::Unchecked { keys: key }), vec![])
    );
    let other = verify(&signed(), Some(&PublicKey::from_pem(OTHER_PUBLIC).unwrap()));
    assert!(matches!(other.faults[..], [Fault::OtherKey { .. }]), "{other:?}");
    assert_eq!(verify(&unsigned(), Some(&public())).faults, [Fault::Unsigned]);
}

/// The form of the envelope is that of DSSE, and the statement that of in-toto, so that others can check them too.
#[test]
fn the_envelope_is_one_that_others_read() {
    use base64::Engine as _;

    let verified = verify(&signed(), None);
    let envelope: serde_json::Value = serde_json::from_slice(&verified.files["manifest.dsse.json"]).unwrap();
    assert_eq!(envelope["payloadType"], "application/vnd.in-toto+json");
    let decoded = |value: &serde_json::Value| {
        let text = value.as_str().unwrap();
        base64::engine::general_purpose::STANDARD.decode(text).unwrap()
    };
    let payload = decoded(&envelope["payload"]);
    let statement: serde_json::Value = serde_json::from_slice(&payload).unwrap();
    assert_eq!(statement["_type"], "https://in-toto.io/Statement/v1");
    assert_eq!(statement["subject"][0]["name"], "manifest.json");
    assert_eq!(statement["subject"].as_array().unwrap().len(), files().len() + 1);
    let mut text = format!("DSSEv1 28 application/vnd.in-toto+json {} ", payload.len()).into_bytes();
    text.extend_from_slice(&payload);
    let der = rustls_pki_types::pem::PemObject::from_pem_slice(PUBLIC);
    let der: rustls_pki_types::SubjectPublicKeyInfoDer<'_> = der.unwrap();
    let raw = aws_lc_rs::signature::UnparsedPublicKey::new(&aws_lc_rs::signature::ED25519, &der[12..]);
    raw.verify(&text, &decoded(&envelope["signatures"][0]["sig"])).unwrap();
}

#[test]
fn every_tampering_has_its_name() {
    let whole = archive(&signed());
    let change = |name: &str, at: usize| {
        let mut archive = whole.clone();
        let place = content(&whole, name) + at;
        archive[place] ^= 1;
        verify(&packed(&archive), Some(&public()))
    };
    let changed = change("journal.jsonl", 10);
    assert!(
        said(&changed).starts_with("the file journal.jsonl was changed: "),
        "{changed:?}"
    );
    // A digit of the run's number.
    let text = String::from_utf8_lossy(&whole[content(&whole, "manifest.json")..]).into_owned();
    let manifest = change("manifest.json", text.find("\"run\": 7").unwrap() + 7);
    assert!(
        said(&manifest).contains("the manifest manifest.json was changed"),
        "{manifest:?}"
    );
    assert!(manifest.faults.contains(&Fault::OtherManifest), "{manifest:?}");
    // A digit of its own digest.
    let digest = change("manifest.json", text.find("sha256:").unwrap() + 9);
    assert!(
        said(&digest).contains("the manifest manifest.json was changed"),
        "{digest:?}"
    );
    let envelope = &whole[content(&whole, "manifest.dsse.json")..];
    let envelope = String::from_utf8_lossy(envelope).into_owned();
    let signature = change("manifest.dsse.json", envelope.find("\"sig\": \"").unwrap() + 12);
    assert!(
        matches!(signature.faults[..], [Fault::Signature { .. }]),
        "{signature:?}"
    );
    let statement = change("manifest.dsse.json", envelope.find("\"payload\": \"").unwrap() + 40);
    assert!(
        matches!(statement.faults[..], [Fault::OtherManifest, Fault::Signature { .. }]),
        "{statement:?}"
    );

    // Whoever makes a new manifest has no key to sign it with.
    let mut forged = files();
    forged.insert("facts-before.json".to_owned(), b"{}".to_vec());
    let forged = archive(&pack(&forged, &about(), None).unwrap());
    let with = |first: &[u8], second: &[u8]| [first, second].concat();
    let end = content(&whole, "manifest.dsse.json") - 512;
    let size = envelope.find("]\n}").unwrap() + 4;
    let entry = &whole[end..end + 512 + size.next_multiple_of(512)];
    let forged = verify(&packed(&with(entry, &forged)), Some(&public()));
    assert_eq!(forged.faults, [Fault::OtherManifest]);
}

#[test]
fn files_that_are_gone_added_or_twice_are_named() {
    let whole = archive(&unsigned());
    let (from, to) = (content(&whole, "empty.json") - 512, content(&whole, "empty.json"));
    let gone = verify(&packed(&[&whole[..from], &whole[to..]].concat()), None);
    let name = || "empty.json".to_owned();
    assert_eq!(gone.faults, [Fault::Missing { name: name() }]);
    let twice = verify(&packed(&[&whole[..to], &whole[from..]].concat()), None);
    assert_eq!(twice.faults, [Fault::Twice { name: name() }]);
    let mut more = files();
    more.insert("added.json".to_owned(), Vec::new());
    let more = archive(&pack(&more, &about(), None).unwrap());
    let added = &more[content(&more, "added.json") - 512..content(&more, "added.json")];
    let added = verify(&packed(&[&whole[..from], added, &whole[from..]].concat()), None);
    assert_eq!(
        added.faults,
        [Fault::Added {
            name: "added.json".to_owned()
        }]
    );
    let (from, to) = (0, content(&whole, "empty.json") - 512);
    let headless = verify(&packed(&[&whole[..from], &whole[to..]].concat()), None);
    assert_eq!(headless.faults, [Fault::NoManifest]);
}

/// A plan as it is stored, for its text and its digest.
const PLAN: &str = include_str!("../../cutover-runner/tests/runs/plan.json");

#[test]
fn a_plan_that_is_another_one_or_was_edited_is_named() {
    let digest = serde_json::from_str::<serde_json::Value>(PLAN).unwrap()["digest"].clone();
    let with = |text: &str, plan: &str| {
        let mut files = files();
        files.insert("plan.json".to_owned(), text.as_bytes().to_vec());
        let about = About {
            plan: plan.to_owned(),
            ..about()
        };
        said(&verify(&pack(&files, &about, None).unwrap(), None))
    };
    let digest = digest.as_str().unwrap();
    assert_eq!(with(PLAN, digest), "");
    // Whoever packs a bundle anew gets every other digest right.
    assert_eq!(
        with(PLAN, "sha256:00"),
        format!(
            "the plan plan.json is not the one that the manifest names: its digest is {digest}, the manifest says sha256:00"
        )
    );
    let edited = with(&PLAN.replacen("admin", "other", 1), digest);
    assert!(
        edited.starts_with("the plan plan.json is not the one that the manifest names: "),
        "{edited}"
    );
}

/// A header as any tar writes it, with a sum that fits.
fn header(name: &str, size: usize, kind: u8) -> Vec<u8> {
    let mut header = vec![0; 512];
    let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, name.as_bytes());
    put(100, b"0000644\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(124, format!("{size:011o}\0").as_bytes());
    put(136, b"00000000000\0");
    put(148, b"        ");
    put(156, &[kind]);
    put(257, b"ustar\x0000");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    header
}

#[test]
fn hostile_archives_are_named_and_do_no_harm() {
    let whole = archive(&unsigned());
    let with = |entry: Vec<u8>| said(&verify(&packed(&[entry, whole.clone()].concat()), None));
    for name in [
        "../evil",
        "/etc/passwd",
        "a/../../b",
        "c:\\evil",
        "a//b",
        ".ssh/config",
        "UPPER",
        "a\u{1b}[31m",
        "",
    ] {
        let told = with(header(name, 0, b'0'));
        assert!(
            told.contains("which is not allowed: do not unpack it"),
            "{name}: {told}"
        );
    }
    for kind in *b"1235x gL" {
        let told = with(header("link", 0, kind));
        assert!(
            told.contains("has a header that cutover does not write"),
            "{kind}: {told}"
        );
    }
    assert!(with(header("huge", 8_usize.pow(11) - 1, b'0')).contains("it ends in the middle of `huge`"));
    let mut sizeless = header("sizeless", 0, b'0');
    sizeless[124..135].copy_from_slice(b"not a size!");
    assert!(with(sizeless).contains("the size of `sizeless` is no number"));
    let behind = said(&verify(&packed(&[whole.clone(), b"more".to_vec()].concat()), None));
    assert!(behind.contains("something stands behind its end"), "{behind}");
    let mut many: Vec<u8> = (0..1100)
        .flat_map(|number| header(&format!("f{number}"), 0, b'0'))
        .collect();
    many.extend([0; 1024]);
    assert!(said(&verify(&packed(&many), None)).contains("more than 1000 files"));
}

#[test]
fn a_bomb_is_not_unpacked() {
    // 300 MiB of nothing in a few kilobytes: one block that repeats a byte, again and again (RFC 8878, section 3.1.1.2).
    let mut bomb = vec![0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x38];
    let repeat = |last: u32| ((128_u32 << 10) << 3 | 1 << 1 | last).to_le_bytes();
    for _ in 0..2400 {
        bomb.extend_from_slice(&repeat(0)[..3]);
        bomb.push(0);
    }
    bomb.extend_from_slice(&repeat(1)[..3]);
    bomb.push(0);
    bomb.extend_from_slice(&[0; 4]);
    let verified = verify(&bomb, None);
    assert!(matches!(verified.faults[..], [Fault::TooLarge { .. }]), "{verified:?}");
}

#[test]
fn what_is_no_bundle_says_so() {
    for bytes in [&b""[..], b"PK\x03\x04", b"hello", &[0; 4096], &[0x28, 0xb5, 0x2f, 0xfd]] {
        let told = said(&verify(bytes, None));
        assert!(told.contains("the bundle cannot be unpacked"), "{told}");
    }
    let empty = said(&verify(&packed(&[0; 1024]), None));
    assert_eq!(empty, "the manifest manifest.json is missing");
    let more = [unsigned(), vec![1]].concat();
    assert!(said(&verify(&more, None)).contains("1 bytes stand behind its end"));
    let twice = [unsigned(), unsigned()].concat();
    assert!(said(&verify(&twice, None)).contains("stand behind its end"));
}

#[test]
fn a_bundle_that_was_cut_anywhere_is_named() {
    let whole = signed();
    for at in 0..whole.len() {
        let verified = verify(&whole[..at], Some(&public()));
        assert!(!verified.faults.is_empty(), "cut at {at} of {}", whole.len());
    }
    let whole = archive(&signed());
    for at in (0..whole.len()).step_by(97) {
        let verified = verify(&packed(&whole[..at]), Some(&public()));
        assert!(!verified.faults.is_empty(), "archive cut at {at} of {}", whole.len());
    }
}

/// The archive has no byte without a meaning: with the key, a change of any of them is named.
#[test]
fn a_change_of_any_byte_of_the_archive_is_named() {
    let whole = archive(&signed());
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 1 << (at % 8);
        let verified = verify(&packed(&changed), Some(&public()));
        assert!(!verified.faults.is_empty(), "byte {at} of {}", whole.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(365), ..ProptestConfig::default() })]
    /// A change of the compressed bytes is named, or it unpacks to the very same files.
    #[test]
    fn what_is_taken_for_unchanged_holds_the_same_files(at in any::<prop::sample::Index>(), flips in 1_u8..=255) {
        let whole = signed();
        let mut changed = whole.clone();
        let at = at.index(whole.len());
        changed[at] ^= flips;
        let verified = verify(&changed, Some(&public()));
        if verified.faults.is_empty() {
            prop_assert_eq!(verified.files, verify(&whole, Some(&public())).files);
        }
    }

    #[test]
    fn no_bytes_do_harm(bytes in prop::collection::vec(any::<u8>(), 0..2048), framed in any::<bool>()) {
        let bytes = if framed { packed(&bytes) } else { bytes };
        prop_assert!(!verify(&bytes, Some(&public())).faults.is_empty());
    }

    #[test]
    fn whatever_is_packed_is_found_again(files in prop::collection::btree_map("[a-z]{1,8}(/[a-z0-9-]{1,8}\\.json)?", prop::collection::vec(any::<u8>(), 0..3000), 0..6)) {
        let verified = verify(&pack(&files, &about(), None).unwrap(), None);
        prop_assert_eq!(said(&verified), "");
        let mut there = verified.files;
        there.remove("manifest.json");
        prop_assert_eq!(there, files);
    }
}

#[test]
fn only_plain_names_are_packed() {
    for name in ["../a", "manifest.json", "manifest.dsse.json", "A", ""] {
        let files = BTreeMap::from([(name.to_owned(), Vec::new())]);
        assert_eq!(pack(&files, &about(), None), Err(PackError::Name(name.to_owned())));
    }
}

#[test]
fn keys_of_another_kind_are_refused_and_none_is_shown() {
    assert_eq!(SigningKey::from_pem(PUBLIC).unwrap_err(), KeyError::NotPrivate);
    assert_eq!(SigningKey::from_pem(b"secret").unwrap_err(), KeyError::NotPrivate);
    assert_eq!(
        SigningKey::from_pem(OF_ANOTHER_KIND).unwrap_err(),
        KeyError::OtherAlgorithm
    );
    assert_eq!(PublicKey::from_pem(PRIVATE).unwrap_err(), KeyError::NotPublic);
    let shown = format!("{:?}", key());
    assert_eq!(shown, format!("SigningKey({})", public().id()));
    let secret: String = String::from_utf8_lossy(PRIVATE).lines().nth(1).unwrap().to_owned();
    let bundle = verify(&signed(), None);
    for (name, bytes) in &bundle.files {
        assert!(!String::from_utf8_lossy(bytes).contains(&secret), "{name}");
    }
}
