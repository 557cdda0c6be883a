//! Text from a tenant made harmless: what a terminal would act on, or a reader would not see, is shown as a code.

use std::borrow::Cow;
use std::fmt::Write as _;

/// One line: control characters, line ends, text-direction marks and invisible characters become `\u{…}`.
pub fn line(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_hostile) {
        Cow::Owned(escaped(text, |_| false))
    } else {
        Cow::Borrowed(text)
    }
}

/// Several lines: as [`line`], but line ends stay.
pub fn lines(text: &str) -> String {
    escaped(text, |letter| letter == '\n')
}

fn escaped(text: &str, spare: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_hostile(letter) && !spare(letter) {
            out.extend(letter.escape_unicode());
        } else {
            out.push(letter);
        }
    }
    out
}

/// Text for `--plain`: signs that this program writes get their nearest ASCII form, any other letter its code.
pub fn ascii(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\u{b7}' | '\u{2013}' => out.push('-'),
            '\u{2026}' => out.push_str("..."),
            '\u{2192}' => out.push_str("->"),
            letter if letter.is_ascii() => out.push(letter),
            letter => out.extend(letter.escape_unicode()),
        }
    }
    Cow::Owned(out)
}

/// JSON whose strings a terminal may show: the same value, with what a terminal would act on as `\uXXXX`.
pub fn json(text: &str) -> Cow<'_, str> {
    escaped_json(text, |letter| is_hostile(letter) && letter != '\n')
}

/// JSON for `--plain`: the same value, with everything that is not ASCII as `\uXXXX`.
pub fn ascii_json(text: &str) -> Cow<'_, str> {
    escaped_json(text, |letter| {
        !letter.is_ascii() || (is_hostile(letter) && letter != '\n')
    })
}

/// Outside of strings JSON is ASCII, and its own line ends stay, so whatever is escaped stands in a string.
fn escaped_json(text: &str, is_escaped: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(&is_escaped) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if !is_escaped(letter) {
            out.push(letter);
        } else {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    Cow::Owned(out)
}

/// What moves the cursor, changes the direction of writing, or cannot be seen.
pub(crate) fn is_hostile(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{00AD}'                    // soft hyphen
            | '\u{061C}'                  // Arabic letter mark
            | '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}' // Hangul fillers
            | '\u{180E}'
            | '\u{200B}'..='\u{200F}'     // zero width, direction marks
            | '\u{2028}'..='\u{202E}'     // line and paragraph separators, direction embeddings
            | '\u{2060}'..='\u{206F}'     // word joiner, direction isolates
            | '\u{FE00}'..='\u{FE0F}'     // variation selectors
            | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFB}'     // interlinear annotation
            | '\u{E0000}'..='\u{E0FFF}'   // tags
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_loses_nothing() {
        assert_eq!(
            ascii("core 4.6 → 4.8 · “…” – ü"),
            "core 4.6 -> 4.8 - \\u{201c}...\\u{201d} - \\u{fc}"
        );
        let name = "Zoë 𝄞 \u{202e}";
        let json = serde_json::to_string(name).unwrap();
        let plain = ascii_json(&json);
        assert!(plain.is_ascii(), "{plain}");
        let shown = super::json(&json);
        assert!(shown.contains("\\u202e") && shown.contains('ë'), "{shown}");
        assert_eq!(serde_json::from_str::<String>(&shown).unwrap(), name);
        assert_eq!(serde_json::from_str::<String>(&plain).unwrap(), name);
    }

    #[test]
    fn what_a_terminal_acts_on_is_shown() {
        assert_eq!(line("plain Ünïcödé ✓"), "plain Ünïcödé ✓");
        assert_eq!(line("a\u{1b}[31mred"), "a\\u{1b}[31mred");
        assert_eq!(line("a\nb\r\u{7}"), "a\\u{a}b\\u{d}\\u{7}");
        assert_eq!(line("\u{202e}evil\u{2066}"), "\\u{202e}evil\\u{2066}");
        assert_eq!(line("\u{9b}31m"), "\\u{9b}31m");
        assert_eq!(lines("a\nb\u{1b}"), "a\nb\\u{1b}");
    }
}
