-- The data contract of the rows that an edition is made from, written by hand for DuckDB: each number is 0.

-- name: messages
SELECT count(*) - count(DISTINCT hash(message_id)),
    count(*) FILTER (message_id IS NULL), count(*) FILTER (conversation_id IS NULL), count(*) FILTER (user_id IS NULL),
    count(*) FILTER (sent_at IS NULL), count(*) FILTER (direction IS NULL), count(*) FILTER (sender IS NULL),
    count(*) FILTER (direction NOT IN ('incoming', 'outgoing')),
    count(*) FILTER (sender NOT IN ('user', 'bot', 'agent'))
FROM read_parquet('$messages')
WHERE sent_at >= TIMESTAMP '$before' AND sent_at < TIMESTAMP '$end' OR sent_at IS NULL;

-- name: conversations
SELECT count(*) - count(DISTINCT hash(conversation_id)),
    count(*) FILTER (conversation_id IS NULL), count(*) FILTER (user_id IS NULL), count(*) FILTER (started_at IS NULL),
    count(*) FILTER (ended_at < started_at)
FROM '$folder/conversations.parquet'
WHERE started_at >= TIMESTAMP '$before' AND started_at < TIMESTAMP '$end' OR started_at IS NULL;

-- name: users
SELECT count(*) - count(DISTINCT hash(user_id)),
    count(*) FILTER (user_id IS NULL), count(*) FILTER (first_seen_at IS NULL)
FROM '$folder/users.parquet'
WHERE first_seen_at >= TIMESTAMP '$before' AND first_seen_at < TIMESTAMP '$end' OR first_seen_at IS NULL;

-- name: assignments
SELECT count(*) - count(DISTINCT hash(assignment_id)),
    count(*) FILTER (assignment_id IS NULL), count(*) FILTER (conversation_id IS NULL), count(*) FILTER (user_id IS NULL),
    count(*) FILTER (assigned_at IS NULL), count(*) FILTER (agent_role NOT IN ('support', 'admin', 'tech')),
    count(*) FILTER (answered_at < assigned_at), count(*) FILTER (closed_at < answered_at),
    count(*) FILTER (closed_at < assigned_at)
FROM '$folder/assignments.parquet'
WHERE assigned_at < TIMESTAMP '$end' AND (assigned_at >= TIMESTAMP '$before' OR closed_at IS NULL OR closed_at >= TIMESTAMP '$before')
    OR assigned_at IS NULL;

-- name: agents
SELECT count(*) - count(DISTINCT hash(agent_id)), count(*) FILTER (agent_id IS NULL) FROM '$folder/agents.parquet';

-- name: agent_sessions
SELECT count(*) - count(DISTINCT hash(session_id)),
    count(*) FILTER (session_id IS NULL), count(*) FILTER (agent_id IS NULL), count(*) FILTER (connected_at IS NULL),
    count(*) FILTER (disconnected_at < connected_at)
FROM '$folder/agent_sessions.parquet'
WHERE connected_at < TIMESTAMP '$end' AND (connected_at >= TIMESTAMP '$before' OR disconnected_at IS NULL OR disconnected_at >= TIMESTAMP '$before')
    OR connected_at IS NULL;
