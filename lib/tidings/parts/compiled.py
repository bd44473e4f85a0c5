"""Templates as they were compiled: to do so takes longer than to render a report."""

import hashlib
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket

from tidings.project import compiled_file, write_compiled

_JINJA = version("jinja2")


class CompiledTemplates(BytecodeCache):
    """Keeps compiled templates where Python keeps the modules of this package, and under its rules.

    Where nothing can be written there, or what is there is of another version or damaged, a process compiles
    for itself.
    """

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        """What is kept of a template, as it is compiled by an environment."""
        made_with = (_JINJA, environment.autoescape, environment.trim_blocks, environment.lstrip_blocks)
        key = hashlib.sha256(f"{made_with} {filename or name}".encode()).hexdigest()[:32]
        bucket = Bucket(environment, key, self.get_source_checksum(source))
        self.load_bytecode(bucket)
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read it; of another source than that of now, it is none."""
        with suppress(Exception), open(_file(bucket), "rb") as file:
            bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write it, all or nothing."""
        write_compiled(_file(bucket), bucket.write_bytecode)


def _file(bucket: Bucket) -> Path:
    return compiled_file(f"template-{bucket.key}")
