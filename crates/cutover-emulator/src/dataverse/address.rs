//! The path of a request, taken apart: version, then segments with their keys.

use percent_encoding::percent_decode_str;

use super::error::Refusal;

/// Versions of the Web API under which the same service answers.
const VERSIONS: [&str; 3] = ["v9.0", "v9.1", "v9.2"];

/// A request path below `/api/data/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    /// `v9.2`, as sent: links in answers keep it.
    pub version: &'static str,
    /// What follows; empty for the service document.
    pub segments: Vec<Segment>,
}

/// One segment of a path: `systemusers(8fa1…)`, `fullname`, `$count`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Segment {
    /// What stands before the parenthesis.
    pub name: String,
    /// What stands inside it; `None` when there is none.
    pub arguments: Option<Arguments>,
}

/// The inside of a segment's parentheses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Arguments {
    /// `()` or one value without a name.
    Plain(Option<Value>),
    /// `name=value,…`
    Named(Vec<(String, Value)>),
}

/// A literal of a key or a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// Text in single quotes.
    Quoted(String),
    /// Anything else as written: a GUID, a number, `true`, `null`, `@alias`.
    Bare(String),
}

impl Value {
    /// The text, whatever its spelling.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Quoted(text) | Self::Bare(text) => text,
        }
    }
}

impl Address {
    /// Whether it is `/$batch`.
    pub(super) fn is_batch(&self) -> bool {
        matches!(self.segments.as_slice(), [only] if only.name == "$batch")
    }

    /// Reads a path as it came over the wire.
    pub(super) fn read(path: &str) -> Result<Self, Refusal> {
        let decoded = percent_decode_str(path)
            .decode_utf8()
            .map_err(|_| Refusal::bad_request("The request URI is not valid."))?;
        let rest = decoded
            .strip_prefix("/api/data/")
            .ok_or_else(|| Refusal::no_resource(&decoded))?;
        let (version, rest) = rest.split_once('/').unwrap_or((rest, ""));
        let version = VERSIONS
            .into_iter()
            .find(|known| known.eq_ignore_ascii_case(version))
            .ok_or_else(|| Refusal::no_resource(version))?;
        let mut segments = Vec::new();
        let pieces = split_outside_quotes(rest, '/');
        let last = pieces.len().saturating_sub(1);
        for (position, piece) in pieces.into_iter().enumerate() {
            if piece.is_empty() && position == last {
                break;
            }
            segments.push(Segment::read(piece)?);
        }
        Ok(Self { version, segments })
    }
}

impl Segment {
    fn read(text: &str) -> Result<Self, Refusal> {
        let malformed = || Refusal::bad_request(format!("Bad Request - Error in query syntax: '{text}'."));
        let Some((name, rest)) = text.split_once('(') else {
            return match text {
                "" => Err(malformed()),
                _ => Ok(Self {
                    name: text.to_owned(),
                    arguments: None,
                }),
            };
        };
        let inside = rest.strip_suffix(')').ok_or_else(malformed)?.trim();
        if name.is_empty() {
            return Err(malformed());
        }
        let mut named = Vec::new();
        let mut plain = None;
        if !inside.is_empty() {
            for argument in split_outside_quotes(inside, ',') {
                let argument = argument.trim();
                match split_outside_quotes(argument, '=').as_slice() {
                    [value] if plain.is_none() && named.is_empty() => {
                        plain = Some(literal(value).ok_or_else(malformed)?);
                    }
                    [name, value] if plain.is_none() => {
                        let value = literal(value).ok_or_else(malformed)?;
                        named.push((name.trim().to_owned(), value));
                    }
                    _ => return Err(malformed()),
                }
            }
        }
        Ok(Self {
            name: name.to_owned(),
            arguments: Some(if named.is_empty() {
                Arguments::Plain(plain)
            } else {
                Arguments::Named(named)
            }),
        })
    }
}

fn literal(text: &str) -> Option<Value> {
    let text = text.trim();
    match text.strip_prefix('\'') {
        Some(rest) => {
            let inside = rest.strip_suffix('\'')?;
            // A quote inside is written twice; one that stands alone ends the text too early.
            let quotes = inside.replace("''", "");
            (!quotes.contains('\'')).then(|| Value::Quoted(inside.replace("''", "'")))
        }
        None => (!text.is_empty()).then(|| Value::Bare(text.to_owned())),
    }
}

fn split_outside_quotes(text: &str, separator: char) -> Vec<&str> {
    let mut quoted = false;
    text.split(move |letter| {
        if letter == '\'' {
            quoted = !quoted;
        }
        letter == separator && !quoted
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(name: &str, arguments: Option<Arguments>) -> Segment {
        Segment {
            name: name.into(),
            arguments,
        }
    }

    #[test]
    fn paths_are_taken_apart() {
        let id = "8fa1e393-d3f6-44b5-a298-91b6bfc4d3e2";
        let key = || Some(Arguments::Plain(Some(Value::Bare(id.into()))));
        let cases = [
            ("".to_owned(), vec![]),
            (
                "WhoAmI()".to_owned(),
                vec![segment("WhoAmI", Some(Arguments::Plain(None)))],
            ),
            ("WhoAmI".to_owned(), vec![segment("WhoAmI", None)]),
            (
                format!("systemusers({id})/systemuserroles_association/$count"),
                vec![
                    segment("systemusers", key()),
                    segment("systemuserroles_association", None),
                    segment("$count", None),
                ],
            ),
            (format!("systemusers%28{id}%29/"), vec![segment("systemusers", key())]),
            (
                "a(LogicalName='it''s a/b, (c)=d',n=@p1)".to_owned(),
                vec![segment(
                    "a",
                    Some(Arguments::Named(vec![
                        ("LogicalName".into(), Value::Quoted("it's a/b, (c)=d".into())),
                        ("n".into(), Value::Bare("@p1".into())),
                    ])),
                )],
            ),
        ];
        for (path, segments) in cases {
            let read = Address::read(&format!("/api/data/v9.1/{path}")).expect(&path);
            assert_eq!(read.version, "v9.1");
            assert_eq!(read.segments, segments, "{path}");
        }
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for (path, status) in [
            ("/api/data/v8.2/systemusers", 404),
            ("/api/data", 404),
            ("/api/data/v9.2/a(b", 400),
            ("/api/data/v9.2/a(b=1,2)", 400),
            ("/api/data/v9.2/a('b'c')", 400),
            ("/api/data/v9.2//a", 400),
            ("/api/data/v9.2/%ff", 400),
        ] {
            let refusal = Address::read(path).expect_err(path);
            assert_eq!(refusal.status, status, "{path}");
        }
    }
}
