//! Whole upgrades: what a person reads of each, from the return card to the verification; that the installation was begun
//! exactly once, by the emulator's own account; and that the tenant's log says the same as the proof.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use cutover_core::Plan;
use cutover_emulator::state::SolutionOperation;
use cutover_emulator::{Emulator, World, solution_zip};
use cutover_runner::journal::Journal;

use crate::program::{self, Place, Run, all_match, note_of_world};
use crate::proof_and_log::{Proof, Tenants};

/// What people say of every task of an upgrade.
pub(crate) const DONE: &str = "--done pause-scheduled-jobs=two --done accept-consent=svc --done clear-cache=svc \
                               --done verify-connectivity=ok --done review-units=none --done resume-scheduled-jobs=two";

/// Such an upgrade: what it is called, in which tenant it happens, what is decided, how it ends, and what of the solutions was
/// begun, by the emulator's own account.
struct Case {
    name: &'static str,
    tenant: Where,
    options: &'static str,
    code: i32,
    begun: &'static [&'static str],
}

/// Where it happens.
enum Where {
    /// In a built-in world.
    World(&'static str),
    /// In one that extends a built-in world: what differs, and the version of `install.file` when there is one.
    Like(&'static str, &'static str, Option<&'static str>),
    /// The same, with what its administrator holds in the first place.
    Holding(&'static str, &'static str, &'static str, Option<&'static str>),
}

use Where::{Holding, Like, World as In};

const FILE: Option<&str> = Some("4.8.0.12");
const BOTH: &[&str] = &["installation Work365 4.8.0.12", "installation Work365Portal 4.8.0.4"];
const CORE: &[&str] = &["installation Work365 4.8.0.12"];
/// What a person says of the portal, and what makes it true.
const PORTAL: &str = "--done upgrade-portal=4.8.0.4";
pub(crate) const WITH_PORTAL: &str =
    "[later.portal]\nat = 2026-11-23T09:37:35Z\nenvironment.main.package.work365-portal.version = '4.8.0.4'\n";

/// The cases, each with what it shows.
fn cases() -> Vec<Case> {
    fn case(
        name: &'static str,
        tenant: Where,
        options: &'static str,
        code: i32,
        begun: &'static [&'static str],
    ) -> Case {
        Case {
            name,
            tenant,
            options,
            code,
            begun,
        }
    }
    vec![
        case("package", In("upgrade"), "", 0, BOTH),
        case("application-user", In("upgrade-application-user"), "", 0, BOTH),
        case("from-2.1-with-portal", In("upgrade-from-2.1-with-portal"), "", 4, &[]),
        case(
            "from-2.1-to-2.5-with-portal",
            In("upgrade-to-2.5-with-portal"),
            "",
            0,
            &[
                "removal Work365Portal 2.1.0.3",
                "installation Work365 2.5.0.9",
                "installation Work365Portal 2.5.0.2",
            ],
        ),
        case("from-3.2", In("upgrade-from-3.2"), "", 0, BOTH),
        case("from-3.5", In("upgrade-from-3.5"), "", 0, BOTH),
        case("tier-2", In("upgrade-tier-2"), "", 0, BOTH),
        case("two-tenants", In("upgrade-two-tenants"), "", 0, BOTH),
        case("vendor-installs", In("upgrade-vendor-installs"), PORTAL, 0, &[]),
        case("left-over", In("upgrade-left-over"), "", 4, &[]),
        case(
            "left-over-finished",
            In("upgrade-left-over"),
            "--left-over finish",
            0,
            &["promotion Work365Core 4.8.0.12", "installation Work365Portal 4.8.0.4"],
        ),
        case(
            "left-over-cleared",
            In("upgrade-left-over"),
            "--left-over clear",
            0,
            &[
                "removal Work365Core_Upgrade 4.8.0.12",
                "installation Work365 4.8.0.12",
                "installation Work365Portal 4.8.0.4",
            ],
        ),
        case("fails-at-promotion", In("upgrade-fails-at-promotion"), "", 7, CORE),
        case(
            "solution-file",
            Like("upgrade-without-package", WITH_PORTAL, FILE),
            PORTAL,
            0,
            &["upgrade Work365Core 4.8.0.12"],
        ),
        // The person said that it was done.
        case(
            "portal-stays-old",
            Like("upgrade-without-package", "", FILE),
            PORTAL,
            4,
            &["upgrade Work365Core 4.8.0.12"],
        ),
        case(
            "portal-is-not-put-back",
            Like(
                "upgrade-to-2.5-with-portal",
                "environment.main.package.work365-portal.listed = false\n",
                Some("2.5.0.9"),
            ),
            "--done upgrade-portal=2.5.0.2",
            4,
            &["removal Work365Portal 2.1.0.3", "upgrade Work365Core 2.5.0.9"],
        ),
        case(
            "old-platform",
            Like(
                "upgrade-old-platform",
                "[later.portal]\nat = 2026-11-23T09:42:50Z\nenvironment.main.package.work365-portal.version = '4.8.0.4'\n",
                FILE,
            ),
            "--in-two-steps --done upgrade-portal=4.8.0.4",
            0,
            &["holding-import Work365Core 4.8.0.12", "promotion Work365Core 4.8.0.12"],
        ),
        case(
            "import-fails-half-way",
            Like(
                "upgrade-without-package",
                "[faults.it]\nkind = 'import-fails'\npath = '*/StageAndUpgradeAsync'\ncount = 1\npercent = 45\n\
                 message = 'Cannot add a Picklist attribute'\n",
                FILE,
            ),
            PORTAL,
            7,
            &["upgrade Work365Core 4.8.0.12"],
        ),
        case(
            "dependency-is-missing",
            Like(
                "upgrade",
                "[faults.it]\nkind = 'import-fails'\npath = '*/applicationPackages/Work365/install'\ncount = 1\npercent = 5\n\
                 code = '0x80071124'\nmessage = 'Some dependencies are missing: solution Work365Base 4.8.0.0'\n",
                None,
            ),
            "",
            7,
            CORE,
        ),
        case("activated-before", Holding("upgrade", ACTIVATED, "", None), "", 4, &[]),
        case(
            "activated-before-and-ended",
            Holding("upgrade", ACTIVATED, "", None),
            "--end-activation",
            0,
            BOTH,
        ),
        case(
            "solution-file-by-loans",
            Holding("upgrade-without-package", ACTIVATED, WITH_PORTAL, FILE),
            "--end-activation --done upgrade-portal=4.8.0.4",
            0,
            &["upgrade Work365Core 4.8.0.12"],
        ),
        case(
            "old-platform-by-loans",
            Holding("upgrade-old-platform", ACTIVATED, WITH_PORTAL, FILE),
            "--in-two-steps --end-activation --done upgrade-portal=4.8.0.4",
            0,
            &["holding-import Work365Core 4.8.0.12", "promotion Work365Core 4.8.0.12"],
        ),
        case("eligible-alone", Holding("upgrade", "", "", None), "", 4, &[]),
        case(
            "answer-of-the-start-is-lost",
            Like(
                "upgrade",
                "[faults.it]\nkind = 'drop-after'\nmethod = 'POST'\npath = '*/applicationPackages/Work365/install'\ncount = 1\n",
                None,
            ),
            "",
            0,
            BOTH,
        ),
        case(
            "answer-of-the-import-is-lost",
            Like(
                "upgrade-without-package",
                "[faults.it]\nkind = 'drop-after'\nmethod = 'POST'\npath = '*/StageAndUpgradeAsync'\ncount = 1\n\
                 [later.portal]\nat = 2026-11-23T09:37:35Z\nenvironment.main.package.work365-portal.version = '4.8.0.4'\n",
                FILE,
            ),
            PORTAL,
            0,
            &["upgrade Work365Core 4.8.0.12"],
        ),
        case(
            "installation-changes-nothing",
            Like("upgrade", "assumed.install_upgrades = 'nothing-changes'\n", None),
            "",
            7,
            CORE,
        ),
    ]
}

/// What came of a case.
struct Upgraded {
    shown: String,
    faults: Vec<String>,
}

impl Case {
    fn carried_out(&self) -> Upgraded {
        let place = Place::new();
        match self.tenant {
            In(world) => {
                let command = format!("upgrade --world {world} --yes --non-interactive");
                let run = place.run(&format!("{command} {} {DONE}", self.options));
                let after = Emulator::load(&place.path("state")).unwrap().unwrap();
                let before = Emulator::from_world(&World::built_in(world).unwrap());
                let begun = after.tenants().flat_map(|tenant| {
                    tenant.read(|state| {
                        let all = state.environments.iter();
                        all.flat_map(|environment| &environment.solution_operations)
                            .map(words)
                            .collect::<Vec<_>>()
                    })
                });
                let begun = begun.collect();
                self.looked_at(&place, &run, &command, &Tenants::of(&before, &after), begun, &[])
            }
            Like(world, ..) | Holding(world, ..) => {
                let served = match self.tenant {
                    Like(_, differs, version) => Served::of(place, world, differs, version),
                    Holding(_, holds, differs, version) => Served::holding(place, world, holds, differs, version),
                    In(_) => unreachable!("a world is gone through in process"),
                };
                let before = served.emulator.control("GET", "holdings", "");
                let command = "upgrade --yes --non-interactive";
                let run = served.run(&format!("{command} {} {DONE}", self.options));
                let told = |path| served.emulator.control("GET", path, "");
                let operations: Vec<serde_json::Value> = serde_json::from_value(told("solution-operations")).unwrap();
                let begun = operations.iter().map(|it| {
                    let text = |name: &str| it[name].as_str().unwrap();
                    format!("{} {} {}", text("kind"), text("name"), text("version"))
                });
                let home = Emulator::from_world(&World::built_in(world).unwrap());
                let home = home.read(|state| state.tenant.id.clone());
                let tenants = Tenants::told(&home, before, told("holdings"), told("audit"));
                let hidden = [served.emulator.base.as_str()];
                self.looked_at(&served.place, &run, command, &tenants, begun.collect(), &hidden)
            }
        }
    }

