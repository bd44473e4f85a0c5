"""The plain kernel, where each report starts one of its own."""

from pathlib import Path

from tidings.notebook.execute import PlainKernelManager


def test_kernels_of_two_runs_share_no_socket_and_nobody_else_reaches_them():
    managers = PlainKernelManager(), PlainKernelManager()
    one, other = (Path(manager.ip) for manager in managers)
    assert one != other
    assert one.is_absolute()
    assert one.parent.stat().st_mode & 0o077 == 0
