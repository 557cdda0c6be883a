//! Whether query options fit a table, before a single row is looked at.

use super::error::Refusal;
use super::metadata::{Kind, Navigation, Table};
use super::principal::Principal;
use super::schema::Schema;
use crate::odata::{Comparison, Expand, Expression, Function, ODataError, Path, Query};

/// How many `$expand` items a query may have (*Query data using the Web API*, Join tables).
const MAX_EXPANDS: usize = 15;

/// Turns what the query reader says into what the service says.
pub(super) fn refusal(error: &ODataError) -> Refusal {
    match error {
        ODataError::UnsupportedOption(option) => Refusal::not_emulated(&http::Method::GET, option),
        _ => Refusal::bad_request(format!("{error}.")),
    }
}

/// As [`refusal`], for a query that could not be read at all: it may use one of Dataverse's own query
/// functions (`Microsoft.Dynamics.CRM.In` and some sixty more), which the emulator has not.
pub(super) fn unreadable(error: &ODataError, query: &str) -> Refusal {
    let decoded = crate::odata::decode(query).unwrap_or_default();
    let function = decoded
        .split_once("Microsoft.Dynamics.CRM.")
        .and_then(|(_, rest)| rest.split_once('('))
        .map(|(name, _)| name)
        .filter(|name| name.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    match (error, function) {
        (ODataError::Syntax { option, .. }, Some(name)) => Refusal::not_emulated(
            &http::Method::GET,
            &format!("{option}=Microsoft.Dynamics.CRM.{name}(…)"),
        ),
        _ => refusal(error),
    }
}

/// Refuses every option that is not among `allowed`, names as in `$select`.
pub(super) fn only(query: &Query, allowed: &[&str]) -> Result<(), Refusal> {
    match query.given().find(|option| !allowed.contains(option)) {
        Some(option) => Err(Refusal::bad_request(format!(
            "The query parameter {option} is not supported"
        ))),
        None => Ok(()),
    }
}

/// Looks at a query's names with the eyes of one user: names must exist, and the user must be allowed to read
/// every table the query touches.
#[derive(Debug, Clone, Copy)]
pub(super) struct Check<'a> {
    pub(super) principal: &'a Principal,
    pub(super) schema: &'a Schema<'a>,
}

/// Variables of the lambdas around an expression, with the tables they run over.
type Variables<'e, 'a> = Vec<(&'e str, &'a Table<'a>)>;

/// Where a path ends.
enum End<'a> {
    Column,
    Row,
    Rows(&'a Table<'a>),
}

impl<'a> Check<'a> {
    /// All options of a query on `table`.
    pub(super) fn query(&self, query: &Query, table: &'a Table<'a>) -> Result<(), Refusal> {
        self.select(query, table)?;
        if let Some(filter) = &query.filter {
            self.filter(filter, table, &mut Vec::new())?;
        }
        for order in &query.order_by {
            self.path(&order.path, table, &Vec::new())?;
        }
        let mut expands = 0;
        let nested = query.expand.iter().any(|expand| !expand.options.expand.is_empty());
        self.expand(&query.expand, table, nested, &mut expands)
    }

    fn select(&self, query: &Query, table: &'a Table<'a>) -> Result<(), Refusal> {
        for name in query.select.iter().flatten() {
            if name != "*" && table.column(name).is_none() {
                return Err(Refusal::unknown_property(name, table.logical_name));
            }
        }
        Ok(())
    }

    fn expand(&self, expands: &[Expand], table: &'a Table<'a>, nested: bool, count: &mut usize) -> Result<(), Refusal> {
        for expand in expands {
            *count += 1;
            if *count > MAX_EXPANDS {
                return Err(Refusal::bad_request(
                    "The number of $expand options exceeds the maximum of 15.",
                ));
            }
            let navigation = self.navigation(&expand.property, table)?;
            if expand.reference && navigation.is_collection() {
                return Err(Refusal::bad_request(
                    "Expand with $ref is only supported on lookup type navigation property.",
                ));
            }
            if !navigation.is_collection() || nested {
                only(&expand.options, &["$select", "$filter", "$expand"]).map_err(|_| {
                    Refusal::bad_request(
                        "Only $select and $filter clause can be provided while doing $expand on many-to-one \
                         relationship or nested one-to-many relationship.",
                    )
                })?;
            }
            only(&expand.options, &["$select", "$filter", "$expand", "$orderby", "$top"])?;
            // A lookup that may lead to several tables has the type that those share; its rows differ, so
            // every one of them must fit.
            for target in navigation.tables(self.schema) {
                self.select(&expand.options, target)?;
                if let Some(filter) = &expand.options.filter {
                    self.filter(filter, target, &mut Vec::new())?;
                }
                for order in &expand.options.order_by {
                    self.path(&order.path, target, &Vec::new())?;
                }
                self.expand(&expand.options.expand, target, nested, count)?;
            }
        }
        Ok(())
    }

