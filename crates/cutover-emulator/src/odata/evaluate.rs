//! What a filter says about a row.
//!
//! Text compares without regard to case, as both services do but for single properties, and so do GUIDs, which
//! rows hold as text.
//! A missing property is null. Operands of different kinds are an error, as at the services.

use std::cmp::Ordering;

use jiff::Timestamp;
use serde_json::Value;

use super::error::ODataError;
use super::expression::{Comparison, Expression, Function, Literal, Path, Quantifier};
use super::filter::instant;
use crate::state::Row;

/// How a service gets from a row to its related rows.
pub(crate) trait Navigate {
    /// The row behind a single-valued navigation property: `None` when there is no such property,
    /// `Some(None)` when it leads nowhere.
    fn one(&self, row: &Row, property: &str) -> Option<Option<Row>>;

    /// The rows behind a collection-valued navigation property; `None` when there is no such property.
    fn many(&self, row: &Row, property: &str) -> Option<Vec<Row>>;

    /// Whether a text property compares with regard to case.
    fn minds_case(&self, _row: &Row, _property: &str) -> bool {
        false
    }

    /// A property of the row itself; services that do not mind the case of names say so here.
    fn property<'r>(&self, row: &'r Row, name: &str) -> Option<&'r Value> {
        row.get(name)
    }
}

/// Whether a row passes a filter.
pub(crate) fn matches(filter: &Expression, row: &Row, navigate: &dyn Navigate) -> Result<bool, ODataError> {
    Scope {
        row,
        navigate,
        variables: Vec::new(),
    }
    .truth(filter)
}

/// The value at a path of a row, for sorting.
pub(super) fn value_at(path: &Path, row: &Row, navigate: &dyn Navigate) -> Value {
    Scope {
        row,
        navigate,
        variables: Vec::new(),
    }
    .at(&path.segments)
}

/// A total order of values: null, booleans, numbers, text without regard to case, the rest.
pub(super) fn compare_values(left: &Value, right: &Value) -> Ordering {
    fn rank(value: &Value) -> u8 {
        match value {
            Value::Null => 0,
            Value::Bool(_) => 1,
            Value::Number(_) => 2,
            Value::String(_) => 3,
            Value::Array(_) | Value::Object(_) => 4,
        }
    }
    match (left, right) {
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        (Value::Number(left), Value::Number(right)) => match (left.as_i64(), right.as_i64()) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => left
                .as_f64()
                .unwrap_or_default()
                .total_cmp(&right.as_f64().unwrap_or_default()),
        },
        (Value::String(left), Value::String(right)) => left.to_lowercase().cmp(&right.to_lowercase()),
        _ => rank(left).cmp(&rank(right)),
    }
}

/// A value while a filter is evaluated.
enum Operand {
    Null,
    Boolean(bool),
    Integer(i64),
    Double(f64),
    Text(String),
    Instant(Timestamp),
    Many,
    Complex,
}

impl Operand {
    fn of(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Boolean(value),
            Value::Number(value) => match value.as_i64() {
                Some(value) => Self::Integer(value),
                None => Self::Double(value.as_f64().unwrap_or_default()),
            },
            Value::String(value) => Self::Text(value),
            Value::Array(_) => Self::Many,
            Value::Object(_) => Self::Complex,
        }
    }

    fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "Edm.Boolean",
            Self::Integer(_) => "Edm.Int64",
            Self::Double(_) => "Edm.Double",
            Self::Text(_) => "Edm.String",
            Self::Instant(_) => "Edm.DateTimeOffset",
            Self::Many => "Collection",
            Self::Complex => "Edm.ComplexType",
        }
    }
}

struct Scope<'a> {
    row: &'a Row,
    navigate: &'a dyn Navigate,
    variables: Vec<(&'a str, Value)>,
}

