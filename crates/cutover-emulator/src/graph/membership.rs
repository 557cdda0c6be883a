//! Who is in what: groups, directory roles, role assignments as of now.
//!
//! Role assignments and PIM's schedule instances are two views of one thing. A schedule that has ended takes
//! its assignment with it; an assignment without a schedule shows as a permanent instance.

use std::collections::{BTreeSet, VecDeque};

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::route::id_of;
use crate::odata::Navigate;
use crate::state::{Row, State};

/// The relation from a group to its members.
const MEMBERS: &str = "groups/members";

/// The directory as of a moment.
#[derive(Clone, Copy)]
pub(crate) struct Directory<'a> {
    pub(crate) state: &'a State,
    pub(crate) now: Timestamp,
}

/// A text property; empty when absent.
pub(crate) fn text<'r>(row: &'r Row, name: &str) -> &'r str {
    row.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn same(left: &str, right: &str) -> bool {
    left.eq_ignore_ascii_case(right)
}

/// The row a JSON object describes.
pub(crate) fn object(value: Value) -> Row {
    match value {
        Value::Object(row) => row,
        _ => Row::new(),
    }
}

/// A row with its type in front, for collections of mixed types.
fn typed(row: &Row, name: &str) -> Row {
    let mut typed = Row::new();
    typed.insert(
        "@odata.type".to_owned(),
        Value::String(format!("#microsoft.graph.{name}")),
    );
    typed.extend(row.iter().map(|(name, value)| (name.clone(), value.clone())));
    typed
}

fn scope(row: &Row) -> &str {
    match text(row, "directoryScopeId") {
        "" => "/",
        scope => scope,
    }
}

/// Whether two rows say the same of principal, role and scope.
pub(crate) fn same_assignment(left: &Row, right: &Row) -> bool {
    same(text(left, "principalId"), text(right, "principalId"))
        && same(text(left, "roleDefinitionId"), text(right, "roleDefinitionId"))
        && same(scope(left), scope(right))
}

