"""Believable data of a made-up company, for trying Tidings out, testing it and measuring it."""

from tidings.demo.settings import DemoSettings, DemoSummary, last_full_week_end
from tidings.demo.write import is_written, write_demo_data

__all__ = ["DemoSettings", "DemoSummary", "is_written", "last_full_week_end", "write_demo_data"]
