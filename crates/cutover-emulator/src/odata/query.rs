//! A whole query string: its options, and what stands beside them.

use percent_encoding::percent_decode_str;

use super::error::ODataError;
use super::expression::{Expression, Literal, Path};
use super::filter;
use super::search::{self, Search};

/// Bytes of a query, decoded, that are read at all.
const MAX_LENGTH: usize = 32 * 1024;
/// Levels of `$expand` inside `$expand` that are read.
const MAX_EXPAND_DEPTH: usize = 6;
/// Uses of parameter aliases in one query; each copies the value.
const MAX_ALIAS_USES: usize = 64;

/// The options of a query, or of one `$expand` item.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Query {
    /// `$select`; `*` stands for all.
    pub(crate) select: Option<Vec<String>>,
    /// `$filter`, parameter aliases replaced.
    pub(crate) filter: Option<Expression>,
    /// `$expand`
    pub(crate) expand: Vec<Expand>,
    /// `$orderby`, most important first.
    pub(crate) order_by: Vec<Order>,
    /// `$top`
    pub(crate) top: Option<usize>,
    /// `$skip`
    pub(crate) skip: Option<usize>,
    /// `$count`; `None` when it is not there.
    pub(crate) count: Option<bool>,
    /// `$search`
    pub(crate) search: Option<Search>,
    /// `$skiptoken`
    pub(crate) skip_token: Option<String>,
    /// `$format`
    pub(crate) format: Option<String>,
    /// `$id`: the far end of a link that is removed by query.
    pub(crate) id: Option<String>,
    /// Everything else in order, parameter aliases with their `@` among it.
    pub(crate) custom: Vec<(String, String)>,
}

impl Query {
    /// A custom option, such as `api-version`, or a parameter alias with its `@`.
    pub(crate) fn custom(&self, name: &str) -> Option<&str> {
        self.custom
            .iter()
            .find(|(there, _)| there == name)
            .map(|(_, value)| value.as_str())
    }

    /// Names of OData's own options that are given, except `$format`, which says nothing of the rows.
    pub(crate) fn given(&self) -> impl Iterator<Item = &'static str> {
        [
            ("$select", self.select.is_some()),
            ("$filter", self.filter.is_some()),
            ("$expand", !self.expand.is_empty()),
            ("$orderby", !self.order_by.is_empty()),
            ("$top", self.top.is_some()),
            ("$skip", self.skip.is_some()),
            ("$count", self.count.is_some()),
            ("$search", self.search.is_some()),
            ("$skiptoken", self.skip_token.is_some()),
            ("$id", self.id.is_some()),
        ]
        .into_iter()
        .filter_map(|(option, given)| given.then_some(option))
    }
}

/// One item of `$expand`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Expand {
    /// The navigation property, or `*`.
    pub(crate) property: String,
    /// A cast after it: `members/microsoft.graph.user`.
    pub(crate) cast: Option<String>,
    /// Whether only references are wanted: `members/$ref`.
    pub(crate) reference: bool,
    /// Options in parentheses.
    pub(crate) options: Query,
}

/// One item of `$orderby`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    /// What is sorted by.
    pub(crate) path: Path,
    /// From high to low.
    pub(crate) descending: bool,
}

/// Reads a query string as it came over the wire, without its question mark.
pub(crate) fn parse(query: &str) -> Result<Query, ODataError> {
    if query.len() > 3 * MAX_LENGTH {
        return Err(ODataError::TooLarge("more than 96 KiB"));
    }
    let mut options = Vec::new();
    let mut length = 0;
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decode(name)?, decode(value)?);
        length += name.len() + value.len();
        if length > MAX_LENGTH {
            return Err(ODataError::TooLarge("more than 32 KiB after decoding"));
        }
        options.push((name, value));
    }
    let mut parsed = read(options, 0)?;
    let aliases = aliases(&parsed.custom)?;
    let mut uses = 0;
    resolve(&mut parsed, &aliases, &mut uses)?;
    Ok(parsed)
}

/// Percent-decodes text of a query; a plus is a blank.
pub(crate) fn decode(text: &str) -> Result<String, ODataError> {
    let blanks = text.replace('+', " ");
    percent_decode_str(&blanks)
        .decode_utf8()
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| ODataError::NotText)
}

