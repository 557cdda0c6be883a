//! A plan as a person reads it before anything is written.

use std::fmt::Write as _;

use cutover_core::plan::action::{Action, Task};
use cutover_core::plan::{HandWork, Loan, Refusal, Step, StepId, returns};
use cutover_core::{Code, Finding, Plan, Verdict};
use jiff::SignedDuration;

use super::escape;
use super::style::Style;

/// What a page is made of.
pub(crate) struct Page<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) findings: &'a [Finding],
    pub(crate) style: Style,
    /// What a person calls next.
    pub(crate) next: &'a str,
}

/// The return card alone: what is lent, until when, and how it is taken back by hand.
pub(crate) fn return_card(plan: &Plan, style: Style) -> String {
    let page = Page {
        plan,
        findings: &[],
        style,
        next: "",
    };
    let mut out = String::new();
    page.return_card(&mut out);
    out
}

/// Columns that labels of indented lines take.
const LABEL: usize = 9;
const INDENT: &str = "        ";

impl Page<'_> {
    /// The whole text.
    pub(crate) fn render(&self) -> String {
        let mut out = String::new();
        self.head(&mut out);
        self.steps(&mut out);
        self.return_card(&mut out);
        self.hand_work(&mut out);
        self.refused(&mut out);
        self.notes(&mut out);
        self.foot(&mut out);
        out
    }

    fn head(&self, out: &mut String) {
        let plan = self.plan;
        let dot = self.style.dot();
        let _ = writeln!(
            out,
            "{} {dot} {} {dot} {}",
            self.style.bold("Plan"),
            escape::line(&plan.scene.tenant),
            escape::line(&plan.scene.environment_url)
        );
        let _ = writeln!(
            out,
            "from facts of {} {dot} carried out by {}",
            plan.made_at,
            escape::line(&plan.caller.name)
        );
        let ticket = plan
            .ticket
            .as_ref()
            .map(|ticket| format!(" {dot} ticket {}", escape::line(ticket)));
        let _ = writeln!(
            out,
            "justification: {}{}",
            escape::line(&plan.justification),
            ticket.unwrap_or_default()
        );
        let _ = writeln!(out, "{}", self.style.dim(&plan.digest));
    }

    fn steps(&self, out: &mut String) {
        if self.plan.steps.is_empty() {
            return;
        }
        self.title(out, "What is done, in this order");
        for (number, step) in self.plan.steps.iter().enumerate() {
            let sign = match (&step.loan, adds(&step.action)) {
                (Some(_), _) => self.style.loan(),
                _ if step.is_task() => self.style.by_hand(),
                (None, true) => "+",
                (None, false) => "~",
            };
            let what = format!("{}{}", step.action.describe().does(), codes(&step.requirements));
            let head = format!("  {sign} {:>2}  ", number + 1);
            let text = self.wrapped(&escape::line(&what), head.chars().count(), INDENT);
            let _ = writeln!(out, "{head}{text}");
            self.line(out, "step", &step.id.to_string());
            if let Action::Task(task) = &step.action {
                self.task(out, task);
            }
            if let Some(loan) = &step.loan {
                self.loan(out, step, loan);
            }
            let settling = &step.settling;
            let waits = format!(
                "{} as a rule, {} at most, until {}",
                words(settling.usual),
                words(settling.at_most),
                settling.what
            );
            self.line(out, "takes", &waits);
        }
    }

    /// What a person does in the middle of it.
    fn task(&self, out: &mut String, task: &Task) {
        for what in &task.work.what {
            self.line(out, "by hand", what);
        }
        if let Some(path) = &task.work.path {
            self.line(out, "where", path);
        }
        if task.private_window {
            self.line(out, "", "in a private window without another session");
        }
    }

    fn loan(&self, out: &mut String, step: &Step, loan: &Loan) {
        let returns = returns::returns(self.plan);
        if let Some(place) = returns.iter().position(|back| back.loan == &step.id) {
            let after = returns
                .get(place)
                .and_then(|back| back.after)
                .map(|id| format!("right after {}", self.named(id)));
            let order = match returns.len() {
                1 => String::new(),
                all => format!(", as number {} of {all}", place + 1),
            };
            self.line(out, "back", &format!("{}{order}", after.unwrap_or_default()));
        }
        let end = match loan.ends_by_itself {
            true => "the platform ends it by itself",
            false => "only its return ends it",
        };
        self.line(out, "until", &format!("{} at most; {end}", words(loan.limit)));
        self.line(out, "returned", &format!("by {}", loan.returned_by));
    }

    /// A step as a person finds it above: its number and its name.
    fn named(&self, id: &StepId) -> String {
        let place = self.plan.steps.iter().position(|step| step.id == *id);
        place.map_or_else(|| id.to_string(), |place| format!("step {} ({id})", place + 1))
    }

    fn return_card(&self, out: &mut String) {
        if self.plan.loans().next().is_none() {
            return;
        }
        self.title(
            out,
            "Return card: what is lent, and how it is taken back by hand if this machine is lost",
        );
        for back in returns::returns(self.plan) {
            let Some(step) = self.plan.step(back.loan) else {
                continue;
            };
            let Some(loan) = &step.loan else {
                continue;
            };
            let describe = step.action.describe();
            let head = format!("  {} ", self.style.loan());
            let what = describe.gives_back().unwrap_or_else(|| describe.does());
            let text = self.wrapped(&escape::line(&what), head.chars().count(), INDENT);
            let _ = writeln!(out, "{head}{text}");
            let end = match loan.ends_by_itself {
                true => format!(
                    "within {} of being lent, even if nobody does anything",
                    words(loan.limit)
                ),
                false => "not by itself: somebody has to do it".to_owned(),
            };
            self.line(out, "ends", &end);
            self.line(out, "where", &loan.by_hand);
            if !loan.link.is_empty() {
                self.line(out, "link", &loan.link);
            }
        }
    }

    fn hand_work(&self, out: &mut String) {
        if self.plan.hand_work.is_empty() {
            return;
        }
        self.title(out, "What only a person can do");
        for work in &self.plan.hand_work {
            self.work(out, work);
        }
    }

    fn work(&self, out: &mut String, work: &HandWork) {
        let sentence = self.findings.iter().find(|finding| finding.code() == work.requirement);
        let sentence = sentence
            .map(|finding| format!("  {}", finding.sentence()))
            .unwrap_or_default();
        let head = format!("  {} ", self.style.by_hand());
        let text = format!("{}{sentence}", work.requirement);
        let text = self.wrapped(&escape::line(&text), head.chars().count(), INDENT);
        let _ = writeln!(out, "{head}{text}");
        for step in &work.what {
            self.line(out, "by hand", step);
        }
        if let Some(path) = &work.path {
            self.line(out, "where", path);
        }
        if let Some(link) = &work.link {
            self.line(out, "link", link);
        }
        self.line(out, "verified", &format!("by {}", work.verified_by));
    }

    fn refused(&self, out: &mut String) {
        if self.plan.refused.is_empty() {
            return;
        }
        self.title(out, "What is refused");
        for refusal in &self.plan.refused {
            self.refusal(out, refusal);
        }
    }

    fn refusal(&self, out: &mut String, refusal: &Refusal) {
        let head = format!("  {} ", self.style.refused());
        let text = format!("{}  {}", refusal.requirement, refusal.what);
        let text = self.wrapped(&escape::line(&text), head.chars().count(), INDENT);
        let _ = writeln!(out, "{head}{text}");
        self.line(out, "why", &refusal.why);
        if let Some(unless) = &refusal.unless {
            self.line(out, "unless", unless);
        }
    }

    fn notes(&self, out: &mut String) {
        if self.plan.notes.is_empty() {
            return;
        }
        self.title(out, "To know");
        for note in &self.plan.notes {
            let text = self.wrapped(&escape::line(note), 4, "    ");
            let _ = writeln!(out, "  - {text}");
        }
    }

    fn foot(&self, out: &mut String) {
        let plan = self.plan;
        let loans = plan.loans().count();
        let tasks = plan.steps.iter().filter(|step| step.is_task()).count();
        let changes = plan.steps.len() - loans - tasks;
        let counts = [
            (changes, "lasting change(s)"),
            (loans, "loan(s)"),
            (plan.hand_work.len() + tasks, "for a person"),
            (plan.refused.len(), "refused"),
        ];
        let counts: Vec<String> = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        let counts = match counts.as_slice() {
            [] => self.nothing(),
            counts => format!("{}. Nothing was written to the tenant.", counts.join(", ")),
        };
        let _ = writeln!(out, "\n{}", self.style.bold(&counts));
        let _ = writeln!(out, "{}", escape::line(self.next));
    }

    /// Nothing is planned, because there is nothing to do, or because it could not be seen.
    fn nothing(&self) -> String {
        let hidden: Vec<String> = self
            .findings
            .iter()
            .filter(|finding| finding.blocks() && matches!(finding.verdict(), Verdict::Unknown(_)))
            .map(|finding| finding.code().to_string())
            .collect();
        match hidden.as_slice() {
            [] => "Nothing to do.".to_owned(),
            hidden => format!("Nothing is planned: {} could not be checked.", hidden.join(", ")),
        }
    }

    fn title(&self, out: &mut String, title: &str) {
        let _ = writeln!(out, "\n{}", self.style.bold(title));
    }

    fn line(&self, out: &mut String, label: &str, text: &str) {
        let indent = " ".repeat(INDENT.len() + LABEL);
        let text = self.wrapped(&escape::line(text), indent.len(), &indent);
        let _ = writeln!(out, "{INDENT}{}{text}", self.style.dim(&format!("{label:LABEL$}")));
    }

    fn wrapped(&self, text: &str, first: usize, indent: &str) -> String {
        self.style.wrapped(text, first, indent)
    }
}

