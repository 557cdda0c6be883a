//! `cargo xtask bench`: the budgets of the design, measured on the real binary over real loopback HTTP.
//!
//! Request counts and the critical path are asserted. Times depend on the machine, so they are told as ratios.

mod double;
mod evaluation;
mod process;
mod requests;

use std::time::Duration;

use anyhow::{Result, bail};

use crate::codegen;
use crate::program::{self, Mode};
use crate::tally::Tally;
use double::Double;
use process::Measured;
use requests::Requests;

/// The world that is checked.
const WORLD: &str = "ready";
/// How long the double waits before each answer.
const LATENCY: Duration = Duration::from_millis(80);
/// Emulated time between two checks, so that one does not eat the other's share of the services' limits.
const PAUSE: Duration = Duration::from_secs(600);

/// Requests of a full check, tokens excluded.
const ROUND_TRIPS: usize = 20;
/// Requests of a full check that can only follow one another, tokens excluded.
const CRITICAL_PATH: usize = 3;
/// Wall time over the floor.
const WALL_RATIO: f64 = 1.3;
const PROCESSOR_TIME: Duration = Duration::from_millis(50);
const PEAK_MEMORY_MIB: f64 = 25.0;
const START: Duration = Duration::from_millis(20);
/// How often the start of the program is measured.
const STARTS: usize = 21;

/// Builds the program in release mode, measures it, and prints figure, floor and ratio for each budget.
///
/// # Errors
/// When the program cannot be built, does not sign in, or leaves a requirement unknown.
pub fn run(runs: u8) -> Result<Tally> {
    let program = program::build(codegen::root(), Mode::Release)?;
    let double = Double::start(&program, WORLD, LATENCY)?;
    let mut all: Vec<(Measured, Requests)> = Vec::new();
    for _ in 0..=runs {
        double.pass(PAUSE)?;
        let before = double.log()?.len();
        let measured = double.check(&program)?;
        let log = double.log()?;
        let log = log.get(before..).unwrap_or_default();
        let unasked = requests::unasked(log);
        if !unasked.is_empty() {
            bail!("the check did not ask {} at the double", unasked.join(" and "));
        }
        all.push((measured, Requests::of(log, LATENCY)));
    }
    // The first run warms the caches of the machine.
    all.remove(0);
    println!(
        "cutover check of world {WORLD} over loopback HTTP, {} ms a request, median of {runs} runs\n",
        LATENCY.as_millis()
    );
    println!(
        "{:36} {:>10} {:>10} {:>8} {:>12}",
        "figure", "measured", "floor", "ratio", "budget"
    );
    let mut tally = Tally::default();
    counts(&all, &mut tally);
    times(&all);
    for arguments in [&["--version"][..], &["explain"]] {
        let start = process::median(
            (0..STARTS)
                .map(|_| process::first_line(&program, arguments))
                .collect::<Result<_>>()?,
        );
        row(
            &format!("start to first line: {}", arguments.join(" ")),
            &milliseconds(start),
            "–",
            ratio(start, START),
            &milliseconds(START),
        );
    }
    let evaluation = evaluation::measure(codegen::root())?;
    row(
        "500 policies, 50 accounts",
        &milliseconds(evaluation),
        "–",
        ratio(evaluation, evaluation::BUDGET),
        &milliseconds(evaluation::BUDGET),
    );
    println!(
        "\nRatio: to the floor where there is one, else to the budget. The floor is {} ms times the critical path, which\n\
         is counted in the emulator's log. Counts are asserted, times are not: they depend on the machine.",
        LATENCY.as_millis()
    );
    Ok(tally)
}

/// The critical path of several runs: that of the run with the shortest. A request that waits for another never overlaps
/// it, so each run shows at least the true path; what a busy machine puts in turn besides makes single runs longer.
fn path(all: &[(Measured, Requests)], figure: fn(&Requests) -> usize) -> usize {
    all.iter()
        .map(|(_, requests)| figure(requests))
        .min()
        .unwrap_or_default()
}

fn counts(all: &[(Measured, Requests)], tally: &mut Tally) {
    let most = |figure: fn(&Requests) -> usize| {
        all.iter()
            .map(|(_, requests)| figure(requests))
            .max()
            .unwrap_or_default()
    };
    for (name, figure, budget) in [
        (
            "round trips, tokens excluded",
            most(|requests| requests.round_trips),
            ROUND_TRIPS,
        ),
        (
            "critical path, tokens excluded",
            path(all, |requests| requests.critical_path),
            CRITICAL_PATH,
        ),
    ] {
        #[expect(clippy::cast_precision_loss, reason = "request counts are small")]
        let ratio = figure as f64 / budget as f64;
        row(name, &figure.to_string(), "–", ratio, &format!("≤ {budget}"));
        tally.count(figure <= budget);
    }
    let tokens = most(|requests| requests.sign_in);
    println!("{:36} {tokens:>10}", "requests of the sign-in");
}

fn times(all: &[(Measured, Requests)]) {
    let wall = process::median(all.iter().map(|(measured, _)| measured.wall).collect());
    let floor = |figure: fn(&Requests) -> usize| LATENCY * u32::try_from(path(all, figure)).unwrap_or(u32::MAX);
    let lane = all
        .iter()
        .map(|(_, requests)| requests.paced())
        .max()
        .unwrap_or_default();
    for (name, floor) in [
        (
            "wall time, over the reads alone",
            floor(|requests| requests.critical_path).max(lane),
        ),
        (
            "wall time, over sign-in and reads",
            floor(|requests| requests.critical_path_with_sign_in).max(lane),
        ),
    ] {
        row(
            name,
            &milliseconds(wall),
            &milliseconds(floor),
            ratio(wall, floor),
            &format!("≤ {WALL_RATIO} ×"),
        );
    }
    match all
        .iter()
        .map(|(measured, _)| measured.processor)
        .collect::<Option<Vec<_>>>()
    {
        Some(processor) => {
            let processor = process::median(processor);
            row(
                "processor time",
                &milliseconds(processor),
                "–",
                ratio(processor, PROCESSOR_TIME),
                &milliseconds(PROCESSOR_TIME),
            );
        }
        None => println!("{:36} {:>10}", "processor time", "not measured on this system"),
    }
    match all
        .iter()
        .filter_map(|(measured, _)| measured.peak_memory_mib)
        .reduce(f64::max)
    {
        Some(peak) => row(
            "peak memory",
            &format!("{peak:.1} MiB"),
            "–",
            peak / PEAK_MEMORY_MIB,
            &format!("{PEAK_MEMORY_MIB:.0} MiB"),
        ),
        None => println!("{:36} {:>10}", "peak memory", "not measured on this system"),
    }
}

fn row(name: &str, figure: &str, floor: &str, ratio: f64, budget: &str) {
    println!("{name:36} {figure:>10} {floor:>10} {ratio:>8.2} {budget:>12}");
}

fn milliseconds(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1000.0)
}

fn ratio(figure: Duration, of: Duration) -> f64 {
    if of.is_zero() {
        0.0
    } else {
        figure.as_secs_f64() / of.as_secs_f64()
    }
}
