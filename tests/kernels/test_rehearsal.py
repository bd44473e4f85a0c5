"""The rehearsal before the fork: what it leaves for kernels to find."""

from datetime import UTC, date, datetime

import pytest
from support.tables import edition_in

from tidings.demo import DemoSettings, write_demo_data
from tidings.kernels.rehearsal import rehearse
from tidings.metrics import outline
from tidings.metrics.observations import observe
from tidings.metrics.results import edition_results
from tidings.sources import source


@pytest.mark.parametrize("tenants", [0, 3])
def test_a_rehearsal_compiles_every_query_of_a_report_beforehand(tmp_path, monkeypatch, tenants):
    monkeypatch.setattr(outline, "KEPT", {})
    source._prepare_rows.cache_clear()
    rehearse()
    kept = {query: list(those) for query, those in outline.KEPT.items()}
    compiled = source._prepare_rows.cache_info().misses
    write_demo_data(tmp_path, DemoSettings(end=date(2026, 11, 16), messages=3_000, tenants=tenants))
    keys = {"id": "tenant-0001", "tenant_column": True} if tenants else {}
    edition = edition_in(tmp_path, "2026-W46", tmp_path, datetime(2026, 11, 16, 9, tzinfo=UTC), **keys)
    edition_results(edition)
    observe(edition)
    assert kept == outline.KEPT
    assert source._prepare_rows.cache_info().misses == compiled
