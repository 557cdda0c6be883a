//! The `Prefer` header (RFC 7240) as the Web API understands it.

use http::HeaderMap;

/// What the client prefers. Names the service does not know are ignored, as RFC 7240 asks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Preferences {
    /// `odata.include-annotations`: the pattern as sent; empty when none was.
    pub annotations: String,
    /// `odata.maxpagesize`: rows a page, at least one.
    pub max_page_size: Option<usize>,
    /// `odata.continue-on-error`.
    pub continue_on_error: bool,
    /// `return=representation`: a write is answered with the row.
    pub representation: bool,
}

impl Preferences {
    /// Reads all `Prefer` headers; of several equal preferences the first counts.
    pub(super) fn read(headers: &HeaderMap) -> Self {
        let mut read = Self::default();
        for header in headers.get_all("prefer") {
            for preference in split_outside_quotes(header.to_str().unwrap_or_default(), ',') {
                // Parameters after a semicolon belong to preferences that the service does not have.
                let Some(preference) = split_outside_quotes(preference, ';').next() else {
                    continue;
                };
                let (name, value) = preference.split_once('=').unwrap_or((preference, ""));
                let value = value.trim().trim_matches('"');
                let name = name.trim().to_ascii_lowercase();
                match name.strip_prefix("odata.").unwrap_or(&name) {
                    "include-annotations" if read.annotations.is_empty() => {
                        value.clone_into(&mut read.annotations);
                    }
                    "maxpagesize" if read.max_page_size.is_none() => {
                        read.max_page_size = value.parse().ok().filter(|size| *size > 0);
                    }
                    "return" => read.representation |= value.eq_ignore_ascii_case("representation"),
                    "continue-on-error" => {
                        read.continue_on_error = !value.eq_ignore_ascii_case("false");
                    }
                    _ => {}
                }
            }
        }
        read
    }

    /// Whether an annotation with this term, such as `Microsoft.Dynamics.CRM.lookuplogicalname`, is wanted.
    /// Patterns follow OData 4.0 part 1, 8.2.8.4: `*`, `namespace.*`, a term, each with `-` in front to leave
    /// it out; the longest pattern that fits decides.
    pub(super) fn annotates(&self, term: &str) -> bool {
        self.annotations
            .split(',')
            .map(str::trim)
            .filter_map(|pattern| {
                let (wanted, pattern) = match pattern.strip_prefix('-') {
                    Some(pattern) => (false, pattern),
                    None => (true, pattern),
                };
                let fits = match pattern.strip_suffix('*') {
                    Some(start) => term.starts_with(start),
                    None => !pattern.is_empty() && term == pattern,
                };
                fits.then_some((pattern.len(), wanted))
            })
            .max_by_key(|(length, wanted)| (*length, !wanted))
            .is_some_and(|(_, wanted)| wanted)
    }

    /// The header `Preference-Applied` for an answer that kept these preferences; `None` when there were none.
    pub(super) fn applied(&self, is_read: bool) -> Option<String> {
        let mut applied = Vec::new();
        if self.representation && !is_read {
            applied.push("return=representation".to_owned());
        }
        if !self.annotations.is_empty() {
            applied.push(format!("odata.include-annotations=\"{}\"", self.annotations));
        }
        if let Some(size) = self.max_page_size.filter(|_| is_read) {
            applied.push(format!("odata.maxpagesize={size}"));
        }
        (!applied.is_empty()).then(|| applied.join(","))
    }
}

fn split_outside_quotes(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |letter| {
        if letter == '"' {
            quoted = !quoted;
        }
        letter == separator && !quoted
    })
    .map(str::trim)
    .filter(|piece| !piece.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn preferences(values: &[&str]) -> Preferences {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append("prefer", value.parse().expect("a header value"));
        }
        Preferences::read(&headers)
    }

    #[test]
    fn every_spelling_of_the_header_is_read() {
        let all = Preferences {
            annotations: "OData.*,Microsoft.*".into(),
            max_page_size: Some(50),
            continue_on_error: true,
            representation: false,
        };
        let cases: &[&[&str]] = &[
            &[r#"odata.include-annotations="OData.*,Microsoft.*",odata.maxpagesize=50,odata.continue-on-error"#],
            &[
                r#"odata.include-annotations="OData.*,Microsoft.*""#,
                "odata.maxpagesize=50",
                "odata.continue-on-error",
            ],
            &[
                r#"Include-Annotations = "OData.*,Microsoft.*" , maxpagesize="50"; x=1, continue-on-error=true, odata.maxpagesize=9"#,
            ],
        ];
        for case in cases {
            assert_eq!(preferences(case), all, "{case:?}");
        }
        assert_eq!(
            preferences(&["odata.maxpagesize=0, return=minimal"]),
            Preferences::default()
        );
        let written = preferences(&["return=representation", "odata.maxpagesize=5"]);
        assert_eq!(written.applied(false).as_deref(), Some("return=representation"));
        assert_eq!(written.applied(true).as_deref(), Some("odata.maxpagesize=5"));
    }

    #[test]
    fn annotation_patterns_decide_by_the_longest_fit() {
        let formatted = "OData.Community.Display.V1.FormattedValue";
        let lookup = "Microsoft.Dynamics.CRM.lookuplogicalname";
        let cases = [
            ("*", true, true),
            ("OData.Community.Display.V1.FormattedValue", true, false),
            ("Microsoft.Dynamics.CRM.*", false, true),
            ("*,-Microsoft.*", true, false),
            ("", false, false),
        ];
        for (pattern, wants_formatted, wants_lookup) in cases {
            let preferences = Preferences {
                annotations: pattern.into(),
                ..Preferences::default()
            };
            assert_eq!(
                (preferences.annotates(formatted), preferences.annotates(lookup)),
                (wants_formatted, wants_lookup),
                "{pattern}"
            );
        }
    }
}
