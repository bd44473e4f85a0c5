"""The rehearsal before the fork: what it leaves for kernels to find."""

from datetime import UTC, date, datetime

from support.tables import edition_in

from tidings.demo import DemoSettings, write_demo_data
from tidings.kernels.rehearsal import rehearse
from tidings.metrics import outline
from tidings.metrics.observations import observe
from tidings.metrics.results import edition_results


def test_a_rehearsal_compiles_every_query_of_a_report_beforehand(tmp_path, monkeypatch):
    monkeypatch.setattr(outline, "_KEPT", {})
    rehearse()
    kept = {query: list(those) for query, those in outline._KEPT.items()}
    write_demo_data(tmp_path, DemoSettings(end=date(2026, 11, 16), messages=3_000))
    edition = edition_in(tmp_path, "2026-W46", tmp_path, datetime(2026, 11, 16, 9, tzinfo=UTC))
    edition_results(edition)
    observe(edition)
    assert kept == outline._KEPT
