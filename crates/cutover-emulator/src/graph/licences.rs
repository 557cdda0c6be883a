//! What licences come to: seats, ways in which a user holds a SKU, and what follows for his plans.
//!
//! A user holds a SKU directly, through groups, or both, and counts once. Everything is worked out before anything
//! is written, so that a call does all of what it asks or nothing.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::errors::GraphError;
use super::membership::{object, text};
use super::route::{Context, id_of};
use super::writing::{Written, by_id};
use crate::later::Key;
use crate::state::Row;
use crate::world::licences::service_of;

/// Changes of licences on their way.
pub(crate) struct Licences<'c, 's> {
    context: &'c Context<'s>,
    /// Seats taken (or given back) beyond what the stock says, by SKU.
    taken: BTreeMap<String, i64>,
    /// Users whose licences change: as they were, and the ways in which they hold SKUs now.
    users: Vec<(Row, Vec<Row>)>,
}

/// The ways in which a user holds SKUs.
fn states(user: &Row) -> Vec<Row> {
    let rows = |name: &str| -> Vec<Row> {
        let listed = user.get(name).and_then(Value::as_array);
        listed
            .into_iter()
            .flatten()
            .filter_map(Value::as_object)
            .cloned()
            .collect()
    };
    let states = rows("licenseAssignmentStates");
    if !states.is_empty() {
        return states;
    }
    let assigned = rows("assignedLicenses");
    assigned
        .into_iter()
        .map(|licence| {
            state(
                text(&licence, "skuId"),
                None,
                licence.get("disabledPlans").cloned(),
                Value::Null,
            )
        })
        .collect()
}

fn state(sku: &str, group: Option<&str>, disabled: Option<Value>, updated: Value) -> Row {
    object(json!({
        "skuId": sku, "assignedByGroup": group, "disabledPlans": disabled.unwrap_or_else(|| json!([])),
        "state": "Active", "error": "None", "lastUpdatedDateTime": updated,
    }))
}

fn is_of(state: &Row, sku: &str, group: Option<&str>) -> bool {
    let by = state.get("assignedByGroup").and_then(Value::as_str);
    let same_way = match (by, group) {
        (None, None) => true,
        (Some(by), Some(group)) => by.eq_ignore_ascii_case(group),
        _ => false,
    };
    same_way && text(state, "skuId").eq_ignore_ascii_case(sku)
}

fn counts(state: &Row, sku: &str) -> bool {
    text(state, "skuId").eq_ignore_ascii_case(sku) && text(state, "state") != "Error"
}

fn holds(states: &[Row], sku: &str) -> bool {
    states.iter().any(|state| counts(state, sku))
}

fn ids(value: Option<&Value>) -> Vec<String> {
    let listed = value.and_then(Value::as_array);
    listed
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_ascii_lowercase)
        .collect()
}

/// Plans that are off however the SKU is held.
fn disabled_plans(states: &[Row], sku: &str) -> Vec<String> {
    let mut ways = states
        .iter()
        .filter(|state| counts(state, sku))
        .map(|state| ids(state.get("disabledPlans")));
    let first = ways.next().unwrap_or_default();
    ways.fold(first, |off, way| {
        off.into_iter().filter(|plan| way.contains(plan)).collect()
    })
}

fn plans(sku: &Row) -> Vec<&Row> {
    let listed = sku.get("servicePlans").and_then(Value::as_array);
    listed.into_iter().flatten().filter_map(Value::as_object).collect()
}

/// Service plans as they are when a SKU has just been assigned.
fn provisioned_at_first(plans: &[Value], at_once: bool) -> Vec<Value> {
    let mut plans = plans.to_vec();
    for plan in plans
        .iter_mut()
        .filter(|plan| !at_once && plan["provisioningStatus"] == "Success")
    {
        plan["provisioningStatus"] = json!("PendingProvisioning");
    }
    plans
}

impl<'c, 's> Licences<'c, 's> {
    pub(crate) fn new(context: &'c Context<'s>) -> Self {
        Self {
            context,
            taken: BTreeMap::new(),
            users: Vec::new(),
        }
    }

