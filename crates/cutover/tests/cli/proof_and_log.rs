//! What the proof of return says, line by line, against what the emulated tenant logged of itself.

use std::collections::BTreeMap;

use cutover_core::Plan;
use cutover_core::plan::action::{GroupStandsFor, RoleNamed, RowOf, Side};
use cutover_core::plan::{Action, Step};
use cutover_core::reading::directory_roles::role_name;
use cutover_emulator::Emulator;
use cutover_emulator::audit::{By, Entry, Holdings};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// The proof of return, as it stands on the terminal.
#[derive(Debug, Clone)]
pub(crate) struct Proof {
    pub(crate) loans: Vec<Told>,
    /// The last line, which sums up.
    pub(crate) outcome: String,
}

/// What is told of one loan.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    /// What was lent, in the words of the plan.
    pub(crate) what: String,
    /// `lent`, `returned`, `proved` and so on, with what stands beside it.
    pub(crate) lines: BTreeMap<String, String>,
}

impl Proof {
    /// Reads what `apply` wrote to standard output.
    pub(crate) fn read(stdout: &str) -> Self {
        let mut loans: Vec<Told> = Vec::new();
        let mut label = String::new();
        let (_, proof) = stdout.split_once("Proof of return\n").unwrap_or_default();
        for line in proof.lines().take_while(|line| !line.is_empty()) {
            let indent = line.len() - line.trim_start().len();
            match (indent, loans.last_mut()) {
                (2, _) => loans.push(Told {
                    what: line
                        .trim_start_matches(" ± ")
                        .trim()
                        .trim_start_matches("± ")
                        .to_owned(),
                    lines: BTreeMap::new(),
                }),
                (6, Some(loan)) => loan.what += &format!(" {}", line.trim()),
                (8, Some(loan)) => {
                    let (name, text) = line.trim_start().split_at(10);
                    name.trim().clone_into(&mut label);
                    loan.lines.insert(label.clone(), text.to_owned());
                }
                (18, Some(loan)) => *loan.lines.get_mut(&label).unwrap() += &format!(" {}", line.trim()),
                _ => panic!("no line of a proof: {line:?}"),
            }
        }
        Self {
            loans,
            outcome: stdout.trim_end().lines().last().unwrap_or_default().to_owned(),
        }
    }
}

impl Told {
    fn says(&self, label: &str) -> bool {
        self.lines.contains_key(label)
    }

    fn moment(&self, label: &str) -> Option<Timestamp> {
        let text = self.lines.get(label)?.get(..19)?;
        Some(format!("{}Z", text.replacen(' ', "T", 1)).parse().unwrap())
    }

    /// Whether it was out then, by its own account.
    fn is_out(&self, at: Timestamp) -> bool {
        let lent = self.moment("lent").or(self.moment("asked for"));
        let returned = self.second_of("returned");
        lent.zip(returned)
            .is_some_and(|(lent, returned)| lent <= at && at <= returned)
    }

    /// The end of the second that is told.
    fn second_of(&self, label: &str) -> Option<Timestamp> {
        Some(self.moment(label)? + SignedDuration::from_millis(999))
    }
}

/// The emulated tenants before and after, and their log.
pub(crate) struct Tenants {
    pub(crate) home: String,
    start: BTreeMap<String, Holdings>,
    end: BTreeMap<String, Holdings>,
    pub(crate) log: Vec<Entry>,
}

impl Tenants {
    /// Of an emulator that nobody has used, and of the same one afterwards.
    pub(crate) fn of(before: &Emulator, after: &Emulator) -> Self {
        let holdings = |emulator: &Emulator| {
            let told = emulator.tenants();
            told.map(|tenant| (tenant.read(|state| state.tenant.id.clone()), tenant.holdings()))
                .collect()
        };
        Self {
            home: before.read(|state| state.tenant.id.clone()),
            start: holdings(before),
            end: holdings(after),
            log: after.audit().entries(),
        }
    }

    /// Of an emulator in a process of its own, by what its control port told before, and tells now.
    pub(crate) fn told(home: &str, before: Value, holdings: Value, audit: Value) -> Self {
        Self {
            home: home.to_owned(),
            start: serde_json::from_value(before).unwrap(),
            end: serde_json::from_value(holdings).unwrap(),
            log: serde_json::from_value(audit).unwrap(),
        }
    }

