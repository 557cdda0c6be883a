//! Rules that several checks apply to different people.

pub(crate) mod dynamics_licence;
pub(crate) mod security_role;
pub(crate) mod system_administrator;

use crate::scene::Scene;

/// Where the users of an environment are administered.
pub(crate) fn environment_users_path(scene: &Scene, who: &str) -> (String, &'static str) {
    let path = format!(
        "Power Platform admin centre > Manage > Environments > {} > Settings > Users + permissions > Users > {who} > Manage security roles",
        scene.environment_url
    );
    (path, "https://admin.powerplatform.microsoft.com/manage/environments")
}