    /// A navigation property that leads to tables which the emulator has and the user may read.
    pub(super) fn navigation(&self, name: &str, table: &'a Table<'a>) -> Result<Navigation<'a>, Refusal> {
        let navigation = table
            .navigation(name)
            .ok_or_else(|| Refusal::unknown_property(name, table.logical_name))?;
        let targets = navigation.tables(self.schema);
        if targets.is_empty() {
            return Err(Refusal::not_emulated(
                &http::Method::GET,
                &format!("/{}({{id}})/{name}", table.set),
            ));
        }
        for target in targets {
            self.principal.may_read(target)?;
        }
        Ok(navigation)
    }

    fn filter<'e>(
        &self,
        expression: &'e Expression,
        table: &'a Table<'a>,
        variables: &mut Variables<'e, 'a>,
    ) -> Result<(), Refusal> {
        let unsupported = |what: &str| Err(Refusal::bad_request(format!("The query node {what} is not supported.")));
        match expression {
            Expression::Literal(_) | Expression::Alias(_) => Ok(()),
            Expression::Path(path) => self.path(path, table, variables).map(|_| ()),
            Expression::Not(inner) => self.filter(inner, table, variables),
            Expression::And(terms) | Expression::Or(terms) => {
                terms.iter().try_for_each(|term| self.filter(term, table, variables))
            }
            Expression::Compare { left, operator, right } => {
                if *operator == Comparison::Has {
                    return unsupported("Has");
                }
                self.filter(left, table, variables)?;
                self.filter(right, table, variables)
            }
            // The reference lists eq to le, and, or, not, and three functions; Dataverse has its own
            // function for a list of values.
            Expression::In { .. } => unsupported("In"),
            Expression::Call {
                function: Function::ToLower | Function::ToUpper | Function::Length,
                ..
            } => unsupported("SingleValueFunctionCall"),
            Expression::Call { arguments, .. } => arguments
                .iter()
                .try_for_each(|term| self.filter(term, table, variables)),
            Expression::Lambda { path, condition, .. } => {
                let End::Rows(items) = self.path(path, table, variables)? else {
                    return Err(Refusal::bad_request(format!(
                        "The parent value for a property access '{path}' is not a collection."
                    )));
                };
                if let Some((variable, condition)) = condition {
                    variables.push((variable, items));
                    let checked = self.filter(condition, table, variables);
                    variables.pop();
                    checked?;
                }
                Ok(())
            }
        }
    }

    fn path(&self, path: &Path, table: &'a Table<'a>, variables: &Variables<'_, 'a>) -> Result<End<'a>, Refusal> {
        let mut table = table;
        let mut segments = path.segments.iter().map(String::as_str).peekable();
        let variable = segments
            .peek()
            .and_then(|first| variables.iter().rev().find(|(variable, _)| variable == first));
        if let Some((_, items)) = variable {
            table = items;
            segments.next();
        }
        while let Some(segment) = segments.next() {
            if let Some(cast) = segment.strip_prefix("Microsoft.Dynamics.CRM.") {
                if cast != table.logical_name {
                    return Err(Refusal::unknown_property(segment, table.logical_name));
                }
                continue;
            }
            if let Some(column) = table.column(segment) {
                return match (column.kind, segments.next(), segments.next()) {
                    (_, None, _) | (Kind::Managed, Some(_), None) => Ok(End::Column),
                    (_, Some(below), _) => Err(Refusal::unknown_property(below, column.name)),
                };
            }
            let navigation = self.navigation(segment, table)?;
            let target = navigation.tables(self.schema).first().copied();
            table = target.unwrap_or(table);
            if navigation.is_collection() {
                return match segments.next() {
                    None => Ok(End::Rows(table)),
                    Some(below) => Err(Refusal::bad_request(format!(
                        "The segment '{below}' is not supported after the collection '{segment}'."
                    ))),
                };
            }
        }
        Ok(End::Row)
    }
}