    /// Everything that is told and is not so, or is so and is not told.
    pub(crate) fn faults(&self, plan: &Plan, proof: &Proof) -> Vec<String> {
        let mut faults = Vec::new();
        // The same may be lent several times, one after the other: the plan and the proof tell of it in the same order.
        let mut told: Vec<&Told> = proof.loans.iter().collect();
        let mut loans: Vec<(&Step, &Told)> = Vec::new();
        for (step, _) in plan.loans() {
            let does = step.action.describe().does();
            match told.iter().position(|loan| loan.what == does) {
                Some(place) => loans.push((step, told.remove(place))),
                None => faults.push(format!("{} is not in the proof: {told:?}", step.id)),
            }
        }
        for (step, loan) in &loans {
            let others: Vec<&Told> = loans
                .iter()
                .filter(|(other, _)| other.id != step.id && objects(plan, other) == objects(plan, step))
                .map(|(_, loan)| *loan)
                .collect();
            let wrong = self.loan_faults(plan, step, loan, &others);
            faults.extend(wrong.into_iter().map(|fault| format!("{}: {fault}", step.id)));
        }
        let owed = loans.iter().any(|(_, loan)| loan.says("STILL OUT"));
        let proved = loans
            .iter()
            .all(|(_, loan)| loan.says("proved") || loan.says("kept") || loan.says("never"));
        faults.extend(
            told.into_iter()
                .map(|loan| format!("the proof tells of {}, the plan does not", loan.what)),
        );
        if (owed || !proved) && proof.outcome.contains("proved to be back") {
            faults.push(format!("the proof does not say what it sums up: {}", proof.outcome));
        }
        if proof.outcome.contains("still lent") != owed {
            faults.push(format!("what is out and what is summed up differ: {}", proof.outcome));
        }
        faults.extend(self.unasked(plan));
        faults
    }

    /// What is wrong with what is told of one loan; `others` are the loans of the same thing, at other times.
    fn loan_faults(&self, plan: &Plan, step: &Step, told: &Told, others: &[&Told]) -> Vec<String> {
        let tenant = self.tenant(step);
        let objects = objects(plan, step);
        let about = |object: &str| objects.iter().any(|start| object.starts_with(start.as_str()));
        let of_others = |at: Timestamp| others.iter().any(|other| other.is_out(at));
        let entries: Vec<&Entry> = self
            .log
            .iter()
            .filter(|entry| entry.tenant == *tenant && about(&entry.object))
            .filter(|entry| told.is_out(entry.at) || !of_others(entry.at))
            .collect();
        let held = |holdings: &Holdings| -> BTreeMap<String, Value> {
            let lines = holdings.iter().filter(|(object, _)| about(object));
            lines
                .map(|(object, value)| (object.to_owned(), value.clone()))
                .collect()
        };
        let start = self.without_activations(plan, tenant);
        let (before, after) = (held(&start), held(&self.end[tenant]));
        let at = |moment: Timestamp| {
            let mut holdings = start.clone();
            for entry in entries.iter().filter(|entry| entry.at <= moment) {
                holdings.set(&entry.object, entry.after.clone());
            }
            held(&holdings)
        };
        let mut faults = Vec::new();
        let mut must = |holds: bool, words: String| {
            if !holds {
                faults.push(words);
            }
        };
        if told.says("kept") || told.says("never") {
            must(
                entries.is_empty(),
                format!("told to be untouched, and the log says {entries:?}"),
            );
            must(
                told.says("never") || !before.is_empty(),
                "told to be held before, and was not".to_owned(),
            );
            return faults;
        }
        if told.says("STILL OUT") {
            must(after != before, "told to be out, and it is not".to_owned());
            return faults;
        }
        let asked = told.moment("asked for");
        let Some(lent) = told.moment("lent").or(asked) else {
            return vec![format!("nothing is told of when it was lent: {told:?}")];
        };
        let Some(returned) = told.second_of("returned") else {
            return vec![format!("nothing is told of its return: {told:?}")];
        };
        let first = entries.iter().find(|entry| entry.after.is_some());
        must(
            first.is_none_or(|first| first.at >= lent && first.at <= returned) && first.is_none() == asked.is_some(),
            format!("told to be lent at {lent}, and the log says {first:?}"),
        );
        must(
            at(returned) == before,
            format!(
                "told to be back at {returned}, and the log says then {:?}",
                at(returned)
            ),
        );
        let later: Vec<_> = entries.iter().filter(|entry| entry.at > returned).collect();
        must(later.is_empty(), format!("told to be back, and afterwards {later:?}"));
        must(
            after == before,
            format!("held at the end: {after:?}, before: {before:?}"),
        );
        let settles = step.action.describe().settles_back();
        let proved = told.second_of("proved");
        must(
            proved.is_some_and(|proved| proved.duration_since(returned) >= settles),
            format!("back at {returned}, it is proved at {proved:?}, and settles for {settles}"),
        );
        faults
    }

