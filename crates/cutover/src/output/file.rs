//! Files that a command writes where its user says.

use std::fs;
use std::io::Write;
use std::path::Path;

/// Whole or not at all: a half-written file would be taken for a broken one later. A device or a pipe is written as it is.
pub(crate) fn save(path: &Path, text: impl AsRef<[u8]>) -> std::io::Result<()> {
    if fs::metadata(path).is_ok_and(|data| !data.is_file()) {
        return fs::write(path, text);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or_else(|| Path::new(".")))?;
    file.write_all(text.as_ref())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
