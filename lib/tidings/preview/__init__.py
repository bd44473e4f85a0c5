"""The preview: page and mail of a notebook, seen again as soon as it is saved."""
