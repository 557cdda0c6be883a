//! What is carried out and killed: in which tenant, by which plan, and what people say of their tasks.

/// A plan in a tenant, and how the trials of it are chosen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scenario {
    /// What it is called in the output.
    pub(super) name: &'static str,
    /// The built-in world that it extends.
    pub(super) world: &'static str,
    /// What differs from it, as TOML.
    differs: &'static str,
    /// What is said before, such as an attestation.
    pub(super) words: &'static [&'static str],
    /// The command that writes the plan, without the name of the file.
    pub(super) plans: &'static str,
    /// What people say of their tasks.
    tasks: &'static str,
    /// What goes on in the tenant without the program, by words in the names of its holdings.
    pub(super) goes_on: &'static [&'static str],
    /// Paths of requests around which every point is tried.
    pub(super) closely: &'static [&'static str],
    /// How many trials there are elsewhere to one that is tried under `--full`.
    pub(super) full: usize,
    /// The same of a sample, everywhere.
    pub(super) sample: usize,
}

impl Scenario {
    /// The tenant, as a world file.
    pub(super) fn tenant(&self) -> String {
        format!(
            "summary = \"{}\"\nextends = \"{}\"\n{}",
            self.name, self.world, self.differs
        )
    }

    /// A command, with what people say of their tasks.
    pub(super) fn with_tasks(&self, command: &str) -> String {
        format!("{command} {}", self.tasks)
    }
}

/// A plan whose loans come and go.
const fn of_loans(world: &'static str) -> Scenario {
    Scenario {
        name: world,
        world,
        differs: "",
        words: &[],
        plans: "plan -o",
        tasks: "",
        goes_on: &[],
        closely: &[],
        full: 1,
        sample: 23,
    }
}

/// What people say of every task of an upgrade.
const SAID: &str = "--done pause-scheduled-jobs=two --done accept-consent=svc --done clear-cache=svc --done verify-connectivity=ok \
                    --done review-units=none --done resume-scheduled-jobs=two";
/// What goes on in an upgrade without the program: jobs end, and the platform brings to its end what was begun.
const BY_ITSELF: &[&str] = &["/work365_job/", "/installation/", "/job/"];
const ATTESTED: &[&str] = &["attest W601 --by ann@contoso.com --seen nobody --for-version 4.8"];

/// Plans that lend something, with Privileged Identity Management and without it; and whole upgrades, by somebody who holds
/// everything and by somebody who is lent it again and again.
pub(super) const SCENARIOS: &[Scenario] = &[
    of_loans("to-apply"),
    of_loans("plain-assignment"),
    Scenario {
        name: "the upgrade",
        world: "upgrade",
        // Who looks at the tenant in person has to administer its environments.
        differs: "role_assignment.admin = { kind = 'activated', since = 2026-11-23T08:00:00Z, ends = 2026-11-23T20:00:00Z }\n\
                  user.admin.licence.sales = {}\n\
                  environment.main.user.admin = { access_mode = 0, roles = ['system-administrator'] }\n",
        words: ATTESTED,
        plans: "upgrade --plan-only",
        tasks: SAID,
        goes_on: BY_ITSELF,
        closely: &["/install"],
        full: 7,
        sample: 97,
    },
    Scenario {
        name: "the upgrade by loans",
        world: "upgrade",
        differs: "role_assignment.admin = { kind = 'activated', since = 2026-11-23T08:00:00Z, ends = 2026-11-23T20:00:00Z }\n",
        words: ATTESTED,
        plans: "upgrade --end-activation --plan-only",
        tasks: SAID,
        // The environment's row of a person follows the licence by itself, too.
        goes_on: &["/work365_job/", "/installation/", "/job/", "crm4.dynamics.com/user/"],
        closely: &[],
        full: 17,
        sample: 197,
    },
];
