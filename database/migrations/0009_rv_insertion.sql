-- Where readers say that the right ventricle meets the left. Rows are only added; the newest of a
-- slice and kind counts, and one without a place takes back what was said.
CREATE TABLE rv_insertion (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  stack     TEXT NOT NULL REFERENCES stack (id),
  slice     INTEGER NOT NULL CHECK (slice >= 0),   -- as stored
  kind      TEXT NOT NULL CHECK (kind IN ('anterior', 'inferior')),
  column_px REAL,                                  -- continuous index
  row_px    REAL,
  reader    TEXT NOT NULL CHECK (reader <> ''),
  at_utc    TEXT NOT NULL,
  CHECK ((column_px IS NULL) = (row_px IS NULL))
) STRICT;
CREATE INDEX rv_insertion_stack ON rv_insertion (stack, id);
CREATE TRIGGER rv_insertion_no_replace BEFORE INSERT ON rv_insertion
WHEN EXISTS (SELECT 1 FROM rv_insertion WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the history of insertions cannot be changed'); END;
CREATE TRIGGER rv_insertion_no_update BEFORE UPDATE ON rv_insertion
BEGIN SELECT RAISE(ABORT, 'the history of insertions cannot be changed'); END;
CREATE TRIGGER rv_insertion_no_delete BEFORE DELETE ON rv_insertion
BEGIN SELECT RAISE(ABORT, 'the history of insertions cannot be changed'); END;
