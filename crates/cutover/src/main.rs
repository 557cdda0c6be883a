//! cutover
fn main() {}