    /// What a tenant held when activations that the plan ends first were ended.
    fn without_activations(&self, plan: &Plan, tenant: &str) -> Holdings {
        let mut start = self.start[tenant].clone();
        let ends = plan
            .steps
            .iter()
            .filter(|step| matches!(step.action, Action::EndRoleActivation(_)));
        for object in ends.flat_map(|step| objects(plan, step)) {
            start.set(&object, None);
        }
        start
    }

    /// What became of the tenants that no lasting step of the plan asks for, and what was held before and is gone.
    fn unasked(&self, plan: &Plan) -> Vec<String> {
        let mut faults = Vec::new();
        for (tenant, start) in &self.start {
            let lasting = plan.steps.iter().filter(|step| step.loan.is_none());
            let asked: Vec<String> = lasting
                .filter(|step| self.tenant(step) == tenant)
                .flat_map(|step| [objects(plan, step), consequences(plan, step)].concat())
                .collect();
            for (object, before, after) in start.differences(&self.end[tenant]) {
                if !asked.iter().any(|start| object.starts_with(start.as_str())) && !self.ran_by_itself(tenant, object)
                {
                    faults.push(format!("nobody asked for {object}: it was {before:?} and is {after:?}"));
                }
            }
        }
        faults
    }

    /// Whether it is a job of the product that nothing but time changed.
    fn ran_by_itself(&self, tenant: &str, object: &str) -> bool {
        let of_it = |entry: &&Entry| entry.tenant == tenant && entry.object == object;
        let mut entries = self.log.iter().filter(of_it);
        object.contains("/work365_job/") && entries.all(|entry| entry.by == By::Time)
    }

    fn tenant(&self, step: &Step) -> &String {
        let side = step.action.describe().side();
        let partner = self.start.keys().find(|tenant| **tenant != self.home);
        match (side, partner) {
            (Side::Partner, Some(partner)) => partner,
            _ => &self.home,
        }
    }

    /// What the tenants hold afterwards and did not before, or otherwise: one line each.
    pub(crate) fn what_became(&self) -> String {
        let mut lines = String::new();
        for (tenant, start) in &self.start {
            let place = if *tenant == self.home { "" } else { "partner tenant: " };
            for (object, before, after) in start.differences(&self.end[tenant]) {
                let object = object.escape_debug();
                lines += &match (before, after) {
                    (None, Some(after)) => format!("  + {place}{object}: {after}\n"),
                    (Some(before), None) => format!("  - {place}{object}: {before}\n"),
                    _ => format!(
                        "  ~ {place}{object}: {} -> {}\n",
                        before.unwrap_or(&Value::Null),
                        after.unwrap_or(&Value::Null)
                    ),
                };
            }
        }
        match lines.is_empty() {
            true => "  nothing changed\n".to_owned(),
            false => lines,
        }
    }
}

fn environment(plan: &Plan) -> &str {
    plan.scene.environment_url.trim_start_matches("https://")
}

