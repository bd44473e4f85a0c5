-- Amazon Connect: contact records, as they are delivered to Amazon S3 as JSON: here a file contacts.json, or a
-- folder contacts with the files.
--
-- Gives the Contact Center in full but for connection hours; Connect keeps no messages in these records.
-- A record may be delivered again: the one that was updated last counts. A stay is a contact that was put into
-- a queue or reached an agent; a transfer is a contact of its own, which names the one before. A customer is
-- known by the address of the endpoint, of which a hash is taken, or by the first contact.

CREATE VIEW assignments AS
SELECT
    r.record ->> 'ContactId' AS assignment_id,
    coalesce(r.record ->> 'InitialContactId', r.record ->> 'ContactId') AS conversation_id,
    coalesce(
        md5(r.record ->> '$.CustomerEndpoint.Address'),
        r.record ->> 'InitialContactId',
        r.record ->> 'ContactId'
    ) AS user_id,
    p.record ->> 'ContactId' AS transferred_from,
    r.record ->> '$.Queue.Name' AS queue,
    r.record ->> '$.Agent.ARN' AS agent_id,
    CAST(CAST(coalesce(
        r.record ->> '$.Queue.EnqueueTimestamp',
        r.record ->> '$.Agent.ConnectedToAgentTimestamp'
    ) AS TIMESTAMPTZ) AS TIMESTAMP) AS assigned_at,
    CAST(CAST(r.record ->> '$.Agent.ConnectedToAgentTimestamp' AS TIMESTAMPTZ) AS TIMESTAMP) AS answered_at,
    CAST(CAST(r.record ->> 'DisconnectTimestamp' AS TIMESTAMPTZ) AS TIMESTAMP) AS closed_at,
    r.record ->> 'DisconnectReason' AS closing_reason
FROM (
    SELECT
        to_json(c) AS record,
        row_number() OVER (
            PARTITION BY to_json(c) ->> 'ContactId' ORDER BY to_json(c) ->> 'LastUpdateTimestamp' DESC
        ) AS copy
    FROM contacts AS c
) AS r
LEFT JOIN (
    SELECT DISTINCT ON (to_json(d) ->> 'ContactId') to_json(d) AS record
    FROM contacts AS d
    WHERE
        to_json(d) ->> '$.Queue.EnqueueTimestamp' IS NOT NULL
        OR to_json(d) ->> '$.Agent.ConnectedToAgentTimestamp' IS NOT NULL
) AS p ON p.record ->> 'ContactId' = r.record ->> 'PreviousContactId'
WHERE
    r.copy = 1
    AND (
        r.record ->> '$.Queue.EnqueueTimestamp' IS NOT NULL
        OR r.record ->> '$.Agent.ConnectedToAgentTimestamp' IS NOT NULL
    );

CREATE VIEW agents AS
SELECT
    to_json(c) ->> '$.Agent.ARN' AS agent_id,
    max(to_json(c) ->> '$.Agent.Username') AS name
FROM contacts AS c
WHERE to_json(c) ->> '$.Agent.ARN' IS NOT NULL
GROUP BY 1;
