"""``tidings`` and ``python -m tidings``: the command line as a process."""

import atexit
import gc
import os
import sys

gc.set_threshold(100_000)  # a command ends before its memory matters, and a collection takes long

from tidings.cli.main import main  # noqa: E402


def run() -> None:
    """Run the command line, and end this process without taking its modules apart, which is seldom quick.

    Where what was printed can no longer be written, as into a pipe whose reader has gone, Python ends it.
    """
    try:
        main()
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else 0
        atexit._run_exitfuncs()
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except OSError:
            sys.exit(status)
        os._exit(status)


if __name__ == "__main__":
    run()
