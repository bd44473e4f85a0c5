-- Chatwoot 3 and 4 (PostgreSQL), one account: source_parameters: {account_id: "1"}
--
-- The role needs SELECT on conversations, messages, inboxes, reporting_events and account_users, and on the
-- columns id, name and display_name of users; never on all of users, which holds hashes of passwords.
-- Chatwoot keeps its instants in UTC.
--
-- Estimated: an assignment is one for each conversation that was people's, since earlier ones are not kept; it
-- is answered by the first reply, and closed when the conversation was last resolved. Labels stand for closing
-- reasons. Chatwoot keeps neither intents nor agents' hours.

CREATE VIEW messages AS
SELECT
    m.id::text AS message_id,
    m.conversation_id::text AS conversation_id,
    coalesce(c.contact_id::text, 'conversation ' || c.id::text) AS user_id,
    m.created_at AS sent_at,
    CASE m.message_type WHEN 0 THEN 'incoming' ELSE 'outgoing' END AS direction,
    CASE WHEN m.message_type = 0 THEN 'user' WHEN m.sender_type = 'User' THEN 'agent' ELSE 'bot' END AS sender,
    c.additional_attributes ->> 'conversation_language' AS language,
    replace(i.channel_type, 'Channel::', '') AS channel
FROM messages AS m
JOIN conversations AS c ON c.id = m.conversation_id
LEFT JOIN inboxes AS i ON i.id = m.inbox_id
WHERE m.account_id = :account_id AND m.message_type IN (0, 1, 3) AND NOT m.private;

CREATE VIEW conversations AS
SELECT
    c.id::text AS conversation_id,
    coalesce(c.contact_id::text, 'conversation ' || c.id::text) AS user_id,
    c.created_at AS started_at,
    replace(i.channel_type, 'Channel::', '') AS channel,
    i.name AS entry_point
FROM conversations AS c
LEFT JOIN inboxes AS i ON i.id = c.inbox_id
WHERE c.account_id = :account_id;

CREATE VIEW users AS
SELECT
    coalesce(c.contact_id::text, 'conversation ' || c.id::text) AS user_id,
    min(m.created_at) AS first_seen_at
FROM messages AS m
JOIN conversations AS c ON c.id = m.conversation_id
WHERE m.account_id = :account_id AND m.message_type = 0
GROUP BY 1;

CREATE VIEW assignments AS
SELECT
    c.id::text AS assignment_id,
    c.id::text AS conversation_id,
    coalesce(c.contact_id::text, 'conversation ' || c.id::text) AS user_id,
    i.name AS queue,
    coalesce(r.user_id, c.assignee_id)::text AS agent_id,
    CASE u.role WHEN 0 THEN 'support' WHEN 1 THEN 'admin' END AS agent_role,
    coalesce(r.event_start_time, c.created_at) AS assigned_at,
    coalesce(r.event_end_time, c.first_reply_created_at) AS answered_at,
    CASE c.status WHEN 1 THEN coalesce(d.closed_at, c.last_activity_at) END AS closed_at,
    CASE c.status WHEN 1 THEN c.cached_label_list END AS closing_reason
FROM conversations AS c
LEFT JOIN inboxes AS i ON i.id = c.inbox_id
LEFT JOIN (
    SELECT DISTINCT ON (conversation_id) conversation_id, user_id, event_start_time, event_end_time
    FROM reporting_events
    WHERE account_id = :account_id AND name = 'first_response'
    ORDER BY conversation_id, id
) AS r ON r.conversation_id = c.id
LEFT JOIN (
    SELECT
        conversation_id,
        max(event_end_time) AS closed_at,
        bool_or(name = 'conversation_bot_resolved') AS by_bot
    FROM reporting_events
    WHERE account_id = :account_id AND name IN ('conversation_resolved', 'conversation_bot_resolved')
    GROUP BY conversation_id
) AS d ON d.conversation_id = c.id
LEFT JOIN account_users AS u
    ON u.account_id = c.account_id AND u.user_id = coalesce(r.user_id, c.assignee_id)
WHERE c.account_id = :account_id
    AND c.status <> 2
    AND (c.first_reply_created_at IS NOT NULL OR c.assignee_id IS NOT NULL OR NOT coalesce(d.by_bot, FALSE));

CREATE VIEW agents AS
SELECT
    u.id::text AS agent_id,
    coalesce(nullif(u.display_name, ''), u.name) AS name,
    CASE a.role WHEN 0 THEN 'support' WHEN 1 THEN 'admin' END AS role
FROM users AS u
JOIN account_users AS a ON a.user_id = u.id
WHERE a.account_id = :account_id;
