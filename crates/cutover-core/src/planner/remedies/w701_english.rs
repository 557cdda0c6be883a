//! W701: enables English.

use crate::code::Code;
use crate::plan::Action;
use crate::plan::action::ProvisionLanguage;
use crate::planner::draft::Draft;
use crate::planner::{Case, Remedy};
use crate::reading::operations::Kind;
use crate::verdict::Finding;

pub(super) const REMEDY: Remedy = Remedy { code: CODE, propose };

const CODE: Code = Code::new(701);

fn propose(case: &Case<'_>, finding: &Finding, draft: &mut Draft) {
    if !case.is_open(finding) {
        return;
    }
    let running = case.facts.environment.open_operations.value();
    if running.is_ok_and(|all| all.iter().any(|operation| Kind::of(operation) == Kind::Language)) {
        let unless = Some("wait until it has ended, then plan again".to_owned());
        return draft.refuse(
            CODE,
            "enable English",
            "a language is being provisioned already",
            unless,
        );
    }
    let lcid = case.pack.names.english;
    draft.step(
        CODE,
        "enable-english",
        Action::ProvisionLanguage(ProvisionLanguage { lcid }),
    );
    draft.note("enable English on an earlier day than the upgrade: it takes an hour or more, slows the next import, and cannot be undone");
}
