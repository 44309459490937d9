-- Schema 1. A released file is never edited (tests/database keeps its hash); changes are new files.

CREATE TABLE schema_migration (
  version     INTEGER PRIMARY KEY,
  name        TEXT NOT NULL,
  sha256      TEXT NOT NULL,
  applied_utc TEXT NOT NULL
) STRICT;

CREATE TABLE patient (
  name        TEXT PRIMARY KEY,   -- pseudonym
  created_utc TEXT NOT NULL
) STRICT;

CREATE TABLE stack (
  id           TEXT PRIMARY KEY,
  patient      TEXT NOT NULL REFERENCES patient (name),
  kind         TEXT NOT NULL CHECK (kind IN ('unknown', 'magnitude', 'psir')),
  columns      INTEGER NOT NULL CHECK (columns > 0),
  rows         INTEGER NOT NULL CHECK (rows > 0),
  slices       INTEGER NOT NULL CHECK (slices > 0),
  spacing_x_mm REAL NOT NULL CHECK (spacing_x_mm > 0),
  spacing_y_mm REAL NOT NULL CHECK (spacing_y_mm > 0),
  spacing_z_mm REAL NOT NULL CHECK (spacing_z_mm > 0),
  apex_first   INTEGER NOT NULL CHECK (apex_first IN (0, 1)),
  content_hash TEXT NOT NULL,
  description  TEXT NOT NULL,
  imported_utc TEXT NOT NULL,
  notes        TEXT NOT NULL       -- one sentence a line
) STRICT;
CREATE UNIQUE INDEX stack_patient ON stack (patient, id);
CREATE UNIQUE INDEX stack_content ON stack (content_hash, patient);

-- The present label of a slice by a reader; a label taken back has no row.
CREATE TABLE slice_label (
  stack  TEXT NOT NULL REFERENCES stack (id),
  slice  INTEGER NOT NULL CHECK (slice >= 0),
  reader TEXT NOT NULL CHECK (reader <> ''),
  label  TEXT NOT NULL CHECK (label IN ('none', 'fibrosis', 'unsure', 'not-diagnostic')),
  event  INTEGER NOT NULL REFERENCES label_event (id),
  at_utc TEXT NOT NULL,
  PRIMARY KEY (stack, slice, reader)
) STRICT, WITHOUT ROWID;
CREATE INDEX slice_label_event ON slice_label (event);

