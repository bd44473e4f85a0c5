"""Tidings: performance reports for conversational platforms, made from Jupyter notebooks.

Data flows one way, and each module knows only what stands to its left:
parameters → period → sources → edition → metrics → charts → notebook → page and message → delivery.
"""

from importlib.metadata import version

__version__ = version("tidings")
