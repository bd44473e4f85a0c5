"""Delivery: finished editions go out by mail, each to each recipient once; a ledger keeps what came of it."""
