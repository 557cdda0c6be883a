//! Zstandard, with bounds: what a bundle unpacks to is limited before it is unpacked.
//!
//! `ruzstd` and not the C library: what is unpacked may come from anybody, so it is read by code that cannot be made to write
//! where it should not.

use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use super::fault::Fault;

/// The most that is taken as a bundle, in bytes.
pub const MOST_PACKED: usize = 64 << 20;
/// The most that a bundle unpacks to, in bytes.
pub const MOST_UNPACKED: usize = 256 << 20;
/// How much is unpacked between two looks at the size.
const AT_ONCE: usize = 1 << 20;

/// One frame with a checksum. Equal bytes give equal frames.
pub(super) fn compress(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec(bytes, CompressionLevel::Fastest)
}

/// The content of exactly one frame that has a checksum, at most `most` bytes.
pub(super) fn decompress(packed: &[u8], most: usize) -> Result<Vec<u8>, Fault> {
    if packed.len() > MOST_PACKED {
        return Err(Fault::TooLarge {
            most: MOST_PACKED,
            when: "",
        });
    }
    let damaged = |what: String| Fault::Compression { what };
    let mut rest = packed;
    let mut decoder = FrameDecoder::new();
    decoder.init(&mut rest).map_err(|error| damaged(error.to_string()))?;
    let mut out = Vec::new();
    while !decoder.is_finished() {
        let strategy = BlockDecodingStrategy::UptoBytes(AT_ONCE);
        let decoded = decoder.decode_blocks(&mut rest, strategy);
        decoded.map_err(|error| damaged(error.to_string()))?;
        take(&mut decoder, &mut out, most)?;
    }
    take(&mut decoder, &mut out, most)?;
    match (decoder.get_checksum_from_data(), decoder.get_calculated_checksum()) {
        (Some(stated), Some(computed)) if stated == computed => {}
        (Some(_), _) => return Err(damaged("its checksum does not fit".to_owned())),
        (None, _) => return Err(damaged("it has no checksum".to_owned())),
    }
    match rest.len() {
        0 => Ok(out),
        more => Err(damaged(format!("{more} bytes stand behind its end"))),
    }
}

fn take(decoder: &mut FrameDecoder, out: &mut Vec<u8>, most: usize) -> Result<(), Fault> {
    if out.len() + decoder.can_collect() > most {
        return Err(Fault::TooLarge {
            most,
            when: " when it is unpacked",
        });
    }
    if let Some(bytes) = decoder.collect() {
        out.extend_from_slice(&bytes);
    }
    Ok(())
}
