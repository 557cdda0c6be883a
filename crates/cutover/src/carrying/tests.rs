//! What a person and a program hear of a run, by scripted effects.
