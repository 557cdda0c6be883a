//! The solution file that would be installed.

use std::io::ErrorKind;

use cutover_core::evidence::{Call, Service};
use cutover_core::facts::package::SolutionFile;
use cutover_core::facts::{Blind, Fact, Reason};
use cutover_core::scene::{InstallDriver, Scene};
use jiff::Timestamp;

use crate::solution_file::{self, SolutionFiles};

/// Reads the file of the scene on a thread of its own, while the services are asked.
pub(super) fn read(
    files: &dyn SolutionFiles,
    scene: &Scene,
    at: Timestamp,
) -> impl Future<Output = Fact<SolutionFile>> + use<> {
    let reading = match &scene.install {
        InstallDriver::SolutionFile { file } => {
            let opened = files.open(file);
            let reading = tokio::task::spawn_blocking(move || solution_file::read(&mut *opened?));
            Some((file.clone(), reading))
        }
        InstallDriver::ApplicationPackage { .. } | InstallDriver::Guided => None,
    };
    async move {
        let Some((file, reading)) = reading else {
            return Fact::default();
        };
        let call = Call {
            service: Service::File,
            request: format!("READ {file}"),
            status: None,
            request_id: None,
            at,
        };
        let error = match reading.await {
            Ok(Ok(solution)) => return Fact::known(solution, call),
            Ok(Err(error)) => error,
            Err(ended) => std::io::Error::other(ended),
        };
        let (reason, lacking) = match error.kind() {
            ErrorKind::PermissionDenied => (Reason::MissingPermission, vec![format!("leave to read {file}")]),
            _ => (Reason::Refused, Vec::new()),
        };
        Fact::Unknown(Blind {
            reason,
            message: format!("the solution file {file} could not be read: {error}"),
            lacking,
            call: Some(Box::new(call)),
        })
    }
}
