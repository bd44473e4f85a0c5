"""What operators are told is English; readers have `tidings.language.sentences`."""


def counted(count: int, one: str, many: str = "") -> str:
    """A number of things: "1 row", "2,000 rows"; ``many`` where more than one are called otherwise."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"
