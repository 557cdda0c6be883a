//! `$search`: words and phrases, joined by `AND`, `OR`, `NOT`, and how they are matched.

use serde_json::Value;

use super::error::ODataError;
use crate::state::Row;

/// Levels of parentheses and `NOT` that are read.
const MAX_DEPTH: usize = 16;

/// The tree of a `$search`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Search {
    /// A word, or the text between double quotes. Graph puts a property before a colon: `"displayName:Work"`.
    Term {
        /// The property that is searched; `None` for the default ones of the type.
        property: Option<String>,
        /// What is searched for.
        text: String,
    },
    /// Not that.
    Not(Box<Search>),
    /// All of them.
    And(Vec<Search>),
    /// One of them.
    Or(Vec<Search>),
}

impl Search {
    /// Whether a row matches: every word of a term starts some word of the property, as Graph's tokenised
    /// search does. A term without a property looks at `defaults`.
    pub(crate) fn matches(&self, row: &Row, defaults: &[&str]) -> bool {
        match self {
            Self::Term { property, text } => match property {
                Some(property) => has_words(row.get(property), text),
                None => defaults.iter().any(|property| has_words(row.get(*property), text)),
            },
            Self::Not(inner) => !inner.matches(row, defaults),
            Self::And(terms) => terms.iter().all(|term| term.matches(row, defaults)),
            Self::Or(terms) => terms.iter().any(|term| term.matches(row, defaults)),
        }
    }
}

fn words(text: &str) -> Vec<String> {
    text.split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn has_words(value: Option<&Value>, text: &str) -> bool {
    let Some(value) = value.and_then(Value::as_str) else {
        return false;
    };
    let there = words(value);
    words(text)
        .iter()
        .all(|wanted| there.iter().any(|word| word.starts_with(wanted.as_str())))
}

/// Reads the text of a `$search`, already percent-decoded.
pub(super) fn parse(text: &str) -> Result<Search, ODataError> {
    let mut reader = Reader {
        text,
        position: 0,
        depth: 0,
    };
    let search = reader.disjunction()?;
    reader.blanks();
    if reader.rest().is_empty() {
        Ok(search)
    } else {
        Err(reader.expected("'AND', 'OR' or the end"))
    }
}

struct Reader<'a> {
    text: &'a str,
    position: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.position..).unwrap_or_default()
    }

    fn expected(&self, what: &str) -> ODataError {
        ODataError::Syntax {
            option: "$search".to_owned(),
            position: self.position,
            expected: what.to_owned(),
        }
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        self.position += rest.len() - rest.trim_start_matches([' ', '\t']).len();
    }

    fn keyword(&mut self, word: &str) -> bool {
        self.blanks();
        let found = self
            .rest()
            .strip_prefix(word)
            .is_some_and(|after| !after.starts_with(|next: char| !matches!(next, ' ' | '(' | '"')));
        if found {
            self.position += word.len();
        }
        found
    }

    fn disjunction(&mut self) -> Result<Search, ODataError> {
        let mut terms = vec![self.conjunction()?];
        while self.keyword("OR") {
            terms.push(self.conjunction()?);
        }
        Ok(one_or(terms, Search::Or))
    }

    fn conjunction(&mut self) -> Result<Search, ODataError> {
        let mut terms = vec![self.term()?];
        loop {
            // Terms side by side mean AND (OData URL Conventions 5.1.8).
            let joined = self.keyword("AND");
            self.blanks();
            let ends = self.rest().is_empty()
                || self.rest().starts_with(')')
                || self.rest().starts_with("OR ")
                || self.rest().starts_with("OR(");
            if !joined && ends {
                return Ok(one_or(terms, Search::And));
            }
            terms.push(self.term()?);
        }
    }

    fn term(&mut self) -> Result<Search, ODataError> {
        if self.depth >= MAX_DEPTH {
            return Err(self.expected("fewer levels of nesting"));
        }
        self.depth += 1;
        let term = self.term_inside();
        self.depth -= 1;
        term
    }

    fn term_inside(&mut self) -> Result<Search, ODataError> {
        if self.keyword("NOT") {
            return Ok(Search::Not(Box::new(self.term()?)));
        }
        self.blanks();
        if self.rest().starts_with('(') {
            self.position += 1;
            let inner = self.disjunction()?;
            self.blanks();
            if !self.rest().starts_with(')') {
                return Err(self.expected("')'"));
            }
            self.position += 1;
            return Ok(inner);
        }
        if self.rest().starts_with('"') {
            self.position += 1;
            return self.phrase();
        }
        let rest = self.rest();
        let word = rest
            .find([' ', '\t', '(', ')', '"'])
            .and_then(|end| rest.get(..end))
            .unwrap_or(rest);
        if word.is_empty() {
            return Err(self.expected("a word, a phrase in double quotes, 'NOT' or '('"));
        }
        self.position += word.len();
        Ok(Search::Term {
            property: None,
            text: word.to_owned(),
        })
    }

    /// The inside of a phrase; a backslash protects a quote or a backslash.
    fn phrase(&mut self) -> Result<Search, ODataError> {
        let mut text = String::new();
        let mut escaped = false;
        for (offset, character) in self.rest().char_indices() {
            match character {
                _ if escaped => {
                    text.push(character);
                    escaped = false;
                }
                '\\' => escaped = true,
                '"' => {
                    self.position += offset + 1;
                    return Ok(match text.split_once(':') {
                        Some((property, text)) if is_property(property) => Search::Term {
                            property: Some(property.to_owned()),
                            text: text.to_owned(),
                        },
                        _ => Search::Term { property: None, text },
                    });
                }
                _ => text.push(character),
            }
        }
        self.position = self.text.len();
        Err(self.expected("a closing double quote"))
    }
}

fn is_property(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn one_or(mut terms: Vec<Search>, build: fn(Vec<Search>) -> Search) -> Search {
    match terms.pop() {
        Some(only) if terms.is_empty() => only,
        Some(last) => {
            terms.push(last);
            build(terms)
        }
        None => build(terms),
    }
}
