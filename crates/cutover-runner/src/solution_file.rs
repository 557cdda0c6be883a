//! The solution file that would be installed, read on this machine before anything is uploaded.
//!
//! A solution is a zip file with `solution.xml` and `[Content_Types].xml` at its root (Microsoft: "solution file
//! reference"). Nothing of it is unpacked: only `solution.xml` is inflated, up to a limit. Whoever made the file may be
//! hostile, so what an importer and this reader could understand differently is refused, not interpreted.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::path::PathBuf;

use aws_lc_rs::digest::{Context, SHA256};
use cutover_core::facts::package::SolutionFile;
use roxmltree::{Document, Node, ParsingOptions};
use zip::ZipArchive;
use zip::result::ZipError;

/// Dataverse takes no larger solution file (Microsoft: "maximum size of a solution file", 128 MB).
const MOST_BYTES: u64 = 128 * 1024 * 1024;
/// Large products have some thousand components with a file of their own.
const MOST_ENTRIES: usize = 20_000;
/// What may be read to find out which entries there are: an entry takes 46 bytes and its name.
const MOST_DIRECTORY: u64 = 8 * 1024 * 1024;
/// A `solution.xml` lists every component with a line; this is some hundred thousand of them.
const MOST_MANIFEST: u64 = 32 * 1024 * 1024;
/// The elements, attributes and texts of such a manifest.
const MOST_NODES: u32 = 2_000_000;
/// Names in a manifest are far shorter; nobody prints more of a hostile one.
const MOST_LETTERS: usize = 256;

const MANIFEST: &str = "solution.xml";
const CONTENT_TYPES: &str = "[Content_Types].xml";

/// What a solution file is read from.
pub trait SolutionSource: Read + Seek + Send {}

impl<T: Read + Seek + Send> SolutionSource for T {}

/// Where solution files are found, by the name that the scene holds.
pub trait SolutionFiles: Send + Sync {
    /// Opens a file.
    ///
    /// # Errors
    /// When it is not there or may not be read.
    fn open(&self, file: &str) -> io::Result<Box<dyn SolutionSource>>;
}

/// Solution files in a folder of this machine.
#[derive(Debug, Clone)]
pub struct SolutionFolder(PathBuf);

impl SolutionFolder {
    /// The files of `folder`.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self(folder.into())
    }
}

impl SolutionFiles for SolutionFolder {
    fn open(&self, file: &str) -> io::Result<Box<dyn SolutionSource>> {
        let path = self.0.join(file);
        // A pipe would keep whoever opens it waiting for a writer.
        if !fs::metadata(&path)?.is_file() {
            return Err(io::Error::new(ErrorKind::InvalidInput, "it is not a file"));
        }
        Ok(Box::new(File::open(path)?))
    }
}

/// All bytes of a solution file, to be sent; `None` when it has more than Dataverse takes.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn bytes(source: &mut dyn SolutionSource) -> io::Result<Option<Vec<u8>>> {
    source.seek(SeekFrom::Start(0))?;
    let mut bytes = Vec::new();
    source.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= MOST_BYTES).then_some(bytes))
}

/// Why a file is no solution that could be installed; or that it could not be read at all.
enum Trouble {
    Refused(String),
    Unreadable(io::Error),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        // Whatever is not from the system is the reader's word on what the file says; and an offset that the system calls
        // invalid is the file's own.
        if error.raw_os_error().is_some() && error.kind() != ErrorKind::InvalidInput {
            Self::Unreadable(error)
        } else {
            refused("it is cut off or damaged")
        }
    }
}

impl From<ZipError> for Trouble {
    fn from(error: ZipError) -> Self {
        match error {
            ZipError::Io(error) => error.into(),
            ZipError::CompressionMethodNotSupported(method) => refused(format!(
                "its {MANIFEST} is compressed by method {method}, which no solution uses"
            )),
            _ => refused("it is not a whole zip file: it is cut off, damaged or something else"),
        }
    }
}

