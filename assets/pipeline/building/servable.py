"""The gate before the store: a file is published only if a reader makes of it what was meant."""

import numpy as np

from assets.pipeline.formats.load import load_glb
from assets.pipeline.refusal import MIB, UnreadableScan, UnservableScan
from assets.pipeline.scan import Scan

LARGEST = 2047 * MIB
"""Bytes that every client's reader can hold in one buffer."""
_NEAR = 1e-6


def checked(scan: Scan, content: bytes) -> Scan:
    """A plain GLB as its readers get it. Raises :class:`UnservableScan` where that is not the scan."""
    if len(content) > LARGEST:
        raise UnservableScan(
            scan.name,
            f"its master would have {len(content):,} bytes, more than a client can open",
            "Reduce it first",
        )
    try:
        found = load_glb(scan.name, content)
    except UnreadableScan as error:
        raise UnservableScan(
            scan.name, f"what was made of it cannot be read: {error.problem}", error.remedy
        ) from error
    if found.triangle_count != scan.triangle_count:
        problem = f"{scan.triangle_count:,} triangles were written and {found.triangle_count:,} read back"
        raise UnservableScan(scan.name, problem, "Report this scan: the pipeline is at fault")
    size = float(np.abs(scan.bounds).max())
    if not np.abs(found.bounds - scan.bounds).max() <= _NEAR * size:
        problem = f"its bounds {scan.bounds.tolist()} came back as {found.bounds.tolist()}"
        raise UnservableScan(scan.name, problem, "Report this scan: the pipeline is at fault")
    return found
