//! Quiet: jobs, and what the environment and Power Platform do.

use cutover_core::facts::Reason;
use cutover_core::facts::environment::{ImportJob, Job, SolutionOperation};
use cutover_core::facts::power_platform::EnvironmentOperation;

use crate::fixture::{Case, blind, check, id, job_table, known, reach, reach_but, upgraded, value};

fn job(status: &str, scheduled: Option<&str>) -> Job {
    Job {
        id: id(60),
        name: Some("Sync".into()),
        status: status.into(),
        scheduled: scheduled.map(|time| time.parse().unwrap()),
    }
}

fn operation(kind: Option<i64>) -> SolutionOperation {
    SolutionOperation {
        id: id(81),
        name: "x".into(),
        kind,
        state: 2,
        created: None,
    }
}

fn import() -> ImportJob {
    ImportJob {
        id: id(80),
        solution: "Work365Core".into(),
        started: None,
        progress: Some(61.0),
    }
}

#[test]
fn open_jobs_are_told_by_their_states() {
    check(&[
        Case {
            what: "quiet is due too: the window is not now",
            change: |_| {},
            code: 801,
            verdict: "due",
            says: "no open job; no import, publish or language provisioning",
        },
        Case {
            what: "names are looked for in English, which is not there",
            change: |facts| {
                facts.environment.job_tables = known(vec![]);
                facts.environment.languages = known(vec![1031]);
            },
            code: 801,
            verdict: "unknown",
            says: "English is not enabled, in which names are looked for (see W701)",
        },
        Case {
            what: "so many for later that an older one may be due",
            change: |facts| {
                let later = job("Waiting", Some("2026-12-01T08:00:00Z"));
                facts.environment.open_jobs = known(vec![later; 1000]);
            },
            code: 801,
            verdict: "unknown",
            says: "only the newest 1000 open jobs were read",
        },
        Case {
            what: "so many that there may be more",
            change: |facts| facts.environment.open_jobs = known(vec![job("Waiting", None); 1000]),
            code: 801,
            verdict: "due",
            says: "there may be more",
        },
        Case {
            what: "jobs in every state, one for later",
            change: |facts| {
                facts.environment.open_jobs = known(vec![
                    job("In progress", None),
                    job("Waiting", None),
                    job("Waiting", Some("2026-11-23T08:00:00Z")),
                    job("Waiting", Some("2026-12-01T08:00:00Z")),
                ]);
            },
            code: 801,
            verdict: "due",
            says: "sentence: \"3 open jobs: 2 Waiting, 1 In progress; 1 job more is scheduled for 2026-12-01T08:00:00Z\"",
        },
        Case {
            what: "one job",
            change: |facts| facts.environment.open_jobs = known(vec![job("Retry", None)]),
            code: 801,
            verdict: "due",
            says: "1 open job: 1 Retry",
        },
        Case {
            what: "a job that runs later is not scheduled any more",
            change: |facts| {
                facts.environment.open_jobs = known(vec![job("In progress", Some("2026-12-01T08:00:00Z"))]);
            },
            code: 801,
            verdict: "due",
            says: "1 open job: 1 In progress\"",
        },
        Case {
            what: "a job whose hour has come",
            change: |facts| {
                facts.environment.open_jobs = known(vec![job("Waiting", Some("2026-11-23T09:00:00Z"))]);
            },
            code: 801,
            verdict: "due",
            says: "1 open job: 1 Waiting",
        },
        Case {
            what: "only jobs for later: somebody has to decide",
            change: |facts| {
                facts.environment.open_jobs = known(vec![
                    job("Waiting", Some("2026-12-02T08:00:00Z")),
                    job("waiting", Some("2026-12-01T08:00:00Z")),
                ]);
            },
            code: 801,
            verdict: "due",
            says: "nothing runs now, but 2 jobs are scheduled, the first for 2026-12-01T08:00:00Z",
        },
        Case {
            what: "jobs seen in part, and none of them open",
            change: |facts| facts.environment.own_privileges = known(reach_but("prvReadWork365_Job")),
            code: 801,
            verdict: "unknown",
            says: "prvReadwork365_job for the whole organisation",
        },
        Case {
            what: "jobs seen in part, and some of them open",
            change: |facts| {
                facts.environment.own_privileges = known(reach_but("prvReadWork365_Job"));
                facts.environment.open_jobs = known(vec![job("Waiting", None)]);
            },
            code: 801,
            verdict: "due",
            says: "1 open job: 1 Waiting",
        },
        Case {
            what: "jobs not to be seen",
            change: |facts| facts.environment.open_jobs = blind(Reason::MissingRole),
            code: 801,
            verdict: "unknown",
            says: "a key",
        },
        Case {
            what: "no such table, and a version is installed",
            change: |facts| facts.environment.job_tables = known(vec![]),
            code: 801,
            verdict: "unknown",
            says: "no table with the display name Work 365 Job was found, although Work 365 is installed (core 4.6.0.35",
        },
        Case {
            what: "no such table, and nothing is installed",
            change: |facts| {
                facts.environment.job_tables = known(vec![]);
                facts.environment.solutions = known(vec![]);
            },
            code: 801,
            verdict: "due",
            says: "Work 365 is not installed, so it has no jobs; no import",
        },
        Case {
            what: "no such table, and nothing seen to be installed, in part",
            change: |facts| {
                facts.environment.job_tables = known(vec![]);
                facts.environment.solutions = known(vec![]);
                facts.environment.own_privileges = known(reach("Local"));
            },
            code: 801,
            verdict: "unknown",
            says: "prvReadSolution for the whole organisation",
        },
        Case {
            what: "two tables of that name",
            change: |facts| value(&mut facts.environment.job_tables).push(job_table("work365_task")),
            code: 801,
            verdict: "unknown",
            says: "2 tables have the display name Work 365 Job: work365_job, work365_task",
        },
        Case {
            what: "a table with states of other names",
            change: |facts| {
                for status in &mut value(&mut facts.environment.job_tables)[0].statuses {
                    status.label = format!("{} (old)", status.label);
                }
            },
            code: 801,
            verdict: "unknown",
            says: "has none of the states Waiting, Dispatched, In progress, Retry",
        },
        Case {
            what: "a table without one of the states",
            change: |facts| {
                let table = &mut value(&mut facts.environment.job_tables)[0];
                table.statuses.retain(|status| status.label != "Retry");
            },
            code: 801,
            verdict: "due",
            says: "has no state Retry",
        },
        Case {
            what: "tables not to be seen",
            change: |facts| facts.environment.job_tables = blind(Reason::MissingRole),
            code: 801,
            verdict: "unknown",
            says: "a key",
        },
    ]);
}

