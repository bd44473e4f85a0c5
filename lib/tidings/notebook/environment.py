"""The environment of kernels: this process's, without what is no cell's business."""

import os
import re

_MAIL_SETTING = re.compile(
    r"TIDINGS_(SMTP|DKIM|TRANSPORT|FROM|REPLY_TO|UNSUBSCRIBE|BOUNCES|OPERATOR|RATE|EHLO|ALLOWED|PAGE_URL)"
)


def environment_of_kernels() -> dict[str, str]:
    """This process's environment without the settings of mail."""
    return {name: value for name, value in os.environ.items() if not _MAIL_SETTING.match(name)}
