"""A new project: the folder in which reports are made, wherever the library is installed."""

from importlib.resources import files
from pathlib import Path

from tidings.errors import TidingsError

MASTERS = (
    *("parameters/demo.yaml", "parameters/tenant.schema.json"),
    *("notebooks/report.ipynb", "notebooks/review.ipynb", "notebooks/gallery.ipynb"),
    *("sources/amazon-connect.sql", "sources/chatwoot.sql", "sources/dialogflow-cx.sql"),
    *("sources/rasa.sql", "sources/rocket-chat.sql"),
)
MAKEFILE = """\
# make demo, make report TENANT=acme, make reports, make mail, make due; `tidings --help` lists the rest.
.PHONY: demo report reports mail due status preview check lab clean-notebooks
demo reports mail due status: ; @tidings $@
report: ; @tidings report $(or $(TENANT),demo)
preview: ; @tidings preview $(or $(TENANT),demo)
check: ; @tidings check $(TENANT)
lab: ; @tidings lab $(TENANT:%=--tenant %)
clean-notebooks: ; @nbstripout --keep-id --keep-metadata-keys "cell.metadata.collapsed" notebooks/*.ipynb
"""
IGNORED = """\
# Made by Tidings: data, reports, mail. Secrets.
/data/
/outputs/
.env
.ipynb_checkpoints/
"""


def write_project(folder: Path) -> list[str]:
    """Write a project with a demo tenant: its files, notebooks, mappings, a Makefile and a .gitignore.

    They are those that travel with the library.

    Parameters
    ----------
    folder : pathlib.Path
        An empty or new folder, or one that has none of the files.

    Returns
    -------
    list of str
        The files written, relative to the folder.

    Raises
    ------
    TidingsError
        One of the files is there already, or cannot be written. Nothing has been overwritten.
    """
    starter = files("tidings") / "starter"
    contents = {name: starter.joinpath(name).read_bytes() for name in MASTERS}
    contents |= {"Makefile": MAKEFILE.encode(), ".gitignore": IGNORED.encode()}
    if taken := [name for name in contents if (folder / name).exists()]:
        raise TidingsError(
            f"has {', '.join(taken)} already; nothing was written",
            where=f"folder {folder}",
            remedy="begin in an empty folder: tidings init <folder>",
        )
    try:
        for name, content in contents.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            with (folder / name).open("xb") as file:
                file.write(content)
    except OSError as error:
        raise TidingsError(
            f"cannot be written: {error.strerror}",
            where=f"file {folder / name}",
            remedy="choose a folder that you may write in: tidings init <folder>",
        ) from error
    return list(contents)
