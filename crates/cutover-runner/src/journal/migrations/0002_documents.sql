-- What was kept beside the events of a run, such as the facts before and after it. A text is kept once and never changes.

CREATE TABLE document (
  run    INTEGER NOT NULL REFERENCES run (id),
  name   TEXT NOT NULL,
  at     TEXT NOT NULL,
  -- SHA-256 of the text, in hexadecimal digits.
  digest TEXT NOT NULL,
  text   TEXT NOT NULL,
  PRIMARY KEY (run, name)
) STRICT;

CREATE TRIGGER document_never_changes BEFORE UPDATE ON document
BEGIN SELECT RAISE (ABORT, 'what was kept does not change'); END;

CREATE TRIGGER document_never_goes BEFORE DELETE ON document
BEGIN SELECT RAISE (ABORT, 'what was kept does not go away'); END;
