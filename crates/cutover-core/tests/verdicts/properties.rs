//! What holds for every snapshot, whatever is in it.

use cutover_core::facts::package::SolutionFile;
use cutover_core::facts::principal::{PerUserMfa, SignInLog};
use cutover_core::facts::{Blind, Fact, Facts, Reason};
use cutover_core::scene::InstallDriver;
use cutover_core::verdict::Proof;
use cutover_core::{Code, Verdict};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::fixture::{
    admin_of, all, global_administrator, integration_of, judged_alike_when_redacted, known, package, ready,
    sales_licence, service_of, solution, value,
};

pub(crate) type Change = fn(&mut Facts);

/// Ways to spoil one fact each: values that are odd, and views that are blocked.
pub(crate) const CHANGES: &[Change] = &[
    |facts| spoil(&mut facts.tenant.signed_in),
    |facts| spoil(&mut facts.tenant.skus),
    |facts| spoil(&mut facts.tenant.global_administrator_policy),
    |facts| spoil(&mut facts.tenant.work365_app),
    |facts| spoil(&mut facts.tenant.work365_grants),
    |facts| spoil(&mut facts.tenant.graph_app),
    |facts| spoil(&mut facts.tenant.dataverse_app),
    |facts| spoil(&mut facts.tenant.security_defaults),
    |facts| spoil(&mut facts.tenant.conditional_access),
    |facts| spoil(&mut facts.tenant.methods_policy),
    |facts| spoil(&mut facts.environment.own_roles),
    |facts| spoil(&mut facts.environment.own_privileges),
    |facts| facts.environment.own_privileges = known(crate::fixture::reach("Local")),
    |facts| spoil(&mut facts.environment.organization),
    |facts| spoil(&mut facts.environment.languages),
    |facts| spoil(&mut facts.environment.solutions),
    |facts| spoil(&mut facts.environment.wanted_roles),
    |facts| spoil(&mut facts.environment.wanted_profiles),
    |facts| spoil(&mut facts.environment.support_users),
    |facts| spoil(&mut facts.environment.open_imports),
    |facts| spoil(&mut facts.environment.open_operations),
    |facts| spoil(&mut admin_of(facts).account),
    |facts| spoil(&mut admin_of(facts).licences),
    |facts| spoil(&mut admin_of(facts).active_roles),
    |facts| spoil(&mut admin_of(facts).role_assignments),
    |facts| spoil(&mut admin_of(facts).role_eligibilities),
    |facts| spoil(&mut admin_of(facts).system_users),
    |facts| spoil(&mut admin_of(facts).security_roles),
    |facts| spoil(&mut admin_of(facts).teams),
    |facts| spoil(&mut service_of(facts).account),
    |facts| spoil(&mut service_of(facts).licences),
    |facts| spoil(&mut service_of(facts).methods),
    |facts| spoil(&mut service_of(facts).registration),
    |facts| spoil(&mut service_of(facts).groups),
    |facts| spoil(&mut service_of(facts).per_user_mfa),
    |facts| spoil(&mut service_of(facts).sign_ins),
    |facts| spoil(&mut service_of(facts).system_users),
    |facts| spoil(&mut service_of(facts).security_roles),
    |facts| spoil(&mut service_of(facts).teams),
    |facts| spoil(&mut service_of(facts).profiles),
    |facts| spoil(&mut service_of(facts).team_profiles),
    |facts| spoil(&mut service_of(facts).settings),
    |facts| spoil(&mut facts.environment.job_tables),
    |facts| spoil(&mut facts.environment.open_jobs),
    |facts| facts.environment.own_privileges = known(crate::fixture::reach_but("prvReadWork365_Job")),
    |facts| spoil(&mut facts.power_platform.environment),
    |facts| spoil(&mut facts.power_platform.packages),
    |facts| spoil(&mut facts.power_platform.backups),
    |facts| spoil(&mut facts.power_platform.operations),
    |facts| spoil(&mut facts.solution_file),
    |facts| spoil(&mut facts.partner.tenant.signed_in),
    |facts| spoil(&mut facts.partner.directory_sign_in),
    |facts| spoil(&mut facts.partner.tenant.security_defaults),
    |facts| spoil(&mut facts.partner.tenant.conditional_access),
    |facts| spoil(&mut facts.partner.tenant.methods_policy),
    |facts| spoil(&mut facts.partner.agent_groups),
    |facts| spoil(&mut facts.partner.applications),
    |facts| spoil(&mut facts.partner.organization),
    |facts| spoil(&mut facts.partner.mfa_compliant),
    |facts| spoil(&mut facts.partner.resellers),
    |facts| spoil(&mut facts.partner.providers),
    |facts| spoil(&mut facts.partner.agreement),
    |facts| spoil(&mut integration_of(facts).account),
    |facts| spoil(&mut integration_of(facts).licences),
    |facts| spoil(&mut integration_of(facts).groups),
    |facts| spoil(&mut integration_of(facts).active_roles),
    |facts| spoil(&mut integration_of(facts).role_eligibilities),
    |facts| spoil(&mut integration_of(facts).methods),
    |facts| spoil(&mut integration_of(facts).registration),
    |facts| spoil(&mut integration_of(facts).per_user_mfa),
    |facts| spoil(&mut integration_of(facts).sign_ins),
];