fn refused(because: impl Into<String>) -> Trouble {
    Trouble::Refused(because.into())
}

/// Reads a solution file.
///
/// # Errors
/// When it cannot be read. What it holds is never an error: a file that is no solution is [`SolutionFile::Refused`].
pub(crate) fn read(source: &mut dyn SolutionSource) -> io::Result<SolutionFile> {
    match solution(source) {
        Ok(solution) => Ok(solution),
        Err(Trouble::Refused(because)) => Ok(SolutionFile::Refused { because }),
        Err(Trouble::Unreadable(error)) => Err(error),
    }
}

fn solution(source: &mut dyn SolutionSource) -> Result<SolutionFile, Trouble> {
    let length = source.seek(SeekFrom::End(0))?;
    if length > MOST_BYTES {
        return Err(refused(format!(
            "it has {length} bytes, and Dataverse takes a solution of {MOST_BYTES} bytes at most"
        )));
    }
    let manifest = manifest(source)?;
    let manifest = std::str::from_utf8(&manifest).map_err(|_| refused(format!("its {MANIFEST} is not UTF-8 text")))?;
    let told = told(manifest)?;
    let sha256 = sha256(source)?;
    Ok(SolutionFile::Solution {
        unique_name: told.unique_name,
        version: told
            .version
            .parse()
            .map_err(|_| refused(format!("its version `{}` is not a version", told.version)))?,
        managed: match told.managed.as_str() {
            "0" => false,
            "1" => true,
            // What the packaging tools keep in source control, for both kinds.
            "2" => {
                return Err(refused(
                    "it is made for packing both a managed and an unmanaged solution, and is neither",
                ));
            }
            other => return Err(refused(format!("its element Managed says `{other}`, not 0 or 1"))),
        },
        publisher: told.publisher,
        prefix: told.prefix,
        sha256,
    })
}

/// A source that ends in an error after so many bytes: a directory that claims millions of entries is not listed.
struct Limited<'a> {
    source: &'a mut dyn SolutionSource,
    left: u64,
}

impl Read for Limited<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.source.read(buffer)?;
        self.left = self
            .left
            .checked_sub(length as u64)
            .ok_or_else(|| io::Error::from(ErrorKind::InvalidData))?;
        Ok(length)
    }
}

impl Seek for Limited<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.source.seek(to)
    }
}

/// The bytes of the one `solution.xml`.
fn manifest(source: &mut dyn SolutionSource) -> Result<Vec<u8>, Trouble> {
    let left = MOST_DIRECTORY;
    let archive = ZipArchive::new(Limited { source, left })?;
    if archive.len() > MOST_ENTRIES {
        return Err(refused(format!(
            "it has {} entries, more than any solution",
            archive.len()
        )));
    }
    // The archive keeps one of several entries with the very same name, other readers another.
    if archive.has_duplicate_names() {
        return Err(refused(
            "it has the same name twice, and which entry counts is anybody's guess",
        ));
    }
    if let Some(name) = archive
        .file_names_raw()
        .map(String::from_utf8_lossy)
        .find(|name| leaves(name))
    {
        let name = cut(&name);
        return Err(refused(format!(
            "it has an entry that would be unpacked elsewhere: `{name}`"
        )));
    }
    place(&archive, CONTENT_TYPES)?;
    let place = place(&archive, MANIFEST)?;
    if archive.by_index_data(place)?.encrypted() {
        return Err(refused(format!("its {MANIFEST} is encrypted")));
    }
    // From here on what is kept is limited, not what is read.
    let source = archive.into_inner().source;
    let mut archive = ZipArchive::new(Limited { source, left: u64::MAX })?;
    let mut text = Vec::new();
    archive
        .by_index(place)?
        .take(MOST_MANIFEST + 1)
        .read_to_end(&mut text)?;
    if text.len() as u64 > MOST_MANIFEST {
        return Err(refused(format!(
            "its {MANIFEST} unpacks to more than {MOST_MANIFEST} bytes"
        )));
    }
    Ok(text)
}

