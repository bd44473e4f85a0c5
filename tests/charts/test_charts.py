"""The shapes by their names."""

from tidings import charts


def test_every_shape_is_a_function_under_its_name():
    assert all(callable(getattr(charts, name)) for name in charts.__all__)