const KNOWN: [&str; 13] = [
    "select",
    "filter",
    "expand",
    "orderby",
    "top",
    "skip",
    "count",
    "search",
    "skiptoken",
    "format",
    "id",
    "levels",
    "apply",
];

fn read(options: Vec<(String, String)>, depth: usize) -> Result<Query, ODataError> {
    let mut query = Query::default();
    let mut seen: Vec<&str> = Vec::new();
    for (name, value) in options {
        let bare = name.trim().strip_prefix('$');
        let known = KNOWN
            .into_iter()
            .find(|known| bare.unwrap_or(name.trim()).eq_ignore_ascii_case(known));
        // `id`, `format`, `levels` and `apply` without the dollar sign are somebody's own parameters.
        let known = known.filter(|known| bare.is_some() || !matches!(*known, "id" | "format" | "levels" | "apply"));
        let Some(known) = known else {
            if bare.is_some() {
                return Err(ODataError::UnknownOption(name));
            }
            query.custom.push((name, value));
            continue;
        };
        let option = format!("${known}");
        if seen.contains(&known) {
            return Err(ODataError::DuplicateOption(option));
        }
        seen.push(known);
        match known {
            "select" => query.select = Some(select(&option, &value)?),
            "filter" => query.filter = Some(filter::expression(&option, &value)?),
            "expand" => query.expand = expand(&option, &value, depth)?,
            "orderby" => query.order_by = order_by(&option, &value)?,
            "top" => query.top = Some(whole_number(option, &value)?),
            "skip" => query.skip = Some(whole_number(option, &value)?),
            "count" => query.count = Some(boolean(option, &value)?),
            "search" => query.search = Some(search::parse(&value)?),
            "skiptoken" => query.skip_token = Some(value),
            "format" => query.format = Some(value),
            "id" => query.id = Some(value),
            _ => return Err(ODataError::UnsupportedOption(option)),
        }
    }
    Ok(query)
}

fn whole_number(option: String, value: &str) -> Result<usize, ODataError> {
    value
        .trim()
        .parse::<u32>()
        .ok()
        .and_then(|value| usize::try_from(value).ok())
        .ok_or(ODataError::InvalidValue {
            option,
            expected: "a whole number that is not negative",
        })
}

fn boolean(option: String, value: &str) -> Result<bool, ODataError> {
    match value.trim() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(ODataError::InvalidValue {
            option,
            expected: "'true' or 'false'",
        }),
    }
}

/// A piece of an option's text with its offset in bytes.
type Piece<'a> = (usize, &'a str);

/// Splits at a separator that stands outside quotes and parentheses.
fn split<'a>(option: &str, text: &'a str, separator: char) -> Result<Vec<Piece<'a>>, ODataError> {
    let mut pieces = Vec::new();
    let (mut start, mut depth, mut quoted) = (0, 0_usize, false);
    let syntax = |position, expected: &str| ODataError::Syntax {
        option: option.to_owned(),
        position,
        expected: expected.to_owned(),
    };
    for (position, character) in text.char_indices() {
        match character {
            '\'' => quoted = !quoted,
            _ if quoted => {}
            '(' => depth += 1,
            ')' => {
                depth = depth
                    .checked_sub(1)
                    .ok_or_else(|| syntax(position, "no ')' without '('"))?;
            }
            _ if character == separator && depth == 0 => {
                pieces.push((start, text.get(start..position).unwrap_or_default()));
                start = position + character.len_utf8();
            }
            _ => {}
        }
    }
    if quoted || depth > 0 {
        return Err(syntax(text.len(), if quoted { "a closing quote" } else { "')'" }));
    }
    pieces.push((start, text.get(start..).unwrap_or_default()));
    Ok(pieces)
}

fn is_path(text: &str) -> bool {
    text.split('/').all(|segment| {
        let name = segment.strip_prefix('$').unwrap_or(segment);
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'))
    })
}

fn select(option: &str, value: &str) -> Result<Vec<String>, ODataError> {
    split(option, value, ',')?
        .into_iter()
        .map(|(position, item)| {
            let item = item.trim();
            if item == "*" || is_path(item) {
                Ok(item.to_owned())
            } else {
                Err(ODataError::Syntax {
                    option: option.to_owned(),
                    position,
                    expected: "a property or '*'".to_owned(),
                })
            }
        })
        .collect()
}

