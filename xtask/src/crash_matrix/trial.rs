//! One trial: the program is killed at a point, another process goes on, and the tenant is looked at.

use std::fmt;
use std::path::Path;
use std::process::Child;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::holdings::Holdings;
use super::place::Request;
use super::place::{PLAN, Place, Undisturbed, begun};
use super::point::Point;

/// What goes on after the kill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum After {
    /// `cutover resume`: the work is done, and everything comes back.
    Resume,
    /// `cutover give-back`: everything comes back.
    GiveBack,
}

/// One trial.
#[derive(Debug, Clone)]
pub(super) struct Trial {
    point: Point,
    after: After,
}

/// All trials of a run: one half resumes, the other gives back.
pub(super) fn all(run: &Undisturbed) -> Vec<Trial> {
    let halves = [After::Resume, After::GiveBack].into_iter().cycle();
    let trials = Point::all(run).into_iter().zip(halves);
    trials.map(|(point, after)| Trial { point, after }).collect()
}

/// How long a program may take between two requests.
const PATIENCE: Duration = Duration::from_secs(60);

impl Trial {
    /// Whether it is killed around a request of this kind.
    pub(super) fn is_around(&self, is_meant: impl Fn(&Request) -> bool) -> bool {
        self.point.request().is_some_and(is_meant)
    }

    /// Fails with what is wrong in the end.
    pub(super) fn run(&self, program: &Path, undisturbed: &Undisturbed) -> Result<()> {
        let scenario = &undisturbed.scenario;
        let place = Place::open(program, scenario)?;
        place.write(PLAN, &undisturbed.plan)?;
        let apply = scenario.with_tasks(&format!("apply {PLAN} --yes"));
        self.kill(&place, &apply)?;
        place.emulator.control("POST", "faults", "[]")?;
        place.emulator.control("POST", "holds/release", "{}")?;
        match self.after {
            After::Resume => {
                let resumed = place.run(&scenario.with_tasks("resume"))?;
                if resumed.code == Some(2) {
                    // Nothing to go on with: killed before the run was written down, and the plan is still good; or the run
                    // ended before it could be killed.
                    if Holdings::of(&place.emulator)?.is(&undisturbed.start).is_ok() {
                        place.run(&apply)?.ended(&[0, 4])?;
                    }
                } else {
                    resumed.ended(&[0, 4])?;
                }
                Holdings::of(&place.emulator)?.is(&undisturbed.end)?;
                // Each exactly once, and nothing else.
                let begun = begun(&place.emulator)?;
                if begun != undisturbed.begun {
                    bail!("begun were {begun:?}, not {:?}", undisturbed.begun);
                }
            }
            After::GiveBack => {
                place.run("give-back")?.ended(&[0, 2, 7, 9])?;
                let held = Holdings::of(&place.emulator)?;
                held.is_between(&undisturbed.start, &undisturbed.end, scenario.goes_on)?;
                let begun = begun(&place.emulator)?;
                if !undisturbed.begun.starts_with(&begun) {
                    bail!("begun were {begun:?}, which is not how {:?} begins", undisturbed.begun);
                }
            }
        }
        place.run("leases")?.ended(&[0])
    }

    /// Lets the program apply the plan, and kills it at the point. A program that ends before it is reached has gone another way,
    /// which is as good.
    fn kill(&self, place: &Place, apply: &str) -> Result<()> {
        place
            .emulator
            .control("POST", "faults", &self.point.faults().to_string())?;
        let mut command = place.command(apply);
        if let Point::Place(name) = &self.point {
            command.env("CUTOVER_CRASH_AT", name);
        }
        // Nobody reads what it says: a full pipe would hold it elsewhere.
        let mut child = command
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .context("cannot run the program")?;
        let ended = self.wait(place, &mut child);
        let _ = child.kill();
        let _ = child.wait();
        ended
    }

    fn wait(&self, place: &Place, child: &mut Child) -> Result<()> {
        let started = Instant::now();
        while child.try_wait().context("cannot wait for the program")?.is_none() {
            if !matches!(self.point, Point::Place(_)) && !place.emulator.told::<Vec<Value>>("holds")?.is_empty() {
                return Ok(());
            }
            if started.elapsed() > PATIENCE {
                bail!("the program neither ends nor comes by");
            }
            sleep(Duration::from_millis(5));
        }
        Ok(())
    }
}

impl fmt::Display for Trial {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "killed {}, then {:?}", self.point, self.after)
    }
}
