"""The report's numbers: one function for each row of its specification, whose docstring is the definition.

What is published is what is called: the number recorded as ``activity.new_users`` is ``activity.new_users``
of an edition.
"""

from tidings.metrics import activity, chatbot, contact_center
from tidings.metrics.metric import Metric, Result

# Every metric, in the order of the report: the modules', and in each the order in which they are declared.
METRICS = tuple(
    declared
    for module in (activity, chatbot, contact_center)
    for declared in vars(module).values()
    if hasattr(declared, "metric") and declared.__module__ == module.__name__
)

__all__ = ["METRICS", "Metric", "Result", "activity", "chatbot", "contact_center"]
