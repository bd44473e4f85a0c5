"""Database engines: how each is connected to, and what has to be known of it for equal numbers."""
