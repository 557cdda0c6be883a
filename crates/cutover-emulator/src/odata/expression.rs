//! The tree of a `$filter`, and how it is written down again.

use std::fmt;

use jiff::Timestamp;

/// A path to a property: `status/errorCode`, `microsoft.graph.user/displayName`, `assignedLicenses/$count`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path {
    /// Segments in order; one with a dot is a cast, `$count` is the size of a collection.
    pub(crate) segments: Vec<String>,
}

impl Path {
    /// The first segment that is no cast, which is the property of the row that the path starts at.
    pub(crate) fn first_property(&self) -> Option<&str> {
        self.segments
            .iter()
            .map(String::as_str)
            .find(|segment| !segment.contains('.'))
    }

    /// Whether the path ends in `$count`.
    pub(crate) fn is_count(&self) -> bool {
        self.segments.last().is_some_and(|segment| segment == "$count")
    }
}

/// A constant.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Literal {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number; always finite.
    Double(f64),
    /// Text in quotes.
    Text(String),
    /// A GUID without quotes.
    Guid(String),
    /// A date (midnight, universal time) or a date with time and offset.
    Instant(Timestamp),
    /// Text in quotes after a type, as `Microsoft.Dynamics.CRM.EndpointAccessType'Default'`.
    Typed {
        /// The type before the quote.
        type_name: String,
        /// The text between the quotes.
        value: String,
    },
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    /// `eq`
    Equal,
    /// `ne`
    NotEqual,
    /// `gt`
    Greater,
    /// `ge`
    GreaterOrEqual,
    /// `lt`
    Less,
    /// `le`
    LessOrEqual,
    /// `has`: a flag is set.
    Has,
}

impl Comparison {
    /// All of them with their spelling.
    pub(crate) const SPELLINGS: [(&'static str, Self); 7] = [
        ("eq", Self::Equal),
        ("ne", Self::NotEqual),
        ("gt", Self::Greater),
        ("ge", Self::GreaterOrEqual),
        ("lt", Self::Less),
        ("le", Self::LessOrEqual),
        ("has", Self::Has),
    ];

    /// As it is written.
    pub(crate) fn spelling(self) -> &'static str {
        Self::SPELLINGS
            .iter()
            .find(|(_, operator)| *operator == self)
            .map_or("", |(spelling, _)| spelling)
    }
}

/// A function on values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Function {
    /// `startswith(text, start)`
    StartsWith,
    /// `endswith(text, end)`
    EndsWith,
    /// `contains(text, part)`
    Contains,
    /// `tolower(text)`
    ToLower,
    /// `toupper(text)`
    ToUpper,
    /// `length(text)`
    Length,
}

impl Function {
    /// All of them: spelling, function, number of arguments.
    pub(crate) const SPELLINGS: [(&'static str, Self, usize); 6] = [
        ("startswith", Self::StartsWith, 2),
        ("endswith", Self::EndsWith, 2),
        ("contains", Self::Contains, 2),
        ("tolower", Self::ToLower, 1),
        ("toupper", Self::ToUpper, 1),
        ("length", Self::Length, 1),
    ];

    /// As it is written.
    pub(crate) fn spelling(self) -> &'static str {
        Self::SPELLINGS
            .iter()
            .find(|(_, function, _)| *function == self)
            .map_or("", |(spelling, ..)| spelling)
    }
}

/// `any` or `all`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quantifier {
    /// At least one.
    Any,
    /// Every one; true for an empty collection.
    All,
}

/// A node of a filter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expression {
    /// A constant.
    Literal(Literal),
    /// The value of a property, or of a lambda's variable when the first segment is its name.
    Path(Path),
    /// `@p`: replaced by its value when a whole query is read.
    Alias(String),
    /// `not`
    Not(Box<Expression>),
    /// Two or more terms joined by `and`.
    And(Vec<Expression>),
    /// Two or more terms joined by `or`.
    Or(Vec<Expression>),
    /// Two operands compared.
    Compare {
        /// Left operand.
        left: Box<Expression>,
        /// How.
        operator: Comparison,
        /// Right operand.
        right: Box<Expression>,
    },
    /// `left in (a, b)`
    In {
        /// What is looked for.
        left: Box<Expression>,
        /// Where it is looked for.
        candidates: Vec<Expression>,
    },
    /// A function with its arguments, as many as it takes.
    Call {
        /// Which one.
        function: Function,
        /// Its arguments.
        arguments: Vec<Expression>,
    },
    /// `path/any(x: condition)`
    Lambda {
        /// The collection.
        path: Path,
        /// Any or all.
        quantifier: Quantifier,
        /// Variable and condition; `None` for `any()`: the collection is not empty.
        condition: Option<(String, Box<Expression>)>,
    },
}

