//! A solution file as it is uploaded: what `solution.xml` says of it.
//!
//! After *Solution file reference*. Nothing is unpacked beside the manifest, and that only up to a limit; a file that
//! two readers could understand in two ways is refused.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use roxmltree::{Document, Node, ParsingOptions};
use serde::{Deserialize, Serialize};
use zip::ZipArchive;

use crate::dataverse::error::Refusal;

/// Entries that are looked at; large products have some thousand.
const MOST_ENTRIES: usize = 20_000;
/// Bytes of a manifest; each component takes a line.
const MOST_MANIFEST: u64 = 32 * 1024 * 1024;
/// Elements, attributes and texts of a manifest.
const MOST_NODES: u32 = 2_000_000;
/// What must lie at the root.
const ROOT_FILES: [&str; 3] = ["solution.xml", "customizations.xml", "[Content_Types].xml"];

/// What a solution file is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) unique_name: String,
    pub(super) friendly_name: String,
    pub(super) description: String,
    pub(super) version: String,
    pub(super) managed: bool,
    /// Whether it changes single parts of another solution.
    pub(super) patch: bool,
    pub(super) publisher: Publisher,
    /// Tables among its parts, by schema name.
    pub(super) tables: Vec<String>,
    /// Languages (LCID) in which it names itself.
    pub(super) languages: Vec<u32>,
    /// Parts of other solutions that it needs.
    pub(super) requirements: Vec<Requirement>,
}

/// Who made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Publisher {
    pub(super) unique_name: String,
    pub(super) friendly_name: String,
    pub(super) prefix: String,
    pub(super) option_value_prefix: i64,
}

/// A part of another solution, and the own part that needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Requirement {
    pub(super) solution: String,
    pub(super) required: Component,
    pub(super) dependent: Component,
}

/// A part of a solution as the manifest names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Component {
    pub(super) schema_name: String,
    pub(super) display_name: String,
    pub(super) id: String,
    pub(super) kind: String,
}

/// Reads a solution file from the base64 text of a parameter.
pub(super) fn read(text: &str) -> Result<Manifest, Refusal> {
    let bytes = STANDARD.decode(text.trim()).map_err(|_| {
        Refusal::bad_payload(
            "CustomizationFile",
            "Microsoft.OData.ODataException: Cannot convert the literal to the expected type 'Edm.Binary'.",
        )
    })?;
    let manifest = manifest(&bytes).ok_or_else(bad_file)?;
    let text = std::str::from_utf8(&manifest).map_err(|_| invalid("the manifest is not UTF-8 text"))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let options = ParsingOptions {
        nodes_limit: MOST_NODES,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(text, options).map_err(|error| invalid(&error.to_string()))?;
    told(&document)
}

fn bad_file() -> Refusal {
    Refusal::new(
        StatusCode::BAD_REQUEST,
        0x8004_8060,
        "The solution file is invalid. The compressed file must contain the following files at its root: solution.xml, \
         customizations.xml, and [Content_Types].xml. Customization files exported from previous versions of Microsoft \
         Dynamics 365 are not supported.",
    )
}

fn invalid(what: &str) -> Refusal {
    Refusal::new(
        StatusCode::BAD_REQUEST,
        0x8004_801a,
        format!("The import file is invalid. XSD validation failed with the following error: '{what}'."),
    )
}

/// The bytes of `solution.xml`; `None` when the file is no zip file with the parts of a solution.
fn manifest(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    if archive.len() > MOST_ENTRIES {
        return None;
    }
    let mut seen = BTreeSet::new();
    let mut at = None;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).ok()?;
        let name = entry.name().ok()?;
        let leads_out = name.split(['/', '\\']).any(|part| part == "..") || name.starts_with(['/', '\\']);
        if leads_out || name.contains(':') || entry.encrypted() || !seen.insert(name.to_ascii_lowercase()) {
            return None;
        }
        if name.eq_ignore_ascii_case(ROOT_FILES[0]) {
            at = Some(index);
        }
    }
    if !ROOT_FILES.iter().all(|file| seen.contains(&file.to_ascii_lowercase())) {
        return None;
    }
    let mut manifest = Vec::new();
    let entry = archive.by_index(at?).ok()?;
    entry.take(MOST_MANIFEST + 1).read_to_end(&mut manifest).ok()?;
    (u64::try_from(manifest.len()).ok()? <= MOST_MANIFEST).then_some(manifest)
}

