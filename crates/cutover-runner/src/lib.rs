//! Collects facts with few requests, keeps attestations.
