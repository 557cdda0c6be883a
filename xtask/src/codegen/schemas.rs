//! `docs/schemas`: JSON schemas of what cutover writes for other programs and keeps.

use anyhow::{Context, Result};
use schemars::{JsonSchema, schema_for};

use super::Generated;

pub(super) fn files() -> Result<Vec<Generated>> {
    Ok(vec![
        file::<cutover_report::bundle::Manifest>("bundle-v1")?,
        file::<cutover_report::check_v1::Report>("check-v1")?,
        file::<cutover::output::diff_v1::Report>("diff-v1")?,
        file::<cutover::output::doctor_v1::Report>("doctor-v1")?,
        file::<cutover::output::explain_mfa_v1::Report>("explain-mfa-v1")?,
        file::<cutover::output::leases_v1::Leases>("leases-v1")?,
        file::<cutover::output::permissions_v1::Report>("permissions-v1")?,
        file::<cutover_report::Report>("report-v1")?,
        file::<cutover::output::run_v1::Line>("run-v1")?,
        file::<cutover::output::runs_v1::Runs>("runs-v1")?,
        file::<cutover::output::verify_v1::Report>("verify-v1")?,
        file::<cutover_core::Facts>("facts-v1")?,
        file::<cutover_core::Plan>("plan-v1")?,
        file::<cutover_runner::AttestationFile>("attestations-v1")?,
    ])
}

fn file<T: JsonSchema>(name: &str) -> Result<Generated> {
    let schema = schema_for!(T);
    let text = serde_json::to_string_pretty(&schema).with_context(|| format!("cannot write the schema {name}"))?;
    Ok(Generated::new(
        format!("docs/schemas/{name}.schema.json"),
        format!("{text}\n"),
    ))
}