    fn looked_at(
        &self,
        place: &Place,
        run: &Run,
        command: &str,
        tenants: &Tenants,
        begun: Vec<String>,
        hidden: &[&str],
    ) -> Upgraded {
        let mut faults = Vec::new();
        let mut stderr = run.stderr.clone();
        if let Some(plan) = plan_of(place) {
            faults.extend(tenants.faults(&plan, &Proof::read(&run.stdout)));
            stderr = stderr.replace(&plan.digest, "sha256:…");
        } else if !tenants.log.is_empty() {
            faults.push(format!("refused, and this became of the tenant: {:?}", tenants.log));
        }
        if run.code != self.code {
            faults.push(format!("ends with {}, not {}", run.code, self.code));
        }
        if run.stderr.contains("panicked") {
            faults.push(run.stderr.clone());
        }
        if begun != self.begun {
            faults.push(format!("begun were {begun:?}, not {:?}", self.begun));
        }
        let begun: String = begun.iter().map(|operation| format!("  {operation}\n")).collect();
        let mut shown = format!(
            "$ cutover {command} {} …\n{stderr}{}exit code {}\n\nBegun, by the log of the tenant\n{begun}\nWhat became of the tenant\n{}",
            self.options,
            run.stdout,
            run.code,
            tenants.what_became(),
        );
        for text in hidden {
            shown = shown.replace(text, "http://emulator");
        }
        Upgraded { shown, faults }
    }
}

/// How a golden names an operation.
fn words(operation: &SolutionOperation) -> String {
    format!("{} {} {}", operation.kind.name(), operation.name, operation.version)
}

/// The plan of the first run that a state folder knows; `None` when nothing was begun.
fn plan_of(place: &Place) -> Option<Plan> {
    let journal = Journal::open_if_there(&place.path("state")).unwrap()?;
    let run = journal.runs().unwrap().first()?.id;
    Some(journal.plan(run).unwrap())
}

/// Somebody who activates a role to look at the environment, and holds nothing else.
pub(crate) const ACTIVATED: &str = "
role_assignment.admin = { kind = 'activated', since = 2026-11-23T08:00:00Z, ends = 2026-11-23T20:00:00Z }
";

/// Only who administers environments sees them: here the administrator has activated the role for the day, and lacks nothing else.
const HOLDS: &str = "
role_assignment.admin = { kind = 'activated', since = 2026-11-23T08:00:00Z, ends = 2026-11-23T20:00:00Z }
user.admin.licence.sales = {}
environment.main.user.admin = { access_mode = 0, roles = ['system-administrator'] }
";

/// An emulator in a process of its own, and the folder of the administrator who upgrades.
pub(crate) struct Served {
    pub(crate) place: Place,
    pub(crate) emulator: program::Emulator,
    pub(crate) token: String,
}

impl Served {
    /// Of a built-in world in which something differs; with an `install.file` of a version beside the configuration, when one
    /// is named.
    pub(crate) fn of(place: Place, world: &str, differs: &str, version: Option<&str>) -> Self {
        Self::holding(place, world, HOLDS, differs, version)
    }

