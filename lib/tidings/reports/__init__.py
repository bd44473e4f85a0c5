"""One report, a batch of them, and what lies in the outputs."""
