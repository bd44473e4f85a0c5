"""An edition's numbers by pandas, which holds the columns that it needs of both periods in memory."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import pandas as pd
from bench.large_task import Task, plain

_UNKNOWN = ["none", "fallback", "nlu_fallback", "out_of_scope"]
_MESSAGES = ["conversation_id", "user_id", "sent_at", "direction", "assignment_id", "intent", "language"]
_MINUTE, _HOUR, _DAY = pd.Timedelta("1min"), pd.Timedelta("1h"), pd.Timedelta("1D")


def numbers(task: Task) -> dict:
    """Every number, under its recorded name."""
    if task.checks:
        _check(task)
    tables = _Tables(task)
    return {name: plain(value) for part in _PARTS for name, value in part(tables)}


class _Tables:
    """The tables, read when first asked for; each row with its local day, and whether it is of the period."""

    def __init__(self, task: Task):
        self.folder = Path(task.folder)
        period = task.when
        self.offset = period.offsets[0][1]
        instants = (period.previous().start, period.start, period.end)
        self.before, self.start, self.end = (
            pd.Timestamp(instant.replace(tzinfo=None)) for instant in instants
        )
        self.zone = period.zone
        self.days = pd.DatetimeIndex([pd.Timestamp(day) for day in period.days])

    def read(self, table: str, columns: list[str], instant: str) -> pd.DataFrame:
        """The rows of both periods, by one of their instants, with `now` and `day`."""
        within = [(instant, ">=", self.before), (instant, "<", self.end)]
        rows = pd.read_parquet(self._path(table), columns=columns, filters=within)
        day = (rows[instant] + self.offset).dt.normalize().astype("datetime64[us]")
        return rows.assign(now=rows[instant] >= self.start, day=day)

    def whole(self, table: str, columns: list[str]) -> pd.DataFrame:
        return pd.read_parquet(self._path(table), columns=columns)

    def _path(self, table: str) -> Path:
        folder = self.folder / table
        return folder if folder.is_dir() else self.folder / f"{table}.parquet"

    @cached_property
    def messages(self) -> pd.DataFrame:
        rows = self.read("messages", _MESSAGES, "sent_at")
        return rows.assign(incoming=rows["direction"] == "incoming")

    @cached_property
    def stays(self) -> pd.DataFrame:
        every = self.whole("assignments", ["assignment_id", "transferred_from"])
        rows = self.read("assignments", None, "assigned_at")
        handled, closed = rows["answered_at"].notna(), rows["closed_at"].notna()
        return rows.assign(
            handled=handled,
            missed=~handled & closed & ~rows["assignment_id"].isin(every["transferred_from"].dropna()),
            talk=(rows["closed_at"] - rows["answered_at"]) / _MINUTE,
            wait=(rows["answered_at"] - rows["assigned_at"]) / _MINUTE,
        )

    @cached_property
    def names(self) -> dict[str, str]:
        agents = self.whole("agents", ["agent_id", "name"])
        name = agents["name"].where(agents["name"].fillna("").str.strip() != "", agents["agent_id"])
        name = name.where(~name.duplicated(keep=False), name + " (" + agents["agent_id"] + ")")
        return dict(zip(agents["agent_id"], name, strict=True))

    @cached_property
    def last(self) -> pd.Timestamp:
        """The last instant of any table."""
        instants = {
            "messages": ["sent_at"],
            "conversations": ["started_at", "ended_at"],
            "users": ["first_seen_at"],
            "assignments": ["assigned_at", "answered_at", "closed_at"],
            "agent_sessions": ["connected_at", "disconnected_at"],
        }
        return max(self.whole(table, columns).max().max() for table, columns in instants.items())

    def name(self, agents: pd.Series) -> pd.Series:
        return agents.map(self.names).fillna(agents)


def _both(name: str, values: pd.Series | pd.DataFrame) -> Iterator[tuple[str, object]]:
    """A number of both periods: a series by `now`, or a frame by `now` and day."""
    for now, suffix in ((True, ""), (False, ".previous")):
        found = values.loc[now]
        yield name + suffix, found.reset_index() if isinstance(found, (pd.Series, pd.DataFrame)) else found


def _activity(tables: _Tables) -> Iterator[tuple[str, object]]:
    messages = tables.messages
    users = tables.read("users", ["user_id", "first_seen_at"], "first_seen_at")
    yield from _both("activity.new_users", users.groupby("now").size())
    yield from _both(
        "activity.active_users", messages[messages["incoming"]].groupby("now")["user_id"].nunique()
    )
    yield from _both("activity.total_messages", messages.groupby("now").size())
    by_day = messages.groupby(["now", "day"])
    threads = by_day["conversation_id"].nunique()
    yield from _both("activity.incoming_messages", by_day["incoming"].sum())
    yield from _both("activity.conversations", threads)
    in_all = messages.groupby("now")["conversation_id"].nunique()
    yield from _both("activity.total_conversations", in_all)
    yield from _both("activity.average_messages_per_conversation", messages.groupby("now").size() / in_all)
    yield from _both("activity.messages_per_conversation", by_day.size() / threads)
    minutes = messages.groupby(["now", "day", messages["sent_at"].dt.floor("min")]).size().rename("messages")
    yield from _both("activity.max_messages_per_minute", minutes.groupby(["now", "day"]).max())
    yield from _both("activity.peak_volume", minutes.groupby("now").max())
    peaks = minutes.groupby("now").idxmax().map(lambda key: key[2].tz_localize("UTC"))
    yield from _both("activity.peak_time", peaks.map(lambda peak: peak.tz_convert(tables.zone).isoformat()))


def _chatbot(tables: _Tables) -> Iterator[tuple[str, object]]:
    incoming = tables.messages[tables.messages["incoming"]]
    detected = incoming[incoming["intent"].notna()]
    counted = detected.groupby(["now", "intent"]).size().rename("messages").reset_index()
    unknown = counted["intent"].str.lower().isin(_UNKNOWN)
    totals = counted.groupby("now")["messages"].sum()
    yield from _both(
        "chatbot.unrecognised_share",
        counted[unknown].groupby("now")["messages"].sum().reindex(totals.index) / totals,
    )
    yield from _shares("chatbot.intents", counted[~unknown], "messages")
    yield from _languages(incoming)
    yield "chatbot.start_flows", _flows(tables, detected[detected["now"]])


def _languages(incoming: pd.DataFrame) -> Iterator[tuple[str, object]]:
    by = ["now", "user_id", "language"]
    used = incoming.groupby(by, dropna=False)["sent_at"].agg(["size", "max"]).reset_index()
    used["missing"] = used["language"].isna()
    order = ["missing", "size", "max", "language"]
    main = used.sort_values(order, ascending=[True, False, False, True]).drop_duplicates(["now", "user_id"])
    counted = main.groupby(["now", "language"], dropna=False).size().rename("users").reset_index()
    yield from _shares("chatbot.languages", counted, "users")


def _flows(tables: _Tables, detected: pd.DataFrame) -> pd.DataFrame:
    known = detected[~detected["intent"].str.lower().isin(_UNKNOWN)]
    first = known.sort_values(["sent_at", "intent"]).drop_duplicates("conversation_id")
    columns = ["conversation_id", "started_at", "entry_point", "start_flow"]
    started = tables.read("conversations", columns, "started_at").query("now")
    flows = started.merge(first[["conversation_id", "intent"]], on="conversation_id", how="left")
    keys = ["entry_point", "start_flow", "intent"]
    return _ranked(
        flows.groupby(keys, dropna=False).size().rename("conversations").reset_index(), "conversations"
    )


def _contact_center(tables: _Tables) -> Iterator[tuple[str, object]]:
    stays, messages = tables.stays, tables.messages
    by_period, by_day = stays.groupby("now"), stays.groupby(["now", "day"])
    yield from _both("contact_center.total_conversations", by_period.size())
    yield from _both("contact_center.unique_conversations", by_period["conversation_id"].nunique())
    yield from _both("contact_center.missed_conversations", by_period["missed"].sum())
    yield from _both("contact_center.missed_share", by_period["missed"].mean())
    yield from _both("contact_center.total_messages", messages.groupby("now")["assignment_id"].count())
    yield from _both("contact_center.unique_users", by_period["user_id"].nunique())
    assigned = tables.whole("assignments", ["conversation_id"])["conversation_id"].unique()
    alone = messages[~messages["conversation_id"].isin(assigned)]
    automated = alone.groupby("now")["conversation_id"].nunique()
    yield from _both("contact_center.automated_resolutions", automated)
    in_all = messages.groupby("now")["conversation_id"].nunique()
    yield from _both("contact_center.automated_share", automated / in_all)
    outcomes = by_day[["handled", "missed"]].sum().assign(other=by_day.size())
    outcomes["other"] -= outcomes["handled"] + outcomes["missed"]
    yield from _both("contact_center.handled_vs_missed", outcomes)
    closed = stays[stays["closed_at"].notna()].groupby(["now", "closing_reason"], dropna=False)
    reasons = closed.size().rename("conversations").reset_index()
    yield from _shares("contact_center.closing_reasons", reasons, "conversations")
    for name, value in (("conversation", "talk"), ("wait", "wait")):
        yield from _both(f"contact_center.{name}_time", by_day[value].agg(["mean", "median"]))
        yield from _both(f"contact_center.average_{name}_minutes", by_period[value].mean())


def _agents(tables: _Tables) -> Iterator[tuple[str, object]]:
    handled = tables.stays.query("now and handled")
    held = handled.groupby("agent_id")["conversation_id"].nunique()
    total = (
        held.rename("conversations").reset_index().assign(agent=lambda rows: tables.name(rows["agent_id"]))
    )
    yield "contact_center.agent_conversations", _ranked(total[["agent", "conversations"]], "conversations")
    daily = handled.groupby(["day", "agent_id"])["conversation_id"].nunique()
    yield "contact_center.agent_conversations_daily", _every_day(tables, daily)
    yield from _effort(tables, "minutes", _talk(tables), _MINUTE)
    yield from _effort(tables, "hours", _logins(tables), _HOUR)
    stays = tables.stays[tables.stays["now"]]
    counts = [held.sum(), len(handled) - held.sum(), stays["missed"].sum()]
    counts += [len(stays) - len(handled) - stays["missed"].sum(), len(stays)]
    steps = [
        *(
            "sum of conversations per agent",
            "further assignments to an agent who already had the conversation",
        ),
        *("missed", "other", "total conversations"),
    ]
    yield "contact_center.reconciliation", pd.DataFrame({"step": steps, "conversations": counts})


def _effort(
    tables: _Tables, what: str, stretches: pd.DataFrame, unit: pd.Timedelta
) -> Iterator[tuple[str, object]]:
    """Stretches cut at midnights, one day after the other."""
    parts = []
    for day in tables.days:
        begin = day - tables.offset
        inside = stretches[(stretches["begins"] < begin + _DAY) & (stretches["ends"] > begin)]
        length = inside["ends"].clip(upper=begin + _DAY) - inside["begins"].clip(lower=begin)
        parts.append((length / unit).groupby(inside["agent_id"]).sum().rename(day))
    daily = pd.concat(parts, axis=1).fillna(0.0).rename_axis(columns="day").T.stack()
    yield f"contact_center.agent_{what}_daily", _every_day(tables, daily)
    total = daily.groupby(level="agent_id").sum().rename(what).reset_index()
    total["agent"] = tables.name(total["agent_id"])
    yield f"contact_center.agent_{what}", _ranked(total[["agent", what]], what)


def _talk(tables: _Tables) -> pd.DataFrame:
    stays = tables.whole("assignments", ["agent_id", "answered_at", "closed_at"]).dropna(subset="answered_at")
    stays = stays.rename(columns={"answered_at": "begins", "closed_at": "ends"})
    return stays[(stays["begins"] < tables.end) & (stays["ends"] > tables.start)]


def _logins(tables: _Tables) -> pd.DataFrame:
    rows = tables.whole("agent_sessions", ["agent_id", "connected_at", "disconnected_at"])
    rows = rows.rename(columns={"connected_at": "begins", "disconnected_at": "ends"})
    rows["ends"] = rows["ends"].fillna(tables.last).clip(upper=tables.end)
    rows["begins"] = rows["begins"].clip(lower=tables.start)
    rows = rows[rows["begins"] < rows["ends"]].sort_values(["agent_id", "begins", "ends"])
    reached = rows.groupby("agent_id")["ends"].cummax().groupby(rows["agent_id"]).shift()
    island = (~(rows["begins"] <= reached)).cumsum()
    return (
        rows.groupby(["agent_id", island.rename("island")])
        .agg(begins=("begins", "min"), ends=("ends", "max"))
        .reset_index()
    )


def _every_day(tables: _Tables, daily: pd.Series) -> pd.DataFrame:
    agents = daily.index.get_level_values("agent_id").unique()
    pairs = pd.MultiIndex.from_product(
        [tables.days.astype("datetime64[us]"), agents], names=["day", "agent_id"]
    )
    rows = daily.rename("value").reindex(pairs, fill_value=0).reset_index()
    rows["agent_id"] = tables.name(rows["agent_id"])
    return rows.sort_values(["day", "agent_id"])


def _shares(name: str, counted: pd.DataFrame, value: str) -> Iterator[tuple[str, object]]:
    """A ranking of both periods, from one of counts with `now`, with each one's share of its period."""
    for now, suffix in ((True, ""), (False, ".previous")):
        rows = counted[counted["now"] == now].drop(columns="now")
        yield name + suffix, _ranked(rows.assign(share=rows[value] / rows[value].sum()), value)


def _ranked(rows: pd.DataFrame, value: str) -> pd.DataFrame:
    names = [column for column in rows.columns if column not in (value, "share")]
    return rows.sort_values([value, *names], ascending=[False] + [True] * len(names))


def _check(task: Task) -> None:
    tables = _Tables(task)
    columns = ["message_id", "conversation_id", "user_id", "sent_at", "direction", "sender"]
    messages = tables.read("messages", columns, "sent_at")
    assert not messages[columns].isna().any().any()
    assert not messages["message_id"].duplicated().any()
    assert messages["direction"].isin(["incoming", "outgoing"]).all()
    assert messages["sender"].isin(["user", "bot", "agent"]).all()
    for table, key, instant in (
        ("conversations", "conversation_id", "started_at"),
        ("users", "user_id", "first_seen_at"),
        ("assignments", "assignment_id", "assigned_at"),
        ("agent_sessions", "session_id", "connected_at"),
    ):
        rows = tables.read(table, [key, instant], instant)
        assert rows[key].is_unique
        assert not rows.isna().any().any()


_PARTS = (_activity, _chatbot, _contact_center, _agents)
