//! Where cutover keeps what it has to remember between two commands.

use std::path::PathBuf;

use anyhow::{Context, Result};
use etcetera::BaseStrategy;
use uuid::Uuid;

/// The folder for a tenant's environment: what was attested there.
pub(crate) fn of_tenant(tenant_id: Uuid, environment_url: &str) -> Result<PathBuf> {
    let host = environment_url.trim_start_matches("https://");
    let host: String = host
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() || letter == '.' {
                letter
            } else {
                '-'
            }
        })
        .collect();
    Ok(base()?.join("tenants").join(tenant_id.to_string()).join(host))
}

/// The folder for a built-in world: its state and clock, and what was attested in it.
pub(crate) fn of_world(name: &str) -> Result<PathBuf> {
    Ok(base()?.join("worlds").join(name))
}

/// The folder that holds those of all tenants and worlds.
pub(crate) fn base() -> Result<PathBuf> {
    let strategy =
        etcetera::choose_base_strategy().context("cannot find the home folder; name a folder with --state")?;
    Ok(strategy.data_dir().join("cutover"))
}
