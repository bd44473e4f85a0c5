"""The command lab, as far as JupyterLab's own start."""

import json
import os

from support.projects import add_tenant, make_project, run

_CONFIG = """\
import json, os, pathlib
pathlib.Path({there!r}).write_text(json.dumps(dict(os.environ)))
os._exit(0)
"""


def test_jupyterlab_knows_the_tenant_and_none_of_the_settings_of_mail(tmp_path):
    project, there = make_project(tmp_path / "project"), tmp_path / "environment.json"
    add_tenant(project, "acme")
    config = tmp_path / "config.py"
    config.write_text(_CONFIG.format(there=str(there)))
    mail = {"TIDINGS_SMTP_URL": "smtp://u:s3cret@mail.example", "TIDINGS_DKIM_KEY_FILE": "key.pem"}
    done = run(project, "lab", "--tenant", "acme", f"--config={config}", SHOP_PASSWORD="x", **mail)
    assert done.returncode == 0, done.stderr
    seen = json.loads(there.read_text())
    assert not mail.keys() & seen.keys()
    assert seen["TIDINGS_TENANT"] == "acme"
    assert (seen["SHOP_PASSWORD"], seen["PATH"]) == ("x", os.environ["PATH"]), "which sources may need"
