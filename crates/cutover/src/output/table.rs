//! `-o table`: what an administrator reads, grouped by the rows of the vendor's article.

use std::fmt::Write as _;

use cutover_core::evidence::Call;
use cutover_core::facts::Facts;
use cutover_core::reading::installed::Installed;
use cutover_core::verdict::{Finding, Proof};
use cutover_core::{Pack, Readiness, Verdict, readiness};

use super::escape;
use super::json_v1::why;
use super::style::Style;

/// What a table is made of.
pub(crate) struct Table<'a> {
    pub(crate) facts: &'a Facts,
    pub(crate) pack: &'a Pack,
    pub(crate) findings: &'a [Finding],
    pub(crate) style: Style,
    pub(crate) again: Again<'a>,
}

/// What a person calls next.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Again<'a> {
    /// This very look, such as `cutover check --world ready`.
    pub(crate) look: &'a str,
    /// The plan of the same tenant, where that can be looked at.
    pub(crate) plan: Option<&'a str>,
}

/// Columns that labels of indented lines take.
const LABEL: usize = 9;
const INDENT: &str = "      ";

impl Table<'_> {
    /// The whole text.
    pub(crate) fn render(&self) -> String {
        let mut out = String::new();
        let calls = self.calls();
        self.head(&mut out, calls.len());
        let mut row = None;
        for finding in self.findings {
            if row != Some(finding.about().row.as_str()) {
                row = Some(finding.about().row.as_str());
                let _ = writeln!(
                    out,
                    "\n{}",
                    self.style.bold(&escape::line(&row_title(&finding.about().row)))
                );
            }
            self.finding(&mut out, finding, &calls);
        }
        self.evidence(&mut out, &calls);
        self.foot(&mut out);
        out
    }

    /// Every call that decided something, once: findings refer to it by number.
    fn calls(&self) -> Vec<&Call> {
        let mut calls: Vec<&Call> = Vec::new();
        for finding in self.findings {
            for call in calls_of(finding) {
                if !calls.contains(&call) {
                    calls.push(call);
                }
            }
        }
        calls
    }

    fn head(&self, out: &mut String, calls: usize) {
        let scene = &self.facts.scene;
        let dot = self.style.dot();
        let _ = writeln!(
            out,
            "{} {dot} {} {dot} {}",
            self.style.bold(&escape::line(&self.pack.title)),
            escape::line(&scene.tenant),
            escape::line(&scene.environment_url)
        );
        let installed = match Installed::of(self.facts, self.pack) {
            Ok((installed, _)) => installed.words(),
            Err(_) => "installed version not known".to_owned(),
        };
        let _ = writeln!(
            out,
            "{installed} {} {} {dot} facts of {}, {calls} calls",
            self.style.arrow(),
            self.pack.target(scene),
            self.facts.collected_at
        );
        let account = scene.partner.as_ref().map(|partner| {
            let account = partner.integration_account.to_string();
            format!(" {dot} integration account {}", escape::line(&account))
        });
        let _ = writeln!(
            out,
            "caller {} {dot} borrower {} {dot} service identity {}{}",
            escape::line(&scene.caller.to_string()),
            escape::line(&scene.borrower.to_string()),
            escape::line(&scene.service_identity.to_string()),
            account.unwrap_or_default()
        );
    }

    fn finding(&self, out: &mut String, finding: &Finding, calls: &[&Call]) {
        let head = format!(
            "{} {} {}",
            self.style.sign(finding),
            finding.code(),
            finding.verdict().name()
        );
        let advisory = match finding.about().severity {
            cutover_core::pack::Severity::Advisory => " (advice)",
            cutover_core::pack::Severity::Required => "",
        };
        let text = format!("{}{advisory}", escape::line(finding.sentence()));
        let plain_width = head.chars().count() + 2;
        let text = self.wrapped(&text, 2 + plain_width, "        ");
        let _ = writeln!(out, "  {}  {text}", self.style.of_verdict(finding, &head));
        for evidence in finding.evidence() {
            self.line(
                out,
                "seen",
                &format!("{} {}", evidence.seen, numbers(calls, evidence.calls.as_slice())),
            );
            if !matches!(finding.verdict(), Verdict::Met(_)) {
                self.line(out, "wanted", &evidence.wanted);
            }
        }
        for warning in finding.warnings() {
            self.line(out, "warning", warning);
        }
        match finding.verdict() {
            Verdict::Met(Proof::Seen) | Verdict::NotApplicable(_) => return,
            Verdict::Met(Proof::Attested(attestation)) => {
                self.line(
                    out,
                    "attested",
                    &format!(
                        "by {} at {} for version {}",
                        attestation.by, attestation.at, attestation.version
                    ),
                );
                return;
            }
            Verdict::Loan(loan) => {
                self.line(out, "loan", &format!("{}; by {}", loan.how, loan.by));
                for need in &loan.needs {
                    self.line(out, "needs", need);
                }
            }
            Verdict::Due(when) => self.line(out, "due", when),
            Verdict::Unknown(blinds) => {
                for blind in blinds {
                    if !blind.lacking.is_empty() {
                        self.line(out, "lacking", &blind.lacking.join(" or "));
                    }
                    if let Some(call) = &blind.call {
                        self.line(out, "call", &numbers(calls, std::slice::from_ref(call)));
                    }
                }
            }
            Verdict::Waived(waived) => {
                let text = format!(
                    "by {} until {}: {} (otherwise {})",
                    waived.by,
                    waived.until,
                    waived.reason,
                    waived.instead_of.name()
                );
                self.line(out, "waived", &text);
            }
            Verdict::Missing | Verdict::ByHand => {}
        }
        self.line(out, "why", &why(finding));
        if let Some(fix) = finding.fix() {
            if let Some(automatic) = &fix.automatic {
                self.line(out, "cutover", &format!("can {automatic}"));
            }
            for step in &fix.by_hand {
                self.line(out, "by hand", step);
            }
            if let Some(path) = &fix.path {
                self.line(out, "where", path);
            }
            if let Some(link) = &fix.link {
                self.line(out, "link", link);
            }
        }
    }

    /// The calls by number, with what finds them again in the service's own log.
    fn evidence(&self, out: &mut String, calls: &[&Call]) {
        if calls.is_empty() {
            return;
        }
        let dot = self.style.dot();
        let _ = writeln!(out, "\n{}", self.style.bold("Evidence: the calls behind the numbers"));
        for (number, call) in calls.iter().enumerate() {
            let status = call
                .status
                .map_or_else(|| "no answer".to_owned(), |status| status.to_string());
            let id = call
                .request_id
                .as_ref()
                .map(|id| format!(" {dot} request {id}"))
                .unwrap_or_default();
            let _ = writeln!(
                out,
                "  {:>4} {}",
                format!("[{}]", number + 1),
                escape::line(&call.request)
            );
            let _ = writeln!(
                out,
                "       {}",
                self.style.dim(&escape::line(&format!(
                    "{} {dot} {status} {dot} {}{id}",
                    call.service.name(),
                    call.at
                )))
            );
        }
    }

    fn line(&self, out: &mut String, label: &str, text: &str) {
        let indent = " ".repeat(INDENT.len() + LABEL);
        let text = self.wrapped(&escape::line(text), indent.len(), &indent);
        let _ = writeln!(out, "{INDENT}{}{text}", self.style.dim(&format!("{label:LABEL$}")));
    }

    fn wrapped(&self, text: &str, first: usize, indent: &str) -> String {
        self.style.wrapped(text, first, indent)
    }

    fn foot(&self, out: &mut String) {
        let readiness = readiness(self.findings);
        let of = |name: &str| {
            self.findings
                .iter()
                .filter(|finding| finding.verdict().name() == name)
                .count()
        };
        let names = [
            "met",
            "loan",
            "missing",
            "due",
            "by hand",
            "not applicable",
            "unknown",
            "waived",
        ];
        let counts: Vec<String> = names
            .iter()
            .map(|name| (of(name), name))
            .filter(|(count, _)| *count > 0)
            .map(|(count, name)| format!("{count} {name}"))
            .collect();
        let blocking: Vec<String> = self
            .findings
            .iter()
            .filter(|finding| finding.blocks())
            .map(|finding| finding.code().to_string())
            .collect();
        let blocking = blocking.join(", ");
        let _ = writeln!(out, "\n{}", counts.join(", "));
        let all = self.pack.requirement.len();
        let part = self.findings.len() < all;
        let verdict = match readiness {
            Readiness::Ready { .. } if part => {
                format!("Nothing stands in the way here. Only {} of {all} requirements were looked at.", self.findings.len())
            }
            Readiness::Ready { .. } if of("loan") + of("due") > 0 => {
                "Ready: the upgrade could start. What is listed as loan is borrowed for the run, what is due follows in it."
                    .to_owned()
            }
            Readiness::Ready { .. } => "Ready: the upgrade could start.".to_owned(),
            Readiness::RemediesExist => format!("Not ready ({blocking}): remedies exist for all of it."),
            Readiness::PersonMustAct => format!("Not ready ({blocking}): a person must act."),
            Readiness::Undecided => {
                format!("Undecided: something required could not be seen, or is missing ({blocking}).")
            }
        };
        let _ = writeln!(out, "{}", self.style.bold(&verdict));
        let next = match readiness {
            Readiness::Ready { .. } => {
                let lent = self
                    .again
                    .plan
                    .map(|plan| format!("see what the upgrade will borrow: {plan}; then "));
                format!("Next: {}follow the vendor's steps.", lent.unwrap_or_default())
            }
            Readiness::Undecided => {
                let first = self
                    .findings
                    .iter()
                    .find(|finding| finding.blocks() && matches!(finding.verdict(), Verdict::Unknown(_)));
                let code = first.map(|finding| finding.code().to_string()).unwrap_or_default();
                let lacking = first.is_some_and(|finding| match finding.verdict() {
                    Verdict::Unknown(blinds) => blinds.iter().any(|blind| !blind.lacking.is_empty()),
                    _ => false,
                });
                let todo = if lacking {
                    "open the view that is lacking"
                } else {
                    "see what could not be decided, and why"
                };
                format!("Next: {todo}, then {}. More: cutover explain {code}", self.again.look)
            }
            Readiness::RemediesExist | Readiness::PersonMustAct => {
                let first = self.findings.iter().find(|finding| finding.blocks());
                let code = first.map(|finding| finding.code().to_string()).unwrap_or_default();
                let todo = match self.again.plan {
                    Some(plan) => format!("see what cutover would put right: {plan}; put right the rest"),
                    None => "put right what is listed".to_owned(),
                };
                format!("Next: {todo}, then {}. More: cutover explain {code}", self.again.look)
            }
        };
        let _ = writeln!(out, "{}", escape::line(&next));
    }
}

