//! Directory roles in their newer shape, with Privileged Identity Management.

use super::addressing::{Key, Version};
use super::entity_types::{
    EntityType, ROLE_ASSIGNMENT, ROLE_ASSIGNMENT_SCHEDULE, ROLE_ASSIGNMENT_SCHEDULE_INSTANCE, ROLE_DEFINITION,
    ROLE_ELIGIBILITY_SCHEDULE, ROLE_ELIGIBILITY_SCHEDULE_INSTANCE,
};
use super::errors::GraphError;
use super::membership::text;
use super::permissions::{self, Permissions};
use super::route::{Context, Found, Route, Source, get, id_of};
use crate::odata::{Comparison, Expression, Literal};
use crate::state::{Premium, Row};

pub(crate) const ROUTES: &[Route] = &[
    get(
        "/roleManagement/directory/roleDefinitions",
        &ROLE_DEFINITION,
        Source::Set("roleDefinitions"),
        permissions::ROLE_DEFINITIONS,
        "$select, $filter, $orderby, $top, $count, paging",
        "GD rbacapplication-list-roledefinitions",
    )
    .paged(500, 999),
    get(
        "/roleManagement/directory/roleDefinitions/{id}",
        &ROLE_DEFINITION,
        Source::Item("roleDefinitions"),
        permissions::ROLE_DEFINITIONS,
        "$select",
        "GD unifiedroledefinition-get",
    ),
    get(
        "/roleManagement/directory/roleAssignments",
        &ROLE_ASSIGNMENT,
        Source::Rows(assignments),
        permissions::ROLES,
        "$select, $filter, $expand, $top, $count, paging",
        "GD rbacapplication-list-roleassignments",
    )
    .directory_roles(permissions::ROLE_ASSIGNMENT_READERS)
    .paged(100, 999),
    get(
        "/roleManagement/directory/roleAssignments/{id}",
        &ROLE_ASSIGNMENT,
        Source::Row(assignment),
        permissions::ROLES,
        "$select, $expand",
        "GD unifiedroleassignment-get",
    )
    .directory_roles(permissions::ROLE_ASSIGNMENT_READERS),
    get(
        "/roleManagement/directory/transitiveRoleAssignments",
        &ROLE_ASSIGNMENT,
        Source::Found(transitive_assignments),
        permissions::TRANSITIVE_ROLES,
        "$filter, $count, $select, $expand, $top, paging; ConsistencyLevel and $count=true needed",
        "GD rbacapplication-list-transitiveroleassignments (beta)",
    )
    .directory_roles(permissions::ROLE_ASSIGNMENT_READERS)
    .units(5)
    .paged(100, 999)
    .only(Version::Beta),
    get(
        "/roleManagement/directory/roleAssignmentSchedules",
        &ROLE_ASSIGNMENT_SCHEDULE,
        Source::Rows(schedules),
        permissions::ROLE_ASSIGNMENT_SCHEDULES,
        "$select, $filter, $expand, $top, $count, paging",
        "GD rbacapplication-list-roleassignmentschedules",
    )
    .directory_roles(permissions::ROLE_SCHEDULE_READERS)
    .paged(100, 999)
    .premium(Premium::P2),
    get(
        "/roleManagement/directory/roleAssignmentScheduleInstances",
        &ROLE_ASSIGNMENT_SCHEDULE_INSTANCE,
        Source::Rows(instances),
        permissions::ROLE_ASSIGNMENT_SCHEDULES,
        "$select, $filter, $expand, $top, $count, paging",
        "GD rbacapplication-list-roleassignmentscheduleinstances",
    )
    .directory_roles(permissions::ROLE_SCHEDULE_READERS)
    .paged(100, 999)
    .premium(Premium::P2),
    by_current_user(
        "/roleManagement/directory/roleAssignmentScheduleInstances/filterByCurrentUser/{on}",
        &ROLE_ASSIGNMENT_SCHEDULE_INSTANCE,
        |context| {
            Ok(of_current_user(
                context,
                context.directory().role_assignment_instances(),
            ))
        },
        permissions::ROLE_ASSIGNMENT_SCHEDULES,
        "GD unifiedroleassignmentscheduleinstance-filterbycurrentuser",
    ),
    by_current_user(
        "/roleManagement/directory/roleAssignmentSchedules/filterByCurrentUser/{on}",
        &ROLE_ASSIGNMENT_SCHEDULE,
        |context| {
            Ok(of_current_user(
                context,
                context.directory().role_assignment_schedules(),
            ))
        },
        permissions::ROLE_ASSIGNMENT_SCHEDULES,
        "GD unifiedroleassignmentschedule-filterbycurrentuser",
    ),
    get(
        "/roleManagement/directory/roleEligibilitySchedules",
        &ROLE_ELIGIBILITY_SCHEDULE,
        Source::Rows(|context| Ok(context.directory().role_eligibility_schedules())),
        permissions::ROLE_ELIGIBILITY_SCHEDULES,
        "$select, $filter, $expand, $top, $count, paging",
        "GD rbacapplication-list-roleeligibilityschedules",
    )
    .directory_roles(permissions::ROLE_SCHEDULE_READERS)
    .paged(100, 999)
    .premium(Premium::P2),
    by_current_user(
        "/roleManagement/directory/roleEligibilitySchedules/filterByCurrentUser/{on}",
        &ROLE_ELIGIBILITY_SCHEDULE,
        |context| {
            Ok(of_current_user(
                context,
                context.directory().role_eligibility_schedules(),
            ))
        },
        permissions::ROLE_ELIGIBILITY_SCHEDULES,
        "GD unifiedroleeligibilityschedule-filterbycurrentuser",
    ),
    by_current_user(
        "/roleManagement/directory/roleEligibilityScheduleInstances/filterByCurrentUser/{on}",
        &ROLE_ELIGIBILITY_SCHEDULE_INSTANCE,
        |context| {
            Ok(of_current_user(
                context,
                context.directory().role_eligibility_instances(),
            ))
        },
        permissions::ROLE_ELIGIBILITY_SCHEDULES,
        "GD unifiedroleeligibilityscheduleinstance-filterbycurrentuser",
    ),
    get(
        "/roleManagement/directory/roleEligibilityScheduleInstances",
        &ROLE_ELIGIBILITY_SCHEDULE_INSTANCE,
        Source::Rows(eligibilities),
        permissions::ROLE_ELIGIBILITY_SCHEDULES,
        "$select, $filter, $expand, $top, $count, paging",
        "GD rbacapplication-list-roleeligibilityscheduleinstances",
    )
    .directory_roles(permissions::ROLE_SCHEDULE_READERS)
    .paged(100, 999)
    .premium(Premium::P2),
];

