//! The clients against small doubles of the services; time stands still except where the clients wait.

mod double;
mod failures;
mod hostile;
mod throttling;
mod tokens;
mod transport;
mod waves;
