"""Periods, cadences, local midnights, the clock."""
