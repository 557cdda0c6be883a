//! Text from a tenant made harmless: what a terminal would act on, or a reader would not see, is shown as a code.

use std::borrow::Cow;

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

/// What moves the cursor, changes the direction of writing, or cannot be seen.
fn is_hostile(letter: char) -> bool {
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
    fn what_a_terminal_acts_on_is_shown() {
        assert_eq!(line("plain Ünïcödé ✓"), "plain Ünïcödé ✓");
        assert_eq!(line("a\u{1b}[31mred"), "a\\u{1b}[31mred");
        assert_eq!(line("a\nb\r\u{7}"), "a\\u{a}b\\u{d}\\u{7}");
        assert_eq!(line("\u{202e}evil\u{2066}"), "\\u{202e}evil\\u{2066}");
        assert_eq!(line("\u{9b}31m"), "\\u{9b}31m");
        assert_eq!(lines("a\nb\u{1b}"), "a\nb\\u{1b}");
    }
}
