//! `-o short`: one line for each requirement that is not simply met, and the outcome.

use std::fmt::Write as _;

use cutover_core::{Finding, Pack, Verdict, readiness};

use super::escape;
use super::json_v1::readiness_words;
use super::style::Style;

/// The lines.
pub(crate) fn render(findings: &[Finding], pack: &Pack, style: Style) -> String {
    let mut out = String::new();
    for finding in findings {
        let plain_met = matches!(finding.verdict(), Verdict::Met(_)) && finding.warnings().is_empty();
        if plain_met || matches!(finding.verdict(), Verdict::NotApplicable(_)) {
            continue;
        }
        let head = format!(
            "{} {} {}",
            style.sign(finding),
            finding.code(),
            finding.verdict().name()
        );
        out.push_str(&style.of_verdict(finding, &head));
        out.push_str(": ");
        out.push_str(&escape::line(finding.sentence()));
        for warning in finding.warnings() {
            out.push_str("; warning: ");
            out.push_str(&escape::line(warning));
        }
        out.push('\n');
    }
    out.push_str(readiness_words(readiness(findings)));
    let all = pack.requirement.len();
    if findings.len() < all {
        let _ = write!(out, " ({} of {all} requirements looked at)", findings.len());
    }
    out.push('\n');
    out
}
