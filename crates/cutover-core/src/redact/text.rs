//! Sentences and requests: what has a token becomes it, and of the rest only words that are known stay.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::Timestamp;
use uuid::Uuid;

use super::tokens::{Tokens, token_at};
use super::vocabulary::Vocabulary;

/// One letter of a text as it is meant: percent-encoding undone, doubled quotes once, in lower case.
#[derive(Debug, Clone, Copy)]
struct Letter {
    meant: char,
    from: usize,
    to: usize,
    encoded: bool,
}

/// Values that have a token, to be found in texts: by first letter, the longest first.
#[derive(Debug, Default)]
pub(super) struct Index {
    values: BTreeMap<char, Vec<(Vec<char>, String)>>,
}

impl Index {
    /// The values known so far.
    pub(super) fn of(tokens: &Tokens) -> Self {
        let mut values: BTreeMap<char, Vec<(Vec<char>, String)>> = BTreeMap::new();
        for (value, token) in tokens.all() {
            let meant: Vec<char> = meant(value).iter().map(|letter| letter.meant).collect();
            if let Some(first) = meant.first() {
                values.entry(*first).or_default().push((meant, token.to_owned()));
            }
        }
        for same in values.values_mut() {
            same.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
        }
        Self { values }
    }

    /// The longest value that stands at `at` as a whole: its length and its token.
    fn at(&self, letters: &[Letter], at: usize) -> Option<(usize, &str)> {
        if joins(letters, at) {
            return None;
        }
        let first = letters.get(at)?.meant;
        let (value, token) = self.values.get(&first)?.iter().find(|(value, _)| {
            let Some(there) = letters.get(at..at + value.len()) else {
                return false;
            };
            there.iter().zip(value).all(|(letter, wanted)| letter.meant == *wanted) && !joins(letters, at + value.len())
        })?;
        Some((value.len(), token))
    }
}

/// The letters of a text as they are meant.
fn meant(text: &str) -> Vec<Letter> {
    let mut letters: Vec<Letter> = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(letter) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let (meant, to) = match letter {
            '%' => encoded(text, at).unwrap_or(('%', at + 1)),
            plain => (plain, at + plain.len_utf8()),
        };
        let is_encoded = letter == '%' && to > at + 1;
        let doubles = meant == '\''
            && letters
                .last()
                .is_some_and(|last| last.meant == '\'' && last.to == at && !is_doubled(last));
        match letters.last_mut().filter(|_| doubles) {
            Some(last) => last.to = to,
            None => letters.extend(meant.to_lowercase().map(|meant| Letter {
                meant,
                from: at,
                to,
                encoded: is_encoded,
            })),
        }
        at = to;
    }
    letters
}

fn is_doubled(quote: &Letter) -> bool {
    quote.to - quote.from > if quote.encoded { 3 } else { 1 }
}

/// The letter that begins with a percent sign, and where it ends. A code that is no letter is a sign nobody knows.
fn encoded(text: &str, at: usize) -> Option<(char, usize)> {
    let byte = |at: usize| {
        let code = text.get(at..at + 3)?.strip_prefix('%')?;
        u8::from_str_radix(code, 16).ok().filter(|_| !code.starts_with('+'))
    };
    let first = byte(at)?;
    let length = match first {
        0..=0x7f => 1,
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf7 => 4,
        _ => return Some((char::REPLACEMENT_CHARACTER, at + 3)),
    };
    let bytes: Option<Vec<u8>> = (0..length).map(|place| byte(at + 3 * place)).collect();
    let letter = bytes
        .as_deref()
        .and_then(|bytes| std::str::from_utf8(bytes).ok())
        .and_then(|text| text.chars().next());
    Some(match letter {
        Some(letter) => (letter, at + 3 * length),
        None => (char::REPLACEMENT_CHARACTER, at + 3),
    })
}

fn is_of_word(letter: char) -> bool {
    let is_sign = letter.is_ascii() && !letter.is_control() && !letter.is_ascii_alphanumeric() && letter != '_';
    !is_sign && !matches!(letter, '…' | '–' | '→' | '·')
}

/// Whether a word goes on over `at`.
fn joins(letters: &[Letter], at: usize) -> bool {
    let of_word = |at: usize| letters.get(at).is_some_and(|letter| is_of_word(letter.meant));
    at > 0 && of_word(at - 1) && of_word(at)
}

/// The text with tokens for everything that is not known to be the same in every tenant.
pub(super) fn redact(text: &str, tokens: &mut Tokens, index: &Index, vocabulary: &Vocabulary) -> String {
    let letters = meant(text);
    let source = |range: Range<usize>| -> &str {
        let from = letters.get(range.start).map_or(text.len(), |letter| letter.from);
        let to = range
            .end
            .checked_sub(1)
            .and_then(|last| letters.get(last))
            .map_or(from, |letter| letter.to);
        text.get(from..to).unwrap_or_default()
    };
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(letter) = letters.get(at) {
        if let Some((length, token)) = index.at(&letters, at) {
            let is_encoded = letters.iter().skip(at).take(length).any(|letter| letter.encoded);
            out.push_str(&if is_encoded { encode(token) } else { token.to_owned() });
            at += length;
            continue;
        }
        if joins(&letters, at) || !is_of_word(letter.meant) {
            // A letter inside a word is behind us already; what is left are signs.
            out.push_str(source(at..at + 1));
            at += 1;
            continue;
        }
        let plain = |length: usize| -> String {
            let letters = letters.iter().skip(at).take(length);
            letters.map(|letter| letter.meant).collect()
        };
        if let Some(id) = Some(plain(36))
            .filter(|text| text.len() == 36 && !joins(&letters, at + 36))
            .and_then(|text| Uuid::parse_str(&text).ok())
        {
            match vocabulary.keeps_id(id) {
                true => out.push_str(source(at..at + 36)),
                false => out.push_str(&tokens.id(id).to_string()),
            }
            at += 36;
            continue;
        }
        if let Some(length) = time(&letters, at) {
            out.push_str(source(at..at + length));
            at += length;
            continue;
        }
        if let Some((_, _, length)) = token_at(&plain(20)) {
            let ends = letters
                .get(at + length)
                .is_none_or(|next| !is_of_word(next.meant) || next.meant == '_');
            if ends {
                out.push_str(source(at..at + length));
                at += length;
                continue;
            }
        }
        let mut end = at + 1;
        while joins(&letters, end) {
            end += 1;
        }
        let word = source(at..end);
        let meant = plain(end - at);
        let is_encoded = letters.iter().skip(at).take(end - at).any(|letter| letter.encoded);
        if !is_encoded && vocabulary.keeps_in_text(word) {
            out.push_str(word);
        } else {
            out.push_str(&tokens.of(&meant, "text", str::to_owned));
        }
        at = end;
    }
    out
}

/// How many letters the time takes that stands at `at`; times stay.
fn time(letters: &[Letter], at: usize) -> Option<usize> {
    let run: String = letters
        .iter()
        .skip(at)
        .take(40)
        .map(|letter| letter.meant)
        .take_while(|letter| letter.is_ascii_digit() || matches!(letter, 't' | 'z' | ':' | '.' | '+' | '-'))
        .collect();
    let run = run.trim_end_matches(['.', ':', '-']);
    run.parse::<Timestamp>().ok()?;
    Some(run.len()).filter(|length| !joins(letters, at + length))
}

/// A token inside percent-encoding.
fn encode(token: &str) -> String {
    token.replace('@', "%40").replace('#', "%23").replace(' ', "%20")
}