impl<'a> Directory<'a> {
    /// Rows of a set that are not soft-deleted.
    pub(crate) fn rows(self, set: &str) -> impl Iterator<Item = &'a Row> {
        self.state
            .directory
            .rows(set)
            .iter()
            .filter(|row| !row.get("deletedDateTime").is_some_and(Value::is_string))
    }

    /// The row of a set whose property equals a text.
    pub(crate) fn find(self, set: &str, property: &str, value: &str) -> Option<&'a Row> {
        self.rows(set).find(|row| same(text(row, property), value))
    }

    /// Rows of a set whose property, which may be a hidden link, equals a text.
    pub(crate) fn linked(self, set: &str, property: &str, value: &str) -> Vec<Row> {
        self.rows(set)
            .filter(|row| same(text(row, property), value))
            .cloned()
            .collect()
    }

    /// A user, group or service principal with its type.
    pub(crate) fn object(self, id: &str) -> Option<Row> {
        [
            ("users", "user"),
            ("groups", "group"),
            ("servicePrincipals", "servicePrincipal"),
            ("applications", "application"),
        ]
        .into_iter()
        .find_map(|(set, name)| self.find(set, "id", id).map(|row| typed(row, name)))
    }

    /// Ids of the groups that an object is a member of, nearest first.
    fn group_ids(self, member: &str, transitive: bool) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        let mut ahead = VecDeque::from([member.to_ascii_lowercase()]);
        while let Some(member) = ahead.pop_front() {
            for group in self.state.directory.linked_to(MEMBERS, &member) {
                if self.find("groups", "id", group).is_some() && seen.insert(group.to_owned()) {
                    found.push(group.to_owned());
                    if transitive {
                        ahead.push_back(group.to_owned());
                    }
                }
            }
        }
        found
    }

    /// The groups that an object is a member of.
    pub(crate) fn groups_of(self, member: &str, transitive: bool) -> Vec<&'a Row> {
        self.group_ids(member, transitive)
            .iter()
            .filter_map(|id| self.find("groups", "id", id))
            .collect()
    }

    /// Groups and active tenant-wide directory roles of an object, each with its type.
    pub(crate) fn member_of(self, member: &str, transitive: bool) -> Vec<Row> {
        let mut holders = vec![member.to_owned()];
        if transitive {
            holders.extend(self.group_ids(member, true));
        }
        let held: Vec<Row> = self
            .role_assignments()
            .into_iter()
            .filter(|assignment| {
                scope(assignment) == "/"
                    && holders
                        .iter()
                        .any(|holder| same(holder, text(assignment, "principalId")))
            })
            .collect();
        let roles = self
            .rows("roleDefinitions")
            .filter(|role| {
                held.iter()
                    .any(|assignment| same(text(assignment, "roleDefinitionId"), id_of(role)))
            })
            .map(|role| typed(&self.directory_role(role), "directoryRole"));
        self.groups_of(member, transitive)
            .into_iter()
            .map(|group| typed(group, "group"))
            .chain(roles)
            .collect()
    }

    /// Members of a group, each with its type.
    pub(crate) fn members(self, group: &str, transitive: bool) -> Vec<Row> {
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        let mut ahead = VecDeque::from([group.to_ascii_lowercase()]);
        while let Some(group) = ahead.pop_front() {
            for member in self.state.directory.linked_from(MEMBERS, &group) {
                if seen.insert(member.to_owned()) {
                    found.extend(self.object(member));
                    if transitive {
                        ahead.push_back(member.to_owned());
                    }
                }
            }
        }
        found
    }

    fn is_current(self, row: &Row) -> bool {
        let moment = |name: &str| text(row, name).parse::<Timestamp>().ok();
        moment("startDateTime").is_none_or(|start| start <= self.now)
            && moment("endDateTime").is_none_or(|end| end > self.now)
    }

    /// Active role assignments: standing ones, and those that PIM made and has not taken back.
    pub(crate) fn role_assignments(self) -> Vec<Row> {
        let instances: Vec<&Row> = self.rows("roleAssignmentScheduleInstances").collect();
        let mut assignments: Vec<Row> = self
            .rows("roleAssignments")
            .filter(|assignment| {
                let mut related = instances
                    .iter()
                    .filter(|instance| same_assignment(instance, assignment))
                    .peekable();
                related.peek().is_none() || related.any(|instance| self.is_current(instance))
            })
            .cloned()
            .collect();
        for instance in instances {
            let direct = matches!(text(instance, "memberType"), "" | "Direct");
            if direct
                && self.is_current(instance)
                && !assignments
                    .iter()
                    .any(|assignment| same_assignment(assignment, instance))
            {
                assignments.push(object(json!({
                    "id": id_of(instance),
                    "principalId": text(instance, "principalId"),
                    "principalOrganizationId": self.state.tenant.id,
                    "directoryScopeId": scope(instance),
                    "roleDefinitionId": text(instance, "roleDefinitionId"),
                })));
            }
        }
        assignments
    }

    /// What PIM shows of active assignments.
    pub(crate) fn role_assignment_instances(self) -> Vec<Row> {
        let mut instances: Vec<Row> = self
            .rows("roleAssignmentScheduleInstances")
            .filter(|instance| self.is_current(instance))
            .cloned()
            .collect();
        for assignment in self.role_assignments() {
            if !instances.iter().any(|instance| same_assignment(instance, &assignment)) {
                instances.push(object(json!({
                    "id": id_of(&assignment),
                    "principalId": text(&assignment, "principalId"),
                    "roleDefinitionId": text(&assignment, "roleDefinitionId"),
                    "directoryScopeId": scope(&assignment),
                    "appScopeId": null,
                    "startDateTime": null,
                    "endDateTime": null,
                    "assignmentType": "Assigned",
                    "memberType": "Direct",
                    "roleAssignmentOriginId": id_of(&assignment),
                    "roleAssignmentScheduleId": id_of(&assignment),
                })));
            }
        }
        instances
    }

    /// Active assignments that are still to begin.
    pub(crate) fn role_assignment_instances_ahead(self) -> Vec<Row> {
        let instances = self.rows("roleAssignmentScheduleInstances");
        instances.filter(|instance| self.is_ahead(instance)).cloned().collect()
    }

    /// The schedules behind the active instances and behind those that are still to begin.
    pub(crate) fn role_assignment_schedules(self) -> Vec<Row> {
        self.role_assignment_instances()
            .iter()
            .chain(&self.role_assignment_instances_ahead())
            .map(|instance| self.schedule(instance, "roleAssignmentScheduleId"))
            .collect()
    }

    /// The schedules behind what people may activate, now or later.
    pub(crate) fn role_eligibility_schedules(self) -> Vec<Row> {
        self.rows("roleEligibilityScheduleInstances")
            .filter(|instance| self.is_current(instance) || self.is_ahead(instance))
            .map(|instance| self.schedule(instance, "roleEligibilityScheduleId"))
            .collect()
    }

    fn is_ahead(self, instance: &Row) -> bool {
        let start = text(instance, "startDateTime").parse::<Timestamp>();
        start.is_ok_and(|start| start > self.now)
    }

    fn schedule(self, instance: &Row, id: &str) -> Row {
        let ends = Some(text(instance, "endDateTime")).filter(|end| !end.is_empty());
        let id = match text(instance, id) {
            "" => id_of(instance),
            id => id,
        };
        let mut row = object(json!({
            "id": id,
            "principalId": text(instance, "principalId"),
            "roleDefinitionId": text(instance, "roleDefinitionId"),
            "directoryScopeId": scope(instance),
            "appScopeId": null,
            "createdUsing": id,
            "createdDateTime": instance.get("startDateTime"),
            "modifiedDateTime": null,
            "status": if self.is_ahead(instance) { "Granted" } else { "Provisioned" },
            "memberType": text(instance, "memberType"),
            "scheduleInfo": {
                "startDateTime": instance.get("startDateTime"),
                "recurrence": null,
                "expiration": {
                    "type": if ends.is_some() { "afterDateTime" } else { "noExpiration" },
                    "endDateTime": ends,
                    "duration": null,
                },
            },
        }));
        if let Some(kind) = instance.get("assignmentType") {
            row.insert("assignmentType".to_owned(), kind.clone());
        }
        row
    }

    /// What PIM lets people activate, as of now.
    pub(crate) fn role_eligibility_instances(self) -> Vec<Row> {
        self.rows("roleEligibilityScheduleInstances")
            .filter(|instance| self.is_current(instance))
            .cloned()
            .collect()
    }

    /// Assignments of an object itself and of every group it is in.
    pub(crate) fn transitive_role_assignments(self, principal: &str) -> Vec<Row> {
        let groups = self.group_ids(principal, true);
        self.role_assignments()
            .into_iter()
            .filter(|assignment| {
                let holder = text(assignment, "principalId");
                same(holder, principal) || groups.iter().any(|group| same(group, holder))
            })
            .collect()
    }

    /// A role as the older `directoryRoles` show it: an object of its own with an id of this tenant.
    fn directory_role(self, definition: &Row) -> Row {
        let template = match text(definition, "templateId") {
            "" => id_of(definition),
            template => template,
        };
        let tenant = Uuid::parse_str(&self.state.tenant.id).unwrap_or(Uuid::NAMESPACE_OID);
        let id = Uuid::new_v5(&tenant, template.to_ascii_lowercase().as_bytes());
        object(json!({
            "id": id.to_string(),
            "deletedDateTime": null,
            "description": definition.get("description"),
            "displayName": definition.get("displayName"),
            "roleTemplateId": template,
        }))
    }

    /// The activated roles: those that somebody holds for the whole tenant.
    pub(crate) fn directory_roles(self) -> Vec<Row> {
        let assignments = self.role_assignments();
        self.rows("roleDefinitions")
            .filter(|role| {
                assignments.iter().any(|assignment| {
                    scope(assignment) == "/" && same(text(assignment, "roleDefinitionId"), id_of(role))
                })
            })
            .map(|role| self.directory_role(role))
            .collect()
    }

    /// Who holds a role for the whole tenant, by its template.
    pub(crate) fn role_members(self, template: &str) -> Vec<Row> {
        self.role_assignments()
            .iter()
            .filter(|assignment| scope(assignment) == "/" && same(text(assignment, "roleDefinitionId"), template))
            .filter_map(|assignment| self.object(text(assignment, "principalId")))
            .collect()
    }
}

