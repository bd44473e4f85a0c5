import json
import multiprocessing
import multiprocessing.util
import os
import re
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib.metadata import entry_points
from itertools import product

import matplotlib
import matplotlib._pylab_helpers
import nbclient
import nbformat
import papermill
import psutil
import pytest
from jupyter_client.provisioning import LocalProvisioner
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError
from support.batches import until
from support.quick import slow_but

from tidings.kernels import one_kernel, shared_server, warm_kernels
from tidings.kernels.forking import _room_for_sockets
from tidings.kernels.manager import WarmKernelClient, WarmKernelManager
from tidings.kernels.process import ForkedProcess
from tidings.kernels.provisioner import ForkserverProvisioner
from tidings.kernels.rehearsal import rehearse

PYTHON = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
GIGABYTE = 2**30
LIGHT = ("tidings.kernels.application",)  # enough for a server to start sooner


@pytest.fixture(scope="module")
def warm():
    with warm_kernels(memory_limit=4 * GIGABYTE) as arguments:
        yield arguments


@pytest.fixture
def run(warm, tmp_path):
    """Execute cells by Papermill in one warm kernel; give what they print."""

    def run(*cells, **arguments):
        nbformat.write(notebook(*cells), tmp_path / "in.ipynb")
        executed = papermill.execute_notebook(
            tmp_path / "in.ipynb", tmp_path / "out.ipynb", progress_bar=False, **{**warm, **arguments}
        )
        return printed(executed)

    return run


def notebook(*cells):
    return nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(textwrap.dedent(cell)) for cell in cells], metadata=PYTHON
    )


def printed(executed):
    outputs = [output for cell in executed.cells for output in cell.get("outputs", [])]
    return "".join(output.text for output in outputs if output.output_type == "stream").strip()


def server_of(run):
    """The forkserver that the kernels come from; this process may have others."""
    return psutil.Process(int(run("import os; print(os.getppid())")))


# What a notebook sees


def test_papermill_passes_parameters_to_a_forked_kernel_and_collects_its_output(run):
    assert run("print(greeting)", parameters={"greeting": "hello"}) == "hello"
    server = server_of(run)
    assert server in psutil.Process().children()
    assert "forkserver" in " ".join(server.cmdline())


def test_the_library_is_imported_before_the_first_cell(run):
    assert (
        run("import sys; print('tidings.notebook.opening' in sys.modules, 'duckdb' in sys.modules)")
        == "True True"
    )


def test_figures_appear_as_in_a_plain_kernel(warm):
    plot = notebook("import matplotlib.pyplot as plt\n_ = plt.plot([1, 2])", "print(plt.get_fignums())")
    executed = nbclient.NotebookClient(plot, **warm).execute()
    assert "image/png" in executed.cells[0].outputs[0].data
    assert printed(executed) == "[]"


def test_a_kernel_has_the_directory_and_environment_of_the_moment_it_is_given_out(run, tmp_path, monkeypatch):
    monkeypatch.setenv("TENANT", "north")
    monkeypatch.setenv("TZ", "America/Bogota")
    (tmp_path / "here").mkdir()
    seen = run(
        "import os, time; print(os.getcwd(), os.environ['TENANT'], time.strftime('%z', time.localtime(0)))",
        cwd=tmp_path / "here",
    )
    assert seen == f"{tmp_path / 'here'} north -0500"


def test_what_the_server_needs_in_its_environment_is_not_in_the_kernel(run):
    assert (
        run("import os; print([n for n in os.environ if n in ('PYTHONSAFEPATH', 'OPENBLAS_NUM_THREADS')])")
        == "[]"
    )


def test_the_settings_of_mail_are_not_even_where_the_system_keeps_what_a_server_began_with(monkeypatch):
    monkeypatch.setenv("TIDINGS_SMTP_URL", "smtp://reports:s3cret@mail.example.com")
    with warm_kernels(preload=LIGHT) as kernel:
        cell = "print(open('/proc/self/environ').read())"
        executed = nbclient.NotebookClient(notebook(cell), **kernel).execute()
        assert "TIDINGS_SMTP_URL" in os.environ
    assert "PATH=" in printed(executed)
    assert "s3cret" not in printed(executed)