/// `filterByCurrentUser(on='principal')`, which the path template writes as a segment.
const fn by_current_user(
    path: &'static str,
    entity: &'static EntityType,
    rows: fn(&Context<'_>) -> Result<Vec<Row>, GraphError>,
    permissions: Permissions,
    document: &'static str,
) -> Route {
    get(
        path,
        entity,
        Source::Rows(rows),
        permissions,
        "on='principal': $select, $filter, $expand, $top, $count, paging",
        document,
    )
    .paged(100, 999)
    .premium(Premium::P2)
}

/// Rows of the caller himself and of the groups that he is in.
fn of_current_user(context: &Context<'_>, rows: Vec<Row>) -> Vec<Row> {
    let caller = &context.caller.object_id;
    let groups = context.directory().groups_of(caller, true);
    let holders: Vec<&str> = groups.into_iter().map(id_of).chain([caller.as_str()]).collect();
    let is_his = |row: &Row| {
        let principal = text(row, "principalId");
        context.key(0) == "principal" && holders.iter().any(|holder| holder.eq_ignore_ascii_case(principal))
    };
    rows.into_iter().filter(is_his).collect()
}

fn assignments(context: &Context<'_>) -> Result<Vec<Row>, GraphError> {
    Ok(context.directory().role_assignments())
}

fn assignment(context: &Context<'_>) -> Result<Row, GraphError> {
    let wanted = context.keys.first().map_or("", Key::value);
    context
        .directory()
        .role_assignments()
        .into_iter()
        .find(|assignment| id_of(assignment).eq_ignore_ascii_case(wanted))
        .ok_or_else(|| GraphError::not_found(wanted))
}

fn schedules(context: &Context<'_>) -> Result<Vec<Row>, GraphError> {
    Ok(context.directory().role_assignment_schedules())
}

fn instances(context: &Context<'_>) -> Result<Vec<Row>, GraphError> {
    Ok(context.directory().role_assignment_instances())
}

fn eligibilities(context: &Context<'_>) -> Result<Vec<Row>, GraphError> {
    Ok(context.directory().role_eligibility_instances())
}

/// The filter must name a principal. Rows keep the holder they have, which may be a group that the principal
/// is in, so that part of the filter is done here.
fn transitive_assignments(context: &Context<'_>) -> Result<Found, GraphError> {
    let counted = context.query.count == Some(true) || context.address.count;
    let mut terms = match context.query.filter.clone() {
        Some(Expression::And(terms)) => terms,
        other => Vec::from_iter(other),
    };
    let named = terms.iter().position(|term| principal(term).is_some());
    let (Some(named), true, true) = (named, context.eventual, counted) else {
        return Err(GraphError::unsupported_query(
            "The transitiveRoleAssignments query needs the ConsistencyLevel:eventual header, \
             $count=true and a $filter with principalId eq.",
        ));
    };
    let named = terms.remove(named);
    let rows = context
        .directory()
        .transitive_role_assignments(principal(&named).unwrap_or_default());
    let rest = match terms.len() {
        0 | 1 => terms.pop(),
        _ => Some(Expression::And(terms)),
    };
    Ok((rows, rest))
}

fn principal(filter: &Expression) -> Option<&str> {
    let Expression::Compare {
        left,
        operator: Comparison::Equal,
        right,
    } = filter
    else {
        return None;
    };
    match (left.as_ref(), right.as_ref()) {
        (Expression::Path(path), Expression::Literal(Literal::Text(id) | Literal::Guid(id)))
            if path.segments == ["principalId"] =>
        {
            Some(id)
        }
        _ => None,
    }
}
