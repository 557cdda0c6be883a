//! The grammar of `$filter` and `$orderby`.
//!
//! A hand-steered descent over winnow's stream: at each place one character decides what follows, so a
//! failure can say where it is and what was expected. Nesting is counted, since the input is hostile.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use winnow::ModalResult;
use winnow::Parser;
use winnow::error::{ContextError, ErrMode, StrContext, StrContextValue};
use winnow::stream::{Stateful, Stream};
use winnow::token::take_while;

use super::error::ODataError;
use super::expression::{Comparison, Expression, Function, Literal, Path, Quantifier};

/// Levels of parentheses, `not`, functions and lambdas that are read; deeper input is refused.
const MAX_DEPTH: usize = 24;

/// Lambdas inside lambdas that are read. Each level multiplies the work of evaluation by the size of a
/// collection, so the limit is tight; Graph takes one level.
const MAX_LAMBDAS: usize = 3;

/// How deep the reader is in the text.
#[derive(Debug, Clone, Copy, Default)]
struct Depth {
    levels: usize,
    lambdas: usize,
}

type Input<'i> = Stateful<&'i str, Depth>;

/// Reads the text of a `$filter`, already percent-decoded.
pub(super) fn expression(option: &str, text: &str) -> Result<Expression, ODataError> {
    run(option, text, whole_expression)
}

/// Reads one item of `$orderby`: a path and whether it is to be sorted downwards.
pub(super) fn order_item(option: &str, text: &str) -> Result<(Path, bool), ODataError> {
    run(option, text, |input: &mut Input<'_>| {
        blanks(input);
        let start = input.checkpoint();
        let Expression::Path(path) = word(input)? else {
            input.reset(&start);
            return expected("a property path");
        };
        blanks(input);
        let descending = keyword(input, "desc");
        if !descending {
            keyword(input, "asc");
        }
        blanks(input);
        at_end(input, "'asc', 'desc' or the end")?;
        Ok((path, descending))
    })
}

fn run<'i, T>(
    option: &str,
    text: &'i str,
    parser: impl Parser<Input<'i>, T, ErrMode<ContextError>>,
) -> Result<T, ODataError> {
    let mut parser = parser;
    parser
        .parse(Stateful {
            input: text,
            state: Depth::default(),
        })
        .map_err(|error| {
            let expected = error
                .inner()
                .context()
                .find_map(|context| match context {
                    StrContext::Expected(StrContextValue::Description(what)) => Some((*what).to_owned()),
                    _ => None,
                })
                .unwrap_or_else(|| "the end".to_owned());
            ODataError::Syntax {
                option: option.to_owned(),
                position: error.offset(),
                expected,
            }
        })
}

fn expected<T>(what: &'static str) -> ModalResult<T> {
    let mut error = ContextError::new();
    error.push(StrContext::Expected(StrContextValue::Description(what)));
    Err(ErrMode::Cut(error))
}

fn peek(input: &Input<'_>) -> Option<char> {
    input.input.chars().next()
}

fn take(input: &mut Input<'_>, wanted: char) -> bool {
    let found = peek(input) == Some(wanted);
    if found {
        input.next_token();
    }
    found
}

fn require(input: &mut Input<'_>, wanted: char, what: &'static str) -> ModalResult<()> {
    if take(input, wanted) { Ok(()) } else { expected(what) }
}

fn at_end(input: &mut Input<'_>, what: &'static str) -> ModalResult<()> {
    if peek(input).is_none() { Ok(()) } else { expected(what) }
}

fn blanks(input: &mut Input<'_>) {
    let _: ModalResult<&str> = take_while(0.., [' ', '\t']).parse_next(input);
}

fn is_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

fn keyword(input: &mut Input<'_>, wanted: &str) -> bool {
    let Some(rest) = input.input.strip_prefix(wanted) else {
        return false;
    };
    if rest
        .chars()
        .next()
        .is_some_and(|next| is_name(next) || next == '.' || next == '/')
    {
        return false;
    }
    input.next_slice(wanted.len());
    true
}

fn nested<'i, T>(input: &mut Input<'i>, parser: impl FnOnce(&mut Input<'i>) -> ModalResult<T>) -> ModalResult<T> {
    if input.state.levels >= MAX_DEPTH || input.state.lambdas > MAX_LAMBDAS {
        return expected("fewer levels of nesting");
    }
    input.state.levels += 1;
    let parsed = parser(input);
    input.state.levels -= 1;
    parsed
}

