//! Why MFA is demanded of an account, or not, as a person reads it.

use std::fmt::Write as _;

use cutover_core::Pack;
use cutover_core::facts::Facts;
use cutover_core::mfa_explained::{DATAVERSE, Explained, SecondOpinion, SeenHole, SeenPolicy};
use uuid::Uuid;

use super::escape;
use super::explain_mfa_v1::Requirement;
use super::style::Style;

/// How an application is called; its id for most.
fn name_of(application: Uuid, pack_api: bool) -> String {
    match application {
        DATAVERSE => "Dataverse".to_owned(),
        _ if pack_api => "Partner Center".to_owned(),
        other => other.to_string(),
    }
}

/// The whole page.
pub(crate) fn page(style: Style, explained: &Explained, said: &[Requirement], facts: &Facts) -> String {
    Page { style }.render(explained, said, facts)
}

struct Page {
    style: Style,
}

impl Page {
    fn render(&self, explained: &Explained, said: &[Requirement], facts: &Facts) -> String {
        let mut out = String::new();
        let is_partner_center = Pack::work365().is_ok_and(|pack| pack.partner_center.api == explained.application);
        let head = format!(
            "MFA of {} at {}",
            explained.user,
            name_of(explained.application, is_partner_center)
        );
        let dot = self.style.dot();
        let _ = writeln!(
            out,
            "{} {dot} {} {dot} facts of {}\n",
            self.style.bold(&escape::line(&head)),
            escape::line(&facts.scene.tenant),
            facts.collected_at
        );
        self.line(&mut out, "verdict", explained.verdict.words());
        self.line(&mut out, "because", &explained.because);
        for said in said {
            self.line(&mut out, &said.code, &format!("{}: {}", said.verdict, said.sentence));
        }
        self.account(&mut out, explained);
        match &explained.policies {
            Some(policies) => {
                self.title(&mut out, &format!("Policies ({})", policies.len()));
                for policy in policies {
                    self.policy(&mut out, policy);
                }
            }
            None => {
                self.title(&mut out, "Policies");
                self.item(&mut out, "  ", "they could not be read");
            }
        }
        self.holes(&mut out, explained);
        if let Some(opinion) = &explained.second_opinion {
            self.second_opinion(&mut out, opinion);
        }
        if !explained.warnings.is_empty() {
            self.title(&mut out, "Before anything is changed");
            for warning in &explained.warnings {
                self.item(&mut out, "  - ", warning);
            }
        }
        out
    }

    fn account(&self, out: &mut String, explained: &Explained) {
        self.title(out, "The account as policies see it");
        let Some(account) = &explained.account else {
            self.item(out, "  ", "what policies know it by could not be read whole");
            return;
        };
        let kind = match account.guest_kinds.as_slice() {
            [] => "member".to_owned(),
            kinds => kinds.join(" or "),
        };
        let many = |names: &[String]| match names {
            [] => "none".to_owned(),
            names => names.join(", "),
        };
        let groups: Vec<String> = account.groups.iter().map(ToString::to_string).collect();
        self.line(out, "id", &format!("{}, {kind}", account.id));
        self.line(out, "roles", &many(&account.roles));
        self.line(out, "groups", &many(&groups));
        let resource = match explained.in_tenant {
            None if explained.in_tenant_unknown.is_some() => explained.in_tenant_unknown.as_deref().unwrap_or_default(),
            Some(true) => "the application has a service principal in the tenant",
            Some(false) => {
                "the application has no service principal in the tenant: only policies for all applications mean it"
            }
            None => "whether the application has a service principal in the tenant is not known",
        };
        self.line(out, "resource", resource);
    }

    fn policy(&self, out: &mut String, policy: &SeenPolicy) {
        let scope = match policy.in_scope {
            Some(true) => "in scope",
            Some(false) => "not in scope",
            None => "not clear",
        };
        let demands = match policy.blocks {
            true => "blocks".to_owned(),
            false => format!("demands {}", policy.demands),
        };
        let mut words = format!("{}: {demands}", policy.name);
        if let Some(only) = &policy.only {
            words.push_str(&format!(", only {only}"));
        }
        if let Some(frequency) = &policy.sign_in_frequency {
            words.push_str(&format!(", sign-in asked for anew: {frequency}"));
        }
        if let Some(why) = &policy.why_not {
            words.push_str(&format!("; {why}"));
        }
        self.item(out, &format!("  {scope:14}"), &words);
    }

    fn holes(&self, out: &mut String, explained: &Explained) {
        if explained.holes.is_empty() {
            return;
        }
        self.title(out, "Sign-ins at which no policy is seen to ask for MFA");
        for hole in &explained.holes {
            self.hole(out, hole);
        }
        if explained.more_holes > 0 {
            self.item(out, "  - ", &format!("and {} more", explained.more_holes));
        }
    }

    fn hole(&self, out: &mut String, hole: &SeenHole) {
        let words = match hole.reused {
            true => format!(
                "{}: MFA is asked for, but an earlier claim is used again",
                hole.sign_ins
            ),
            false => hole.sign_ins.clone(),
        };
        self.item(out, "  - ", &words);
        for near in &hole.nearest {
            self.item(out, "      ", &format!("{}: {}", near.policy, near.why));
            self.item(out, "        change: ", &near.change);
        }
        if let Some(change) = &hole.change {
            self.item(out, "      change: ", change);
        }
    }

    fn second_opinion(&self, out: &mut String, opinion: &SecondOpinion) {
        self.title(out, "Microsoft's own evaluation (What-If)");
        for differs in &opinion.disagreements {
            self.item(out, "  - differs: ", differs);
        }
        if !opinion.sign_ins.is_empty() {
            let words = format!(
                "asked about sign-ins with {}: {} answers agree, {} differ, {} cannot be compared",
                opinion.sign_ins.join(", "),
                opinion.agreed,
                opinion.disagreements.len(),
                opinion.not_comparable
            );
            self.item(out, "  ", &words);
        }
        for why in &opinion.why_not_comparable {
            self.item(out, "  not comparable: ", why);
        }
        if let Some(why) = &opinion.not_asked {
            self.item(out, "  not asked: ", why);
        }
    }

    fn title(&self, out: &mut String, title: &str) {
        let _ = writeln!(out, "\n{}", self.style.bold(title));
    }

    fn line(&self, out: &mut String, label: &str, text: &str) {
        self.item(out, &format!("  {label:10}"), text);
    }

    /// Text behind something that stands in front, wrapped below itself.
    fn item(&self, out: &mut String, before: &str, text: &str) {
        let text = escape::line(text);
        let Some(width) = self.style.width else {
            let _ = writeln!(out, "{before}{text}");
            return;
        };
        let blank = " ".repeat(before.chars().count());
        let options = textwrap::Options::new(width)
            .initial_indent(before)
            .subsequent_indent(&blank)
            .break_words(false)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        let _ = writeln!(out, "{}", textwrap::fill(&text, options));
    }
}