/// Where in the archive the one entry of a name is; importers compare these names without regard to case.
fn place<R: Read + Seek>(archive: &ZipArchive<R>, wanted: &str) -> Result<usize, Trouble> {
    let named = |(_, name): &(usize, &[u8])| name.eq_ignore_ascii_case(wanted.as_bytes());
    let mut places = archive.file_names_raw().enumerate().filter(named);
    match (places.next(), places.next()) {
        (Some((place, _)), None) => Ok(place),
        (None, _) => Err(refused(format!(
            "it has no {wanted}, so it is a zip file but no solution"
        ))),
        (Some(_), Some(_)) => Err(refused(format!(
            "it has {wanted} twice, and which one counts is anybody's guess"
        ))),
    }
}

/// Whether a name leads out of the folder that somebody would unpack into, on whichever system.
fn leaves(name: &str) -> bool {
    let absolute = name.starts_with(['/', '\\']) || name.as_bytes().get(1) == Some(&b':');
    absolute || name.contains('\0') || name.split(['/', '\\']).any(|segment| segment == "..")
}

/// What a manifest tells, as text.
struct Told {
    unique_name: String,
    version: String,
    managed: String,
    publisher: String,
    prefix: String,
}

fn told(manifest: &str) -> Result<Told, Trouble> {
    // Without document types there are no entities, neither those that grow nor those that fetch.
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: MOST_NODES,
        ..ParsingOptions::default()
    };
    let text = manifest.strip_prefix('\u{feff}').unwrap_or(manifest);
    let document = Document::parse_with_options(text, options)
        .map_err(|error| refused(format!("its {MANIFEST} cannot be read: {}", cut(&error.to_string()))))?;
    let root = document.root_element();
    if !root.has_tag_name("ImportExportXml") {
        return Err(refused(format!("its {MANIFEST} is not that of a solution")));
    }
    let solution = only(root, "SolutionManifest")?;
    let publisher = only(solution, "Publisher")?;
    Ok(Told {
        unique_name: text_of(solution, "UniqueName")?,
        version: text_of(solution, "Version")?,
        managed: text_of(solution, "Managed")?,
        publisher: text_of(publisher, "UniqueName")?,
        prefix: text_of(publisher, "CustomizationPrefix")?,
    })
}

/// The one child of a name.
fn only<'a, 'input>(parent: Node<'a, 'input>, name: &'static str) -> Result<Node<'a, 'input>, Trouble> {
    let mut all = parent.children().filter(|child| child.has_tag_name(name));
    match (all.next(), all.next()) {
        (Some(child), None) => Ok(child),
        (None, _) => Err(refused(format!("its {MANIFEST} has no element {name}"))),
        (Some(_), Some(_)) => Err(refused(format!("its {MANIFEST} has the element {name} twice"))),
    }
}

fn text_of(parent: Node<'_, '_>, name: &'static str) -> Result<String, Trouble> {
    let element = only(parent, name)?;
    // A text that elements or comments part would be read in more than one way.
    let parts: Vec<Node<'_, '_>> = element.children().collect();
    let text = match parts.as_slice() {
        [text] if text.is_text() => text.text().unwrap_or_default().trim(),
        _ => "",
    };
    if text.is_empty() || text.chars().nth(MOST_LETTERS).is_some() {
        return Err(refused(format!("its {MANIFEST} does not say {name} in a line of text")));
    }
    Ok(text.to_owned())
}

fn cut(text: &str) -> String {
    let short: String = text.chars().take(MOST_LETTERS).collect();
    short.escape_debug().to_string()
}

fn sha256(source: &mut dyn SolutionSource) -> io::Result<String> {
    source.seek(SeekFrom::Start(0))?;
    let mut context = Context::new(&SHA256);
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match source.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => context.update(buffer.get(..length).unwrap_or_default()),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(context
        .finish()
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

#[cfg(test)]
mod tests;