fn told(document: &Document<'_>) -> Result<Manifest, Refusal> {
    let root = document.root_element();
    let solution =
        child(root, "SolutionManifest").ok_or_else(|| invalid("the element 'SolutionManifest' is missing"))?;
    let text = |node: Node<'_, '_>, name: &str| -> Result<String, Refusal> {
        let text = child(node, name).and_then(|node| node.text()).map(str::trim);
        text.filter(|text| !text.is_empty())
            .map(str::to_owned)
            .ok_or_else(|| invalid(&format!("the element '{name}' is missing or empty")))
    };
    let version = text(solution, "Version")?;
    if !is_version(&version) {
        return Err(invalid(&format!("the version '{version}' has not two to four numbers")));
    }
    let publisher = child(solution, "Publisher").ok_or_else(|| invalid("the element 'Publisher' is missing"))?;
    let unique_name = text(solution, "UniqueName")?;
    let publisher_name = text(publisher, "UniqueName")?;
    let managed = match text(solution, "Managed")?.as_str() {
        "0" => false,
        "1" => true,
        other => {
            return Err(invalid(&format!(
                "the value '{other}' of 'Managed' is not that of a packed solution"
            )));
        }
    };
    let elements = |parent: &str, name: &'static str| {
        let parent = child(solution, parent);
        let children = parent.into_iter().flat_map(|parent| parent.children());
        children.filter(move |node| node.has_tag_name(name))
    };
    Ok(Manifest {
        friendly_name: label(solution, "LocalizedNames", "LocalizedName").unwrap_or_else(|| unique_name.clone()),
        description: label(solution, "Descriptions", "Description").unwrap_or_default(),
        version,
        managed,
        patch: child(solution, "BasedOn").is_some(),
        publisher: Publisher {
            friendly_name: label(publisher, "LocalizedNames", "LocalizedName")
                .unwrap_or_else(|| publisher_name.clone()),
            prefix: text(publisher, "CustomizationPrefix").unwrap_or_default(),
            option_value_prefix: text(publisher, "CustomizationOptionValuePrefix")
                .ok()
                .and_then(|text| text.parse().ok())
                .unwrap_or(10_000),
            unique_name: publisher_name,
        },
        tables: elements("RootComponents", "RootComponent")
            .filter(|node| node.attribute("type") == Some("1"))
            .filter_map(|node| node.attribute("schemaName").map(str::to_owned))
            .collect(),
        languages: elements("LocalizedNames", "LocalizedName")
            .filter_map(|node| node.attribute("languagecode")?.parse().ok())
            .collect(),
        requirements: elements("MissingDependencies", "MissingDependency")
            .filter_map(requirement)
            .collect(),
        unique_name,
    })
}

/// Two to four numbers with dots between them.
fn is_version(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    (2..=4).contains(&parts.len()) && parts.iter().all(|part| part.parse::<u32>().is_ok())
}

fn child<'n, 'i>(node: Node<'n, 'i>, name: &str) -> Option<Node<'n, 'i>> {
    node.children().find(|node| node.has_tag_name(name))
}

/// A text in English, or in the first language there is.
fn label(node: Node<'_, '_>, list: &str, item: &str) -> Option<String> {
    let items: Vec<Node<'_, '_>> = child(node, list)?
        .children()
        .filter(|node| node.has_tag_name(item))
        .collect();
    let english = items.iter().find(|node| node.attribute("languagecode") == Some("1033"));
    let text = english.or(items.first())?.attribute("description")?;
    Some(text.to_owned())
}

fn requirement(node: Node<'_, '_>) -> Option<Requirement> {
    let component = |node: Node<'_, '_>| {
        let text = |name: &str| node.attribute(name).unwrap_or_default().to_owned();
        Component {
            schema_name: text("schemaName"),
            display_name: text("displayName"),
            id: text("id"),
            kind: text("type"),
        }
    };
    let required = child(node, "Required")?;
    Some(Requirement {
        solution: required.attribute("solution").unwrap_or_default().to_owned(),
        required: component(required),
        dependent: component(child(node, "Dependent")?),
    })
}

#[cfg(test)]
pub(in crate::dataverse) mod testing {
    use std::io::Write;

    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use zip::write::SimpleFileOptions;

