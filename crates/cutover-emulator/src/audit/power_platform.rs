//! What Power Platform's control plane knows of a tenant and its environments.

use serde_json::json;

use super::Holdings;
use crate::state::{Environment, State};

/// Tells what an environment is to the control plane.
pub(super) fn tell_environment(environment: &Environment, holdings: &mut Holdings) {
    let host = environment.url.trim_start_matches("https://");
    let known = &environment.administration;
    let mode = json!({"adminMode": known.admin_mode, "backgroundOperations": known.background_operations});
    holdings.tell(format!("{host}/administration"), mode);
    for backup in &known.backups {
        let object = format!("{host}/backup/{}", backup.label.as_deref().unwrap_or("by the system"));
        holdings.tell(object, json!({"point": backup.point, "expires": backup.expires}));
    }
    for package in &known.packages {
        holdings.tell(
            format!("{host}/package/{}", package.unique_name),
            json!(package.installed),
        );
    }
}

/// Tells which applications are registered with it.
pub(super) fn tell(state: &State, holdings: &mut Holdings) {
    for app_id in &state.power_platform_apps {
        holdings.tell(format!("power-platform/registered/{app_id}"), true);
    }
}
