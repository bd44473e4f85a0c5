"""Findings: what a reader should know first, each a true sentence made from the recorded numbers alone."""
