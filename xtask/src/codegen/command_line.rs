//! What the command line says about itself: reference, exit codes, man pages, completions.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use clap::Command;
use clap_complete::Shell;
use cutover::Exit;

use super::Generated;

pub(super) fn files() -> Result<Vec<Generated>> {
    let mut command = cutover::command().term_width(100);
    command.build();
    let mut files = vec![reference(&command), exit_codes()];
    files.extend(man_pages(&command)?);
    for shell in [Shell::Bash, Shell::Fish, Shell::PowerShell, Shell::Zsh] {
        files.push(completions(shell)?);
    }
    Ok(files)
}

/// The commands that a person calls; clap's own `help` is no news.
fn commands(command: &Command) -> impl Iterator<Item = &Command> {
    command
        .get_subcommands()
        .filter(|one| one.get_name() != "help" && !one.is_hide_set())
}

fn reference(command: &Command) -> Generated {
    let mut page = String::from("# The command line\n\n");
    for one in std::iter::once(command).chain(commands(command)) {
        let name = one.get_bin_name().unwrap_or(one.get_name());
        let help = one.clone().render_long_help().to_string();
        let lines: Vec<&str> = help.lines().map(str::trim_end).collect();
        let _ = write!(page, "## {name}\n\n```text\n{}\n```\n\n", lines.join("\n").trim_end());
    }
    Generated::page("docs/reference/cli.md", &page)
}

fn exit_codes() -> Generated {
    let mut page = String::from(
        "# Exit codes\n\n\
         They are the same for every command, and stable: scripts may rely on them. When several would fit, the order is\n\
         8 before 9 before 7 before 1 before 5 before 4 before 3 before 6 before 0; 2 means that nothing was begun.\n\n\
         | code | means |\n|---|---|\n",
    );
    for exit in Exit::ALL {
        let _ = writeln!(page, "| {} | {} |", exit.code(), exit.meaning());
    }
    page.push_str(
        "\nVerdicts *loan*, *due*, *not applicable* and *waived* permit 0. Advice never makes a tenant not ready.\n\n\
         `cutover plan` ends with 3 as soon as the plan holds a step, whatever else it leaves to people; without a step with 5 when \
         a required check was blind, with 4 when something required is left to a person or refused, and otherwise with 0. It \
         looks only at the requirements that `--only` and `--skip` leave.\n\n\
         `check`, `plan`, `facts`, `explain-mfa`, `apply` and `leases` end with 8 whatever else they found. Loans of a run that goes on \
         do not count as long as their time is not over and nothing refuses their return; what looks at no tenant (`judge`, \
         `explain`, `diff`) never asks. `cutover give-back` ends with 0 when everything is back and nothing is undone but the work that was given \
         up by it.\n\n\
         `cutover verify-bundle` ends with 4 when the bundle is not what was written, or not signed with the key that was given.\n\n\
         In PowerShell the code of the last command is `$LASTEXITCODE`, in cmd `%ERRORLEVEL%`, in a Unix shell `$?`.\n",
    );
    Generated::page("docs/reference/exit-codes.md", &page)
}

fn man_pages(command: &Command) -> Result<Vec<Generated>> {
    std::iter::once(command)
        .chain(commands(command))
        .map(|one| {
            let name = one.get_bin_name().unwrap_or(one.get_name()).replace(' ', "-");
            let mut page = Vec::new();
            clap_mangen::Man::new(one.clone())
                .title(name.clone())
                .source(concat!("cutover ", env!("CARGO_PKG_VERSION")))
                .render(&mut page)
                .with_context(|| format!("cannot write the man page {name}"))?;
            let page = String::from_utf8(page).with_context(|| format!("the man page {name} is not text"))?;
            Ok(Generated::new(format!("docs/man/{name}.1"), page))
        })
        .collect()
}

fn completions(shell: Shell) -> Result<Generated> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut cutover::command(), "cutover", &mut script);
    let script = String::from_utf8(script).with_context(|| format!("the completions for {shell} are not text"))?;
    let extension = match shell {
        Shell::PowerShell => "ps1".to_owned(),
        other => other.to_string(),
    };
    Ok(Generated::new(format!("docs/completions/cutover.{extension}"), script))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_names_every_exit_code_with_its_meaning() {
        let help = cutover::command().get_after_help().unwrap().to_string();
        let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
        for exit in Exit::ALL {
            let line = format!("{} {}", exit.code(), exit.meaning());
            assert!(help.contains(&line), "{line:?} is not in {help:?}");
        }
    }
}