/// Values that are there but empty or off.
pub(crate) const TWISTS: &[Change] = &[
    |facts| {
        // Whoever does not exist has no methods, no sign-ins, and no per-user state either.
        let service = service_of(facts);
        service.account = known(None);
        spoil(&mut service.methods);
        spoil(&mut service.per_user_mfa);
        service.registration = known(None);
        service.sign_ins = known(SignInLog::default());
    },
    |facts| service_of(facts).licences = known(vec![]),
    |facts| service_of(facts).security_roles = known(vec![]),
    |facts| service_of(facts).profiles = known(vec![]),
    |facts| service_of(facts).system_users = known(vec![]),
    |facts| {
        // The report lags; a report that contradicts the methods is another matter than a blocked view.
        service_of(facts).methods = known(vec![]);
        service_of(facts).registration = known(None);
    },
    |facts| service_of(facts).settings = known(None),
    |facts| admin_of(facts).role_eligibilities = known(vec![]),
    |facts| admin_of(facts).account = known(None),
    |facts| facts.environment.solutions = known(vec![]),
    |facts| facts.environment.languages = known(vec![]),
    |facts| facts.environment.wanted_roles = known(vec![]),
    |facts| facts.tenant.skus = known(vec![]),
    |facts| facts.tenant.work365_app = known(None),
    |facts| {
        if let Ok(solutions) = facts.environment.solutions.value() {
            let mut upgraded = solutions.clone();
            upgraded
                .iter_mut()
                .for_each(|solution| solution.version = "9.9".parse().unwrap());
            facts.environment.solutions = known(upgraded);
        }
    },
    |facts| facts.environment.job_tables = known(vec![]),
    |facts| {
        if let Fact::Known { value, .. } = &mut facts.power_platform.packages {
            value.push(package("iotap_next", "Work 365 Next", "4.8"))
        }
    },
    |facts| facts.power_platform.packages = known(vec![]),
    |facts| facts.power_platform.environment = known(None),
    |facts| {
        let file = "Work365Core.zip".to_owned();
        facts.scene.install = InstallDriver::SolutionFile { file };
        facts.solution_file = known(SolutionFile::Refused {
            because: "cut off".into(),
        });
    },
    |facts| facts.scene.install = InstallDriver::Guided,
    |facts| facts.attestations.clear(),
    |facts| facts.scene.partner = None,
    |facts| {
        // The partner's tenant is the Dynamics tenant.
        let tenant_id = facts.scene.tenant_id;
        if let Some(partner) = &mut facts.scene.partner {
            partner.tenant_id = tenant_id;
        }
    },
    |facts| {
        integration_of(facts).account = known(None);
        integration_of(facts).registration = known(None);
        integration_of(facts).sign_ins = known(SignInLog::default());
        spoil(&mut integration_of(facts).methods);
        spoil(&mut integration_of(facts).per_user_mfa);
    },
    |facts| integration_of(facts).licences = known(vec![sales_licence("Success")]),
    |facts| integration_of(facts).groups = known(vec![]),
    |facts| integration_of(facts).active_roles = known(vec![global_administrator()]),
    |facts| integration_of(facts).per_user_mfa = known(PerUserMfa::Disabled),
    |facts| integration_of(facts).sign_ins = known(SignInLog::default()),
    |facts| facts.partner.mfa_compliant = known(Some(false)),
    |facts| facts.partner.mfa_compliant = known(None),
    |facts| facts.partner.agent_groups = known(vec![]),
    |facts| facts.partner.applications = known(vec![]),
    |facts| {
        // Two solutions of which neither is clearly the core.
        facts.environment.solutions = known(vec![solution("Alpha", "4.6"), solution("Beta", "4.6")]);
    },
];