impl<'a> Scope<'a> {
    fn truth(&mut self, expression: &'a Expression) -> Result<bool, ODataError> {
        match expression {
            Expression::And(terms) => {
                for term in terms {
                    if !self.truth(term)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Expression::Or(terms) => {
                for term in terms {
                    if self.truth(term)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Expression::Not(inner) => Ok(!self.truth(inner)?),
            Expression::Compare { left, operator, right } => {
                let minds_case = self.minds_case(left) || self.minds_case(right);
                let (left, right) = (self.operand(left)?, self.operand(right)?);
                compare(left, *operator, right, minds_case)
            }
            Expression::In { left, candidates } => {
                let minds_case = self.minds_case(left);
                for candidate in candidates {
                    let (left, right) = (self.operand(left)?, self.operand(candidate)?);
                    if compare(left, Comparison::Equal, right, minds_case)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Expression::Lambda {
                path,
                quantifier,
                condition,
            } => self.lambda(path, *quantifier, condition.as_ref()),
            Expression::Literal(_) | Expression::Path(_) | Expression::Alias(_) | Expression::Call { .. } => {
                match self.operand(expression)? {
                    Operand::Boolean(value) => Ok(value),
                    Operand::Null => Ok(false),
                    other => Err(ODataError::NotBoolean(other.type_name())),
                }
            }
        }
    }

    fn minds_case(&self, expression: &Expression) -> bool {
        let Expression::Path(path) = expression else {
            return false;
        };
        matches!(path.segments.as_slice(), [only] if self.navigate.minds_case(self.row, only))
    }

    fn lambda(
        &mut self,
        path: &'a Path,
        quantifier: Quantifier,
        condition: Option<&'a (String, Box<Expression>)>,
    ) -> Result<bool, ODataError> {
        let items = match self.at(&path.segments) {
            Value::Array(items) => items,
            _ => Vec::new(),
        };
        let Some((variable, condition)) = condition else {
            return Ok(!items.is_empty());
        };
        for item in items {
            self.variables.push((variable, item));
            let holds = self.truth(condition);
            self.variables.pop();
            match (quantifier, holds?) {
                (Quantifier::Any, true) => return Ok(true),
                (Quantifier::All, false) => return Ok(false),
                _ => {}
            }
        }
        Ok(quantifier == Quantifier::All)
    }

    fn operand(&mut self, expression: &'a Expression) -> Result<Operand, ODataError> {
        Ok(match expression {
            Expression::Literal(literal) => match literal {
                Literal::Null => Operand::Null,
                Literal::Boolean(value) => Operand::Boolean(*value),
                Literal::Integer(value) => Operand::Integer(*value),
                Literal::Double(value) => Operand::Double(*value),
                Literal::Text(value) | Literal::Guid(value) | Literal::Typed { value, .. } => {
                    Operand::Text(value.clone())
                }
                Literal::Instant(value) => Operand::Instant(*value),
            },
            Expression::Path(path) => Operand::of(self.at(&path.segments)),
            Expression::Alias(name) => return Err(ODataError::MissingAlias(name.clone())),
            Expression::Call { function, arguments } => self.call(*function, arguments)?,
            other => Operand::Boolean(self.truth(other)?),
        })
    }

    fn call(&mut self, function: Function, arguments: &'a [Expression]) -> Result<Operand, ODataError> {
        let minds_case = arguments.iter().any(|argument| self.minds_case(argument));
        let mut texts = Vec::with_capacity(arguments.len());
        for argument in arguments {
            match self.operand(argument)? {
                Operand::Text(text) if minds_case => texts.push(text),
                Operand::Text(text) => texts.push(text.to_lowercase()),
                // Null in, null out (OData URL Conventions 5.1.1.4).
                Operand::Null => return Ok(Operand::Null),
                other => {
                    return Err(ODataError::IncompatibleTypes {
                        left: other.type_name(),
                        right: "Edm.String",
                        operator: function.spelling(),
                    });
                }
            }
        }
        let first = texts.first().map_or("", String::as_str);
        let second = texts.get(1).map_or("", String::as_str);
        Ok(match function {
            Function::StartsWith => Operand::Boolean(first.starts_with(second)),
            Function::EndsWith => Operand::Boolean(first.ends_with(second)),
            Function::Contains => Operand::Boolean(first.contains(second)),
            Function::ToLower => Operand::Text(first.to_lowercase()),
            Function::ToUpper => Operand::Text(first.to_uppercase()),
            Function::Length => Operand::Integer(i64::try_from(first.chars().count()).unwrap_or(i64::MAX)),
        })
    }

    /// Follows a path from the variable it names, or from the row.
    fn at(&self, segments: &[String]) -> Value {
        let variable = segments.first().and_then(|first| {
            self.variables
                .iter()
                .rev()
                .find(|(name, _)| name == first)
                .map(|(_, value)| value)
        });
        let mut rest = segments.iter();
        let mut current: Option<Value> = None;
        if variable.is_some() {
            rest.next();
        }
        for segment in rest {
            let next = match current.as_ref().or(variable) {
                None => self.step(self.row, segment),
                Some(Value::Object(row)) => self.step(row, segment),
                Some(Value::Array(items)) if segment == "$count" => Value::from(items.len()),
                Some(_) => Value::Null,
            };
            current = Some(next);
        }
        current.or_else(|| variable.cloned()).unwrap_or(Value::Null)
    }

    fn step(&self, row: &Row, segment: &str) -> Value {
        if segment.contains('.') {
            let fits = row
                .get("@odata.type")
                .and_then(Value::as_str)
                .is_none_or(|there| there.trim_start_matches('#').eq_ignore_ascii_case(segment));
            return if fits { Value::Object(row.clone()) } else { Value::Null };
        }
        if let Some(value) = self.navigate.property(row, segment) {
            return value.clone();
        }
        if let Some(row) = self.navigate.one(row, segment) {
            return row.map_or(Value::Null, Value::Object);
        }
        self.navigate
            .many(row, segment)
            .map_or(Value::Null, |rows| rows.into_iter().map(Value::Object).collect())
    }
}

fn compare(left: Operand, operator: Comparison, right: Operand, minds_case: bool) -> Result<bool, ODataError> {
    use Operand::{Boolean, Double, Instant, Integer, Null, Text};
    let incompatible = ODataError::IncompatibleTypes {
        left: left.type_name(),
        right: right.type_name(),
        operator: operator.spelling(),
    };
    let equality = matches!(operator, Comparison::Equal | Comparison::NotEqual);
    let ordering = match (left, right) {
        (Null, Null) => return Ok(operator == Comparison::Equal),
        (Null, _) | (_, Null) => return Ok(operator == Comparison::NotEqual),
        (Text(left), Text(right)) if operator == Comparison::Has => {
            return Ok(has_flags(&left, &right));
        }
        (Integer(left), Integer(right)) if operator == Comparison::Has => {
            return Ok(left & right == right);
        }
        _ if operator == Comparison::Has => return Err(incompatible),
        (Boolean(left), Boolean(right)) if equality => left.cmp(&right),
        (Integer(left), Integer(right)) => left.cmp(&right),
        (Integer(left), Double(right)) => as_double(left).total_cmp(&right),
        (Double(left), Integer(right)) => left.total_cmp(&as_double(right)),
        (Double(left), Double(right)) => left.total_cmp(&right),
        (Text(left), Text(right)) if minds_case => left.cmp(&right),
        (Text(left), Text(right)) => left.to_lowercase().cmp(&right.to_lowercase()),
        (Text(left), Instant(right)) => instant(&left).ok_or(incompatible)?.cmp(&right),
        (Instant(left), Text(right)) => left.cmp(&instant(&right).ok_or(incompatible)?),
        (Instant(left), Instant(right)) => left.cmp(&right),
        _ => return Err(incompatible),
    };
    Ok(match operator {
        Comparison::Equal => ordering.is_eq(),
        Comparison::NotEqual => ordering.is_ne(),
        Comparison::Greater => ordering.is_gt(),
        Comparison::GreaterOrEqual => ordering.is_ge(),
        Comparison::Less => ordering.is_lt(),
        Comparison::LessOrEqual => ordering.is_le(),
        Comparison::Has => false,
    })
}

/// Doubles hold whole numbers beyond 2^53 only roughly, which is what OData's promotion does too.
#[allow(clippy::cast_precision_loss)]
fn as_double(value: i64) -> f64 {
    value as f64
}

fn has_flags(there: &str, wanted: &str) -> bool {
    wanted.split(',').all(|wanted| {
        there
            .split(',')
            .any(|flag| flag.trim().eq_ignore_ascii_case(wanted.trim()))
    })
}
