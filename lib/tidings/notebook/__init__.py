"""The notebook: its sections, executing it, what it recorded."""