#[test]
fn what_the_environment_does_is_told() {
    check(&[
        Case {
            what: "jobs and an import",
            change: |facts| {
                facts.environment.open_jobs = known(vec![job("Waiting", None)]);
                facts.environment.open_imports = known(vec![import()]);
                facts.environment.open_operations = known(vec![operation(Some(54))]);
            },
            code: 801,
            verdict: "due",
            says: "sentence: \"1 open job: 1 Waiting; an import of Work365Core runs (61 % done)\"",
        },
        Case {
            what: "an import that has no job yet",
            change: |facts| facts.environment.open_operations = known(vec![operation(Some(203))]),
            code: 801,
            verdict: "due",
            says: "sentence: \"an import runs\"",
        },
        Case {
            what: "everything else that there is",
            change: |facts| {
                let kinds = [204, 207, 208, 211, 201, 209];
                let mut all: Vec<_> = kinds.iter().map(|kind| operation(Some(*kind))).collect();
                all.push(operation(None));
                facts.environment.open_operations = known(all);
            },
            code: 801,
            verdict: "due",
            says: "a publish runs; a solution upgrade is being applied; an uninstall runs; a solution upgrade runs; \
                   a language is being provisioned; a solution operation runs\"",
        },
        Case {
            what: "operations seen in part",
            change: |facts| facts.environment.own_privileges = known(reach_but("prvReadAsyncOperation")),
            code: 801,
            verdict: "unknown",
            says: "prvReadAsyncOperation",
        },
        Case {
            what: "operations seen in part, and one of them runs",
            change: |facts| {
                facts.environment.own_privileges = known(reach_but("prvReadAsyncOperation"));
                facts.environment.open_operations = known(vec![operation(Some(204))]);
            },
            code: 801,
            verdict: "due",
            says: "sentence: \"a publish runs\"",
        },
        Case {
            what: "operations not to be seen",
            change: |facts| facts.environment.open_operations = blind(Reason::MissingRole),
            code: 801,
            verdict: "unknown",
            says: "a key",
        },
        Case {
            what: "a copy by Power Platform",
            change: |facts| {
                facts.power_platform.operations = known(vec![EnvironmentOperation {
                    id: "1".into(),
                    name: "Copy".into(),
                    status: "InProgress".into(),
                    started: None,
                }]);
            },
            code: 801,
            verdict: "due",
            says: "sentence: \"Power Platform works on the environment: Copy (InProgress)\"",
        },
        Case {
            what: "administration mode",
            change: |facts| {
                value(&mut facts.power_platform.environment)
                    .as_mut()
                    .unwrap()
                    .admin_mode = Some("Enabled".into());
            },
            code: 801,
            verdict: "due",
            says: "the environment is in administration mode",
        },
        Case {
            what: "administration mode, in the older plane's word",
            change: |facts| {
                let environment = value(&mut facts.power_platform.environment).as_mut().unwrap();
                environment.admin_mode = Some("AdminMode".into());
            },
            code: 801,
            verdict: "due",
            says: "the environment is in administration mode",
        },
        Case {
            what: "not ready",
            change: |facts| value(&mut facts.power_platform.environment).as_mut().unwrap().state = "Preparing".into(),
            code: 801,
            verdict: "due",
            says: "the environment is Preparing, not Ready",
        },
        Case {
            what: "ready and open, without a warning",
            change: |_| {},
            code: 801,
            verdict: "due",
            says: "warnings: []",
        },
        Case {
            what: "an environment that Power Platform does not show",
            change: |facts| facts.power_platform.environment = known(None),
            code: 801,
            verdict: "due",
            says: "no environment of this address",
        },
        Case {
            what: "Power Platform not to be seen: said once",
            change: |facts| {
                facts.power_platform.environment = blind(Reason::MissingRole);
                facts.power_platform.operations = blind(Reason::MissingRole);
            },
            code: 801,
            verdict: "due",
            says: "warnings: [\"what Power Platform does with the environment could not be read: no view\"]",
        },
        Case {
            what: "after the install step jobs may run again",
            change: |facts| {
                upgraded(facts);
                facts.environment.open_jobs = known(vec![job("Waiting", None)]);
            },
            code: 801,
            verdict: "not applicable",
            says: "4.8 is installed",
        },
        Case {
            what: "installed or not is not to be seen",
            change: |facts| facts.environment.solutions = blind(Reason::MissingRole),
            code: 801,
            verdict: "unknown",
            says: "a key",
        },
    ]);
}
