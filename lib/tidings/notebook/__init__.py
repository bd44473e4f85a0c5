"""The notebook: its sections, opening an edition, executing it, what it recorded."""
