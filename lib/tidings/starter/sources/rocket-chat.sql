-- Rocket.Chat Omnichannel 6 and 7: its collections as mongoexport writes them, a file of JSON each, or a folder:
--   rocketchat_room                      --query '{"t": "l"}'
--   rocketchat_message
--   rocketchat_livechat_agent_activity
--   rocketchat_livechat_department       --fields _id,name
--   users                                --fields _id,name,username,roles   and never more: it holds secrets
--
-- Gives Activity and the Contact Center with transfers and connection hours; it keeps no intents.
-- Estimated: a stay begins with the chat, or with a transfer, and is the agent's who first replied in it.
-- Stays in which a bot alone replied are none. Tags stand for closing reasons.
-- Tables go by long names where documents have keys of one letter, such as u.

CREATE VIEW messages AS
SELECT
    to_json(m) ->> '_id' AS message_id,
    to_json(m) ->> 'rid' AS conversation_id,
    to_json(r) ->> '$.v._id' AS user_id,
    CAST(CAST(to_json(m) ->> '$.ts.$date' AS TIMESTAMPTZ) AS TIMESTAMP) AS sent_at,
    CASE WHEN to_json(m) ->> 'token' IS NULL THEN 'outgoing' ELSE 'incoming' END AS direction,
    CASE
        WHEN to_json(m) ->> 'token' IS NOT NULL THEN 'user'
        WHEN json_contains(to_json(person) -> 'roles', '"bot"') THEN 'bot'
        ELSE 'agent'
    END AS sender,
    to_json(r) ->> '$.source.type' AS channel
FROM rocketchat_message AS m
JOIN rocketchat_room AS r ON to_json(r) ->> '_id' = to_json(m) ->> 'rid' AND to_json(r) ->> 't' = 'l'
LEFT JOIN users AS person ON to_json(person) ->> '_id' = to_json(m) ->> '$.u._id'
WHERE to_json(m) ->> 't' IS NULL AND coalesce(to_json(m) ->> '_hidden', 'false') <> 'true';

CREATE VIEW conversations AS
SELECT
    to_json(r) ->> '_id' AS conversation_id,
    to_json(r) ->> '$.v._id' AS user_id,
    CAST(CAST(to_json(r) ->> '$.ts.$date' AS TIMESTAMPTZ) AS TIMESTAMP) AS started_at,
    CAST(CAST(to_json(r) ->> '$.closedAt.$date' AS TIMESTAMPTZ) AS TIMESTAMP) AS ended_at,
    to_json(r) ->> '$.source.type' AS channel
FROM rocketchat_room AS r
WHERE to_json(r) ->> 't' = 'l';

CREATE VIEW assignments AS
WITH rooms AS (
    SELECT
        to_json(r) AS room,
        to_json(r) ->> '_id' AS id,
        CAST(CAST(to_json(r) ->> '$.ts.$date' AS TIMESTAMPTZ) AS TIMESTAMP) AS began,
        CAST(CAST(to_json(r) ->> '$.closedAt.$date' AS TIMESTAMPTZ) AS TIMESTAMP) AS closed
    FROM rocketchat_room AS r
    WHERE to_json(r) ->> 't' = 'l'
),
said AS (
    SELECT
        to_json(m) AS message,
        to_json(m) ->> 'rid' AS id,
        to_json(m) ->> '$.u._id' AS who,
        coalesce(json_contains(to_json(person) -> 'roles', '"bot"'), FALSE) AS is_bot,
        CAST(CAST(to_json(m) ->> '$.ts.$date' AS TIMESTAMPTZ) AS TIMESTAMP) AS moment
    FROM rocketchat_message AS m
    LEFT JOIN users AS person ON to_json(person) ->> '_id' = to_json(m) ->> '$.u._id'
),
begins AS (
    SELECT id, id AS stay, began AS moment FROM rooms
    UNION ALL
    SELECT id, message ->> '_id' AS stay, moment FROM said WHERE message ->> 't' = 'livechat_transfer_history'
),
stays AS (
    SELECT
        id, stay, moment,
        lead(moment) OVER (PARTITION BY id ORDER BY moment, stay = id DESC, stay) AS ends,
        lag(stay) OVER (PARTITION BY id ORDER BY moment, stay = id DESC, stay) AS earlier
    FROM begins
)
SELECT
    s.stay AS assignment_id,
    s.id AS conversation_id,
    any_value(r.room ->> '$.v._id') AS user_id,
    any_value(s.earlier) AS transferred_from,
    any_value(coalesce(to_json(d) ->> 'name', r.room ->> 'departmentId')) AS queue,
    min_by(w.who, w.moment) FILTER (WHERE NOT w.is_bot) AS agent_id,
    any_value(s.moment) AS assigned_at,
    min(w.moment) FILTER (WHERE NOT w.is_bot) AS answered_at,
    any_value(coalesce(s.ends, r.closed)) AS closed_at,
    any_value(CASE WHEN s.ends IS NULL THEN r.room ->> '$.tags[0]' END) AS closing_reason
FROM stays AS s
JOIN rooms AS r ON r.id = s.id
LEFT JOIN rocketchat_livechat_department AS d ON to_json(d) ->> '_id' = r.room ->> 'departmentId'
LEFT JOIN said AS w
    ON w.id = s.id
    AND w.message ->> 't' IS NULL
    AND w.message ->> 'token' IS NULL
    AND w.moment >= s.moment
    AND (s.ends IS NULL OR w.moment < s.ends)
GROUP BY s.id, s.stay
HAVING count(w.who) FILTER (WHERE NOT w.is_bot) > 0 OR count(w.who) = 0;

CREATE VIEW agents AS
SELECT
    to_json(person) ->> '_id' AS agent_id,
    coalesce(to_json(person) ->> 'name', to_json(person) ->> 'username') AS name
FROM users AS person
WHERE json_contains(to_json(person) -> 'roles', '"livechat-agent"');

CREATE VIEW agent_sessions AS
WITH days AS (
    SELECT
        to_json(a) AS day,
        to_json(a) ->> '_id' AS id,
        to_json(a) ->> 'agentId' AS agent,
        unnest(coalesce(CAST(to_json(a) -> 'serviceHistory' AS JSON[]), [])) AS stretch
    FROM rocketchat_livechat_agent_activity AS a
)
SELECT
    id || ' ' || (stretch ->> '$.startedAt.$date') AS session_id,
    agent AS agent_id,
    CAST(CAST(stretch ->> '$.startedAt.$date' AS TIMESTAMPTZ) AS TIMESTAMP) AS connected_at,
    CAST(CAST(stretch ->> '$.stoppedAt.$date' AS TIMESTAMPTZ) AS TIMESTAMP) AS disconnected_at
FROM days
UNION ALL
SELECT
    (to_json(a) ->> '_id') || ' open' AS session_id,
    to_json(a) ->> 'agentId' AS agent_id,
    CAST(CAST(to_json(a) ->> '$.lastStartedAt.$date' AS TIMESTAMPTZ) AS TIMESTAMP) AS connected_at,
    CAST(NULL AS TIMESTAMP) AS disconnected_at
FROM rocketchat_livechat_agent_activity AS a
WHERE to_json(a) ->> 'lastStoppedAt' IS NULL AND to_json(a) ->> 'lastStartedAt' IS NOT NULL;