/// The calls that decided a finding, or stood in its way.
fn calls_of(finding: &Finding) -> Vec<&Call> {
    let mut calls: Vec<&Call> = finding
        .evidence()
        .iter()
        .flat_map(|evidence| evidence.calls.as_slice())
        .collect();
    if let Verdict::Unknown(blinds) = finding.verdict() {
        calls.extend(blinds.iter().filter_map(|blind| blind.call.as_deref()));
    }
    calls
}

/// The numbers of some calls: `[1, 4]`.
fn numbers(all: &[&Call], some: &[Call]) -> String {
    let mut numbers: Vec<usize> = some
        .iter()
        .filter_map(|call| all.iter().position(|known| *known == call))
        .map(|place| place + 1)
        .collect();
    numbers.sort_unstable();
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    format!("[{}]", numbers.join(", "))
}

/// What a row of the article is about.
fn row_title(row: &str) -> String {
    let about = match row {
        "opening" => return "Opening rule: who runs the upgrade".to_owned(),
        "1" => "a Global Administrator who is System Administrator, and the consent (temporary)",
        "2" => "a Dynamics 365 licence for that person (temporary)",
        "3" => "the service identity and its security role",
        "4" => "the field security profile",
        "5" => "multifactor authentication of the service account",
        "6" => "the Partner Center integration account",
        "7" => "English",
        "steps" => return "The upgrade itself".to_owned(),
        "afterwards" => return "Afterwards".to_owned(),
        other => return format!("Row {other}"),
    };
    format!("Row {row}: {about}")
}