fn whole_expression(input: &mut Input<'_>) -> ModalResult<Expression> {
    let expression = disjunction(input)?;
    blanks(input);
    at_end(input, "an operator or the end")?;
    Ok(expression)
}

fn disjunction(input: &mut Input<'_>) -> ModalResult<Expression> {
    joined(input, "or", conjunction, Expression::Or)
}

fn conjunction(input: &mut Input<'_>) -> ModalResult<Expression> {
    joined(input, "and", condition, Expression::And)
}

fn joined<'i>(
    input: &mut Input<'i>,
    word: &str,
    next: fn(&mut Input<'i>) -> ModalResult<Expression>,
    build: fn(Vec<Expression>) -> Expression,
) -> ModalResult<Expression> {
    let first = next(input)?;
    let mut terms = Vec::new();
    loop {
        let before = input.checkpoint();
        blanks(input);
        if !keyword(input, word) {
            input.reset(&before);
            break;
        }
        terms.push(next(input)?);
    }
    if terms.is_empty() {
        return Ok(first);
    }
    terms.insert(0, first);
    Ok(build(terms))
}

fn condition(input: &mut Input<'_>) -> ModalResult<Expression> {
    blanks(input);
    let start = input.checkpoint();
    if keyword(input, "not") {
        if matches!(peek(input), Some(' ' | '\t' | '(')) {
            let inner = nested(input, condition)?;
            return Ok(Expression::Not(Box::new(inner)));
        }
        input.reset(&start);
    }
    let left = operand(input)?;
    let before = input.checkpoint();
    blanks(input);
    for (spelling, operator) in Comparison::SPELLINGS {
        if keyword(input, spelling) {
            blanks(input);
            let right = operand(input)?;
            return Ok(Expression::Compare {
                left: Box::new(left),
                operator,
                right: Box::new(right),
            });
        }
    }
    if keyword(input, "in") {
        blanks(input);
        require(input, '(', "'('")?;
        let candidates = nested(input, |input| list(input, operand))?;
        return Ok(Expression::In {
            left: Box::new(left),
            candidates,
        });
    }
    input.reset(&before);
    Ok(left)
}

/// What stands between `(` and `)`, separated by commas; at least one.
fn list<'i>(
    input: &mut Input<'i>,
    item: fn(&mut Input<'i>) -> ModalResult<Expression>,
) -> ModalResult<Vec<Expression>> {
    let mut items = Vec::new();
    loop {
        blanks(input);
        items.push(item(input)?);
        blanks(input);
        if take(input, ')') {
            return Ok(items);
        }
        require(input, ',', "',' or ')'")?;
    }
}

fn operand(input: &mut Input<'_>) -> ModalResult<Expression> {
    if let Some(guid) = guid(input) {
        return Ok(Expression::Literal(guid));
    }
    match peek(input) {
        Some('(') => nested(input, |input| {
            input.next_token();
            let inner = disjunction(input)?;
            blanks(input);
            require(input, ')', "an operator or ')'")?;
            Ok(inner)
        }),
        Some('\'') => Ok(Expression::Literal(Literal::Text(quoted(input)?))),
        Some('@') => {
            input.next_token();
            let name = name(input, false, "the name of a parameter alias")?;
            Ok(Expression::Alias(name.to_owned()))
        }
        Some(first) if first.is_ascii_digit() || first == '-' => number_or_time(input),
        Some(first) if first.is_ascii_alphabetic() || first == '_' => word(input),
        _ => expected("a property, a literal, a function or '('"),
    }
}

/// Text in single quotes, a quote inside doubled.
fn quoted(input: &mut Input<'_>) -> ModalResult<String> {
    require(input, '\'', "a quote")?;
    let mut text = String::new();
    loop {
        match input.next_token() {
            Some('\'') if take(input, '\'') => text.push('\''),
            Some('\'') => return Ok(text),
            Some(other) => text.push(other),
            None => return expected("a closing quote"),
        }
    }
}

/// Whether text has the shape 8-4-4-4-12 of a GUID.
pub(super) fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn guid(input: &mut Input<'_>) -> Option<Literal> {
    let text = input.input.get(..36).filter(|text| is_guid(text))?;
    let next = input
        .input
        .get(36..)
        .and_then(|rest| rest.chars().next())
        .is_some_and(|next| is_name(next) || matches!(next, '-' | '.' | ':' | '/' | '('));
    if next {
        return None;
    }
    let literal = Literal::Guid(text.to_owned());
    input.next_slice(36);
    Some(literal)
}

