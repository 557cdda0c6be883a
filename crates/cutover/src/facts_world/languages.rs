//! Languages of the environment (LCID).

use cutover_core::facts::Facts;
use serde_json::json;

use super::environment::Site;

/// Whether a number can be that of a language (LCID).
pub(super) fn is_lcid(number: i64) -> bool {
    u32::try_from(number).is_ok_and(|number| number > 0)
}

/// The base language and those beside it.
pub(super) fn describe(site: &mut Site<'_>, facts: &Facts) {
    let environment = &facts.environment;
    let provisioned = environment.languages.value().map(Vec::as_slice).unwrap_or_default();
    let base = environment
        .organization
        .value()
        .map(|organization| organization.base_language);
    let base = base.ok().or_else(|| provisioned.first().copied());
    for odd in provisioned.iter().chain(&base).filter(|number| !is_lcid(**number)) {
        site.draft.leave_out(format!("the language {odd}, which is none"));
    }
    if let Some(base) = base.filter(|base| is_lcid(*base)) {
        site.put_own(json!({ "base_language": base }));
    }
    let sound: Vec<i64> = provisioned.iter().copied().filter(|number| is_lcid(*number)).collect();
    site.put_own(json!({ "languages": sound }));
}
