//! The person who does what only people can do: asked at the terminal, or answered in advance by `--done`.

use std::collections::BTreeMap;

use clap::Args;
use cutover_core::Plan;
use cutover_core::attestation::Attestation;
use cutover_core::machine::What;
use cutover_core::plan::action::Task;
use cutover_core::plan::{Action, Step, StepId};
use cutover_runner::drive::{Answer, Answering, Person, View};
use cutover_runner::journal::RunId;

use super::{journal_of, not_begun};
use crate::output::style::Style;
use crate::output::{escape, stream};
use crate::session::Session;
use crate::{Global, Stop, terminal};

/// What was done already, and is said with the command.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct DoneOptions {
    /// A task of a person that is done, and what was seen; may be repeated
    #[arg(long = "done", value_name = "TASK=SEEN", value_parser = done)]
    done: Vec<(String, String)>,
}

fn done(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((task, seen)) if !task.trim().is_empty() && !seen.trim().is_empty() => {
            Ok((task.trim().to_owned(), seen.trim().to_owned()))
        }
        _ => Err("expected the task and what was seen, such as clear-cache=\"it shows svc@contoso.com\"".to_owned()),
    }
}

/// Somebody who is asked.
pub(crate) struct Asked {
    /// What was said in advance.
    said: BTreeMap<StepId, String>,
    /// Whether somebody is at the terminal.
    is_there: bool,
    /// Whose word it is.
    by: String,
    plain: bool,
}

impl Asked {
    pub(crate) fn of(options: &DoneOptions, global: &Global, by: &str) -> Self {
        let said = options.done.iter();
        Self {
            said: said.map(|(task, seen)| (StepId(task.clone()), seen.clone())).collect(),
            is_there: !global.non_interactive && terminal::is_there(),
            by: by.to_owned(),
            plain: global.plain,
        }
    }

    fn says(&self, step: &StepId, done: bool, seen: String) -> Answer {
        Answer {
            step: step.clone(),
            done,
            seen,
            by: self.by.clone(),
        }
    }
}

/// A task as a person reads it.
pub(crate) fn shown(task: &Task, style: Style) -> String {
    let mut lines = vec![format!("  {} {}", style.by_hand(), escape::line(&task.title))];
    let mut line = |label: &str, text: &str| {
        let text = style.wrapped(&escape::line(text), 18, "                  ");
        lines.push(format!("        {}{text}", style.dim(&format!("{label:10}"))));
    };
    for what in &task.work.what {
        line("do", what);
    }
    if task.private_window {
        line(
            "where",
            "in a private window without another session: a consent given as the wrong account is worth nothing",
        );
    }
    if let Some(path) = &task.work.path {
        line("where", path);
    }
    if let Some(link) = &task.work.link {
        line("link", link);
    }
    line("verified", &task.work.verified_by);
    lines.join("\n")
}

/// The task of a step.
pub(crate) fn task_of(step: &Step) -> Option<&Task> {
    match &step.action {
        Action::Task(task) => Some(task),
        _ => None,
    }
}

/// Keeps what people said in a run as attestations, where a requirement rests on nothing but their word: each once, for the version
/// that is then installed.
///
/// # Errors
/// When the journal cannot be read, or the attestation cannot be kept.
pub(crate) fn attest(session: &Session, plan: &Plan, run: RunId) -> Result<(), Stop> {
    let journal = journal_of(session)?;
    let events = journal.events(run).map_err(|error| not_begun(&error))?;
    for event in &events {
        let What::Answered {
            step,
            done: true,
            seen,
            by,
        } = &event.what
        else {
            continue;
        };
        let Some(code) = plan.step(step).and_then(task_of).and_then(|task| task.attests) else {
            continue;
        };
        let attestation = Attestation {
            code,
            by: by.clone(),
            at: event.at,
            seen: seen.clone(),
            version: session.pack.target(&plan.scene),
            tenant_id: plan.scene.tenant_id,
            environment_url: plan.scene.environment_url.clone(),
            about: None,
        };
        if !session
            .store
            .read()
            .map_err(anyhow::Error::from)?
            .contains(&attestation)
        {
            session.store.add(attestation).map_err(anyhow::Error::from)?;
        }
    }
    Ok(())
}

impl Person for Asked {
    fn answer<'a>(&'a mut self, _: View<'a>, tasks: &'a [&'a Step]) -> Answering<'a> {
        let said = tasks.iter().find_map(|step| Some((step, self.said.remove(&step.id)?)));
        if let Some((step, seen)) = said {
            let answer = self.says(&step.id, true, seen);
            return Box::pin(std::future::ready(Some(answer)));
        }
        let first = tasks.first().and_then(|step| Some((*step, task_of(step)?)));
        let Some((step, task)) = first.filter(|_| self.is_there) else {
            return Box::pin(std::future::ready(None));
        };
        stream::error(&format!("{}\n", shown(task, Style::uncoloured(self.plain))), self.plain);
        let question = format!(
            "when it is done, type {} (or `no` and why not, or nothing to leave it for later)",
            task.asks
        );
        Box::pin(async move {
            // A blocking read of its own thread: Ctrl-C is heard meanwhile.
            let typed = tokio::task::spawn_blocking(move || terminal::ask(&question, None)).await;
            let typed = typed.ok()?.ok()?;
            match typed
                .strip_prefix("no")
                .filter(|why| why.is_empty() || why.starts_with([' ', ',', ':']))
            {
                _ if typed.is_empty() => None,
                Some(why) => {
                    let why = why.trim_start_matches([' ', ',', ':']).trim().to_owned();
                    Some(self.says(
                        &step.id,
                        false,
                        if why.is_empty() {
                            "no reason given".to_owned()
                        } else {
                            why
                        },
                    ))
                }
                None => Some(self.says(&step.id, true, typed)),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_in_advance_names_a_task_and_what_was_seen() {
        assert_eq!(
            done("clear-cache = it shows svc"),
            Ok(("clear-cache".to_owned(), "it shows svc".to_owned()))
        );
        for wrong in ["clear-cache", "=seen", "clear-cache=", " = "] {
            assert!(done(wrong).is_err(), "{wrong}");
        }
    }
}
