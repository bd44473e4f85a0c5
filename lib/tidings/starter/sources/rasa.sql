-- Rasa Open Source, 2.x and 3.x: the tracker store's one table, events, in PostgreSQL or in SQLite.
--
-- Gives Activity, intents and start flows. It has no agents, and no language unless a slot has one.
-- A conversation is what follows a session_started, until the next one of the same sender.
-- Of an action's name only events of type action are read: other events keep other names in that column.

CREATE VIEW messages AS
SELECT
    CAST(e.id AS VARCHAR) AS message_id,
    e.sender_id || ' ' || CAST(e.session AS VARCHAR) AS conversation_id,
    e.sender_id AS user_id,
    to_timestamp(e.timestamp) AS sent_at,
    CASE e.type_name WHEN 'user' THEN 'incoming' ELSE 'outgoing' END AS direction,
    CASE e.type_name WHEN 'user' THEN 'user' ELSE 'bot' END AS sender,
    CASE e.type_name WHEN 'user' THEN e.intent_name END AS intent
FROM (
    SELECT
        id, sender_id, type_name, timestamp, intent_name,
        sum(CASE type_name WHEN 'session_started' THEN 1 ELSE 0 END)
            OVER (PARTITION BY sender_id ORDER BY id ROWS UNBOUNDED PRECEDING) AS session
    FROM events
) AS e
WHERE e.type_name IN ('user', 'bot');

CREATE VIEW users AS
SELECT sender_id AS user_id, to_timestamp(min(timestamp)) AS first_seen_at
FROM events
WHERE type_name = 'user'
GROUP BY sender_id;

CREATE VIEW conversations AS
SELECT
    e.sender_id || ' ' || CAST(e.session AS VARCHAR) AS conversation_id,
    e.sender_id AS user_id,
    to_timestamp(min(e.timestamp)) AS started_at,
    min(CASE WHEN e.place = 1 THEN e.intent_name END) AS start_flow
FROM (
    SELECT
        s.*,
        row_number() OVER (PARTITION BY s.sender_id, s.session, s.type_name ORDER BY s.id) AS place
    FROM (
        SELECT
            id, sender_id, type_name, timestamp, intent_name,
            sum(CASE type_name WHEN 'session_started' THEN 1 ELSE 0 END)
                OVER (PARTITION BY sender_id ORDER BY id ROWS UNBOUNDED PRECEDING) AS session
        FROM events
    ) AS s
    WHERE s.type_name = 'user'
) AS e
GROUP BY e.sender_id, e.session;
