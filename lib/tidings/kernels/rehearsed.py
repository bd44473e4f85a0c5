"""What the kernel server of a batch imports: the library, and a report rehearsed in it."""

import gc
from contextlib import suppress

import tidings.kernels.preload  # noqa: F401  the library
from tidings.kernels.rehearsal import rehearse
from tidings.metrics.kept import write_kept

with suppress(Exception):  # without it, all works as well, and each kernel does for itself what it needs
    rehearse()
    write_kept()
gc.collect()
gc.freeze()  # what the rehearsal left is shared by all kernels too
