//! The clients against small doubles of the services; time stands still except where the clients wait.

// Clippy's exception for tests covers only functions marked as tests, not the double they share.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod azure;
mod challenges;
mod device_code;
mod double;
mod emulator;
mod failures;
mod hostile;
mod jobs;
mod partner_center;
mod patience;
mod person;
mod power_platform;
mod refresh_token;
mod throttling;
mod tokens;
mod transport;
mod trust;
mod upgrade;
mod waves;
mod writes;
