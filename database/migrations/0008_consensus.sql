-- What was decided of slices on which readers disagree: a decision of its own, with its author,
-- beside the readers' labels. Rows are only added; the newest of a slice counts, and 'unlabelled'
-- takes the decision back.
CREATE TABLE consensus_event (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  stack      TEXT NOT NULL REFERENCES stack (id),
  slice      INTEGER NOT NULL CHECK (slice >= 0),
  from_label TEXT NOT NULL
             CHECK (from_label IN ('unlabelled', 'none', 'fibrosis', 'unsure', 'not-diagnostic')),
  to_label   TEXT NOT NULL
             CHECK (to_label IN ('unlabelled', 'none', 'fibrosis', 'unsure', 'not-diagnostic')),
  author     TEXT NOT NULL CHECK (author <> ''),
  at_utc     TEXT NOT NULL,
  seconds    REAL NOT NULL CHECK (seconds >= 0),
  origin     TEXT NOT NULL CHECK (origin IN ('key', 'undo', 'redo', 'import'))
) STRICT;
CREATE INDEX consensus_event_slice ON consensus_event (stack, slice, id);
CREATE TRIGGER consensus_event_no_replace BEFORE INSERT ON consensus_event
WHEN EXISTS (SELECT 1 FROM consensus_event WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the history of decisions cannot be changed'); END;
CREATE TRIGGER consensus_event_no_update BEFORE UPDATE ON consensus_event
BEGIN SELECT RAISE(ABORT, 'the history of decisions cannot be changed'); END;
CREATE TRIGGER consensus_event_no_delete BEFORE DELETE ON consensus_event
BEGIN SELECT RAISE(ABORT, 'the history of decisions cannot be changed'); END;
