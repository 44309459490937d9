-- Facts of patients from tables: age, weight, ejection fraction. What was told last counts.
CREATE TABLE clinical_column (
  name  TEXT PRIMARY KEY CHECK (name <> ''),  -- without the unit
  unit  TEXT NOT NULL,                        -- "kg"; empty where the table names none
  kind  TEXT NOT NULL CHECK (kind IN ('number', 'category', 'text', 'date')),
  place INTEGER NOT NULL                      -- columns are shown in the order in which they came
) STRICT;

CREATE TABLE clinical_value (
  patient TEXT NOT NULL REFERENCES patient (name),
  name    TEXT NOT NULL REFERENCES clinical_column (name) ON DELETE CASCADE,
  value   TEXT NOT NULL CHECK (value <> ''),  -- numbers with a decimal point
  number  REAL,                               -- where the value is one
  source  TEXT NOT NULL,                      -- file name of the table
  at_utc  TEXT NOT NULL,
  PRIMARY KEY (patient, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX clinical_value_name ON clinical_value (name);