def test_nothing_leaks_from_one_kernel_to_the_next(run):
    state = """
        import os, sys, decimal, random, duckdb, numpy, tidings, matplotlib, matplotlib.pyplot as plt
        print(
            "secret" in globals(), hasattr(tidings, "secret"), os.environ.get("SECRET"),
            os.getcwd(), sys.path, matplotlib.rcParams["font.size"], len(plt.get_fignums()),
            decimal.getcontext().prec, duckdb.sql("select table_name from duckdb_tables()").fetchall(),
        )
    """
    spoil = """
        secret = tidings.secret = os.environ["SECRET"] = "north"
        os.chdir("/"); sys.path.append("/"); decimal.getcontext().prec = 3
        matplotlib.rcParams["font.size"] = 40
        matplotlib.use("agg"); plt.figure()
        duckdb.sql("create table secrets as select 1")
        random.seed(0); numpy.random.seed(0)
    """
    first = run(state, spoil)
    assert run(state) == first


def test_each_kernel_has_its_own_randomness(run):
    draw = "import random, numpy, uuid; print(random.random(), numpy.random.random(), uuid.uuid4())"
    assert not {*run(draw).split()} & {*run(draw).split()}


def test_a_manager_gives_the_client_that_loses_no_time_with_a_kernel_that_is_ready():
    assert isinstance(WarmKernelManager().client(), WarmKernelClient)


def test_a_rehearsal_leaves_matplotlib_as_it_was():
    before = dict(matplotlib.rcParams)
    rehearse()
    assert dict(matplotlib.rcParams) == before
    assert not matplotlib._pylab_helpers.Gcf.figs


def test_notebooks_in_several_threads_each_get_a_kernel_of_their_own(warm):
    def execute(number):
        cells = f"number = {number}; import os, time; time.sleep(0.1)", "print(number, os.getpid())"
        return printed(nbclient.NotebookClient(notebook(*cells), **warm).execute()).split()

    with ThreadPoolExecutor(3) as pool:
        numbers, processes = zip(*pool.map(execute, range(6)), strict=True)
    assert numbers == ("0", "1", "2", "3", "4", "5")
    assert len(set(processes)) == 6


# Safety


def test_at_the_fork_the_server_has_one_thread_and_no_socket_or_file_but_its_own(run):
    server = server_of(run)
    assert server.num_threads() == 1
    assert all(_is_font(file.path) for file in server.open_files())
    assert len({socket.laddr for socket in server.net_connections("all")}) == 1


def _is_font(path):
    return "/fonts/" in path or path.endswith(".ttf")


def test_a_kernel_reads_from_no_file_that_the_server_opened(run):
    names = {file.path for file in server_of(run).open_files()}
    assert names
    opened = run("import psutil; print(*[file.path for file in psutil.Process().open_files()])")
    assert names.isdisjoint(opened.split())


def test_a_kernel_listens_on_no_port_and_in_a_folder_only_its_user_may_enter(run):
    ports, mode = run("""
        import os, psutil
        folder = os.path.dirname(os.path.dirname(get_ipython().kernel.parent.connection_file))
        print(len(psutil.Process().net_connections("inet")), oct(os.stat(folder).st_mode & 0o777))
    """).split()
    assert (ports, mode) == ("0", "0o700")


def test_what_a_process_forked_by_a_cell_prints_still_arrives(run):
    cell = """
        import os, time
        if not os.fork():
            print("from the child", flush=True)
            time.sleep(0.2)
            os._exit(0)
        os.wait()
    """
    assert run(cell) == "from the child"


def test_what_several_threads_show_and_print_at_once_all_arrives(warm):
    cell = """
        import threading
        def tell(who):
            for number in range(150):
                display(f"{who} {number}")
                print(who, number, "said")
        threads = [threading.Thread(target=tell, args=(who,)) for who in "abcd"]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
    """
    executed = nbclient.NotebookClient(notebook(cell), **warm).execute()
    shown = [output.data["text/plain"] for output in executed.cells[0].outputs if "data" in output]
    for who in "abcd":
        assert [each for each in shown if who in each] == [repr(f"{who} {number}") for number in range(150)]
        assert all(f"{who} {number} said\n" in f"{printed(executed)}\n" for number in range(150))


def test_a_kernel_is_ended_without_being_interrupted_first(run, monkeypatch):
    sent, send = [], ForkedProcess.send_signal
    monkeypatch.setattr(
        ForkedProcess, "send_signal", lambda self, signum: sent.append(signum) or send(self, signum)
    )
    run("print()")
    assert set(sent) == {signal.SIGKILL}


