"""Editions and results, small and literal, for the tests of charts."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pandas as pd
import pytest

from tidings.metrics.activity import incoming_messages
from tidings.metrics.metric import Result
from tidings.periods.period import Period, parse_period
from tidings.tenants.tenant import Tenant


@dataclass(frozen=True)
class StandIn:
    """An edition as far as a chart looks at it."""

    tenant: Tenant
    period: Period


def make_edition(period: str = "2026-W46", language: str = "en", color: str = "#0B6E4F") -> StandIn:
    tenant = Tenant.model_validate(
        {
            "id": "demo",
            "name": "Demo Telecom",
            "services": ["activity", "chatbot", "contact-center"],
            "cadence": "weekly",
            "time_zone": "America/Bogota",
            "language": language,
            "recipients": ["ana@example.com"],
            "source": "data/demo",
            "brand": {"color": color},
        }
    )
    return StandIn(tenant, parse_period(period, tenant, datetime(2027, 1, 1, tzinfo=UTC)))


def daily_frame(period: Period, columns: dict[str, list]) -> pd.DataFrame:
    return pd.DataFrame({"day": pd.DatetimeIndex(period.days).as_unit("us"), **columns})


def make_daily(
    columns: dict[str, list],
    *,
    previous: dict[str, list] | None = None,
    edition: StandIn | None = None,
    name: str = "activity.incoming_messages",
    label: str = "Incoming Messages",
    unit: str = "messages",
    **more,
) -> Result:
    """A daily result; ``columns`` are its values by name, one for each day of the edition's period."""
    edition = edition or make_edition()
    metric = replace(incoming_messages.metric, name=name, label=label, unit=unit, columns=("day", *columns))
    before = None
    if previous is not None:
        length = len(next(iter(previous.values())))
        ending = pd.Timestamp(edition.period.compared_with().last)
        before = pd.DataFrame({"day": pd.date_range(end=ending, periods=length), **previous})
    return Result(metric, edition, daily_frame(edition.period, columns), before, **more)


@pytest.fixture(scope="session")
def edition() -> Callable[..., StandIn]:
    """Make a tenant's edition: by default a week from Monday 9 November 2026, in Bogota and English."""
    return make_edition


@pytest.fixture(scope="session")
def daily_result() -> Callable[..., Result]:
    """Make a daily result of literal values."""
    return make_daily
