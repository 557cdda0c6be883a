//! What a bundle turned out to be, for a person.

use std::fmt::Write as _;

use cutover_report::bundle::{Signed, Verified};

use super::escape;
use super::style::Style;

/// The whole text.
pub(crate) fn render(verified: &Verified, style: Style) -> String {
    let mut out = String::new();
    if let Some(manifest) = &verified.manifest {
        let about = &manifest.about;
        let dot = style.dot();
        let head = format!(
            "Run {} {dot} {} {dot} tenant {}",
            about.run, about.environment, about.tenant_id
        );
        let _ = writeln!(out, "{}", style.bold(&escape::line(&head)));
        let files = format!("  {} files, written by cutover {}", manifest.files.len(), manifest.tool);
        let _ = writeln!(out, "{}", escape::line(&files));
        let _ = writeln!(out, "  plan {}", escape::line(&about.plan));
    }
    for fault in &verified.faults {
        let text = style.wrapped(&escape::line(&fault.to_string()), 4, "    ");
        let _ = writeln!(out, "  {} {text}", style.refused());
    }
    if !verified.faults.is_empty() {
        let told = "The bundle is NOT what was written: do not rely on it, and ask whoever wrote it for the original.";
        let _ = writeln!(out, "{}", style.bold(told));
        return out;
    }
    let told = match &verified.signed {
        Some(Signed::By { key }) => format!("Nothing was changed, and it was signed with the key {key}."),
        Some(Signed::Unchecked { keys }) => format!(
            "Nothing was changed since the manifest was made. It says that it was signed with {keys}: name that key with --key to \
             check it."
        ),
        Some(Signed::No) | None => {
            "Nothing was changed since the manifest was made. Nobody signed it, so whoever changed it \
                                    could have made a new manifest."
                .to_owned()
        }
    };
    let _ = writeln!(out, "{}", style.bold(&style.wrapped(&escape::line(&told), 0, "")));
    out
}