fn spoil<T>(fact: &mut Fact<T>) {
    let blind = Blind {
        reason: Reason::Unreachable,
        message: "down".into(),
        lacking: Vec::new(),
        call: None,
    };
    *fact = Fact::Unknown(blind);
}

fn check(facts: &Facts) -> Result<(), TestCaseError> {
    let findings = all(facts, &[]);
    prop_assert_eq!(&findings, &all(facts, &[]), "equal facts, equal findings");
    for finding in &findings {
        let decided = matches!(
            finding.verdict(),
            Verdict::Met(Proof::Seen) | Verdict::Loan(_) | Verdict::Missing
        ) || (matches!(finding.verdict(), Verdict::Due(_)) && finding.code() != Code::new(104));
        if decided {
            prop_assert!(
                !finding.evidence().is_empty(),
                "{} without evidence: {finding:?}",
                finding.code()
            );
            for evidence in finding.evidence() {
                prop_assert!(!evidence.calls.as_slice().is_empty());
            }
        }
        if let Verdict::Unknown(blinds) = finding.verdict() {
            prop_assert!(!blinds.is_empty(), "unknown says why");
        }
    }
    judged_alike_when_redacted(facts);
    let text = serde_json::to_string(facts).unwrap();
    prop_assert_eq!(
        &Facts::from_json(&text).unwrap(),
        facts,
        "stored facts come back as they were"
    );
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(365), ..ProptestConfig::default() })]

    /// Whatever is blind or odd: judging is total, repeatable, and decides nothing without evidence.
    #[test]
    fn judging_is_total_and_stands_on_evidence(
        blocked in proptest::collection::vec(0..CHANGES.len(), 0..8),
        twisted in proptest::collection::vec(0..TWISTS.len(), 0..4),
    ) {
        let mut facts = ready();
        twisted.iter().for_each(|index| TWISTS[*index](&mut facts));
        blocked.iter().for_each(|index| CHANGES[*index](&mut facts));
        check(&facts)?;
    }

    /// A blocked view never makes anything met, missing, a loan or due that was not so with the view open.
    #[test]
    fn a_blocked_view_decides_nothing(
        blocked in proptest::collection::vec(0..CHANGES.len(), 1..6),
        twisted in proptest::collection::vec(0..TWISTS.len(), 0..4),
    ) {
        let mut facts = ready();
        twisted.iter().for_each(|index| TWISTS[*index](&mut facts));
        let open = all(&facts, &[]);
        blocked.iter().for_each(|index| CHANGES[*index](&mut facts));
        for (before, after) in open.iter().zip(all(&facts, &[])) {
            let same = before.verdict().name() == after.verdict().name();
            // Without the installed version nobody knows that the target is there: what is asked after the install is
            // due again, and what cannot be told apart from it stays open.
            let stage_lost = facts.environment.solutions.value().is_err();
            let allowed = same || matches!(after.verdict(), Verdict::Unknown(_)) || (stage_lost && matches!(after.verdict(), Verdict::Due(_)));
            prop_assert!(allowed, "{}: {:?} became {:?}", before.code(), before.verdict(), after.verdict());
        }
    }
}

#[test]
fn the_ready_fixture_is_ready() {
    let mut facts = ready();
    let _ = value(&mut facts.tenant.skus);
    assert!(all(&facts, &[]).iter().all(|finding| !finding.blocks()));
}
