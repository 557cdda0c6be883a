//! `cargo xtask`: the chores of this workspace. Each ends with one line, `N passed, 0 failed`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use xtask::program::Mode;
use xtask::tally::{self, Tally};
use xtask::{bench, clients, codegen, corpus, crash_matrix, licences};

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "The chores of the cutover workspace",
    max_term_width = 100
)]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Write what is made from the code: check registry, reference pages, schemas, man pages, completions
    Codegen {
        /// Write nothing; name each file that is not up to date, and fail when there is one
        #[arg(long)]
        check: bool,
    },
    /// Make the table of licences from Microsoft's list of products and service plans with classes
    Licences {
        /// Write nothing; name each SKU that differs, and fail when there is one
        #[arg(long)]
        check: bool,
        /// The list, a CSV file [default: licence-plans.csv in the folder that CUTOVER_SCHEMAS names]
        file: Option<PathBuf>,
    },
    /// Measure a check over loopback HTTP against the budgets of the design
    Bench {
        /// How many measured runs, after one that is not counted
        #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u8).range(1..))]
        runs: u8,
    },
    /// Replay requests of real clients, which the folder that CUTOVER_CORPUS names holds, against the emulator
    Corpus,
    /// Kill the program at every point of a run that lends, and see that everything comes back
    CrashMatrix {
        /// Every point; otherwise a sample
        #[arg(long)]
        full: bool,
        /// Run the program as users get it, which takes longer to build and less to run
        #[arg(long)]
        release: bool,
    },
    /// Let other people's OAuth clients, from their package registry, sign in to the emulator over HTTPS
    Clients {
        /// Also the Azure CLI, which is a large download, and a browser, where one is installed
        #[arg(long)]
        all: bool,
        /// Run the program as users get it, which takes longer to build
        #[arg(long)]
        release: bool,
    },
}

fn main() -> ExitCode {
    match run(&Cli::parse().chore).transpose() {
        Some(result) => tally::end(result),
        None => ExitCode::SUCCESS,
    }
}

/// How a chore builds the program that it runs.
fn mode(release: bool) -> Mode {
    if release { Mode::Release } else { Mode::Development }
}

/// `None` when the chore said itself how it ended.
fn run(chore: &Chore) -> Result<Option<Tally>> {
    match chore {
        Chore::Codegen { check: true } => codegen::check(codegen::root()).map(Some),
        Chore::Codegen { check: false } => codegen::write(codegen::root()),
        Chore::Licences { check, file } => {
            let folder =
                || std::env::var_os("CUTOVER_SCHEMAS").map(|folder| PathBuf::from(folder).join("licence-plans.csv"));
            let file = file.clone().or_else(folder);
            let file = file.context("name the list: a file, or its folder in CUTOVER_SCHEMAS")?;
            licences::run(codegen::root(), &file, *check).map(Some)
        }
        Chore::Bench { runs } => bench::run(*runs).map(Some),
        Chore::Clients { all, release } => clients::run(codegen::root(), *all, mode(*release)).map(Some),
        Chore::CrashMatrix { full, release } => crash_matrix::run(*full, mode(*release)).map(|()| None),
        Chore::Corpus => corpus::run(std::env::var_os("CUTOVER_CORPUS").map(PathBuf::from).as_deref()),
    }
}
