//! Paths: percent-decoded, with keys in parentheses or as segments, casts, `$count`, bound actions.

use percent_encoding::percent_decode_str;

use super::errors::GraphError;

/// Segments of a path that are read at all; the deepest operation has six.
const MAX_SEGMENTS: usize = 16;

/// The version of the service a path begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    /// `/v1.0`
    V1,
    /// `/beta`
    Beta,
}

impl Version {
    /// As it stands in a path.
    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Self::V1 => "v1.0",
            Self::Beta => "beta",
        }
    }
}

/// What names one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Key {
    /// `/users/{id}` or `/users('{id}')`
    Plain(String),
    /// `/applications(appId='{id}')` or `/directoryRoles/roleTemplateId={id}`
    Named(String, String),
}

impl Key {
    /// The value, whatever it is the value of.
    pub(crate) fn value(&self) -> &str {
        match self {
            Self::Plain(value) | Self::Named(_, value) => value,
        }
    }
}

/// A step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// A segment by itself: a name, or a key, as the operation wants it.
    Segment(String),
    /// A key in parentheses behind a name.
    Key(Key),
}

/// A path taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    /// Which service description holds.
    pub(crate) version: Version,
    /// Steps without cast and `$count`.
    pub(crate) steps: Vec<Step>,
    /// `microsoft.graph.group` at the end, as `group`.
    pub(crate) cast: Option<String>,
    /// Whether `$count` stands at the end.
    pub(crate) count: bool,
}

/// Takes a path apart; `None` when it is not Graph's.
pub(crate) fn parse(path: &str, post: bool) -> Option<Result<Address, GraphError>> {
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    let version = match segments.next()? {
        "v1.0" => Version::V1,
        "beta" => Version::Beta,
        _ => return None,
    };
    Some(steps(segments, version, post))
}

fn steps<'a>(segments: impl Iterator<Item = &'a str>, version: Version, post: bool) -> Result<Address, GraphError> {
    let mut steps = Vec::new();
    for segment in segments {
        if steps.len() >= MAX_SEGMENTS {
            return Err(GraphError::bad_request("The path has too many segments."));
        }
        let segment = percent_decode_str(segment)
            .decode_utf8()
            .map_err(|_| GraphError::bad_request("The path is not valid UTF-8."))?;
        match segment.strip_suffix(')').and_then(|segment| segment.split_once('(')) {
            // `delta()` and its like are functions, not keys.
            Some((name, inside)) if !inside.is_empty() => {
                steps.push(Step::Segment(name.to_owned()));
                steps.push(Step::Key(key(inside)?));
            }
            _ => steps.push(Step::Segment(segment.into_owned())),
        }
    }
    let mut address = Address {
        version,
        steps,
        cast: None,
        count: false,
    };
    if matches!(address.steps.last(), Some(Step::Segment(last)) if last == "$count") {
        address.count = true;
        address.steps.pop();
    }
    if address.steps.len() > 1
        && let Some(Step::Segment(last)) = address.steps.last_mut()
        && let Some(name) = qualified(last)
    {
        if post {
            *last = name;
        } else {
            address.cast = Some(name);
            address.steps.pop();
        }
    }
    Ok(address)
}

/// The name behind `microsoft.graph.` or `graph.`, when the segment is such a name and not somebody's key.
fn qualified(segment: &str) -> Option<String> {
    let name = segment
        .strip_prefix("microsoft.graph.")
        .or_else(|| segment.strip_prefix("graph."))?;
    name.bytes()
        .all(|byte| byte.is_ascii_alphanumeric())
        .then(|| name.to_owned())
}

fn key(inside: &str) -> Result<Key, GraphError> {
    let inside = inside.trim();
    if let Some((name, value)) = inside.split_once('=')
        && !name.is_empty()
        && name.trim().bytes().all(|byte| byte.is_ascii_alphanumeric())
    {
        return Ok(Key::Named(name.trim().to_owned(), literal(value.trim())?));
    }
    literal(inside).map(Key::Plain)
}

fn literal(text: &str) -> Result<String, GraphError> {
    let Some(inside) = text.strip_prefix('\'') else {
        return Ok(text.to_owned());
    };
    match inside.strip_suffix('\'') {
        Some(inside) if !inside.replace("''", "").contains('\'') => Ok(inside.replace("''", "'")),
        _ => Err(GraphError::bad_request("The key in the path has an unbalanced quote.")),
    }
}

impl Address {
    /// Whether it is `/$batch`.
    pub(crate) fn is_batch(&self) -> bool {
        matches!(self.steps.as_slice(), [Step::Segment(only)] if only == "$batch")
    }

    /// The keys, when the path fits a template such as `/users/{id}/licenseDetails`.
    pub(crate) fn fits(&self, template: &str) -> Option<Vec<Key>> {
        let mut wanted = template.split('/').filter(|segment| !segment.is_empty());
        let mut keys = Vec::new();
        for step in &self.steps {
            match (step, wanted.next()?) {
                (Step::Key(key), slot) if slot.starts_with('{') => keys.push(key.clone()),
                // A slot such as `{kindMethods}` takes names of that kind only.
                (Step::Segment(value), slot) if slot.ends_with("Methods}") && !value.ends_with("Methods") => {
                    return None;
                }
                (Step::Segment(value), slot) if slot.starts_with('{') => {
                    keys.push(match value.split_once('=') {
                        Some((name, value))
                            if !name.is_empty()
                                && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
                                && !value.contains('@') =>
                        {
                            Key::Named(name.to_owned(), literal(value).ok()?)
                        }
                        _ => Key::Plain(value.clone()),
                    });
                }
                (Step::Segment(name), wanted) if name.eq_ignore_ascii_case(wanted) => {}
                _ => return None,
            }
        }
        wanted.next().is_none().then_some(keys)
    }

    /// Puts the caller in the place of `/me`.
    pub(crate) fn replace_me(&mut self, object_id: &str) {
        if matches!(self.steps.first(), Some(Step::Segment(first)) if first.eq_ignore_ascii_case("me")) {
            let user = [
                Step::Segment("users".to_owned()),
                Step::Key(Key::Plain(object_id.to_owned())),
            ];
            self.steps.splice(0..1, user);
        }
    }

    /// Whether the path is about the caller.
    pub(crate) fn is_me(&self) -> bool {
        matches!(self.steps.first(), Some(Step::Segment(first)) if first.eq_ignore_ascii_case("me"))
    }
}
