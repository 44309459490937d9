-- A refused file is known by a salted hash of where it lies: two folders, imported one after the
-- other, may hold files of the same name. Of older rows the name is all that is known.
CREATE TABLE refused_file (
  place  TEXT PRIMARY KEY,
  path   TEXT NOT NULL,             -- below the imported folder, for a person
  reason TEXT NOT NULL,
  code   TEXT NOT NULL,
  at_utc TEXT NOT NULL
) STRICT;
INSERT INTO refused_file SELECT path, path, reason, code, at_utc FROM refusal;
DROP TABLE refusal;
ALTER TABLE refused_file RENAME TO refusal;