fn number_or_time(input: &mut Input<'_>) -> ModalResult<Expression> {
    let start = input.checkpoint();
    let parsed: ModalResult<&str> = take_while(1.., |character: char| {
        character.is_ascii_alphanumeric() || matches!(character, '-' | ':' | '.' | '+')
    })
    .parse_next(input);
    let text = parsed.unwrap_or_default();
    let literal = if let Ok(value) = text.parse::<i64>() {
        Literal::Integer(value)
    } else if let Some(value) = text.parse::<f64>().ok().filter(|value| value.is_finite()) {
        Literal::Double(value)
    } else if let Some(value) = instant(text) {
        Literal::Instant(value)
    } else {
        input.reset(&start);
        return expected("a number, a date, a date with time and offset, or a GUID");
    };
    Ok(Expression::Literal(literal))
}

/// A date as midnight, or a date with time and offset.
pub(super) fn instant(text: &str) -> Option<Timestamp> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant);
    }
    let date = text.parse::<Date>().ok()?;
    date.to_zoned(TimeZone::UTC).ok().map(|midnight| midnight.timestamp())
}

fn name<'i>(input: &mut Input<'i>, dots: bool, what: &'static str) -> ModalResult<&'i str> {
    if !peek(input).is_some_and(|first| first.is_ascii_alphabetic() || first == '_') {
        return expected(what);
    }
    take_while(1.., move |character| is_name(character) || (dots && character == '.')).parse_next(input)
}

/// Whatever begins with a name: constant, typed text, function, path or lambda.
fn word(input: &mut Input<'_>) -> ModalResult<Expression> {
    let start = input.checkpoint();
    let first = name(input, true, "a property")?;
    match peek(input) {
        Some('\'') => {
            let type_name = first.to_owned();
            let value = quoted(input)?;
            return Ok(Expression::Literal(Literal::Typed { type_name, value }));
        }
        Some('(') => {
            let Some((_, function, arity)) = Function::SPELLINGS
                .into_iter()
                .find(|(spelling, ..)| spelling.eq_ignore_ascii_case(first))
            else {
                input.reset(&start);
                return expected("one of the functions startswith, endswith, contains, tolower, toupper, length");
            };
            input.next_token();
            let arguments = nested(input, |input| list(input, disjunction))?;
            if arguments.len() != arity {
                return expected(if arity == 1 {
                    "a function with one argument"
                } else {
                    "a function with two arguments"
                });
            }
            return Ok(Expression::Call { function, arguments });
        }
        Some('/') => {}
        _ => {
            let literal = match first {
                "null" => Some(Literal::Null),
                "true" => Some(Literal::Boolean(true)),
                "false" => Some(Literal::Boolean(false)),
                _ => None,
            };
            if let Some(literal) = literal {
                return Ok(Expression::Literal(literal));
            }
        }
    }
    let mut segments = vec![first.to_owned()];
    while take(input, '/') {
        if keyword(input, "$count") {
            segments.push("$count".to_owned());
            break;
        }
        let segment = name(input, true, "a property, a cast, 'any', 'all' or '$count' after '/'")?;
        let quantifier = match segment {
            "any" => Some(Quantifier::Any),
            "all" => Some(Quantifier::All),
            _ => None,
        };
        if let Some(quantifier) = quantifier
            && take(input, '(')
        {
            input.state.lambdas += 1;
            let condition = nested(input, |input| lambda(input, quantifier))?;
            input.state.lambdas -= 1;
            return Ok(Expression::Lambda {
                path: Path { segments },
                quantifier,
                condition,
            });
        }
        segments.push(segment.to_owned());
    }
    Ok(Expression::Path(Path { segments }))
}

/// The inside of `any(…)` or `all(…)` up to and with the closing parenthesis.
fn lambda(input: &mut Input<'_>, quantifier: Quantifier) -> ModalResult<Option<(String, Box<Expression>)>> {
    blanks(input);
    if quantifier == Quantifier::Any && take(input, ')') {
        return Ok(None);
    }
    let variable = name(input, false, "a variable before ':'")?.to_owned();
    blanks(input);
    require(input, ':', "':' after the variable")?;
    let condition = disjunction(input)?;
    blanks(input);
    require(input, ')', "an operator or ')'")?;
    Ok(Some((variable, Box::new(condition))))
}
