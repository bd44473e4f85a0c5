"""The shapes of the report: each takes metrics' results and returns a part that shows itself."""