    fn sku(&self, id: &str) -> Option<&'s Row> {
        self.context.directory().find("subscribedSkus", "skuId", id)
    }

    /// Free = enabled + warning − consumed; nothing of a SKU that is not enabled can be assigned.
    fn free(&self, sku: &Row) -> i64 {
        if !matches!(text(sku, "capabilityStatus"), "" | "Enabled" | "Warning") {
            return 0;
        }
        let units = sku.get("prepaidUnits").and_then(Value::as_object);
        let number = |row: Option<&Row>, name: &str| row.and_then(|row| row.get(name)?.as_i64()).unwrap_or(0);
        let taken = self
            .taken
            .get(&text(sku, "skuId").to_ascii_lowercase())
            .copied()
            .unwrap_or(0);
        number(units, "enabled") + number(units, "warning") - number(Some(sku), "consumedUnits") - taken
    }

    fn take(&mut self, sku: &str, seats: i64) {
        *self.taken.entry(sku.to_ascii_lowercase()).or_default() += seats;
    }

    fn of(&mut self, user: &Row) -> usize {
        let id = id_of(user);
        if let Some(there) = self.users.iter().position(|(there, _)| id_of(there) == id) {
            return there;
        }
        self.users.push((user.clone(), states(user)));
        self.users.len() - 1
    }

    fn states(&mut self, place: usize) -> &mut Vec<Row> {
        &mut self.users[place].1
    }

    /// Assigns a SKU directly, or changes the plans of the direct assignment.
    pub(crate) fn assign(&mut self, user: &Row, sku: &str, disabled: &Value) -> Result<(), GraphError> {
        let found = self.sku(sku).ok_or_else(|| GraphError::not_found(sku))?;
        let known: Vec<String> = plans(found)
            .iter()
            .map(|plan| text(plan, "servicePlanId").to_ascii_lowercase())
            .collect();
        if let Some(plan) = ids(Some(disabled)).iter().find(|plan| !known.contains(plan)) {
            return Err(GraphError::request_bad_request(format!(
                "License assignment failed because service plan {plan} is not part of the subscription with SKU {sku}."
            )));
        }
        let now = self.context.timestamp();
        let place = self.of(user);
        if !holds(self.states(place), sku) {
            if self.free(found) <= 0 {
                return Err(GraphError::request_bad_request(format!(
                    "Subscription with SKU {sku} does not have any available licenses."
                )));
            }
            self.take(sku, 1);
        }
        if let Some((own, other)) = self.conflict(place, found, disabled) {
            return Err(GraphError::request_bad_request(format!(
                "License assignment failed because service plans {own} and {other} are mutually exclusive: the user has \
                 conflicting service plans."
            )));
        }
        let states = self.states(place);
        states.retain(|state| !is_of(state, sku, None));
        states.insert(0, state(sku, None, Some(disabled.clone()), now));
        Ok(())
    }

    /// Two plans that exclude each other: one that a SKU would bring, and one that the user has on by another SKU. Which
    /// plans do is told by no list; a world says it of each SKU.
    fn conflict(&mut self, place: usize, sku: &Row, disabled: &Value) -> Option<(String, String)> {
        let off = ids(Some(disabled));
        let excluded = ids(sku.get("_emulator_excludes"));
        let own_id = text(sku, "skuId").to_owned();
        let states = self.states(place).clone();
        let on = |sku: &'s Row, off: &[String]| -> Vec<&'s str> {
            let plans = plans(sku).into_iter().map(|plan| text(plan, "servicePlanId"));
            plans.filter(|plan| !off.contains(&plan.to_ascii_lowercase())).collect()
        };
        let others = self.context.directory().rows("subscribedSkus");
        let others = others.filter(|other| text(other, "skuId") != own_id && holds(&states, text(other, "skuId")));
        let mut theirs = others.flat_map(|other| on(other, &disabled_plans(&states, text(other, "skuId"))));
        let other = theirs.find(|plan| excluded.contains(&plan.to_ascii_lowercase()))?;
        let sku = self.sku(&own_id)?;
        let own = on(sku, &off).first().copied()?;
        Some((own.to_owned(), other.to_owned()))
    }

    /// Takes a SKU away that is held directly.
    pub(crate) fn unassign(&mut self, user: &Row, sku: &str) -> Result<(), GraphError> {
        let place = self.of(user);
        let states = self.states(place);
        if !states.iter().any(|state| is_of(state, sku, None)) {
            let inherited = states
                .iter()
                .any(|state| text(state, "skuId").eq_ignore_ascii_case(sku));
            return Err(GraphError::request_bad_request(if inherited {
                "User license is inherited from a group membership and it cannot be removed directly from the user."
            } else {
                "User does not have a corresponding license."
            }));
        }
        self.end(place, sku, None);
        Ok(())
    }

    fn end(&mut self, place: usize, sku: &str, group: Option<&str>) {
        let states = self.states(place);
        let held = holds(states, sku);
        states.retain(|state| !is_of(state, sku, group));
        if held && !holds(states, sku) {
            self.take(sku, -1);
        }
    }

    /// Hands a SKU of a group to a member; without a seat the assignment is there in error.
    pub(crate) fn inherit(&mut self, user: &Row, group: &str, sku: &str, disabled: Option<&Value>) {
        let place = self.of(user);
        let mut way = state(sku, Some(group), disabled.cloned(), self.context.timestamp());
        if !holds(self.states(place), sku) {
            if self.sku(sku).is_some_and(|found| self.free(found) > 0) {
                self.take(sku, 1);
            } else {
                way.insert("state".to_owned(), json!("Error"));
                way.insert("error".to_owned(), json!("CountViolation"));
            }
        }
        let states = self.states(place);
        states.retain(|state| !is_of(state, sku, Some(group)));
        states.push(way);
    }

    /// Takes away what a user holds of a SKU through a group.
    pub(crate) fn disinherit(&mut self, user: &Row, group: &str, sku: &str) {
        let place = self.of(user);
        self.end(place, sku, Some(group));
    }

    /// What a new member of a group gets.
    pub(crate) fn join(&mut self, group: &Row, user: &Row) {
        let licences = group.get("assignedLicenses").and_then(Value::as_array);
        for licence in licences.into_iter().flatten().filter_map(Value::as_object) {
            self.inherit(user, id_of(group), text(licence, "skuId"), licence.get("disabledPlans"));
        }
    }

    /// What a former member of a group loses.
    pub(crate) fn leave(&mut self, group: &str, user: &Row) {
        let inherited = states(user)
            .into_iter()
            .filter(|state| text(state, "assignedByGroup").eq_ignore_ascii_case(group));
        for state in inherited {
            self.disinherit(user, group, text(&state, "skuId"));
        }
    }

    /// Gives back every seat of a user who is deleted.
    pub(crate) fn drop_all(&mut self, user: &Row) {
        let place = self.of(user);
        for state in std::mem::take(self.states(place)) {
            let sku = text(&state, "skuId").to_owned();
            if text(&state, "state") != "Error" && !self.users[place].1.iter().any(|left| counts(left, &sku)) {
                self.users[place].1.push(state);
            }
        }
        for state in std::mem::take(self.states(place)) {
            self.take(text(&state, "skuId"), -1);
        }
    }

    /// Tries assignments again that found no seat.
    pub(crate) fn reprocess(&mut self, user: &Row) {
        let failed = states(user).into_iter().filter(|state| text(state, "state") == "Error");
        for state in failed {
            let disabled = state.get("disabledPlans");
            match state.get("assignedByGroup").and_then(Value::as_str) {
                Some(group) => self.inherit(user, group, text(&state, "skuId"), disabled),
                // A direct assignment without a seat is refused and leaves nothing behind.
                None => continue,
            }
        }
    }

    /// A user as he is afterwards.
    pub(crate) fn user(&self, user: &Row) -> Row {
        let mut after = user.clone();
        if let Some((before, states)) = self.users.iter().find(|(there, _)| id_of(there) == id_of(user)) {
            after.extend(self.properties(before, states));
        }
        after
    }

    fn properties(&self, user: &Row, states: &[Row]) -> Row {
        let mut assigned: Vec<Value> = Vec::new();
        for state in states {
            let sku = text(state, "skuId");
            if counts(state, sku) && !assigned.iter().any(|there| there["skuId"] == sku) {
                assigned.push(json!({"skuId": sku, "disabledPlans": disabled_plans(states, sku)}));
            }
        }
        object(json!({
            "assignedLicenses": assigned, "assignedPlans": self.assigned_plans(user, states),
            "licenseAssignmentStates": states,
        }))
    }

    /// Plans of every SKU that the user holds or held: a plan that is off stays, marked as deleted.
    fn assigned_plans(&self, user: &Row, states: &[Row]) -> Vec<Value> {
        let before = user
            .get("assignedPlans")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        let mut after: Vec<Value> = Vec::new();
        let skus = self.context.directory().rows("subscribedSkus");
        let known: Vec<(&Row, &Row)> = skus
            .flat_map(|sku| plans(sku).into_iter().map(move |plan| (sku, plan)))
            .collect();
        let is_on = |id: &str| {
            known.iter().any(|(sku, plan)| {
                let sku = text(sku, "skuId");
                let off = || disabled_plans(states, sku).contains(&id.to_ascii_lowercase());
                text(plan, "servicePlanId").eq_ignore_ascii_case(id) && holds(states, sku) && !off()
            })
        };
        let status = |on: bool| if on { "Enabled" } else { "Deleted" };
        for mut plan in before {
            let id = plan["servicePlanId"].as_str().unwrap_or_default().to_owned();
            let of_stock = known
                .iter()
                .any(|(_, plan)| text(plan, "servicePlanId").eq_ignore_ascii_case(&id));
            if of_stock && plan["capabilityStatus"] != status(is_on(&id)) {
                plan["capabilityStatus"] = json!(status(is_on(&id)));
                plan["assignedDateTime"] = self.context.timestamp();
            }
            after.push(plan);
        }
        for (sku, plan) in &known {
            let id = text(plan, "servicePlanId");
            if holds(states, text(sku, "skuId")) && !after.iter().any(|there| there["servicePlanId"] == id) {
                after.push(json!({
                    "assignedDateTime": self.context.now, "capabilityStatus": status(is_on(id)),
                    "service": service_of(text(plan, "servicePlanName")), "servicePlanId": id,
                }));
            }
        }
        after
    }

    /// The changes, behind those that are there.
    pub(crate) fn write(&self, mut written: Written) -> Written {
        for (user, states) in &self.users {
            written = written.set("users", by_id(id_of(user)), self.properties(user, states));
            written = self.details(written, user, states);
        }
        for (sku, seats) in self.taken.iter().filter(|(_, seats)| **seats != 0) {
            let Some(found) = self.sku(sku) else { continue };
            let consumed = found.get("consumedUnits").and_then(Value::as_i64).unwrap_or(0) + seats;
            let key = Key::from([("skuId".to_owned(), text(found, "skuId").to_owned())]);
            written = written.set("subscribedSkus", key, object(json!({"consumedUnits": consumed})));
        }
        written
    }

    /// `licenseDetails` of SKUs that come, change or go.
    ///
    /// Plans of a new SKU are `PendingProvisioning` for as long as the world says (GD `licensedetails`; how long is
    /// assumed).
    fn details(&self, mut written: Written, user: &Row, states: &[Row]) -> Written {
        const SET: &str = "licenseDetails";
        let pending = self.context.state.assumed.licence_provisioning;
        let there = self.context.directory().linked(SET, "_emulator_userId", id_of(user));
        for sku in self.context.directory().rows("subscribedSkus") {
            let id = text(sku, "skuId");
            let row = there.iter().find(|row| text(row, "skuId").eq_ignore_ascii_case(id));
            let off = disabled_plans(states, id);
            let now = |plan: &&Row| {
                let mut plan = (*plan).clone();
                let plan_id = text(&plan, "servicePlanId").to_owned();
                let before = row
                    .map(plans)
                    .into_iter()
                    .flatten()
                    .find(|before| text(before, "servicePlanId").eq_ignore_ascii_case(&plan_id))
                    .map_or("Success", |before| text(before, "provisioningStatus"));
                let status = match before {
                    _ if off.contains(&plan_id.to_ascii_lowercase()) => "Disabled",
                    "Disabled" => "Success",
                    before => before,
                };
                plan.insert("provisioningStatus".to_owned(), json!(status));
                Value::Object(plan)
            };
            let service_plans: Vec<Value> = plans(sku).iter().map(now).collect();
            written = match (holds(states, id), row) {
                (false, None) => written,
                (false, Some(row)) => written.remove(SET, by_id(id_of(row))),
                (true, Some(row)) if row.get("servicePlans").and_then(Value::as_array) == Some(&service_plans) => {
                    written
                }
                (true, Some(row)) => {
                    written.set(SET, by_id(id_of(row)), object(json!({"servicePlans": service_plans})))
                }
                (true, None) => {
                    let details_id = self.context.new_id(&format!("{SET}/{}/{id}", id_of(user)));
                    let at_first = provisioned_at_first(&service_plans, pending.is_zero());
                    let details = object(json!({
                        "id": details_id, "_emulator_userId": id_of(user), "skuId": id,
                        "skuPartNumber": sku.get("skuPartNumber"), "servicePlans": at_first,
                    }));
                    let written = written.insert(self.context, SET, details);
                    if pending.is_zero() {
                        written
                    } else {
                        let ready = object(json!({"servicePlans": service_plans}));
                        written.set_later(pending, SET, by_id(&details_id), ready)
                    }
                }
            };
        }
        written
    }
}
