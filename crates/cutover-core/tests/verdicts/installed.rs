//! Which of the publisher's solutions is the core, which the portal, and when that is not clear.

use cutover_core::Pack;
use cutover_core::facts::Reason;
use cutover_core::reading::installed::Installed;

use crate::fixture::{blind, known, ready, solution};

struct Row {
    what: &'static str,
    /// Unique name, friendly name, whether it is a patch.
    solutions: &'static [(&'static str, &'static str, bool)],
    named: Option<&'static str>,
    /// `core, portal, holding…, candidates…`, each after its letter.
    expected: &'static str,
    clear: bool,
    empty: bool,
}

const TABLE: &[Row] = &[
    Row {
        what: "nothing",
        solutions: &[],
        named: None,
        expected: "",
        clear: true,
        empty: true,
    },
    Row {
        what: "one is the core, whatever it is called",
        solutions: &[("Alpha", "Alpha", false)],
        named: None,
        expected: "c:Alpha",
        clear: true,
        empty: false,
    },
    Row {
        what: "core and portal by their unique names",
        solutions: &[
            ("W365CORE", "x", false),
            ("W365Portal", "y", false),
            ("W365Data", "z", false),
        ],
        named: None,
        expected: "c:W365CORE p:W365Portal",
        clear: true,
        empty: false,
    },
    Row {
        what: "core and portal by their friendly names",
        solutions: &[
            ("A", "Work 365 Core", false),
            ("B", "The PORTAL", false),
            ("C", "Data", false),
        ],
        named: None,
        expected: "c:A p:B",
        clear: true,
        empty: false,
    },
    Row {
        what: "a portal alone is no core",
        solutions: &[("W365Portal", "y", false)],
        named: None,
        expected: "p:W365Portal",
        clear: true,
        empty: false,
    },
    Row {
        what: "the first of two portals",
        solutions: &[("Portal1", "y", false), ("Portal2", "y", false), ("A", "x", false)],
        named: None,
        expected: "c:A p:Portal1",
        clear: true,
        empty: false,
    },
    Row {
        what: "two that say core",
        solutions: &[("CoreA", "x", false), ("CoreB", "x", false)],
        named: None,
        expected: "?:CoreA ?:CoreB",
        clear: false,
        empty: false,
    },
    Row {
        what: "two, none of which says core",
        solutions: &[("A", "x", false), ("B", "x", false)],
        named: None,
        expected: "?:A ?:B",
        clear: false,
        empty: false,
    },
    Row {
        what: "the named one, in whatever case, though another says core",
        solutions: &[("CoreA", "x", false), ("Beta", "x", false)],
        named: Some("bETA"),
        expected: "c:Beta",
        clear: true,
        empty: false,
    },
    Row {
        what: "the named one, though it says portal",
        solutions: &[("PortalSuite", "x", false), ("CoreA", "x", false)],
        named: Some("PortalSuite"),
        expected: "c:PortalSuite",
        clear: true,
        empty: false,
    },
    Row {
        what: "a name that is not there: nothing takes its place, not even the only one",
        solutions: &[("CoreA", "x", false)],
        named: Some("Gamma"),
        expected: "?:CoreA",
        clear: false,
        empty: false,
    },
    Row {
        what: "a patch and a holding solution are no second core",
        solutions: &[("A", "x", false), ("A_Patch", "x", true), ("A_Upgrade", "x", false)],
        named: None,
        expected: "c:A h:A_Upgrade",
        clear: true,
        empty: false,
    },
    Row {
        what: "a holding solution alone: something is there",
        solutions: &[("A_Upgrade", "x", false)],
        named: Some("A_Upgrade"),
        expected: "h:A_Upgrade",
        clear: true,
        empty: false,
    },
];

#[test]
fn the_core_is_found_or_not_clear_and_never_guessed() {
    let pack = Pack::work365().unwrap();
    for row in TABLE {
        let mut facts = ready();
        facts.scene.core_solution = row.named.map(str::to_owned);
        let solutions = row.solutions.iter().map(|(unique, friendly, patch)| {
            let mut one = solution(unique, "4.6");
            one.friendly_name = (*friendly).into();
            one.patch = *patch;
            one
        });
        facts.environment.solutions = known(solutions.collect());
        let (installed, _) = Installed::of(&facts, &pack).unwrap();
        let groups = [
            ("c", installed.core.into_iter().collect::<Vec<_>>()),
            ("p", installed.portal.into_iter().collect()),
            ("h", installed.holding.clone()),
            ("?", installed.candidates.clone()),
        ];
        let found: Vec<String> = groups
            .iter()
            .flat_map(|(letter, all)| all.iter().map(move |one| format!("{letter}:{}", one.unique_name)))
            .collect();
        assert_eq!(found.join(" "), row.expected, "{}", row.what);
        assert_eq!(installed.is_clear(), row.clear, "{}", row.what);
        assert_eq!(installed.is_empty(), row.empty, "{}", row.what);
    }
    let mut facts = ready();
    facts.environment.solutions = blind(Reason::MissingRole);
    assert_eq!(Installed::of(&facts, &pack).unwrap_err().reason, Reason::MissingRole);
}
