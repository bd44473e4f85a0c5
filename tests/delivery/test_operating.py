"""The operator's page: its examples are sound, and it says what the code does."""

import ast
import configparser
import re
import subprocess

import pytest
import yaml
from support.messages import CHECKOUT

from tidings.delivery.settings import PREFIX, Settings, load_settings
from tidings.delivery.states import State
from tidings.reports.decide import USER

PAGE = (CHECKOUT / "docs" / "operating.md").read_text("utf-8")
EXAMPLES = re.findall(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL)


def _of(language: str) -> list[str]:
    found = [text for name, text in EXAMPLES if name == language]
    assert found
    return found


def _daily_commands() -> list[str]:
    """The commands that the schedulers' examples run."""
    cron = re.findall(r"&& (.*)", _of("cron")[0])
    unit = [
        line.removeprefix("ExecStart=/usr/bin/") for line in _of("ini")[0].splitlines() if "ExecStart" in line
    ]
    pipeline, job = map(yaml.safe_load, _of("yaml"))
    runs = [step["run"] for step in pipeline["jobs"]["due"]["steps"] if "run" in step]
    containers = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    calls = [node for node in ast.walk(ast.parse(_of("python")[0])) if isinstance(node, ast.keyword)]
    dag = [call.value.value for call in calls if call.arg == "bash_command"]
    return [*cron, *unit, *runs, *(" ".join(container["command"]) for container in containers), *dag]


def test_every_scheduler_runs_the_one_line_and_make_knows_it():
    commands = _daily_commands()
    assert len(commands) == 5
    for command in commands:
        words = command.split()
        assert (words[0], "due" in words) == ("make", True)
        subprocess.run([*words, "--dry-run"], cwd=CHECKOUT, check=True, capture_output=True)


def test_the_units_of_systemd_can_be_read_and_catch_up():
    service, timer = (configparser.ConfigParser(interpolation=None) for _ in range(2))
    for parser, text in zip((service, timer), _of("ini"), strict=True):
        parser.optionxform = str
        parser.read_string(text)
    assert service["Service"]["Type"] == "oneshot"
    assert timer["Timer"]["Persistent"] == "true"


def test_schedules_are_those_of_cron():
    pipeline, job = map(yaml.safe_load, _of("yaml"))
    # YAML reads the key "on" as true.
    schedules = [
        pipeline[True]["schedule"][0]["cron"],
        job["spec"]["schedule"],
        *re.findall(r"^15.*\*(?= cd)", PAGE, re.M),
    ]
    assert len(schedules) == 3
    assert all(re.fullmatch(r"\d+( [\d*]+){4}", schedule) for schedule in schedules)


def test_the_dag_is_python():
    compile(_of("python")[0], "dag.py", "exec")


def test_the_settings_in_the_example_can_be_meant(tmp_path):
    (tmp_path / ".env").write_text(_of("env")[0])
    settings = load_settings(tmp_path)
    assert (settings.transport, settings.server.user) == ("smtp", "reports@example.com")


def test_every_setting_and_every_state_is_explained():
    names = {field.alias or f"{PREFIX}{name.upper()}" for name, field in Settings.model_fields.items()}
    assert names | {USER} == set(re.findall(r"`(TIDINGS_\w+)`", PAGE))
    assert {str(state) for state in State} == set(re.findall(r"^\| `([a-z]+)` \|", PAGE, re.MULTILINE))


@pytest.mark.parametrize("target", re.findall(r"^\| `make ([a-z-]+)` \|", PAGE, re.MULTILINE))
def test_every_target_is_there(target):
    subprocess.run(["make", "--dry-run", target], cwd=CHECKOUT, check=True, capture_output=True)
