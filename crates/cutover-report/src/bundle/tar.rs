//! The archive of a bundle: plain files in the oldest form of tar that every system unpacks (POSIX ustar).
//!
//! Written by hand and not by a library for the sake of the reader: it takes exactly what the writer makes. A header is right
//! when it is the one the writer would have made of its name and size, so no byte of an archive is without a meaning, and
//! links, devices, long names and other owners do not exist.

use super::fault::Fault;

const BLOCK: usize = 512;
/// The length that a name may have.
const LONGEST_NAME: usize = 99;
/// More files than any bundle holds.
const MOST_FILES: usize = 1000;

/// A file of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

/// Whether a name is one that is written: small letters, digits, points, dashes, and folders below the place where it is
/// unpacked.
pub(super) fn is_plain(name: &str) -> bool {
    let is_letter = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || b".-_".contains(&letter);
    let is_part = |part: &str| !part.is_empty() && !part.starts_with('.') && part.bytes().all(is_letter);
    name.len() <= LONGEST_NAME && name.split('/').all(is_part)
}

/// The archive of files, in the order they are given.
pub(super) fn write(entries: &[Entry]) -> Vec<u8> {
    let mut out = Vec::new();
    for entry in entries {
        out.extend_from_slice(&header(entry.name.as_bytes(), entry.bytes.len()));
        out.extend_from_slice(&entry.bytes);
        out.resize(out.len().next_multiple_of(BLOCK), 0);
    }
    out.resize(out.len() + 2 * BLOCK, 0);
    out
}

/// The header of a plain file without an owner or a time of its own.
fn header(name: &[u8], size: usize) -> [u8; BLOCK] {
    let mut header = [0; BLOCK];
    let mut put = |at: usize, bytes: &[u8]| {
        for (place, byte) in header.iter_mut().skip(at).zip(bytes) {
            *place = *byte;
        }
    };
    put(0, name);
    put(100, b"0000644\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(124, format!("{size:011o}\0").as_bytes());
    put(136, b"00000000000\0");
    // The sum is taken with blanks in its own place.
    put(148, b"        ");
    put(156, b"0");
    put(257, b"ustar\x0000");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    for (place, byte) in header.iter_mut().skip(148).zip(format!("{sum:06o}\0 ").bytes()) {
        *place = byte;
    }
    header
}

/// The files of an archive, and what is wrong with it. After what cannot be understood nothing more is read.
pub(super) fn read(archive: &[u8]) -> (Vec<Entry>, Vec<Fault>) {
    let mut entries: Vec<Entry> = Vec::new();
    let mut faults = Vec::new();
    let mut rest = archive;
    loop {
        let at = archive.len() - rest.len();
        let Some((block, after)) = rest.split_at_checked(BLOCK) else {
            faults.push(Fault::archive(at, "it ends in the middle"));
            break;
        };
        if block.iter().all(|byte| *byte == 0) {
            if after.len() != BLOCK || after.iter().any(|byte| *byte != 0) {
                faults.push(Fault::archive(at, "something stands behind its end"));
            }
            break;
        }
        let name: Vec<u8> = block
            .iter()
            .take(LONGEST_NAME + 1)
            .copied()
            .take_while(|byte| *byte != 0)
            .collect();
        let shown = String::from_utf8_lossy(&name).into_owned();
        let Some(size) = size(block) else {
            faults.push(Fault::archive(at, format!("the size of `{shown}` is no number")));
            break;
        };
        if block != header(&name, size) {
            faults.push(Fault::Header { name: shown.clone() });
        }
        let Some((bytes, after)) = after.split_at_checked(size) else {
            faults.push(Fault::archive(at, format!("it ends in the middle of `{shown}`")));
            break;
        };
        let Some((padding, after)) = after.split_at_checked(size.next_multiple_of(BLOCK) - size) else {
            faults.push(Fault::archive(at, format!("it ends right behind `{shown}`")));
            break;
        };
        if padding.iter().any(|byte| *byte != 0) {
            faults.push(Fault::archive(at, format!("something stands behind `{shown}`")));
        }
        match std::str::from_utf8(&name).ok().filter(|name| is_plain(name)) {
            None => faults.push(Fault::Name { name: shown }),
            Some(name) if entries.iter().any(|entry| entry.name == name) => {
                faults.push(Fault::Twice { name: shown });
            }
            Some(name) => entries.push(Entry {
                name: name.to_owned(),
                bytes: bytes.to_vec(),
            }),
        }
        if entries.len() > MOST_FILES {
            faults.push(Fault::archive(at, format!("it holds more than {MOST_FILES} files")));
            break;
        }
        rest = after;
    }
    (entries, faults)
}

/// The size in a header: eleven octal digits.
fn size(block: &[u8]) -> Option<usize> {
    let digits = std::str::from_utf8(block.get(124..135)?).ok()?;
    let is_octal = digits.bytes().all(|digit| (b'0'..=b'7').contains(&digit));
    is_octal.then(|| usize::from_str_radix(digits, 8).ok())?
}