/// Whether an action adds something, rather than changing what is there.
fn adds(action: &Action) -> bool {
    !matches!(
        action,
        Action::SetUsageLocation(_)
            | Action::EnableAccount(_)
            | Action::SetAccessMode(_)
            | Action::UpdateUserSettings(_)
            | Action::EnforcePerUserMfa(_)
            | Action::EnableSecurityDefaults(_)
            | Action::PauseBilling(_)
            | Action::AwaitQuiet(_)
            | Action::RemoveSolution(_)
            | Action::InstallPackage(_)
            | Action::UpgradeSolution(_)
            | Action::PromoteSolution(_)
            | Action::FollowInstallation(_)
            | Action::Task(_)
            | Action::EndRoleActivation(_)
    )
}

fn codes(codes: &[Code]) -> String {
    let codes: Vec<String> = codes.iter().map(ToString::to_string).collect();
    match codes.as_slice() {
        [] => String::new(),
        codes => format!("  [{}]", codes.join(", ")),
    }
}

/// `4 h`, `90 min`.
fn words(time: SignedDuration) -> String {
    let minutes = time.as_mins();
    match (minutes, minutes % 60) {
        (60.., 0) => format!("{} h", minutes / 60),
        _ => format!("{minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_from_a_tenant_reach_no_terminal() {
        let evil = "\u{1b}[2Jevil\u{202e}\n\u{7}";
        let whom = json!({"id": "00000000-0000-4000-8000-000000000001", "name": evil});
        let loan = json!({
            "for_steps": [evil], "return_after": [], "limit": "PT4H", "ends_by_itself": false,
            "returned_by": evil, "by_hand": evil, "link": evil,
        });
        let scene = json!({
            "tenant_id": "00000000-0000-4000-8000-000000000001", "tenant": evil, "environment_url": evil,
            "tier": "indirect", "region": "eu", "caller": "user:a@b", "borrower": "user:a@b", "service_identity": "user:a@b",
        });
        let plan: Plan = serde_json::from_value(json!({
            "format": "cutover-plan/1", "digest": "sha256:0", "made_at": "2026-11-23T09:00:00Z", "made_with": "0", "pack": evil,
            "scene": scene,
            "caller": {"object_id": "00000000-0000-4000-8000-000000000001", "application": false, "name": evil},
            "justification": evil, "ticket": evil, "preconditions": [],
            "steps": [{
                "id": evil, "requirements": ["W301"], "after": [], "loan": loan,
                "action": {"kind": "assign-licence", "whom": whom, "sku": "00000000-0000-4000-8000-000000000001", "name": evil, "instead_of": []},
                "settling": {"what": evil, "usual": "PT1M", "at_most": "PT15M"},
            }],
            "hand_work": [{"requirement": "W301", "what": [evil], "path": evil, "link": evil, "verified_by": evil}],
            "refused": [{"requirement": "W301", "what": evil, "why": evil, "unless": evil}],
            "notes": [evil],
        }))
        .unwrap();
        let page = Page {
            plan: &plan,
            findings: &[],
            style: Style::of_stdout(true),
            next: evil,
        };
        let text = page.render();
        assert!(text.matches("evil").count() > 15, "{text}");
        assert!(
            text.chars().all(|letter| letter == '\n' || !letter.is_control()) && !text.contains('\u{202e}'),
            "{text:?}"
        );
        assert!(
            text.lines()
                .all(|line| line.starts_with(' ') || !line.contains("[2J") || line.contains("\\u{1b}")),
            "{text}"
        );
    }
}
