use super::*;

#[test]
fn every_built_in_world_holds_together() {
    for (name, text) in built_in::NAMES {
        let world = World::built_in(name).unwrap_or_else(|error| panic!("{error}"));
        assert!(!world.summary().is_empty(), "{name} has a summary");
        assert_eq!(world.name(), *name);
        assert!(world.now() > Timestamp::UNIX_EPOCH, "{name} has a time");
        assert!(world.notes_for("cutover").is_some(), "{name} says how to sign in");
        assert!(!text.contains('\t'), "{name} is indented with blanks");
    }
}