def test_temporary_files_go_with_the_kernel(run):
    file = run("import tempfile; print(tempfile.mkstemp()[1])")
    assert not os.path.exists(file)
    assert not os.path.exists(os.path.dirname(os.path.dirname(file)))


# Limits


def test_a_killed_kernel_is_noticed_soon_and_the_next_notebook_runs(run):
    start = time.monotonic()
    with pytest.raises(DeadKernelError):
        run("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert time.monotonic() - start < 5
    assert run("print('alive')") == "alive"


def test_memory_beyond_the_limit_fails_the_cell(run):
    with pytest.raises(PapermillExecutionError, match="MemoryError"):
        run(f"data = bytearray({8 * GIGABYTE})")


def test_a_limit_under_which_no_kernel_can_start_is_told_with_the_least_that_works():
    def execute(limit: int) -> None:
        with warm_kernels(memory_limit=limit, preload=LIGHT) as kernel:
            nbclient.NotebookClient(notebook("1"), **kernel).execute()

    with pytest.raises(RuntimeError, match=r"MEMORY_LIMIT=\d+ is the least") as caught:
        execute(20_000_000)
    execute(int(re.search(r"=(\d+)", str(caught.value))[1]) * 1_000_000)


def test_a_cell_that_takes_too_long_ends_its_kernel_and_what_it_started(run, tmp_path):
    with pytest.raises(CellTimeoutError):
        run(
            f"""
            import os, subprocess, time
            child = subprocess.Popen(["sleep", "60"])
            print(os.getpid(), child.pid, file=open({str(tmp_path / "pids")!r}, "w"), flush=True)
            time.sleep(60)
            """,
            execution_timeout=1,
        )
    assert gone((tmp_path / "pids").read_text().split(), seconds=5)


# Ends


OWNER = """
    import nbclient, nbformat
    from tidings.kernels import one_kernel, warm_kernels
    open("started", "a").write("once")
    light = ("tidings.kernels.application",)
    cell = nbformat.v4.new_code_cell("import time; open('running', 'w'); time.sleep(60)")
    with {kernel} as warm:
        nbclient.NotebookClient(nbformat.v4.new_notebook(cells=[cell]), **warm).execute()
"""
WAYS = {"many": "warm_kernels(preload=light)", "one": "one_kernel()"}
STOPS = {
    "ctrl-c": lambda owner: owner.send_signal(signal.SIGINT),
    "terminated": lambda owner: owner.send_signal(signal.SIGTERM),
    "killed": lambda owner: owner.send_signal(signal.SIGKILL),
    "all terminated": lambda owner: [end(p) for p in [owner, *owner.children(recursive=True)]],
}


def end(process):
    with suppress(psutil.NoSuchProcess):  # ended with the one that was ended before it
        process.terminate()


@pytest.fixture
def owner(tmp_path, way):
    """A process amid a notebook, in a folder of its own, which has a kernel in this way."""
    (tmp_path / "temporary").mkdir()
    (tmp_path / "owner.py").write_text(textwrap.dedent(OWNER).format(kernel=WAYS[way]))
    environment = {**os.environ, "TMPDIR": str(tmp_path / "temporary")}
    with open(tmp_path / "log", "w") as log:
        owner = psutil.Popen(
            [sys.executable, "owner.py"], cwd=tmp_path, env=environment, stdout=log, stderr=log
        )
    yield owner
    if owner.poll() is None:
        owner.kill()


@pytest.mark.parametrize(("way", "stop"), slow_but([("many", "killed")], product(WAYS, STOPS)))
def test_no_process_socket_or_folder_outlives_its_owner(owner, tmp_path, stop):
    assert until((tmp_path / "running").exists, seconds=60), (tmp_path / "log").read_text()
    family = [process.pid for process in owner.children(recursive=True)]
    STOPS[stop](owner)
    owner.wait(20)
    assert gone(family, seconds=10)
    assert until(lambda: not any((tmp_path / "temporary").iterdir()), seconds=10)
    assert (tmp_path / "started").read_text() == "once"


@pytest.mark.parametrize(
    "preload",
    ["preload=()", pytest.param("", marks=pytest.mark.slow)],
    ids=["server ready", "server importing"],
)
def test_an_owner_that_dies_leaves_nothing_and_takes_nothing_of_its_parents(preload, tmp_path):
    inherited = multiprocessing.util.get_temp_dir()
    dies = f"""
        import os
        from tidings.kernels import warm_kernels

        with warm_kernels({preload}) as warm:
            server = warm["kernel_manager_class"].server
            open({str(tmp_path / "folder")!r}, "w").write(str(server._forking.folder))
            os.kill(os.getpid(), 9)
    """
    owner = multiprocessing.get_context("spawn").Process(target=exec, args=(textwrap.dedent(dies),))
    owner.start()
    owner.join(60)
    assert owner.exitcode == -signal.SIGKILL
    folder = (tmp_path / "folder").read_text()
    assert until(lambda: not os.path.exists(folder), seconds=60)
    assert os.path.isdir(inherited)


def test_leaving_ends_every_process_and_removes_the_folder(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = {process.pid for process in psutil.Process().children(recursive=True)}
    with warm_kernels(preload=LIGHT) as light:
        nbclient.NotebookClient(notebook("1"), **light).execute()
        during = {process.pid for process in psutil.Process().children(recursive=True)}
    assert len(during - before) == 3  # a server, a janitor and the kernel in reserve
    assert gone(during - before, seconds=5)
    assert not list(tmp_path.glob("tidings-*"))


def test_a_server_that_was_killed_is_replaced():
    with warm_kernels(preload=LIGHT) as light:
        client = nbclient.NotebookClient(notebook("import os; print(os.getppid())"), **light)
        server = int(printed(client.execute()))
        os.kill(server, signal.SIGKILL)
        assert gone([server], seconds=5)
        assert int(printed(client.execute())) != server


# One server for several processes


def parent(kernel):
    """The process that a kernel was forked from."""
    return int(
        printed(nbclient.NotebookClient(notebook("import os; print(os.getppid())"), **kernel).execute())
    )


def test_all_who_know_the_address_have_their_kernels_from_one_server():
    with (
        shared_server(LIGHT) as address,
        warm_kernels(preload=LIGHT, shared=address) as one,
        warm_kernels(preload=LIGHT, shared=address) as other,
    ):
        assert parent(one) == parent(other)


def test_who_leaves_ends_its_own_kernels_and_no_one_elses(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with shared_server(LIGHT) as address, warm_kernels(preload=LIGHT, shared=address) as stays:
        server = parent(stays)
        before = {process.pid for process in psutil.Process(server).children()}
        with warm_kernels(preload=LIGHT, shared=address) as leaves:
            parent(leaves)
            its_own = {process.pid for process in psutil.Process(server).children()} - before
        assert len(its_own) == 2  # a janitor and the kernel in reserve
        assert gone(its_own, seconds=5)
        assert parent(stays) == server
    assert gone({server, *before}, seconds=5)
    assert not list(tmp_path.glob("tidings-*"))


@pytest.mark.parametrize("when", ["before it was joined", "after"])
def test_should_a_shared_server_be_killed_each_keeps_its_own(when):
    with shared_server(LIGHT) as address, warm_kernels(preload=LIGHT, shared=address) as first:
        os.kill(server := parent(first), signal.SIGKILL)
        assert gone([server], seconds=5)
        if when == "after":
            assert parent(first) != server
        else:
            with warm_kernels(preload=LIGHT, shared=address) as late:
                assert parent(late) != server


def test_a_shared_server_does_not_outlive_who_keeps_it(tmp_path):
    keeps = """
        import os, time
        from tidings.kernels import shared_server, warm_kernels

        with shared_server({LIGHT}) as address, warm_kernels(preload={LIGHT}, shared=address):
            open("kept", "w")
            time.sleep(60)
    """
    environment = {**os.environ, "TMPDIR": str(tmp_path / "temporary")}
    (tmp_path / "temporary").mkdir()
    code = textwrap.dedent(keeps.replace("{LIGHT}", repr(LIGHT)))
    owner = psutil.Popen([sys.executable, "-c", code], cwd=tmp_path, env=environment)
    assert until((tmp_path / "kept").exists, seconds=30)
    family = [process.pid for process in owner.children(recursive=True)]
    owner.kill()
    owner.wait()
    assert gone(family, seconds=10)
    assert until(lambda: not any((tmp_path / "temporary").iterdir()), seconds=10)


# One kernel


def test_one_kernel_has_the_library_imported_and_no_other_is_made_ahead_of_need():
    with one_kernel() as kernel:
        cell = "import os, sys; print(os.getppid(), 'tidings.notebook.opening' in sys.modules)"
        server, is_imported = printed(nbclient.NotebookClient(notebook(cell), **kernel).execute()).split()
        left = psutil.Process(int(server)).children()
    assert is_imported == "True"
    assert len(left) == 1  # the janitor
    assert gone([server, *(process.pid for process in left)], seconds=5)


ALONE = """
    import json, os, nbclient, nbformat, psutil
    from tidings.kernels import one_kernel
    cell = nbformat.v4.new_code_cell("import os; print(os.getppid(), open('/proc/self/environ').read())")
    with one_kernel() as kernel:
        executed = nbclient.NotebookClient(nbformat.v4.new_notebook(cells=[cell]), **kernel).execute()
        server, _, began_with = executed.cells[0].outputs[0].text.partition(" ")
        server = psutil.Process(int(server))
        print(json.dumps({
            "copy": server.cmdline() == psutil.Process().cmdline(),
            "threads": server.num_threads(),
            "files": [file.path for file in server.open_files()],
            "sockets": len({socket.laddr for socket in server.net_connections("all")}),
            "began_with": began_with,
            "left": [name for name in ("TIDINGS_SMTP_URL", "OPENBLAS_NUM_THREADS") if name in os.environ],
        }))
"""


def alone(**environment):
    """What became of a kernel that a process of one thread made ready."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(ALONE)],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.mark.slow
def test_a_process_of_one_thread_copies_itself_for_one_kernel_and_the_copy_is_as_safe_to_fork():
    seen = alone()
    assert seen["copy"]
    assert (seen["threads"], seen["sockets"]) == (1, 1)
    assert all(map(_is_font, seen["files"]))
    assert seen["left"] == []


@pytest.mark.slow
def test_a_process_that_began_with_settings_of_mail_is_not_copied_and_no_kernel_can_read_them():
    seen = alone(TIDINGS_SMTP_URL="smtp://reports:s3cret@mail.example.com")
    assert not seen["copy"]
    assert "PATH=" in seen["began_with"]
    assert "s3cret" not in seen["began_with"]
    assert seen["left"] == ["TIDINGS_SMTP_URL"]


def test_a_ctrl_c_at_the_terminal_does_not_reach_a_server_that_is_still_importing(tmp_path):
    (tmp_path / "importing.py").write_text(
        "import time\nopen('begun', 'w')\ntime.sleep(1)\nopen('done', 'w')"
    )
    owner = """
        import time
        from tidings.kernels import warm_kernels
        with warm_kernels(preload=("importing",)):
            time.sleep(60)
    """
    process = psutil.Popen(
        [sys.executable, "-c", textwrap.dedent(owner)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert until((tmp_path / "begun").exists, seconds=60)
    server = next(child for child in process.children() if "forkserver" in " ".join(child.cmdline()))
    server.send_signal(signal.SIGINT)
    assert until((tmp_path / "done").exists, seconds=20)
    process.send_signal(signal.SIGINT)
    assert "forkserver" not in process.communicate(timeout=20)[1].decode()


# Without a server


def test_where_nothing_can_be_forked_kernels_start_plainly(monkeypatch):
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    with warm_kernels() as arguments:
        assert arguments == {"kernel_name": "python3"}


def test_the_provisioner_is_registered_and_without_a_server_starts_python():
    (entry,) = entry_points(group="jupyter_client.kernel_provisioners", name="tidings-forkserver")
    assert entry.load() is ForkserverProvisioner
    assert issubclass(ForkserverProvisioner, LocalProvisioner)
    cell = notebook("import os, sys; print(os.getppid(), 'tidings' in sys.modules)")
    client = nbclient.NotebookClient(cell, kernel_name="tidings", kernel_manager_class=WarmKernelManager)
    assert printed(client.execute()) == f"{os.getpid()} False"


def gone(pids, seconds):
    return until(lambda: not any(is_running(int(pid)) for pid in pids), seconds)


def is_running(pid):
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_where_temporary_files_lie_too_deep_for_a_socket_the_server_takes_tmp(monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", "/tmp/" + "deep" * 20)
    with _room_for_sockets():
        assert tempfile.gettempdir() == "/tmp"
    assert tempfile.gettempdir() == "/tmp/" + "deep" * 20
