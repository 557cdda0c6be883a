//! What goes wrong with Work 365 around an upgrade, as its documents and forums tell, and that cutover names the cause of each.
//!
//! The page that tells people of it, `docs/guides/troubleshooting.md`, has the same rows: another test holds that.

use std::fs;
use std::path::Path;

use crate::program::{Place, Run};
use crate::upgrades::DONE;

/// How many rows the catalogue has.
const ROWS: usize = 24;

/// A cause behind a symptom. A symptom of several causes has several.
struct Cause {
    row: usize,
    /// What people notice.
    symptom: &'static str,
    shown: Shown,
}

/// Where cutover names the cause.
enum Shown {
    /// By what people type at a tenant, here in a world that has the fault.
    By {
        command: &'static str,
        world: &'static str,
        /// Parts of the answer, blanks being alike: the requirement with its verdict where there is one, the cause, the way out.
        says: &'static [&'static str],
    },
    /// By nothing, and why.
    Not(&'static str),
}

const fn by(
    row: usize,
    symptom: &'static str,
    command: &'static str,
    world: &'static str,
    says: &'static [&'static str],
) -> Cause {
    let shown = Shown::By { command, world, says };
    Cause { row, symptom, shown }
}

const fn not(row: usize, symptom: &'static str, why: &'static str) -> Cause {
    let shown = Shown::Not(why);
    Cause { row, symptom, shown }
}

