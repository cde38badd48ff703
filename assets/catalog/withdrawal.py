"""Honoring an institution's wish that an artifact be forgotten: the store, and the files written from it."""

from dataclasses import replace

from assets.catalog.governance.quality import QualityReport, without_artifact
from assets.catalog.rejects import read_rejects, write_rejects
from assets.catalog.report import write_report
from assets.catalog.store.catalog import Catalog


def withdraw(catalog: Catalog, artifact: str, reason: str, at: str) -> None:
    """Erase the artifact everywhere below the catalog's folder and refuse it from now on.

    ``at`` is the time in ISO 8601. Reports and reject files lose what they quote of it; their counts stay.
    Raises ``StoreError`` where the artifact was never here. What an institution's own export says is its own
    to change: the next release that brings the artifact has that row rejected.
    """
    catalog.withdraw(artifact, reason, at)
    for path in sorted((catalog.folder / "reports").glob("*.json")):
        report = QualityReport.model_validate_json(path.read_bytes())
        cleaned = without_artifact(report, artifact)
        if cleaned != report:
            write_report(cleaned, path.with_suffix(""))
    for path in sorted((catalog.folder / "rejects").glob("*.csv")):
        kept = list(read_rejects(path))
        if any(repr(artifact) in rejection.reason for rejection in kept):
            write_rejects(path, (replace(r, raw=b"") if repr(artifact) in r.reason else r for r in kept))
