-- Dialogflow CX: the table dialogflow_bigquery_export_data of its export to BigQuery, exported once more as
-- Parquet or as JSON: here a file of that name, or a folder of that name with the files.
--
-- Gives Activity, intents, languages and start flows. It has no contact center, and knows nobody beyond a session.
-- A conversation, and a user, is a session. A turn is one message of the user's, unless an event began it,
-- and one of the bot's, however many texts that has.

CREATE VIEW messages AS
WITH turns AS (
    SELECT
        t.conversation_name AS session,
        t.turn ->> 'turn_position' AS place,
        CAST(CAST(t.turn ->> 'request_time' AS TIMESTAMPTZ) AS TIMESTAMP) AS sent_at,
        t.turn ->> 'language_code' AS language,
        CAST(t.turn ->> 'response' AS JSON) -> '$.queryResult' AS result
    FROM (SELECT to_json(e) AS turn, to_json(e) ->> 'conversation_name' AS conversation_name
        FROM dialogflow_bigquery_export_data AS e) AS t
)
SELECT
    t.session || ' ' || t.place || ' ' || s.sender AS message_id,
    t.session AS conversation_id,
    t.session AS user_id,
    t.sent_at AS sent_at,
    CASE s.sender WHEN 'user' THEN 'incoming' ELSE 'outgoing' END AS direction,
    s.sender AS sender,
    CASE s.sender WHEN 'user' THEN t.result ->> '$.match.intent.displayName' END AS intent,
    t.language AS language
FROM turns AS t
CROSS JOIN (VALUES ('user'), ('bot')) AS s (sender)
WHERE CASE s.sender
    WHEN 'user' THEN coalesce(t.result ->> '$.text', t.result ->> '$.transcript', t.result ->> '$.dtmf') IS NOT NULL
    ELSE coalesce(json_array_length(t.result -> '$.responseMessages'), 0) > 0
END;

CREATE VIEW users AS
SELECT
    to_json(e) ->> 'conversation_name' AS user_id,
    min(CAST(CAST(to_json(e) ->> 'request_time' AS TIMESTAMPTZ) AS TIMESTAMP)) AS first_seen_at
FROM dialogflow_bigquery_export_data AS e
GROUP BY 1;

CREATE VIEW conversations AS
SELECT
    t.session AS conversation_id,
    t.session AS user_id,
    min(t.sent_at) AS started_at,
    min_by(t.intent, t.place) FILTER (WHERE t.intent IS NOT NULL) AS start_flow
FROM (
    SELECT
        to_json(e) ->> 'conversation_name' AS session,
        CAST(to_json(e) ->> 'turn_position' AS INTEGER) AS place,
        CAST(CAST(to_json(e) ->> 'request_time' AS TIMESTAMPTZ) AS TIMESTAMP) AS sent_at,
        CAST(to_json(e) ->> 'response' AS JSON) ->> '$.queryResult.match.intent.displayName' AS intent
    FROM dialogflow_bigquery_export_data AS e
) AS t
GROUP BY t.session;
