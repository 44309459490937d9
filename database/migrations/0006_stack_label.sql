-- What a reader says of a whole stack without naming a slice. Rows are only added; the newest of a
-- stack counts, and 'unlabelled' takes back what was said.
CREATE TABLE stack_label (
  id     INTEGER PRIMARY KEY AUTOINCREMENT,
  stack  TEXT NOT NULL REFERENCES stack (id),
  label  TEXT NOT NULL CHECK (label IN ('unlabelled', 'none', 'fibrosis', 'unsure')),
  reader TEXT NOT NULL CHECK (reader <> ''),
  at_utc TEXT NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('key', 'import'))
) STRICT;
CREATE INDEX stack_label_stack ON stack_label (stack, id);
CREATE TRIGGER stack_label_no_replace BEFORE INSERT ON stack_label
WHEN EXISTS (SELECT 1 FROM stack_label WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the history of labels cannot be changed'); END;
CREATE TRIGGER stack_label_no_update BEFORE UPDATE ON stack_label
BEGIN SELECT RAISE(ABORT, 'the history of labels cannot be changed'); END;
CREATE TRIGGER stack_label_no_delete BEFORE DELETE ON stack_label
BEGIN SELECT RAISE(ABORT, 'the history of labels cannot be changed'); END;
