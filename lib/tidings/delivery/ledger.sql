CREATE TABLE deliveries (
  id INTEGER PRIMARY KEY,
  token TEXT NOT NULL UNIQUE,
  tenant TEXT NOT NULL,
  report TEXT NOT NULL,
  period TEXT NOT NULL,
  recipient TEXT NOT NULL,
  edition TEXT NOT NULL,
  digest TEXT NOT NULL,
  sender TEXT NOT NULL,
  mailbox TEXT NOT NULL,
  state TEXT NOT NULL
    CHECK (state IN ('queued', 'sending', 'sent', 'refused', 'failed', 'uncertain')),
  queued_at TEXT NOT NULL,
  changed_at TEXT NOT NULL
) STRICT;

CREATE TABLE bodies (
  digest TEXT PRIMARY KEY,
  content BLOB NOT NULL
) STRICT;

CREATE TABLE letters (
  delivery INTEGER PRIMARY KEY REFERENCES deliveries,
  head BLOB NOT NULL,
  body TEXT NOT NULL REFERENCES bodies
) STRICT;

CREATE TABLE told (line TEXT PRIMARY KEY, told_at TEXT NOT NULL) STRICT;

CREATE TABLE suppressed (
  address TEXT PRIMARY KEY,
  since TEXT NOT NULL,
  why TEXT NOT NULL
) STRICT;

CREATE TABLE bounces (
  message TEXT PRIMARY KEY,
  address TEXT NOT NULL,
  noted_at TEXT NOT NULL
) STRICT;

CREATE TABLE paused (
  tenant TEXT PRIMARY KEY,
  since TEXT NOT NULL,
  why TEXT NOT NULL
) STRICT;

CREATE TABLE attempts (
  id INTEGER PRIMARY KEY,
  delivery INTEGER NOT NULL REFERENCES deliveries,
  begun_at TEXT NOT NULL,
  ended_at TEXT,
  transport TEXT NOT NULL,
  outcome TEXT NOT NULL,
  answer TEXT
) STRICT;

CREATE INDEX deliveries_of_edition ON deliveries (tenant, report, period);

CREATE INDEX attempts_of_delivery ON attempts (delivery);

CREATE INDEX letters_of_body ON letters (body);

CREATE VIEW latest AS
SELECT
  deliveries.*,
  (SELECT count(*) FROM attempts WHERE delivery = deliveries.id) AS attempts,
  last.transport AS by,
  last.answer AS answer
FROM deliveries
LEFT JOIN attempts AS last
  ON last.id = (SELECT max(id) FROM attempts WHERE delivery = deliveries.id)
