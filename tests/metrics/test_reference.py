"""The documentation of the metrics is theirs."""

from support.projects import CHECKOUT

from tidings.metrics import METRICS
from tidings.metrics.reference import metrics_page


def test_the_committed_page_is_the_one_that_the_definitions_make():
    page = (CHECKOUT / "docs" / "metrics.md").read_text("utf-8")
    assert page == metrics_page(), "docs/metrics.md is stale: run make docs"


def test_every_metric_is_on_the_page_with_its_definition():
    page = " ".join(metrics_page().split())
    for compute in METRICS:
        assert f"`{compute.metric.name}`" in page
        assert compute.metric.definition in page


def test_no_two_metrics_have_one_name():
    names = [compute.metric.name for compute in METRICS]
    assert len(set(names)) == len(names)