    /// A zip file of these entries, as the text of a parameter.
    pub(in crate::dataverse) fn packed(entries: &[(&str, &str)]) -> String {
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, content) in entries {
            archive
                .start_file(*name, SimpleFileOptions::default())
                .expect("an entry");
            archive.write_all(content.as_bytes()).expect("content");
        }
        STANDARD.encode(archive.finish().expect("a zip file").into_inner())
    }

    /// A solution file with this manifest.
    pub(in crate::dataverse) fn solution(manifest: &str) -> String {
        packed(&[
            ("[Content_Types].xml", "<Types/>"),
            ("customizations.xml", "<ImportExportXml/>"),
            ("solution.xml", manifest),
        ])
    }

    /// The manifest of a solution.
    pub(in crate::dataverse) fn manifest(name: &str, version: &str, managed: bool, publisher: &str) -> String {
        format!(
            "<?xml version=\"1.0\"?><ImportExportXml languagecode=\"1033\"><SolutionManifest>\
             <UniqueName>{name}</UniqueName><LocalizedNames><LocalizedName description=\"The {name}\" \
             languagecode=\"1033\"/><LocalizedName description=\"Le {name}\" languagecode=\"1036\"/></LocalizedNames>\
             <Descriptions/><Version>{version}</Version><Managed>{}</Managed><Publisher>\
             <UniqueName>{publisher}</UniqueName><CustomizationPrefix>w</CustomizationPrefix></Publisher>\
             <RootComponents><RootComponent type=\"1\" schemaName=\"contoso_Job\"/><RootComponent type=\"1\" \
             schemaName=\"w_new\"/><RootComponent type=\"20\" schemaName=\"x\"/></RootComponents><MissingDependencies>\
             <MissingDependency><Required type=\"1\" schemaName=\"account\" solution=\"System\"/><Dependent type=\"1\" \
             schemaName=\"w_new\"/></MissingDependency></MissingDependencies></SolutionManifest></ImportExportXml>",
            i32::from(managed)
        )
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::{Config, RngSeed, TestRunner};

    use super::testing::{manifest, packed, solution};
    use super::*;

    fn code(text: &str) -> Option<u32> {
        read(text).expect_err("no solution").code
    }

    #[test]
    fn a_manifest_says_what_a_solution_is() {
        let read = read(&solution(&manifest("Core", "4.8.0.1", true, "contoso"))).expect("a solution");
        assert_eq!(
            (
                read.unique_name.as_str(),
                read.friendly_name.as_str(),
                read.version.as_str(),
                read.managed
            ),
            ("Core", "The Core", "4.8.0.1", true)
        );
        assert_eq!(read.publisher.unique_name, "contoso");
        assert_eq!(read.tables, ["contoso_Job", "w_new"]);
        assert_eq!(read.languages, [1033, 1036]);
        assert_eq!(read.requirements[0].solution, "System");
    }

    #[test]
    fn what_is_no_solution_is_refused() {
        const BAD_FILE: Option<u32> = Some(0x8004_8060);
        const INVALID: Option<u32> = Some(0x8004_801a);
        let good = manifest("Core", "1.0.0.0", true, "p");
        let with = |name: &str| {
            let rest = [
                ("[Content_Types].xml", ""),
                ("customizations.xml", ""),
                (name, good.as_str()),
            ];
            code(&packed(&rest))
        };
        // The empty zip file that a client of other people sends.
        assert_eq!(code("UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="), BAD_FILE);
        assert_eq!(code("bm8gemlw"), BAD_FILE);
        assert_eq!(code("*"), Some(0x8004_8d19));
        for name in ["folder/solution.xml", "/solution.xml", "../solution.xml", "solution.xm"] {
            assert_eq!(with(name), BAD_FILE, "{name}");
        }
        let doubled = packed(&[
            ("[Content_Types].xml", ""),
            ("customizations.xml", ""),
            ("solution.xml", &good),
            ("Solution.xml", &good),
        ]);
        assert_eq!(code(&doubled), BAD_FILE);
        let bomb = format!("{good}<!--{}-->", " ".repeat(33 * 1024 * 1024));
        assert_eq!(code(&solution(&bomb)), BAD_FILE);
        for wrong in [
            String::new(),
            "<a/>".to_owned(),
            good.replace("<Version>1.0.0.0", "<Version>1.x"),
            good.replace("<Managed>1", "<Managed>2"),
            good.replace("<UniqueName>Core", "<UniqueName>"),
            format!(
                "<!DOCTYPE x [<!ENTITY a \"b\">]>{}",
                good.replace("<?xml version=\"1.0\"?>", "")
            ),
        ] {
            assert_eq!(code(&solution(&wrong)), INVALID, "{wrong}");
        }
    }

    #[test]
    fn no_bytes_make_the_reader_panic() {
        let whole = STANDARD
            .decode(solution(&manifest("Core", "1.0.0.0", true, "p")))
            .expect("base64");
        let mut runner = TestRunner::new(Config {
            cases: 2000,
            rng_seed: RngSeed::Fixed(365),
            failure_persistence: None,
            ..Config::default()
        });
        let changes = (0..whole.len(), 0..whole.len(), any::<u8>());
        runner
            .run(&changes, |(cut, at, byte)| {
                let mut bytes = whole.clone();
                if let Some(there) = bytes.get_mut(at) {
                    *there = byte;
                }
                let _ = read(&STANDARD.encode(&bytes));
                bytes.truncate(cut);
                let _ = read(&STANDARD.encode(&bytes));
                Ok(())
            })
            .expect("no panic");
    }
}
