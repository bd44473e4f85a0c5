"""A tenant's file, checked, as a frozen record."""
