"""A run in a process of its own, to be killed: sends what is queued in the ledger of a folder."""

import sys
from pathlib import Path

from tidings.delivery.context import hold_lock
from tidings.delivery.ledger import FILE_NAME, open_ledger
from tidings.delivery.send import RunResult, Sending, send
from tidings.delivery.states import OPEN
from tidings.delivery.transports.smtp import Smtp
from tidings.delivery.transports.smtp_url import parse_server


def main(outputs: Path, url: str) -> None:
    with hold_lock(outputs), open_ledger(outputs / FILE_NAME) as ledger:
        print("begins", flush=True)
        ledger.recover(None)
        queued = [delivery for delivery in ledger.deliveries() if delivery.state in OPEN]
        send(queued, ledger, Sending(Smtp(parse_server(url))), RunResult())


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
