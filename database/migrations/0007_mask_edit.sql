-- What a reader drew on masks, stroke by stroke. Rows are only added: undo and redo are rows too,
-- with the delta that they applied. `base` is the revision of the mask that the drawing of this
-- stack stood on, NULL for one that began with nothing.
CREATE TABLE mask_edit (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  stack   TEXT NOT NULL REFERENCES stack (id),
  reader  TEXT NOT NULL CHECK (reader <> ''),
  base    INTEGER REFERENCES mask (id),
  action  TEXT NOT NULL CHECK (action IN ('draw', 'undo', 'redo')),
  tool    TEXT NOT NULL,
  slice   INTEGER NOT NULL CHECK (slice >= 0),   -- where it is seen
  delta   BLOB NOT NULL,                         -- core/contour/mask_delta.h
  seconds REAL NOT NULL CHECK (seconds >= 0),
  at_utc  TEXT NOT NULL
) STRICT;
CREATE INDEX mask_edit_stack ON mask_edit (stack, reader, id);
CREATE TRIGGER mask_edit_no_replace BEFORE INSERT ON mask_edit
WHEN EXISTS (SELECT 1 FROM mask_edit WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the history of drawing cannot be changed'); END;
CREATE TRIGGER mask_edit_no_update BEFORE UPDATE ON mask_edit
BEGIN SELECT RAISE(ABORT, 'the history of drawing cannot be changed'); END;
CREATE TRIGGER mask_edit_no_delete BEFORE DELETE ON mask_edit
BEGIN SELECT RAISE(ABORT, 'the history of drawing cannot be changed'); END;

-- A revision that holds the drawing of its author up to and with `edit`.
CREATE TABLE mask_drawn (
  mask INTEGER PRIMARY KEY REFERENCES mask (id),
  edit INTEGER NOT NULL REFERENCES mask_edit (id)
) STRICT;
CREATE INDEX mask_drawn_edit ON mask_drawn (edit);

-- Of accepted predictions, those that were taken over as they are. What a reader drew, also beginning
-- with a prediction, is that reader's, whatever becomes of the verdict.
DROP VIEW withdrawn_mask;
CREATE VIEW withdrawn_mask AS
SELECT m.id AS id
FROM mask m
JOIN mask origin ON origin.id = m.parent
                AND origin.source = 'prediction'
                AND origin.sha256 = m.sha256
WHERE m.source = 'reader'
  AND NOT EXISTS (SELECT 1 FROM mask_drawn d WHERE d.mask = m.id)
  AND EXISTS (SELECT 1 FROM prediction p
              WHERE p.mask = origin.id
                AND (SELECT r.verdict FROM review r WHERE r.prediction = p.id
                     ORDER BY r.id DESC LIMIT 1) <> 'accepted');
