//! The solution file of the scene, as a fact: read whole, refused for what it holds, or not to be read at all.

use std::io::{Cursor, Write};

use cutover_core::evidence::Service;
use cutover_core::facts::Reason;
use cutover_core::facts::package::SolutionFile;
use cutover_core::scene::InstallDriver;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::harness::{Tenant, assert_founded, only};

fn solution(version: &str) -> Vec<u8> {
    let manifest = format!(
        "<ImportExportXml><SolutionManifest><UniqueName>Work365Core</UniqueName><Version>{version}</Version><Managed>1</Managed>\
         <Publisher><UniqueName>iotap</UniqueName><CustomizationPrefix>work365</CustomizationPrefix></Publisher>\
         </SolutionManifest></ImportExportXml>"
    );
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [("[Content_Types].xml", "<Types/>"), ("solution.xml", &manifest)] {
        writer.start_file(name, SimpleFileOptions::default()).expect("an entry");
        writer.write_all(text.as_bytes()).expect("its text");
    }
    writer.finish().expect("a zip file").into_inner()
}

fn with_file(file: Option<Vec<u8>>) -> Tenant {
    let mut tenant = Tenant::built_in("ready");
    tenant.scene.install = InstallDriver::SolutionFile {
        file: "Work365.zip".to_owned(),
    };
    tenant.file = file;
    tenant
}

#[test]
fn a_solution_file_is_read_here_and_named_as_evidence() {
    let look = with_file(Some(solution("4.8.0.1"))).look_at(&only(804));
    let (file, calls) = look.facts.solution_file.read().expect("a fact");
    assert!(
        matches!(file, SolutionFile::Solution { managed: true, prefix, .. } if prefix == "work365"),
        "{file:?}"
    );
    let [call] = calls.as_slice() else { panic!("{calls:?}") };
    assert_eq!(
        (call.service, call.request.as_str()),
        (Service::File, "READ Work365.zip")
    );
    assert_founded(look.finding(804));
    assert_eq!(look.verdict(804), "due", "{}", look.finding(804).sentence());
    // An older one than what is installed would be a downgrade.
    let older = with_file(Some(solution("4.1.0.0"))).look_at(&only(804));
    assert_eq!(older.verdict(804), "missing", "{}", older.finding(804).sentence());
}

#[test]
fn a_file_that_is_cut_off_is_refused_and_one_that_is_not_there_is_unknown() {
    let mut cut = solution("4.8.0.1");
    cut.truncate(cut.len() / 2);
    let look = with_file(Some(cut)).look_at(&only(804));
    let file = look.facts.solution_file.value().expect("a fact");
    assert!(matches!(file, SolutionFile::Refused { .. }), "{file:?}");
    assert_ne!(look.verdict(804), "unknown", "what it holds is known");

    let look = with_file(None).look_at(&only(804));
    let blind = look.facts.solution_file.value().expect_err("no fact");
    assert_eq!(blind.reason, Reason::Refused);
    assert!(blind.message.contains("Work365.zip"), "{}", blind.message);
    assert_eq!(look.verdict(804), "unknown", "{}", look.finding(804).sentence());
}

#[test]
fn a_file_is_read_only_where_one_would_be_installed() {
    for install in [
        InstallDriver::Guided,
        InstallDriver::ApplicationPackage { unique_name: None },
    ] {
        let mut tenant = with_file(Some(solution("4.8.0.1")));
        tenant.scene.install = install;
        let look = tenant.look();
        assert!(
            look.facts.solution_file.is_not_collected(),
            "{:?}",
            tenant.scene.install
        );
    }
    let look = with_file(Some(solution("4.8.0.1"))).look_at(&only(701));
    assert!(look.facts.solution_file.is_not_collected(), "no check asked for it");
}
