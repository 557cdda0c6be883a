//! What the comparison reads, and what it lets pass.

pub(crate) mod csdl;
pub(crate) mod exceptions;
pub(crate) mod paths;
