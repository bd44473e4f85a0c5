"""What ClickHouse counts."""

from support.engines import clickhouse_client
from support.tables import edition_in

from tidings.metrics import activity

SENT = "toDateTime64('2026-11-10 12:00:00', 6, 'UTC')"


def test_very_many_different_ids_are_counted_exactly(tmp_path):
    with clickhouse_client() as (client, folder):
        client.command("DROP DATABASE IF EXISTS reports")
        client.command("CREATE DATABASE reports")
        client.command(
            "CREATE TABLE reports.messages ENGINE = MergeTree ORDER BY tuple() AS SELECT "
            "toString(number) AS message_id, 'c' AS conversation_id, concat('u', message_id) AS user_id, "
            f"{SENT} AS sent_at, 'incoming' AS direction, 'user' AS sender FROM numbers(200000)"
        )
        url = f"clickhouse://localhost/reports?interface=chdb&path={folder}"
        edition = edition_in(url, "2026-W46", tmp_path, services=["activity"])
        assert activity.active_users(edition).value == 200_000
