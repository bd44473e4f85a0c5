"""``python -m tidings``: the command line."""

from tidings.cli.main import main

main()
