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

CREATE TABLE letters (
  delivery INTEGER PRIMARY KEY REFERENCES deliveries,
  content BLOB NOT NULL
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

CREATE VIEW latest AS
SELECT
  deliveries.*,
  (SELECT count(*) FROM attempts WHERE delivery = deliveries.id) AS attempts,
  last.transport AS by,
  last.answer AS answer
FROM deliveries
LEFT JOIN attempts AS last
  ON last.id = (SELECT max(id) FROM attempts WHERE delivery = deliveries.id)