fn order_by(option: &str, value: &str) -> Result<Vec<Order>, ODataError> {
    split(option, value, ',')?
        .into_iter()
        .map(|(start, item)| {
            filter::order_item(option, item)
                .map(|(path, descending)| Order { path, descending })
                .map_err(|error| shifted(error, start))
        })
        .collect()
}

fn shifted(error: ODataError, by: usize) -> ODataError {
    match error {
        ODataError::Syntax {
            option,
            position,
            expected,
        } => ODataError::Syntax {
            option,
            position: position + by,
            expected,
        },
        other => other,
    }
}

fn expand(option: &str, value: &str, depth: usize) -> Result<Vec<Expand>, ODataError> {
    if depth >= MAX_EXPAND_DEPTH {
        return Err(ODataError::TooLarge("more than six levels of '$expand'"));
    }
    let syntax = |position, expected: &str| ODataError::Syntax {
        option: option.to_owned(),
        position,
        expected: expected.to_owned(),
    };
    let mut items = Vec::new();
    for (start, item) in split(option, value, ',')? {
        let item = item.trim();
        let (path, inside) = match item.split_once('(') {
            None => (item, None),
            Some((path, rest)) => {
                let Some(inside) = rest.strip_suffix(')') else {
                    return Err(syntax(start + item.len(), "',' or the end after ')'"));
                };
                (path.trim_end(), Some(inside))
            }
        };
        if path != "*" && !is_path(path) {
            return Err(syntax(start, "a navigation property"));
        }
        let mut segments = path.split('/');
        let mut expanded = Expand {
            property: segments.next().unwrap_or_default().to_owned(),
            cast: None,
            reference: false,
            options: Query::default(),
        };
        for segment in segments {
            match segment {
                "$ref" if !expanded.reference => expanded.reference = true,
                cast if cast.contains('.') && expanded.cast.is_none() && !expanded.reference => {
                    expanded.cast = Some(cast.to_owned());
                }
                _ => return Err(syntax(start, "a cast or '$ref' after '/'")),
            }
        }
        if let Some(inside) = inside {
            let mut options = Vec::new();
            for (_, pair) in split(option, inside, ';')? {
                let Some((name, value)) = pair.split_once('=') else {
                    if pair.trim().is_empty() {
                        continue;
                    }
                    return Err(syntax(start, "options such as '$select=name' in '(…)'"));
                };
                options.push((name.trim().to_owned(), value.to_owned()));
            }
            expanded.options = read(options, depth + 1)?;
            if let Some((name, _)) = expanded.options.custom.first() {
                return Err(ODataError::UnknownOption(name.clone()));
            }
        }
        items.push(expanded);
    }
    Ok(items)
}

/// Values of the parameter aliases that are constants; others may belong to a function's arguments.
fn aliases(custom: &[(String, String)]) -> Result<Vec<(String, Literal)>, ODataError> {
    let mut found: Vec<(String, Literal)> = Vec::new();
    for (name, value) in custom {
        let Some(alias) = name.strip_prefix('@') else {
            continue;
        };
        if found.iter().any(|(there, _)| there == alias) {
            return Err(ODataError::DuplicateOption(name.clone()));
        }
        if let Ok(Expression::Literal(literal)) = filter::expression(name, value) {
            found.push((alias.to_owned(), literal));
        }
    }
    Ok(found)
}

fn resolve(query: &mut Query, aliases: &[(String, Literal)], uses: &mut usize) -> Result<(), ODataError> {
    if let Some(filter) = &mut query.filter {
        filter.walk_mut(&mut |node| {
            let Expression::Alias(name) = node else {
                return Ok(());
            };
            *uses += 1;
            if *uses > MAX_ALIAS_USES {
                return Err(ODataError::TooLarge("more than 64 uses of parameter aliases"));
            }
            let literal = aliases
                .iter()
                .find(|(alias, _)| alias == name)
                .map(|(_, literal)| literal.clone())
                .ok_or_else(|| ODataError::MissingAlias(name.clone()))?;
            *node = Expression::Literal(literal);
            Ok(())
        })?;
    }
    query
        .expand
        .iter_mut()
        .try_for_each(|expand| resolve(&mut expand.options, aliases, uses))
}