/// The catalogue, in its own order.
const CAUSES: &[Cause] = &[
    by(
        1,
        "jobs fail right after the upgrade",
        "check",
        "draining",
        &[
            "W801 due 2 open jobs: 1 Dispatched, 1 In progress",
            "An upgrade changes the connections, so a job that is open at that moment fails",
            "can wait for their end inside the window, with a deadline",
        ],
    ),
    by(
        2,
        "a job stays in Waiting: its hour has not come",
        "check",
        "scheduled-job",
        &[
            "W801 due nothing runs now, but 1 job is scheduled for 2026-12-01T02:00:00Z",
            "cancel them, or let them run after the upgrade; they do not end by waiting",
        ],
    ),
    by(
        2,
        "jobs stay in Waiting: the service identity may not do them",
        "check",
        "no-service-role",
        &[
            "W301 missing svc-work365@contoso.onmicrosoft.com does not hold Work 365 Service",
            "without it jobs stay in Waiting",
            "assign the security role Work 365 Service",
        ],
    ),
    by(
        3,
        "a job is in Retry",
        "check",
        "busy",
        &[
            "W801 due 5 open jobs: 2 Waiting, 1 Dispatched, 1 In progress, 1 Retry",
            "read why a job is in Retry: open it > Parameters > Job Results; it is tried five times, and then it is Failed",
        ],
    ),
    by(
        4,
        "access denied for one person, such as whoever runs the upgrade",
        "check",
        "to-apply",
        &[
            "W001 loan admin@contoso.onmicrosoft.com is not System Administrator",
            "the role is not assigned, neither directly nor through a team",
            "self-elevate in this environment, and take the role back after the run",
        ],
    ),
    by(
        5,
        "access denied for everybody: the service identity is disabled",
        "check",
        "application-user-disabled",
        &[
            "W300 missing application 5e56ae97-9be1-40d3-938b-99ea52175a30 is disabled in the environment",
            "If it is disabled, deleted or unlicensed, every job fails",
            "enable application 5e56ae97-9be1-40d3-938b-99ea52175a30 there",
        ],
    ),
    by(
        5,
        "access denied for everybody: the application user lacks one of its two roles",
        "check",
        "application-user-without-portal-role",
        &[
            "W302 due application 5e56ae97-9be1-40d3-938b-99ea52175a30 does not hold Work 365 Portal Service",
            "calls the pair Work 365 Service and Work 365 Portal Service mandatory for an application user",
            "assign the security role Work 365 Portal Service",
        ],
    ),
    by(
        5,
        "access denied for everybody: the consent is gone",
        "check",
        "consent-missing",
        &[
            "W103 missing the organisation has not consented in full",
            "Without organisation-wide consent its jobs fail",
            "as Global Administrator, grant admin consent for the organisation",
        ],
    ),
    not(
        5,
        "access denied for everybody: the password of the service account has expired",
        "cutover does not read passwords' ages; move to an application user, or let the password never expire",
    ),
    by(
        6,
        "the Admin Hub or configuration page stays blank",
        "check",
        "consent-user-only",
        &[
            "W103 missing the organisation has not consented in full",
            "one person has consented, which is not organisation-wide",
            "as Global Administrator, grant admin consent for the organisation",
        ],
    ),
    by(
        7,
        "sign-in loops, or the provider's test says 401 or 403",
        "check",
        "partner-sign-in-refused",
        &[
            "sign-in was refused: multifactor authentication is needed now (AADSTS50076)",
            "press Verify Connectivity at the provider in Work 365, and after 401 or 403 give its consent for Partner Center again",
        ],
    ),
    not(
        8,
        "the connector is saved, and syncing fails",
        "with whose session a consent was given shows only inside Work 365; give both consents again in a clean private window",
    ),
    by(
        9,
        "Partner Center answers 401 with code 900421",
        "check",
        "partner-mfa-enforced",
        &[
            "W603 missing Entra ID shows the sign-in of partner-integration@contoso.onmicrosoft.com without MFA",
            "Partner Center refuses calls whose sign-in was without MFA (error 900421)",
            "give Work 365 its consent for Partner Center again, signed in as partner-integration@contoso.onmicrosoft.com with MFA",
        ],
    ),
    by(
        10,
        "the application is not found: nobody has consented yet",
        "check",
        "app-missing",
        &[
            "W103 due the Work 365 app is not in this tenant yet",
            "open the consent link in a private window and accept for the organisation",
        ],
    ),
    by(
        10,
        "the application is not found: it is that of the other data centre",
        "check",
        "other-data-centre",
        &[
            "W103 missing the Work 365 app in this tenant is e4b1a995-abe3-4350-a61c-65fccd32e8bd, that of the data centre us, \
         and eu is configured",
            "if it is us, set work365.region to \"us\"",
        ],
    ),
    by(
        11,
        "the service account is not in Dynamics",
        "check",
        "user-not-yet-synced",
        &[
            "W300 missing svc-work365@contoso.onmicrosoft.com is not a user of the environment",
            "if the licence was assigned just now, wait 10 to 15 minutes and look again",
        ],
    ),
    by(
        12,
        "Partner Center still refuses after its role was given",
        "check",
        "no-admin-agent",
        &[
            "W603 unknown could not be checked: Partner Center refused",
            "the Partner Center role of the signed-in person does not allow this",
            "one that was just given counts after up to an hour",
        ],
    ),
    by(
        13,
        "a Global Administrator may neither install nor give roles",
        "check",
        "to-apply",
        &[
            "W102 loan admin@contoso.onmicrosoft.com is not System Administrator",
            "Global Administrator does not imply System Administrator any more",
            "self-elevate in this environment, and take the role back after the run",
        ],
    ),
    by(
        14,
        "self-elevation is refused with 403",
        "apply plan.json",
        "elevation-not-consented",
        &[
            "the sign-in lacks the permission UserManagement.Users.Apply",
            "an administrator consents to it for the application that signs in",
            "Power Platform admin centre > Manage > Environments > the environment > Membership > Add me",
        ],
    ),
    by(
        15,
        "processes stop, \"is not licensed\", once a licence is taken back",
        "upgrade",
        "upgrade-owner-of-processes",
        &[
            "admin@contoso.onmicrosoft.com owns active processes that were not active before and would stop without the licence: \
         Remind of renewals",
            "Give them to somebody who stays licensed, or switch them off, and the return goes on",
        ],
    ),
    by(
        16,
        "the portal breaks, or 2.1 cannot be upgraded",
        "upgrade",
        "upgrade-from-2.1-with-portal",
        &[
            "W802 4.8 cannot be reached from 2.1.0.14 in one step",
            "core 2.1.0.14 > remove the portal > core 2.5 > core 4.8 > the newest portal again",
            "set work365.target to 2.5 and upgrade to it first",
        ],
    ),
    not(
        17,
        "people of the portal are asked for consent again",
        "how many applications the portal signs in with is set inside Work 365; keep the single one, or announce the question",
    ),
    not(
        18,
        "Manage License is refused",
        "the consent lies in the tenant of an end customer, which cutover never enters; its administrator signs in and consents",
    ),
    by(
        19,
        "after 4.8 prices are wrong, or \"Please provide a valid Sales Unit\"",
        "upgrade",
        "upgrade",
        &[
            "on the way to 4.8 the units Annual and Triennial are added to the unit group Subscriptions",
            "check that the unit group Subscriptions has the units Monthly, Annual and Triennial",
        ],
    ),
    by(
        20,
        "parts of the new version are missing",
        "check",
        "half-upgraded",
        &[
            "W803 missing an earlier upgrade was not finished: Work365Core_Upgrade 4.8.0.12 is still there",
            "finish it with Apply solution upgrade, or delete the holding solution; never the solution itself",
        ],
    ),
    not(
        21,
        "Azure usage is not invoiced",
        "which table holds the invoices of providers is not published; set an invoice that is Populating or in Error right, then Active",
    ),
    by(
        22,
        "back-end processes fail in an organisation without English",
        "check",
        "english-missing",
        &[
            "W701 missing English is not enabled in this environment",
            "Work 365's processes need English",
            "enable English, on an earlier day than the upgrade",
        ],
    ),
    by(
        23,
        "secured columns are empty",
        "check",
        "no-profile",
        &[
            "W401 missing svc-work365@contoso.onmicrosoft.com is not in Work 365 Admin",
            "Without it they read as empty",
            "add svc-work365@contoso.onmicrosoft.com to Work 365 Admin > Users",
        ],
    ),
    by(
        23,
        "secured columns go dark once System Administrator is taken back",
        "check",
        "administrator-hides-profile",
        &[
            "W401 missing svc-work365@contoso.onmicrosoft.com is not in Work 365 Admin",
            "System Administrator hides this: secured columns read well now, and go dark when the role is taken back",
            "add svc-work365@contoso.onmicrosoft.com to Work 365 Admin > Users",
        ],
    ),
    by(
        24,
        "data is lost",
        "check",
        "no-backup",
        &[
            "W805 due the run takes a restore point; Power Platform lists no backup",
            "removing the managed solution deletes its tables and their data",
            "can take a backup in the run, and wait until it can be restored",
        ],
    ),
];

