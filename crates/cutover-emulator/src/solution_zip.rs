//! Solution files of the applications that the emulator knows, for those who import them.
//!
//! A file holds what *Solution file reference* asks for at its root, says in `solution.xml` what the package manifest says of
//! that version, and is the same byte for byte each time. Whoever needs a file that is wrong changes a field of
//! [`SolutionFile`] before it is packed.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::world::packages::{Manifest, manifest};

/// What a solution file says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SolutionFile {
    /// Unique name of the solution.
    pub unique_name: String,
    /// Name that people see.
    pub friendly_name: String,
    /// Version, two to four numbers.
    pub version: String,
    /// Whether it is managed.
    pub managed: bool,
    /// Unique name of its publisher.
    pub publisher: String,
    /// Name of the publisher that people see.
    pub publisher_name: String,
    /// Prefix of what the publisher makes.
    pub prefix: String,
    /// Languages (LCID) in which it names itself.
    pub languages: Vec<u32>,
    /// Tables among its parts, by schema name.
    pub tables: Vec<String>,
    /// Solutions that it needs, by unique name, with the first version of each that will do.
    pub requires: Vec<(String, String)>,
}

/// The solution file of an application, such as `work365` or `work365-portal`, in a version, as the bytes of a zip file.
/// `None` when no manifest has this name, or none of its releases is as old as that.
pub fn solution_zip(package: &str, version: &str) -> Option<Vec<u8>> {
    SolutionFile::of(package, version)?.zip()
}

impl SolutionFile {
    /// What the solution of an application says of itself in a version. One that no manifest knows is like the newest that
    /// is known below it.
    pub fn of(package: &str, version: &str) -> Option<Self> {
        let manifest: &Manifest = manifest(package)?;
        let release = manifest.up_to(version)?;
        let brought = release.brings().ok()?;
        let table = |name: &str| brought.get(name).and_then(toml::Value::as_table);
        let (_, solution) = table("solution")?.iter().next()?;
        let text = |value: &toml::Value, name: &str| value.get(name).and_then(toml::Value::as_str).map(str::to_owned);
        let publisher = text(solution, "publisher")?;
        // The portal's publisher is the one that the core brings.
        let core = crate::world::packages::manifest("work365")?;
        let core = core.releases.first()?.brings().ok()?;
        let described = core.get("publisher")?.get(&publisher)?;
        Some(Self {
            unique_name: text(solution, "unique_name")?,
            friendly_name: text(solution, "friendly_name")?,
            version: version.to_owned(),
            managed: true,
            publisher: text(described, "unique_name")?,
            publisher_name: text(described, "friendly_name")?,
            prefix: text(described, "prefix")?,
            languages: vec![1033],
            tables: table("table")
                .into_iter()
                .flatten()
                .map(|(name, _)| name.clone())
                .collect(),
            requires: manifest.required(release).into_iter().collect(),
        })
    }

    /// The file; `None` when it cannot be packed.
    pub fn zip(&self) -> Option<Vec<u8>> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default());
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in [
            ("[Content_Types].xml", CONTENT_TYPES.to_owned()),
            ("solution.xml", self.manifest()),
            ("customizations.xml", self.customizations()),
        ] {
            archive.start_file(name, options).ok()?;
            archive.write_all(text.as_bytes()).ok()?;
        }
        archive.finish().ok().map(Cursor::into_inner)
    }

    fn manifest(&self) -> String {
        let names = |text: &str| {
            self.languages.iter().fold(String::new(), |mut names, language| {
                let _ = write!(
                    names,
                    "<LocalizedName description=\"{}\" languagecode=\"{language}\"/>",
                    escaped(text)
                );
                names
            })
        };
        let parts = self.tables.iter().fold(String::new(), |mut parts, table| {
            let table = escaped(table);
            let _ = write!(
                parts,
                "<RootComponent type=\"1\" schemaName=\"{table}\" behavior=\"0\"/>"
            );
            parts
        });
        let needs = self
            .requires
            .iter()
            .fold(String::new(), |mut needs, (solution, version)| {
                let solution = escaped(solution);
                let _ = write!(
                    needs,
                    "<MissingDependency><Required type=\"1\" schemaName=\"work365_job\" displayName=\"Work 365 Job\" \
                 solution=\"{solution} ({})\"/><Dependent type=\"66\" schemaName=\"{}\" displayName=\"{}\"/>\
                 </MissingDependency>",
                    escaped(version),
                    escaped(&self.unique_name),
                    escaped(&self.friendly_name)
                );
                needs
            });
        format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<ImportExportXml version=\"9.2.0.0\" \
             SolutionPackageVersion=\"9.2\" languagecode=\"1033\" generatedBy=\"CrmLive\"><SolutionManifest>\
             <UniqueName>{}</UniqueName><LocalizedNames>{}</LocalizedNames><Descriptions/><Version>{}</Version>\
             <Managed>{}</Managed><Publisher><UniqueName>{}</UniqueName><LocalizedNames>{}</LocalizedNames>\
             <Descriptions/><CustomizationPrefix>{}</CustomizationPrefix>\
             <CustomizationOptionValuePrefix>10000</CustomizationOptionValuePrefix></Publisher><RootComponents>{parts}\
             </RootComponents><MissingDependencies>{needs}</MissingDependencies></SolutionManifest></ImportExportXml>\n",
            escaped(&self.unique_name),
            names(&self.friendly_name),
            escaped(&self.version),
            i32::from(self.managed),
            escaped(&self.publisher),
            names(&self.publisher_name),
            escaped(&self.prefix),
        )
    }

    fn customizations(&self) -> String {
        let entities = self.tables.iter().fold(String::new(), |mut entities, table| {
            let _ = write!(entities, "<Entity><Name>{}</Name></Entity>", escaped(table));
            entities
        });
        format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<ImportExportXml><Entities>{entities}</Entities><Roles/>\
             <Workflows/><FieldSecurityProfiles/></ImportExportXml>\n"
        )
    }
}

/// The types of the file's parts, as the package format wants them told.
const CONTENT_TYPES: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Types \
                             xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default \
                             Extension=\"xml\" ContentType=\"application/octet-stream\"/></Types>\n";

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_the_same_each_time_and_is_known_by_its_manifest() {
        let file = solution_zip("work365", "4.8.0.12").unwrap();
        assert_eq!(file, solution_zip("work365", "4.8.0.12").unwrap());
        let newer = SolutionFile::of("work365", "4.8.1.0").unwrap();
        assert_eq!(
            (newer.unique_name.as_str(), newer.version.as_str()),
            ("Work365Core", "4.8.1.0")
        );
        assert!(newer.tables.contains(&"work365_billingcontract".to_owned()) && newer.requires.is_empty());
        let portal = SolutionFile::of("work365-portal", "3.2.0.10").unwrap();
        assert_eq!(portal.requires, [("Work365Core".to_owned(), "3.2.0.21".to_owned())]);
        assert_eq!(portal.publisher, newer.publisher);
        assert!(solution_zip("other", "1.0.0.0").is_none() && solution_zip("work365", "1.0.0.0").is_none());
    }
}