    /// The same, of an administrator who holds something else.
    pub(crate) fn holding(place: Place, world: &str, holds: &str, differs: &str, version: Option<&str>) -> Self {
        place.write(
            "tenant.toml",
            format!("summary = \"a tenant\"\nextends = \"{world}\"\n{holds}\n{differs}"),
        );
        let emulator = program::Emulator::start_of(&place, "--world-file tenant.toml");
        let mut config = note_of_world(world, "config").as_table().unwrap().clone();
        let client = toml::Table::from_iter([("client_id".to_owned(), note_of_world(world, "person_client_id"))]);
        config.insert("sign_in".to_owned(), client.into());
        if let Some(version) = version {
            place.write("Work365.zip", solution_zip("work365", version).unwrap());
            let install = toml::Table::from_iter([("file".to_owned(), "Work365.zip".into())]);
            config.insert("install".to_owned(), install.into());
        }
        let config = toml::to_string(&config).unwrap();
        place.write("cutover.toml", format!("{config}\n{}", emulator.connection));
        let served = Self {
            place,
            emulator,
            token: note_of_world(world, "person_refresh_token")
                .as_str()
                .unwrap()
                .to_owned(),
        };
        served
            .run("attest W601 --by ann@contoso.com --seen nobody --for-version 4.8")
            .ended(0);
        served
    }

    /// Runs a command as the administrator.
    pub(crate) fn run(&self, arguments: &str) -> Run {
        self.place
            .run_in(arguments, &[("CUTOVER_REFRESH_TOKEN", self.token.as_str())])
    }
}

#[test]
fn every_upgrade_reads_as_agreed_begins_each_installation_once_and_leaves_nothing_lent() {
    let cases = cases();
    // Each case has a folder and a tenant of its own, so as many at a time as there are processors.
    let (turn, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(case) = cases.get(turn.fetch_add(1, Ordering::Relaxed)) {
                    let upgraded = case.carried_out();
                    done.lock().unwrap().push((case.name.to_owned(), upgraded));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap();
    done.sort_by(|one, other| one.0.cmp(&other.0));
    let faults: Vec<String> = done
        .iter()
        .flat_map(|(name, upgraded)| upgraded.faults.iter().map(move |fault| format!("{name}: {fault}")))
        .collect();
    let texts = done.into_iter().map(|(name, upgraded)| (name, upgraded.shown));
    all_match("upgrades", texts);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