CREATE TABLE label_event (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  stack      TEXT NOT NULL REFERENCES stack (id),
  slice      INTEGER NOT NULL CHECK (slice >= 0),
  from_label TEXT NOT NULL
             CHECK (from_label IN ('unlabelled', 'none', 'fibrosis', 'unsure', 'not-diagnostic')),
  to_label   TEXT NOT NULL
             CHECK (to_label IN ('unlabelled', 'none', 'fibrosis', 'unsure', 'not-diagnostic')),
  reader     TEXT NOT NULL CHECK (reader <> ''),
  at_utc     TEXT NOT NULL,
  seconds    REAL NOT NULL CHECK (seconds >= 0),
  origin     TEXT NOT NULL
             CHECK (origin IN ('key', 'fill', 'undo', 'redo', 'import', 'derived'))
) STRICT;
CREATE INDEX label_event_stack ON label_event (stack, id);
CREATE TRIGGER label_event_no_replace BEFORE INSERT ON label_event
WHEN EXISTS (SELECT 1 FROM label_event WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the history of labels cannot be changed'); END;
CREATE TRIGGER label_event_no_update BEFORE UPDATE ON label_event
BEGIN SELECT RAISE(ABORT, 'the history of labels cannot be changed'); END;
CREATE TRIGGER label_event_no_delete BEFORE DELETE ON label_event
BEGIN SELECT RAISE(ABORT, 'the history of labels cannot be changed'); END;

CREATE TABLE run (
  id          TEXT PRIMARY KEY,
  supervision TEXT NOT NULL,
  preset      TEXT NOT NULL,
  stage       TEXT NOT NULL,
  device      TEXT NOT NULL,
  seed        TEXT NOT NULL,       -- unsigned 64 bit in decimal digits
  state       TEXT NOT NULL
              CHECK (state IN ('prepared', 'running', 'finished', 'cancelled', 'failed')),
  message     TEXT NOT NULL,
  created_utc TEXT NOT NULL,
  ended_utc   TEXT NOT NULL        -- empty while it has not ended
) STRICT;

CREATE TABLE mask (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  stack       TEXT NOT NULL REFERENCES stack (id),
  source      TEXT NOT NULL CHECK (source IN ('reference', 'reader', 'prediction')),
  author      TEXT NOT NULL,
  run         TEXT REFERENCES run (id),
  parent      INTEGER REFERENCES mask (id),
  sha256      TEXT NOT NULL CHECK (length(sha256) = 64),
  created_utc TEXT NOT NULL
) STRICT;
CREATE INDEX mask_stack ON mask (stack, source, id);
CREATE INDEX mask_run ON mask (run);
CREATE INDEX mask_parent ON mask (parent);
CREATE TRIGGER mask_no_replace BEFORE INSERT ON mask
WHEN EXISTS (SELECT 1 FROM mask WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a revision of a mask cannot be changed'); END;
CREATE TRIGGER mask_no_update BEFORE UPDATE ON mask
BEGIN SELECT RAISE(ABORT, 'a revision of a mask cannot be changed'); END;
CREATE TRIGGER mask_no_delete BEFORE DELETE ON mask
BEGIN SELECT RAISE(ABORT, 'a revision of a mask cannot be removed'); END;

CREATE TABLE split (
  patient TEXT PRIMARY KEY REFERENCES patient (name),
  part    TEXT NOT NULL CHECK (part IN ('train', 'val', 'test')),
  fold    INTEGER CHECK (fold > 0)
) STRICT;

CREATE TABLE prediction (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  run           TEXT NOT NULL REFERENCES run (id),
  stack         TEXT NOT NULL REFERENCES stack (id),
  mask          INTEGER NOT NULL REFERENCES mask (id),
  myocardium_ml REAL NOT NULL,
  scar_ml       REAL NOT NULL,
  uncertainty   REAL NOT NULL,
  created_utc   TEXT NOT NULL
) STRICT;
CREATE INDEX prediction_stack ON prediction (stack, id);
CREATE INDEX prediction_run ON prediction (run, stack, id);
CREATE INDEX prediction_mask ON prediction (mask);

CREATE TABLE review (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  prediction INTEGER NOT NULL REFERENCES prediction (id),
  verdict    TEXT NOT NULL CHECK (verdict IN ('none', 'accepted', 'rejected')),
  comment    TEXT NOT NULL,
  reader     TEXT NOT NULL,
  at_utc     TEXT NOT NULL
) STRICT;
CREATE INDEX review_prediction ON review (prediction, id);
CREATE TRIGGER review_no_replace BEFORE INSERT ON review
WHEN EXISTS (SELECT 1 FROM review WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the history of reviews cannot be changed'); END;
CREATE TRIGGER review_no_update BEFORE UPDATE ON review
BEGIN SELECT RAISE(ABORT, 'the history of reviews cannot be changed'); END;
CREATE TRIGGER review_no_delete BEFORE DELETE ON review
BEGIN SELECT RAISE(ABORT, 'the history of reviews cannot be changed'); END;

-- What the cohort table shows of a stack, kept by the repositories in the transaction of the change,
-- so that 5,000 rows come from one join.
CREATE TABLE stack_summary (
  stack           TEXT PRIMARY KEY REFERENCES stack (id),
  labelled_slices INTEGER NOT NULL DEFAULT 0,
  positive_slices INTEGER NOT NULL DEFAULT 0,
  stack_label     TEXT NOT NULL DEFAULT 'unlabelled',
  has_reference   INTEGER NOT NULL DEFAULT 0,
  prediction_run  TEXT NOT NULL DEFAULT '',
  verdict         TEXT NOT NULL DEFAULT 'none'
) STRICT;

CREATE TABLE refusal (
  path   TEXT PRIMARY KEY,          -- below the imported folder
  reason TEXT NOT NULL,
  code   TEXT NOT NULL,
  at_utc TEXT NOT NULL
) STRICT;

CREATE TABLE setting (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE audit (
  id     INTEGER PRIMARY KEY AUTOINCREMENT,
  at_utc TEXT NOT NULL,
  who    TEXT NOT NULL,
  action TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the audit trail cannot be changed'); END;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail cannot be changed'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail cannot be changed'); END;