/// The command as at a tenant, with the world and what is decided beforehand.
fn run(command: &str, world: &str) -> Run {
    let place = Place::new();
    match command {
        "check" => place.run(&format!("check --world {world}")),
        "apply plan.json" => {
            place.run(&format!("plan --world {world} -o plan.json"));
            place.run(&format!("apply plan.json --world {world} --yes"))
        }
        "upgrade" => place.run(&format!("upgrade --world {world} --yes --non-interactive {DONE}")),
        other => panic!("nobody runs {other} here"),
    }
}

fn with_single_blanks(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_row_is_told_of() {
    let rows: Vec<usize> = CAUSES.iter().map(|cause| cause.row).collect();
    assert!(rows.is_sorted(), "{rows:?}");
    for row in 1..=ROWS {
        assert!(rows.contains(&row), "row {row} is missing");
    }
    assert_eq!(rows.last(), Some(&ROWS));
}

#[test]
fn cutover_names_the_cause_of_every_symptom_and_the_way_out() {
    let mut faults = Vec::new();
    for cause in CAUSES {
        let (command, world, says) = match cause.shown {
            Shown::By { command, world, says } => (command, world, says),
            Shown::Not(why) => {
                assert!(!why.is_empty(), "row {}: no reason", cause.row);
                continue;
            }
        };
        assert!(says.len() >= 2, "row {}: cause and way out are two things", cause.row);
        let run = run(command, world);
        let answer = with_single_blanks(&format!("{} {}", run.stderr, run.stdout));
        let unsaid = says.iter().filter(|part| !answer.contains(**part));
        faults.extend(unsaid.map(|part| format!("{} {}, {world}: does not say: {part}", cause.row, cause.symptom)));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Without this, a sentence that every answer holds would prove nothing. Two worlds, since each lends what the other has.
#[test]
fn where_nothing_is_wrong_no_cause_is_named() {
    let answers = ["ready", "administrator-is-caller"].map(|world| with_single_blanks(&run("check", world).stdout));
    for cause in CAUSES {
        if let Shown::By {
            says, command: "check", ..
        } = cause.shown
        {
            let whole = |answer: &String| says.iter().all(|part| answer.contains(part));
            assert!(
                !answers.iter().all(whole),
                "row {}: every world says all of it: {says:?}",
                cause.row
            );
        }
    }
}

#[test]
fn the_page_for_people_has_the_same_rows() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guides/troubleshooting.md");
    let page = fs::read_to_string(page).unwrap().replace("\r\n", "\n");
    let rows = page.lines().filter(|line| {
        let first = line.strip_prefix("| ").and_then(|rest| rest.split_once(' '));
        first.is_some_and(|(number, _)| number.parse::<usize>().is_ok())
    });
    let wanted = CAUSES.iter().map(|cause| {
        let Cause { row, symptom, .. } = cause;
        match cause.shown {
            Shown::By { command, world, says } => {
                format!(
                    "| {row} | {symptom} | `cutover {command}` | … {} … | `{world}` |",
                    says[0]
                )
            }
            Shown::Not(why) => format!("| {row} | {symptom} | none | {why} | |"),
        }
    });
    let (rows, wanted): (Vec<&str>, Vec<String>) = (rows.collect(), wanted.collect());
    assert_eq!(rows, wanted, "the rows of the page:\n{}", wanted.join("\n"));
}
