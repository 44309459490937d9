-- Stacks that a person took out of all work: no late enhancement, an earlier acquisition, poor
-- quality. They keep their labels and masks, and can be taken back.
CREATE TABLE set_aside (
  stack  TEXT PRIMARY KEY REFERENCES stack (id),
  reason TEXT NOT NULL,
  who    TEXT NOT NULL CHECK (who <> ''),
  at_utc TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What the cohort, training, measurements and exports see.
CREATE VIEW stack_in_use AS SELECT * FROM stack WHERE id NOT IN (SELECT stack FROM set_aside);
