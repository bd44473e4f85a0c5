-- The numbers of one edition, written by hand for DuckDB: what `bench_large` holds the library against.
--
-- The runner puts in $folder and $messages (the tables' folder, the messages' files), and the instants in UTC
-- at which the period before begins ($before), the period begins ($start) and ends ($end). $offset is the
-- zone's distance from UTC, a fixed one. A statement named after a number gives `now` (true for the period,
-- false for the one before), then the number's own columns; `setup` gives nothing.

-- name: setup
CREATE VIEW messages AS
SELECT *, sent_at >= TIMESTAMP '$start' AS now, date_trunc('day', sent_at + INTERVAL '$offset') AS day
FROM read_parquet('$messages')
WHERE sent_at >= TIMESTAMP '$before' AND sent_at < TIMESTAMP '$end';

CREATE VIEW users AS SELECT * FROM '$folder/users.parquet';
CREATE VIEW conversations AS SELECT * FROM '$folder/conversations.parquet';
CREATE VIEW assignments AS SELECT * FROM '$folder/assignments.parquet';
CREATE VIEW sessions AS SELECT * FROM '$folder/agent_sessions.parquet';

CREATE TEMP TABLE agents AS
WITH named AS (
    SELECT agent_id, coalesce(nullif(trim(name), ''), agent_id) AS name FROM '$folder/agents.parquet'
), told_apart AS (
    SELECT agent_id, if(count(*) OVER (PARTITION BY name) > 1, name || ' (' || agent_id || ')', name) AS agent
    FROM named
)
SELECT agent_id, coalesce(agent, agent_id) AS agent
FROM told_apart FULL JOIN (SELECT agent_id FROM assignments UNION SELECT agent_id FROM sessions) USING (agent_id)
WHERE agent_id IS NOT NULL;

CREATE TEMP TABLE days AS
SELECT unnest(range(TIMESTAMP '$start' + INTERVAL '$offset', TIMESTAMP '$end' + INTERVAL '$offset', INTERVAL 1 DAY)) AS day;

CREATE TEMP TABLE traffic AS
WITH minutes AS (
    SELECT now, day, date_trunc('minute', sent_at) AS minute,
        count(*) AS messages, count(*) FILTER (direction = 'incoming') AS incoming
    FROM messages GROUP BY ALL
)
SELECT now, day, sum(messages) AS messages, sum(incoming) AS incoming, max(messages) AS peak,
    first(minute ORDER BY messages DESC, minute) AS busiest
FROM minutes GROUP BY ALL;

CREATE TEMP TABLE threads AS
SELECT now, day, count(DISTINCT conversation_id) AS conversations FROM messages GROUP BY ALL;

CREATE TEMP TABLE intents AS
SELECT now, intent, count(*) AS messages, lower(intent) IN ('none', 'fallback', 'nlu_fallback', 'out_of_scope') AS unknown
FROM messages WHERE direction = 'incoming' AND intent IS NOT NULL GROUP BY ALL;

CREATE TEMP TABLE stays AS
SELECT *, assigned_at >= TIMESTAMP '$start' AS now,
    date_trunc('day', assigned_at + INTERVAL '$offset') AS day,
    answered_at IS NOT NULL AS handled,
    answered_at IS NULL AND closed_at IS NOT NULL AND assignment_id NOT IN (
        SELECT transferred_from FROM assignments WHERE transferred_from IS NOT NULL
    ) AS missed,
    date_diff('microsecond', answered_at, closed_at) / 6e7 AS talk,
    date_diff('microsecond', assigned_at, answered_at) / 6e7 AS wait
FROM assignments
WHERE assigned_at >= TIMESTAMP '$before' AND assigned_at < TIMESTAMP '$end';

CREATE TEMP TABLE talk AS
SELECT agent_id, day, date_diff('microsecond',
    greatest(answered_at + INTERVAL '$offset', day), least(closed_at + INTERVAL '$offset', day + INTERVAL 1 DAY)) / 6e7 AS minutes
FROM assignments JOIN days
    ON answered_at + INTERVAL '$offset' < day + INTERVAL 1 DAY AND closed_at + INTERVAL '$offset' > day
WHERE answered_at < closed_at AND answered_at < TIMESTAMP '$end' AND closed_at > TIMESTAMP '$start';