impl Navigate for Directory<'_> {
    fn one(&self, row: &Row, property: &str) -> Option<Option<Row>> {
        match property {
            "principal" => Some(self.object(text(row, "principalId"))),
            "roleDefinition" => Some(
                self.find("roleDefinitions", "id", text(row, "roleDefinitionId"))
                    .cloned(),
            ),
            _ => None,
        }
    }

    fn many(&self, row: &Row, property: &str) -> Option<Vec<Row>> {
        let id = id_of(row);
        Some(match property {
            "memberOf" => self.member_of(id, false),
            "transitiveMemberOf" => self.member_of(id, true),
            "members" if row.contains_key("roleTemplateId") => self.role_members(text(row, "roleTemplateId")),
            "members" => self.members(id, false),
            "transitiveMembers" => self.members(id, true),
            "owners" => ["applications", "servicePrincipals", "groups"]
                .into_iter()
                .flat_map(|set| super::applications::owners_of(*self, set, id))
                .collect(),
            "licenseDetails" => self.linked("licenseDetails", "_emulator_userId", id),
            "appRoleAssignments" => self.linked("appRoleAssignments", "principalId", id),
            "appRoleAssignedTo" => self.linked("appRoleAssignments", "resourceId", id),
            "oauth2PermissionGrants" if row.contains_key("appId") => {
                self.linked("oauth2PermissionGrants", "clientId", id)
            }
            "oauth2PermissionGrants" => self.linked("oauth2PermissionGrants", "principalId", id),
            _ => return None,
        })
    }

    /// The sign-in log holds user principal names in lower case and finds them only so (measured by those who
    /// query it; no document says it). Its rows are those that name a user beside his id.
    fn minds_case(&self, row: &Row, property: &str) -> bool {
        property.eq_ignore_ascii_case("userPrincipalName") && row.contains_key("userId")
    }

    fn property<'r>(&self, row: &'r Row, name: &str) -> Option<&'r Value> {
        row.get(name).or_else(|| {
            row.iter()
                .find(|(there, _)| there.eq_ignore_ascii_case(name))
                .map(|(_, value)| value)
        })
    }
}
