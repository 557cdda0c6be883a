//! How long the evaluation of Conditional Access takes for a large tenant, in a process of its own.

use std::env;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::process;

/// Judging 50 accounts by 500 policies (issue 4).
pub(super) const BUDGET: Duration = Duration::from_millis(50);
/// How often it is measured; the median counts.
const RUNS: usize = 7;

/// Builds the example that measures, in release mode, and gives its median time.
pub(super) fn measure(root: &Path) -> Result<Duration> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let times = (0..RUNS)
        .map(|_| {
            let output = Command::new(&cargo)
                .current_dir(root)
                .args(["run", "--quiet", "--release", "--package", "cutover-core", "--example"])
                .arg("conditional_access")
                .stderr(std::process::Stdio::inherit())
                .output()
                .context("cannot run cargo")?;
            if !output.status.success() {
                bail!("the evaluation of Conditional Access cannot be measured");
            }
            time(&String::from_utf8_lossy(&output.stdout))
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(process::median(times))
}

/// What the example prints: microseconds for reading and for judging, then what was judged.
fn time(line: &str) -> Result<Duration> {
    let judged = line.split_whitespace().nth(1).context("the measurement says no time")?;
    Ok(Duration::from_micros(
        judged.parse().context("the measurement says no time")?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_figure_is_the_time_of_judging() {
        assert_eq!(
            time("3374 12012 {\"holes\": 50}\n").unwrap(),
            Duration::from_micros(12_012)
        );
        for wrong in ["", "3374", "3374 soon"] {
            assert!(time(wrong).is_err(), "{wrong}");
        }
    }
}
