//! What the emulator answers, and the worlds it knows.

use std::fmt::Write as _;

use cutover_emulator::{World, coverage};

use super::Generated;

pub(super) fn files() -> Vec<Generated> {
    let mut worlds = String::from(
        "# The built-in worlds\n\n\
         Each is a tenant of the emulator: `cutover check --world NAME` looks at it, `cutover emulator --world NAME` serves it.\n\n\
         | world | what it is |\n|---|---|\n",
    );
    for (name, summary) in World::built_in_names() {
        let _ = writeln!(worlds, "| `{name}` | {summary} |");
    }
    vec![
        Generated::page("docs/worlds.md", &worlds),
        Generated::page("docs/emulator-coverage.md", &coverage::markdown()),
    ]
}
