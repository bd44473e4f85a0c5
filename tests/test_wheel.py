"""An installed package works anywhere: the wheel in an empty environment, a project in an empty folder."""

import os
import subprocess
import sys
import sysconfig
from importlib.metadata import version
from pathlib import Path

import pytest
from support.projects import CHECKOUT, NOW

pytestmark = pytest.mark.slow


def _run(folder: Path, *command: str | Path) -> str:
    """What a command prints, in a folder and an environment that know nothing of the checkout."""
    foreign = ("TIDINGS_HOME", "PYTHONPATH", "VIRTUAL_ENV")
    environment = {name: value for name, value in os.environ.items() if name not in foreign}
    # nbconvert's own templates are no package: they lie in the environment that lends the packages.
    environment |= {"TIDINGS_NOW": NOW, "JUPYTER_PATH": f"{sys.prefix}/share/jupyter"}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=280
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """The programs of an environment with the wheel; what that needs is lent by the tests' environment."""
    folder = tmp_path_factory.mktemp("installed")
    _run(CHECKOUT, sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder)
    (wheel,) = folder.glob("tidings-*.whl")
    _run(folder, sys.executable, "-m", "venv", folder / "environment")
    python = folder / "environment" / "bin" / "python"
    _run(folder, python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", wheel)
    own = Path(_run(folder, python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    (own / "lent.pth").write_text(sysconfig.get_path("purelib"))
    return python.parent


def test_the_demo_runs_in_an_empty_folder_with_the_wheel_alone(installed, tmp_path):
    where = _run(tmp_path, installed / "python", "-c", "import tidings; print(tidings.__file__)")
    assert Path(where.strip()).is_relative_to(installed.parent)
    assert _run(tmp_path, installed / "tidings", "--version") == f"tidings {version('tidings')}\n"

    assert "next: tidings demo" in _run(tmp_path, installed / "tidings", "init")
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()) == [
        *(".gitignore", "Makefile", "notebooks/gallery.ipynb", "notebooks/report.ipynb"),
        "notebooks/review.ipynb",
        *("parameters/demo.yaml", "parameters/tenant.schema.json"),
        *("sources/amazon-connect.sql", "sources/chatwoot.sql", "sources/dialogflow-cx.sql"),
        *("sources/rasa.sql", "sources/rocket-chat.sql"),
    ]

    assert "of users write Spanish" in _run(tmp_path, installed / "tidings", "demo")
    made = tmp_path / "outputs" / "demo" / "2026-W46"
    assert {path.name for path in made.iterdir()} >= {"report.ipynb", "report.html", "message.eml"}
    assert "data:image/png" in (made / "report.html").read_text("utf-8")


def test_a_tenant_in_parameters_does_not_travel_in_the_wheel(installed):
    (starter,) = installed.parent.glob("lib/python*/site-packages/tidings/starter")
    assert {path.name for path in (starter / "parameters").iterdir()} == {"demo.yaml", "tenant.schema.json"}
