-- Runs, what happened in them, and what somebody asked of whoever drives them.

CREATE TABLE run (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  -- The plan as it was stored, never rebuilt; its digest is in it as well.
  plan        TEXT NOT NULL,
  digest      TEXT NOT NULL,
  tenant_id   TEXT NOT NULL,
  environment TEXT NOT NULL,
  opened_at   TEXT NOT NULL,
  closed_at   TEXT,
  -- Counts the owners; an owner of an earlier epoch may do nothing more.
  epoch       INTEGER NOT NULL,
  -- Who drives it, as JSON; NULL when nobody does.
  owner       TEXT
) STRICT;

CREATE TABLE event (
  run   INTEGER NOT NULL REFERENCES run (id),
  seq   INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  at    TEXT NOT NULL,
  what  TEXT NOT NULL,
  PRIMARY KEY (run, seq)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER event_never_changes BEFORE UPDATE ON event
BEGIN SELECT RAISE (ABORT, 'what happened does not change'); END;

CREATE TRIGGER event_never_goes BEFORE DELETE ON event
BEGIN SELECT RAISE (ABORT, 'what happened does not go away'); END;

CREATE TABLE wish (
  id    INTEGER PRIMARY KEY AUTOINCREMENT,
  run   INTEGER NOT NULL REFERENCES run (id),
  wish  TEXT NOT NULL,
  heard INTEGER NOT NULL DEFAULT 0
) STRICT;