/// How the emulator calls what a step writes: the beginnings of the names of its holdings. A new action does not compile
/// without.
fn objects(plan: &Plan, step: &Step) -> Vec<String> {
    let host = environment(plan);
    let role = |role| role_name(role).unwrap();
    // An application user is named by its row, which begins with what Dataverse makes of its name.
    let row = |row: &RowOf| match row {
        RowOf::User(whom) => whom.name.clone(),
        RowOf::Application { .. } => String::new(),
    };
    let objects = match &step.action {
        Action::ActivateDirectoryRole(action) => format!("role/{}/{}", role(action.role), action.whom.name),
        Action::EndRoleActivation(action) => format!("role/{}/{}", role(action.role), action.whom.name),
        Action::AssignDirectoryRole(action) => format!("role/{}/{}", role(action.role), action.whom.name),
        Action::AssignStandingDirectoryRole(action) => format!("role/{}/{}", role(action.role), action.whom.name),
        Action::AddGroupMember(action) => format!("group {}/member/{}", action.group.name, action.member.name),
        Action::BecomeSystemAdministrator(action) => {
            format!("{host}/role/{}/System Administrator of ", action.whom.name)
        }
        Action::AssignSecurityRole(action) => match (&action.role, row(&action.row).as_str()) {
            (_, "") => format!("{host}/role/"),
            (RoleNamed::Name(name) | RoleNamed::Template { name, .. }, row) => format!("{host}/role/{row}/{name} of "),
        },
        Action::AssignFieldSecurityProfile(action) => match row(&action.row).as_str() {
            "" => format!("{host}/profile/"),
            row => format!("{host}/profile/{row}/{}", action.profile),
        },
        Action::SetUsageLocation(action) => format!("user/{}/usage-location", action.whom.name),
        Action::AssignLicence(action) => format!("user/{}/licence/", action.whom.name),
        Action::EnableAccount(action) if action.application => format!("app {}", action.whom.name),
        Action::EnableAccount(action) => format!("user/{}/enabled", action.whom.name),
        Action::AddServicePrincipal(action) => format!("app {}", action.name),
        Action::GrantConsent(_) => "grant/".to_owned(),
        Action::SetAccessMode(action) => format!("{host}/user/{}", row(&action.row)),
        Action::UpdateUserSettings(action) => format!("{host}/settings/{}", row(&action.row)),
        Action::ProvisionLanguage(action) => format!("{host}/language/{}", action.lcid),
        Action::RegisterNativeApplication(action) => format!("registration {}", action.display_name),
        Action::EnforcePerUserMfa(action) => format!("user/{}/per-user-mfa", action.whom.name),
        Action::CreateConditionalAccessPolicy(action) => {
            format!("policy/conditional-access/{}", action.display_name)
        }
        Action::EnableSecurityDefaults(_) => "policy/security-defaults".to_owned(),
        // The table's logical name is the prefix and a name that is not published; both packages write it alike.
        Action::PauseBilling(action) => {
            let table: String = action.table.chars().filter(|letter| *letter != ' ').collect();
            format!("{host}/{}_{}/", action.prefix, table.to_lowercase())
        }
        // Whoever waits, or asks a person, changes nothing.
        Action::AwaitQuiet(_) | Action::FollowInstallation(_) | Action::Task(_) => return Vec::new(),
        Action::TakeBackup(action) => format!("{host}/backup/{}", action.label),
        Action::InstallPackage(action) => format!("{host}/installation/{} {}", action.package, action.version),
        Action::UpgradeSolution(action) if action.beside => {
            format!("{host}/holding-import/{}", action.solution)
        }
        Action::UpgradeSolution(action) => format!("{host}/upgrade/{}", action.solution),
        Action::PromoteSolution(action) => format!("{host}/promotion/{}", action.solution),
        Action::RemoveSolution(action) => format!("{host}/removal/{}", action.solution),
    };
    vec![objects]
}

/// What becomes of other things by a step that stays.
fn consequences(plan: &Plan, step: &Step) -> Vec<String> {
    let host = environment(plan);
    match &step.action {
        // A seat is used, its plans are there, and Dataverse learns of it.
        Action::AssignLicence(action) => vec![
            "licence/".to_owned(),
            format!("user/{}/plan/", action.whom.name),
            format!("{host}/user/{}", action.whom.name),
        ],
        Action::EnableAccount(action) => vec![format!("{host}/user/{}", action.whom.name)],
        // Its service principal, and whoever registered it owns both.
        Action::RegisterNativeApplication(action) => vec![
            format!("app {}", action.display_name),
            format!("registration {}/owner/", action.display_name),
        ],
        Action::ProvisionLanguage(_) => vec![format!("{host}/job/Provision Language")],
        // What is waited for ends by itself.
        Action::AwaitQuiet(action) => vec![format!("{host}/{}_job/", action.prefix)],
        Action::InstallPackage(_)
        | Action::UpgradeSolution(_)
        | Action::PromoteSolution(_)
        | Action::RemoveSolution(_)
        | Action::FollowInstallation(_) => brought(host),
        // A membership may stand for more than the group.
        Action::AddGroupMember(action) => match action.stands_for {
            GroupStandsFor::DirectoryRole(role) => {
                vec![format!("role/{}/{}", role_name(role).unwrap(), action.member.name)]
            }
            GroupStandsFor::PartnerCenterRole(_) => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// What a version of an application brings, takes away or leaves beside it, whoever installs it.
fn brought(host: &str) -> Vec<String> {
    ["solution", "package", "job", "uom"]
        .map(|kind| format!("{host}/{kind}/"))
        .to_vec()
}
