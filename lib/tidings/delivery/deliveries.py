"""What became of each edition's messages, as a review shows it."""

from collections import Counter, defaultdict
from pathlib import Path

from upath import UPath

from tidings.delivery.errors import Misconfigured
from tidings.delivery.ledger import FILE_NAME, copy_ledger
from tidings.delivery.messages import REPORT
from tidings.delivery.states import State
from tidings.project import locate_folder, project_folder
from tidings.review.lines import Delivered, Deliveries


def read_deliveries(outputs: str | Path | UPath = "outputs") -> Deliveries | None:
    """What the ledger says of each tenant's period; None where there is no ledger that can be read."""
    folder = locate_folder(outputs, project_folder()) if isinstance(outputs, str) else outputs
    if isinstance(folder, UPath) or not (folder / FILE_NAME).is_file():
        return None
    counts: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    digests: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    try:
        with copy_ledger(folder / FILE_NAME) as ledger:  # a review changes nothing, and waits for no run
            for delivery in ledger.deliveries():
                if delivery.key.report == REPORT:
                    key = (delivery.key.tenant, delivery.key.period)
                    counts[key][str(delivery.state)] += 1
                    if delivery.state in (State.SENT, State.UNCERTAIN):
                        digests[key].add(delivery.edition)
    except Misconfigured:
        return None
    return {key: Delivered(dict(counts[key]), frozenset(digests[key])) for key in counts}
