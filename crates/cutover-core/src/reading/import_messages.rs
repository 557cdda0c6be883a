//! What the messages of an import mean for whoever reads them.

/// `ImportLanguagesIgnoredError` (contracts, section 7.2).
const LANGUAGES_IGNORED: &str = "0x80048026";
/// A process that was active is taken out of use before the new version of it comes in.
const PROCESS_REPLACED: &str = "0x80045043";

/// What a warning means, and what to do about it; `None` for one of which nothing is known but its own words.
pub fn meaning(warning: &str) -> Option<&'static str> {
    let warning = warning.to_ascii_lowercase();
    if warning.contains(LANGUAGES_IGNORED) {
        return Some(
            "labels of languages that are not enabled in the environment were left out: nothing else is missing, and only \
             importing again after enabling them brings these labels",
        );
    }
    if warning.contains(PROCESS_REPLACED) {
        return Some(
            "a process was switched off to be replaced by its new version: see in Power Apps > Solutions > Processes that it is \
             switched on again",
        );
    }
    None
}

#[cfg(test)]
mod tests {
    use super::meaning;

    #[test]
    fn a_warning_is_known_by_its_code_in_any_case() {
        for (warning, means) in [
            (
                "0x80048026: Translated labels were left out",
                Some("labels of languages"),
            ),
            ("0X80048026", Some("labels of languages")),
            (
                "Warning 0x80045043: deactivated and replaced",
                Some("switched off to be replaced"),
            ),
            ("0x80048027: something else", None),
            ("", None),
        ] {
            let said = meaning(warning);
            assert_eq!(said.is_some(), means.is_some(), "{warning}");
            assert!(
                said.unwrap_or_default().contains(means.unwrap_or_default()),
                "{warning}"
            );
        }
    }
}