impl Expression {
    /// Calls `visit` for this node and everything below it.
    pub(crate) fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Expression)) {
        visit(self);
        match self {
            Self::Literal(_) | Self::Path(_) | Self::Alias(_) => {}
            Self::Not(inner) => inner.walk(visit),
            Self::And(terms) | Self::Or(terms) => terms.iter().for_each(|term| term.walk(visit)),
            Self::Compare { left, right, .. } => {
                left.walk(visit);
                right.walk(visit);
            }
            Self::In { left, candidates } => {
                left.walk(visit);
                candidates.iter().for_each(|term| term.walk(visit));
            }
            Self::Call { arguments, .. } => arguments.iter().for_each(|term| term.walk(visit)),
            Self::Lambda { condition, .. } => {
                if let Some((_, condition)) = condition {
                    condition.walk(visit);
                }
            }
        }
    }

    /// As [`Expression::walk`], to change nodes; a replaced node is not walked again.
    pub(crate) fn walk_mut<E>(&mut self, visit: &mut dyn FnMut(&mut Expression) -> Result<(), E>) -> Result<(), E> {
        match self {
            Self::Literal(_) | Self::Path(_) | Self::Alias(_) => {}
            Self::Not(inner) => inner.walk_mut(visit)?,
            Self::And(terms) | Self::Or(terms) => {
                terms.iter_mut().try_for_each(|term| term.walk_mut(visit))?;
            }
            Self::Compare { left, right, .. } => {
                left.walk_mut(visit)?;
                right.walk_mut(visit)?;
            }
            Self::In { left, candidates } => {
                left.walk_mut(visit)?;
                candidates.iter_mut().try_for_each(|term| term.walk_mut(visit))?;
            }
            Self::Call { arguments, .. } => {
                arguments.iter_mut().try_for_each(|term| term.walk_mut(visit))?;
            }
            Self::Lambda { condition, .. } => {
                if let Some((_, condition)) = condition {
                    condition.walk_mut(visit)?;
                }
            }
        }
        visit(self)
    }

    /// Whether the node stands by itself wherever an operand may stand.
    fn is_operand(&self) -> bool {
        matches!(
            self,
            Self::Literal(_) | Self::Path(_) | Self::Alias(_) | Self::Call { .. } | Self::Lambda { .. }
        )
    }
}

impl fmt::Display for Path {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.segments.join("/"))
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => out.write_str("null"),
            Self::Boolean(value) => write!(out, "{value}"),
            Self::Integer(value) => write!(out, "{value}"),
            // The debug form keeps the point or the exponent, so that a double stays one when read again.
            Self::Double(value) => write!(out, "{value:?}"),
            Self::Text(value) => write!(out, "'{}'", value.replace('\'', "''")),
            Self::Guid(value) => out.write_str(value),
            Self::Instant(value) => write!(out, "{value}"),
            Self::Typed { type_name, value } => {
                write!(out, "{type_name}'{}'", value.replace('\'', "''"))
            }
        }
    }
}

/// Writes a node where an operand must stand.
struct Operand<'a>(&'a Expression);

impl fmt::Display for Operand<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_operand() {
            write!(out, "{}", self.0)
        } else {
            write!(out, "({})", self.0)
        }
    }
}

fn join(out: &mut fmt::Formatter<'_>, terms: &[Expression], between: &str) -> fmt::Result {
    for (index, term) in terms.iter().enumerate() {
        if index > 0 {
            out.write_str(between)?;
        }
        match term {
            Expression::And(_) | Expression::Or(_) => write!(out, "({term})")?,
            _ => write!(out, "{term}")?,
        }
    }
    Ok(())
}

impl fmt::Display for Expression {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(literal) => write!(out, "{literal}"),
            Self::Path(path) => write!(out, "{path}"),
            Self::Alias(name) => write!(out, "@{name}"),
            Self::Not(inner) => write!(out, "not ({inner})"),
            Self::And(terms) => join(out, terms, " and "),
            Self::Or(terms) => join(out, terms, " or "),
            Self::Compare { left, operator, right } => {
                write!(out, "{} {} {}", Operand(left), operator.spelling(), Operand(right))
            }
            Self::In { left, candidates } => {
                write!(out, "{} in (", Operand(left))?;
                for (index, candidate) in candidates.iter().enumerate() {
                    let comma = if index > 0 { "," } else { "" };
                    write!(out, "{comma}{}", Operand(candidate))?;
                }
                out.write_str(")")
            }
            Self::Call { function, arguments } => {
                write!(out, "{}(", function.spelling())?;
                join(out, arguments, ",")?;
                out.write_str(")")
            }
            Self::Lambda {
                path,
                quantifier,
                condition,
            } => {
                let quantifier = match quantifier {
                    Quantifier::Any => "any",
                    Quantifier::All => "all",
                };
                match condition {
                    Some((variable, condition)) => {
                        write!(out, "{path}/{quantifier}({variable}:{condition})")
                    }
                    None => write!(out, "{path}/{quantifier}()"),
                }
            }
        }
    }
}