CREATE TEMP TABLE logins AS
WITH latest AS (
    SELECT max(sent_at) AS instant FROM read_parquet('$messages')
    UNION ALL SELECT greatest(max(started_at), max(ended_at)) FROM conversations
    UNION ALL SELECT max(first_seen_at) FROM users
    UNION ALL SELECT greatest(max(assigned_at), max(answered_at), max(closed_at)) FROM assignments
    UNION ALL SELECT greatest(max(connected_at), max(disconnected_at)) FROM sessions
), clipped AS (
    SELECT agent_id, greatest(connected_at, TIMESTAMP '$start') AS begins,
        least(coalesce(disconnected_at, (SELECT max(instant) FROM latest)), TIMESTAMP '$end') AS ends
    FROM sessions WHERE begins < ends
), marked AS (
    SELECT *, begins > max(ends) OVER (PARTITION BY agent_id ORDER BY begins, ends ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS apart
    FROM clipped
), numbered AS (
    SELECT *, count(*) FILTER (apart) OVER (PARTITION BY agent_id ORDER BY begins, ends ROWS UNBOUNDED PRECEDING) AS island
    FROM marked
)
SELECT agent_id, min(begins) + INTERVAL '$offset' AS begins, max(ends) + INTERVAL '$offset' AS ends
FROM numbered GROUP BY agent_id, island;

CREATE TEMP TABLE online AS
SELECT agent_id, day, date_diff('microsecond', greatest(begins, day), least(ends, day + INTERVAL 1 DAY)) / 3.6e9 AS hours
FROM logins JOIN days ON begins < day + INTERVAL 1 DAY AND ends > day;

-- name: activity.new_users
SELECT first_seen_at >= TIMESTAMP '$start' AS now, count(*)
FROM users WHERE first_seen_at >= TIMESTAMP '$before' AND first_seen_at < TIMESTAMP '$end' GROUP BY now;

-- name: activity.active_users
SELECT now, count(DISTINCT user_id) FROM messages WHERE direction = 'incoming' GROUP BY now;

-- name: activity.total_messages
SELECT now, sum(messages) FROM traffic GROUP BY now;

-- name: activity.peak_volume
SELECT now, max(peak) FROM traffic GROUP BY now;

-- name: activity.peak_time
SELECT now, strftime(first(busiest ORDER BY peak DESC, busiest) + INTERVAL '$offset', '%Y-%m-%dT%H:%M:%S$suffix')
FROM traffic GROUP BY now;

-- name: activity.incoming_messages
SELECT now, day, incoming FROM traffic ORDER BY day;

-- name: activity.conversations
SELECT now, day, conversations FROM threads ORDER BY day;

-- name: activity.total_conversations
SELECT now, count(DISTINCT conversation_id) FROM messages GROUP BY now;

-- name: activity.messages_per_conversation
SELECT now, day, messages / conversations FROM traffic JOIN threads USING (now, day) ORDER BY day;

-- name: activity.average_messages_per_conversation
SELECT now, count(*) / count(DISTINCT conversation_id) FROM messages GROUP BY now;

-- name: activity.max_messages_per_minute
SELECT now, day, peak FROM traffic ORDER BY day;

-- name: chatbot.intents
SELECT now, intent, messages, messages / sum(messages) OVER (PARTITION BY now) AS share
FROM intents WHERE NOT unknown ORDER BY messages DESC, intent;

-- name: chatbot.unrecognised_share
SELECT now, sum(messages) FILTER (unknown) / sum(messages) FROM intents GROUP BY now;

-- name: chatbot.languages
WITH used AS (
    SELECT now, user_id, language, count(*) AS messages, max(sent_at) AS last_used
    FROM messages WHERE direction = 'incoming' GROUP BY ALL
), main AS (
    SELECT now, language FROM used
    QUALIFY row_number() OVER (PARTITION BY now, user_id ORDER BY language IS NULL, messages DESC, last_used DESC, language) = 1
)
SELECT now, language, count(*) AS users, count(*) / sum(count(*)) OVER (PARTITION BY now) AS share
FROM main GROUP BY now, language ORDER BY users DESC, language NULLS LAST;

-- name: chatbot.start_flows
WITH first_intents AS (
    SELECT conversation_id, intent FROM messages
    WHERE now AND direction = 'incoming' AND intent IS NOT NULL
        AND lower(intent) NOT IN ('none', 'fallback', 'nlu_fallback', 'out_of_scope')
    QUALIFY row_number() OVER (PARTITION BY conversation_id ORDER BY sent_at, intent) = 1
)
SELECT true AS now, entry_point, start_flow, intent, count(*) AS conversations
FROM conversations LEFT JOIN first_intents USING (conversation_id)
WHERE started_at >= TIMESTAMP '$start' AND started_at < TIMESTAMP '$end'
GROUP BY ALL ORDER BY conversations DESC, entry_point NULLS LAST, start_flow NULLS LAST, intent NULLS LAST;

-- name: contact_center.total_conversations
SELECT now, count(*) FROM stays GROUP BY now;

-- name: contact_center.unique_conversations
SELECT now, count(DISTINCT conversation_id) FROM stays GROUP BY now;

-- name: contact_center.missed_conversations
SELECT now, count(*) FILTER (missed) FROM stays GROUP BY now;

-- name: contact_center.missed_share
SELECT now, count(*) FILTER (missed) / count(*) FROM stays GROUP BY now;

-- name: contact_center.total_messages
SELECT now, count(*) FROM messages WHERE assignment_id IS NOT NULL GROUP BY now;

-- name: contact_center.unique_users
SELECT now, count(DISTINCT user_id) FROM stays GROUP BY now;

-- name: contact_center.automated_resolutions
SELECT now, count(DISTINCT conversation_id)
FROM messages ANTI JOIN assignments USING (conversation_id) GROUP BY now;

-- name: contact_center.automated_share
SELECT now, count(DISTINCT conversation_id) FILTER (conversation_id NOT IN (
    SELECT conversation_id FROM assignments WHERE conversation_id IS NOT NULL
)) / count(DISTINCT conversation_id) FROM messages GROUP BY now;

-- name: contact_center.handled_vs_missed
SELECT now, day, count(*) FILTER (handled), count(*) FILTER (missed), count(*) FILTER (NOT handled AND NOT missed)
FROM stays GROUP BY now, day ORDER BY day;

-- name: contact_center.closing_reasons
SELECT now, closing_reason, count(*) AS conversations, count(*) / sum(count(*)) OVER (PARTITION BY now) AS share
FROM stays WHERE closed_at IS NOT NULL
GROUP BY now, closing_reason ORDER BY conversations DESC, closing_reason NULLS LAST;

-- name: contact_center.conversation_time
SELECT now, day, avg(talk), median(talk) FROM stays GROUP BY now, day ORDER BY day;

-- name: contact_center.average_conversation_minutes
SELECT now, avg(talk) FROM stays GROUP BY now;

-- name: contact_center.wait_time
SELECT now, day, avg(wait), median(wait) FROM stays GROUP BY now, day ORDER BY day;

-- name: contact_center.average_wait_minutes
SELECT now, avg(wait) FROM stays GROUP BY now;

-- name: contact_center.agent_conversations
SELECT now, agent, count(DISTINCT conversation_id) AS conversations
FROM stays JOIN agents USING (agent_id) WHERE now AND handled
GROUP BY now, agent ORDER BY conversations DESC, agent;

-- name: contact_center.agent_conversations_daily
WITH counted AS (
    SELECT day, agent_id, count(DISTINCT conversation_id) AS conversations
    FROM stays WHERE now AND handled GROUP BY ALL
)
SELECT true AS now, day, agent, coalesce(conversations, 0)
FROM days CROSS JOIN (SELECT DISTINCT agent_id FROM counted) JOIN agents USING (agent_id)
    LEFT JOIN counted USING (day, agent_id)
ORDER BY day, agent;

-- name: contact_center.agent_minutes
SELECT true AS now, agent, sum(minutes) AS minutes
FROM talk JOIN agents USING (agent_id) GROUP BY agent ORDER BY minutes DESC, agent;

-- name: contact_center.agent_minutes_daily
WITH summed AS (SELECT day, agent_id, sum(minutes) AS minutes FROM talk GROUP BY ALL)
SELECT true AS now, day, agent, coalesce(minutes, 0)
FROM days CROSS JOIN (SELECT DISTINCT agent_id FROM summed) JOIN agents USING (agent_id)
    LEFT JOIN summed USING (day, agent_id)
ORDER BY day, agent;

-- name: contact_center.agent_hours
SELECT true AS now, agent, sum(hours) AS hours
FROM online JOIN agents USING (agent_id) GROUP BY agent ORDER BY hours DESC, agent;

-- name: contact_center.agent_hours_daily
WITH summed AS (SELECT day, agent_id, sum(hours) AS hours FROM online GROUP BY ALL)
SELECT true AS now, day, agent, coalesce(hours, 0)
FROM days CROSS JOIN (SELECT DISTINCT agent_id FROM summed) JOIN agents USING (agent_id)
    LEFT JOIN summed USING (day, agent_id)
ORDER BY day, agent;

-- name: contact_center.reconciliation
WITH agents AS (SELECT count(DISTINCT (agent_id, conversation_id)) AS held FROM stays WHERE now AND handled),
counts AS (
    SELECT count(*) AS total, count(*) FILTER (handled) AS handled, count(*) FILTER (missed) AS missed FROM stays WHERE now
)
SELECT true AS now, unnest([
    {'step': 'sum of conversations per agent', 'conversations': held},
    {'step': 'further assignments to an agent who already had the conversation', 'conversations': handled - held},
    {'step': 'missed', 'conversations': missed},
    {'step': 'other', 'conversations': total - handled - missed},
    {'step': 'total conversations', 'conversations': total}
], recursive := true) FROM agents, counts;
