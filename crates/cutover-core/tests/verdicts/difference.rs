//! What changed is told in words a person can act on.

use cutover_core::difference::{self, Standing};
use cutover_core::facts::principal::DirectoryRole;
use cutover_core::facts::tenant::ConditionalAccessPolicy;
use cutover_core::facts::{Facts, Reason};
use serde_json::json;

use crate::fixture::{admin_of, all, blind, known, ready, sales_licence, service_of, value};

type Change = fn(&mut Facts);

fn policy(facts: &mut Facts, state: &str, groups: &[&str]) {
    facts.tenant.conditional_access = known(vec![ConditionalAccessPolicy {
        id: "p1".into(),
        name: "MFA for all".into(),
        state: state.into(),
        policy: json!({ "conditions": { "users": { "includeUsers": ["All"], "excludeGroups": groups } } }),
    }]);
}

#[test]
fn changes_are_told_in_words() {
    let cases: &[(Change, Change, &[&str])] = &[
        (|_| {}, |_| {}, &[]),
        (
            |_| {},
            |facts| value(&mut facts.environment.solutions)[0].version = "4.8".parse().unwrap(),
            &["solutions: Work365Core is 4.8, was 4.6.0.35"],
        ),
        (
            |facts| facts.environment.languages = known(vec![1033, 1031]),
            |facts| facts.environment.languages = known(vec![1031, 1043]),
            &["languages: 1043 is new", "languages: 1033 is gone"],
        ),
        (
            |_| {},
            |facts| admin_of(facts).licences = known(vec![sales_licence("Success")]),
            &[
                "licences of admin@contoso.example: DYN365_ENTERPRISE_SALES is new",
                "licences of admin@contoso.example: DYN365_ENTERPRISE_SALES of DYN365_ENTERPRISE_SALES is new (Success)",
            ],
        ),
        (
            |facts| {
                admin_of(facts).active_roles = known(vec![DirectoryRole {
                    template: crate::fixture::GLOBAL_ADMINISTRATOR,
                    name: "Global Administrator".into(),
                }]);
            },
            |_| {},
            &["active directory roles of admin@contoso.example: Global Administrator is gone"],
        ),
        (
            |_| {},
            |facts| service_of(facts).security_roles = blind(Reason::MissingRole),
            &["security roles of svc@contoso.example: cannot be seen any more (no view)"],
        ),
        (
            |facts| policy(facts, "enabledForReportingButNotEnforced", &[]),
            |facts| policy(facts, "enabled", &["breakglass"]),
            &[
                "Conditional Access policies: MFA for all is enabled, was enabledForReportingButNotEnforced",
                "Conditional Access policies: MFA for all is changed in conditions.users.excludeGroups, was otherwise there",
            ],
        ),
        (
            |_| {},
            |facts| facts.tenant.security_defaults = known(true),
            &["security defaults: on, was off"],
        ),
    ];
    for (before, after, told) in cases {
        let (mut earlier, mut later) = (ready(), ready());
        before(&mut earlier);
        after(&mut later);
        let sentences: Vec<String> = difference::facts(&earlier, &later)
            .iter()
            .map(|change| change.sentence())
            .collect();
        assert_eq!(&sentences, told);
    }
}

#[test]
fn verdicts_are_compared_by_their_codes() {
    let standings = |facts: &Facts| -> Vec<Standing> { all(facts, &[]).iter().map(Standing::from).collect() };
    let before = standings(&ready());
    assert_eq!(difference::verdicts(&before, &before), []);
    let mut facts = ready();
    facts.environment.languages = known(vec![1031]);
    let mut after = standings(&facts);
    after.reverse();
    let changes = difference::verdicts(&before, &after);
    let told: Vec<_> = changes
        .iter()
        .map(|change| {
            let word = |standing: &Option<Standing>| standing.as_ref().map(|one| (one.verdict.clone(), one.blocks));
            (change.code.to_string(), word(&change.before), word(&change.after))
        })
        .collect();
    let seen = |verdict: &str, blocks| Some((verdict.to_owned(), blocks));
    assert_eq!(told, [("W701".to_owned(), seen("met", false), seen("missing", true))]);
    // A requirement that was not looked at is new, or gone.
    let part = &before[1..];
    assert_eq!(difference::verdicts(part, &before)[0].before, None);
    assert_eq!(difference::verdicts(&before, part)[0].after, None);
}
