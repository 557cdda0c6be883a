//! SHA-256, which the core leaves to its callers.

use aws_lc_rs::digest::{SHA256, digest};

/// SHA-256 in hexadecimal digits, as plans and their approvals name it.
pub fn sha256(bytes: &[u8]) -> String {
    let digest = digest(&SHA256, bytes);
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
