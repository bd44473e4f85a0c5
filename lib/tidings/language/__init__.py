"""How readers are spoken to: locale, numbers, dates."""
