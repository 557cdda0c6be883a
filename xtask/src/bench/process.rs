//! Runs the program and measures it from outside.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// What one run took.
#[derive(Debug, Clone)]
pub(super) struct Measured {
    /// From the start of the process to the end of its output.
    pub(super) wall: Duration,
    /// Processor time of all its threads, where the system tells it.
    pub(super) processor: Option<Duration>,
    /// The most memory it held, where the system tells it.
    pub(super) peak_memory_mib: Option<f64>,
    /// What it wrote to standard output.
    pub(super) output: String,
    /// How it ended.
    pub(super) status: ExitStatus,
}

/// Runs a command to its end.
pub(super) fn measure(command: &mut Command) -> Result<Measured> {
    let started = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .context("cannot start the program")?;
    let watch = system::Watch::of(child.id());
    let mut output = String::new();
    child
        .stdout
        .take()
        .context("the program has no output")?
        .read_to_string(&mut output)
        .context("cannot read the program's output")?;
    let wall = started.elapsed();
    let (processor, peak_memory_mib) = watch.end();
    let status = child.wait().context("cannot wait for the program")?;
    Ok(Measured {
        wall,
        processor,
        peak_memory_mib,
        output,
        status,
    })
}

/// How long the program takes until its first line is there.
pub(super) fn first_line(program: &Path, arguments: &[&str]) -> Result<Duration> {
    let started = Instant::now();
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start the program")?;
    let mut out = BufReader::new(child.stdout.take().context("the program has no output")?);
    let mut line = String::new();
    out.read_line(&mut line).context("cannot read the program's output")?;
    let took = started.elapsed();
    std::io::copy(&mut out, &mut std::io::sink()).context("cannot read the program's output")?;
    let status = child.wait().context("cannot wait for the program")?;
    if line.is_empty() || !status.success() {
        bail!("cutover {} wrote nothing or failed", arguments.join(" "));
    }
    Ok(took)
}

/// The middle of some times; zero when there are none.
pub(super) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Linux shows both figures in `/proc`, also for a process that has ended but was not waited for yet.
#[cfg(target_os = "linux")]
mod system {
    use std::fs;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread::{self, JoinHandle};
    use std::time::Duration;

    /// Watches a process until its output ends.
    pub(super) struct Watch {
        process: u32,
        ended: Arc<AtomicBool>,
        memory: JoinHandle<Option<f64>>,
    }

    impl Watch {
        pub(super) fn of(process: u32) -> Self {
            let ended = Arc::new(AtomicBool::new(false));
            let seen = Arc::clone(&ended);
            let memory = thread::spawn(move || {
                // The high-water mark is gone once the process ended, so it is read again and again until then.
                let mut peak = None;
                while !seen.load(Ordering::Relaxed) {
                    peak = high_water_mark(process).or(peak);
                    thread::sleep(Duration::from_millis(2));
                }
                peak
            });
            Self { process, ended, memory }
        }

        pub(super) fn end(self) -> (Option<Duration>, Option<f64>) {
            self.ended.store(true, Ordering::Relaxed);
            (processor_time(self.process), self.memory.join().ok().flatten())
        }
    }

    fn high_water_mark(process: u32) -> Option<f64> {
        let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        let kib: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
        Some(kib / 1024.0)
    }

    /// Of every thread that is left, in nanoseconds; the program works on one thread.
    fn processor_time(process: u32) -> Option<Duration> {
        let tasks = fs::read_dir(format!("/proc/{process}/task")).ok()?;
        let mut nanoseconds = 0;
        for task in tasks {
            let text = fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
            nanoseconds += text.split_whitespace().next()?.parse::<u64>().ok()?;
        }
        (nanoseconds > 0).then(|| Duration::from_nanos(nanoseconds))
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::time::Duration;

    /// Nothing is measured here.
    pub(super) struct Watch;

    impl Watch {
        pub(super) fn of(_process: u32) -> Self {
            Self
        }

        pub(super) fn end(self) -> (Option<Duration>, Option<f64>) {
            (None, None)
        }
    }
}
