//! `cargo xtask crash-matrix`: whatever kills the program, everything that was lent comes back.
//!
//! The real program carries a plan out against an emulator in a process of its own, and is killed: before and after each
//! request, before and after each entry of its journal, and after each request that was disturbed. Then another process
//! resumes the run, or gives everything back. What the tenant holds in the end is compared with what it held before and with
//! what an undisturbed run leaves behind, by the emulator's own account.

mod holdings;
mod place;
mod point;
mod scenario;
mod trial;

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::codegen;
use crate::program::{self, Mode};
use place::Undisturbed;
use scenario::{SCENARIOS, Scenario};
use trial::Trial;

/// Builds the program that dies where it is told to, and runs the whole matrix or a sample of it.
///
/// # Errors
/// When the program cannot be built, does not end well without any disturbance, or left something out, took away what was held
/// before, or did not do the work.
pub fn run(full: bool, mode: Mode) -> Result<()> {
    of_program(&program::build_crashing(codegen::root(), mode)?, full)
}

/// The same of a program that is there. One without crash points is killed at requests only.
///
/// # Errors
/// When the program does not end well without any disturbance, or as [`run`] says.
pub fn of_program(program: &Path, full: bool) -> Result<()> {
    let (mut tried, mut leaked) = (0, 0);
    for scenario in SCENARIOS {
        let started = Instant::now();
        let name = scenario.name;
        let undisturbed = Undisturbed::of(program, *scenario).with_context(|| format!("world {name}"))?;
        let trials = trial::all(&undisturbed);
        let all = trials.len();
        let chosen = chosen(trials, scenario, full);
        println!(
            "{name}: {} requests, {} places around the journal and effects, {} of {all} trials",
            undisturbed.requests.len(),
            undisturbed.places.len(),
            chosen.len()
        );
        let leaks = carry_out(program, &undisturbed, &chosen);
        println!("{name}: {leaks} leaked, {} s", started.elapsed().as_secs());
        tried += chosen.len();
        leaked += leaks;
    }
    println!("{tried} tried, {leaked} leaked");
    if leaked > 0 {
        bail!("{leaked} of {tried} trials did not end as they should; they are named above");
    }
    Ok(())
}

/// Those that are tried: around what a scenario looks at closely all under `--full`, else every n-th.
fn chosen(trials: Vec<Trial>, scenario: &Scenario, full: bool) -> Vec<Trial> {
    let each = if full { scenario.full } else { scenario.sample };
    let closely = |trial: &Trial| {
        full && trial.is_around(|request| scenario.closely.iter().any(|path| request.target.contains(path)))
    };
    let numbered = trials.into_iter().enumerate();
    numbered
        .filter(|(number, trial)| number % each == 0 || closely(trial))
        .map(|(_, trial)| trial)
        .collect()
}

/// As many at a time as there are processors; each trial has an emulator and a folder of its own.
fn carry_out(program: &Path, undisturbed: &Undisturbed, trials: &[Trial]) -> usize {
    let turn = AtomicUsize::new(0);
    let leaked = AtomicUsize::new(0);
    let screen = Mutex::new(());
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(trial) = trials.get(turn.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(fault) = trial.run(program, undisturbed) {
                        leaked.fetch_add(1, Ordering::Relaxed);
                        let _screen = screen.lock().unwrap_or_else(PoisonError::into_inner);
                        println!("LEAKED {}, {trial}: {fault:#}", undisturbed.scenario.name);
                    }
                }
            });
        }
    });
    leaked.into_inner()
}
