"""The architecture as a test: who may import what, what rules may not touch, how large things get.

Layers between our own modules are contracts of import-linter in pyproject.toml; here stand the fences for
outside packages and the size budgets. No exception without a reason beside it.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

FENCES = {
    "torch": ("inference.training",),
    "onnxruntime": (
        "inference.runtime.recognizer",
        "inference.runtime.bound",
        "inference.runtime.local_features",
        "inference.training.export",
        "inference.training.evaluate",
    ),
    "cv2": (
        "inference.preprocessing",
        "inference.subject",
        "inference.runtime.verification",
        "inference.runtime.local_features",
        "inference.runtime.pose",
        "inference.runtime.threads",
        "inference.training.augmentation",
    ),
    "threadpoolctl": ("inference.runtime.threads",),
    "onnx": ("inference.training.export", "inference.training.reread"),
    "trimesh": ("assets.pipeline",),
    "igl": ("assets.pipeline.geometry.surface",),
    "alktx2": ("assets.pipeline.encoding.ktx2",),
    "almeshopt": ("assets.pipeline.geometry.meshoptimizer",),
    "scipy": ("assets.pipeline",),
    "numba": (
        "assets.machine_code",
        "assets.pipeline.rendering.rasterizer",
        "server.world.sight",
        "server.world.cell",
        "server.world.gaze",
        "server.world.eyes",
    ),
    "msgpack": ("server.protocol.codec",),
    "uvloop": ("server.app", "server.mock"),
    "starlette": ("server.http", "server.listener"),
    "uvicorn": ("server.listener",),
    "prometheus_client": ("server.metrics",),
    "structlog": ("server.logs",),
    "cryptography": ("server.certificate",),
    "segno": ("server.cli", "server.http.page"),
    "websockets": ("server.connection", "server.app", "server.mock"),
    "sqlite3": ("assets.catalog.store", "server.store"),
    "lxml": ("assets.catalog.sources",),
    "openpyxl": ("assets.catalog.sources",),
    "pyoxigraph": ("assets.catalog.sources",),
    "mitsuba": ("assets.sample.studio",),
    "matplotlib": (
        "assets.catalog.report",
        "assets.hanging.drawing",
        "assets.pipeline.rendering.typeface",
        "assets.sample",
        "inference.training.pages",
        "server.mock.report",
    ),
    "typer": (
        "twin",
        "assets.cli",
        "assets.catalog.cli",
        "assets.hanging.cli",
        "assets.pipeline.cli",
        "assets.sample.cli",
        "inference.cli",
        "inference.console",
        "inference.training_cli",
        "server.cli",
    ),
    "DracoPy": ("assets.pipeline",),
}

PURE = (
    "assets.catalog.record", "assets.catalog.row", "assets.catalog.profile", "assets.catalog.normalize",
    "assets.catalog.governance", "assets.catalog.mapping", "assets.catalog.export",
    "assets.sample.forms", "assets.sample.models",
    "assets.hanging.work", "assets.hanging.sizes", "assets.hanging.poses", "assets.hanging.rows",
    "assets.hanging.checks",
    "assets.pipeline.scan", "assets.pipeline.manifest", "assets.pipeline.refusal",
    "assets.pipeline.geometry.align", "assets.pipeline.geometry.holes", "assets.pipeline.geometry.inspect",
    "assets.pipeline.geometry.place", "assets.pipeline.geometry.repair",
    "assets.pipeline.geometry.surface_points", "assets.pipeline.geometry.topology",
    "assets.pipeline.geometry.units", "assets.pipeline.geometry.winding",
    "inference.preprocessing", "inference.patches", "inference.subject",
    "inference.runtime.sightings", "inference.runtime.rejection",
    "inference.runtime.policy", "inference.runtime.canary", "inference.runtime.ladder",
    "server.protocol", "server.view", "server.outbox", "server.world", "server.perception",
    "server.questions", "server.languages", "server.citation", "server.sighted",
    "server.upright",
)  # fmt: skip

IMPURE = {
    "asyncio", "datetime", "logging", "os", "random", "socket", "sqlite3", "subprocess", "tempfile",
    "threading", "time",
}  # fmt: skip

EXCEPTIONS = {
    ("assets.catalog.normalize.years", "datetime"): "calendar dates only, never the clock",
    ("assets.catalog.governance.outliers", "random"): "a generator seeded with a constant, for the reservoir",
}

FILE_LINES = 500
FUNCTION_LINES = 50
MODEL_LINES = 100
"""A replica of the sample museum is one sculpture told from foot to rim; cutting it up would hide it."""
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}


def sources(repository: Path) -> list[Path]:
    packages = ("assets", "inference", "server")
    return [repository / "twin.py", *(f for p in packages for f in sorted((repository / p).rglob("*.py")))]


def module_of(file: Path, repository: Path) -> str:
    return ".".join(file.relative_to(repository).with_suffix("").parts).removesuffix(".__init__")


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def is_within(module: str, packages: tuple[str, ...]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


@pytest.mark.parametrize("package", FENCES)
def test_an_outside_package_is_imported_only_behind_its_fence(package: str, repository: Path) -> None:
    trespassers = [
        module_of(file, repository)
        for file in sources(repository)
        if package in {name.split(".")[0] for name in imports(ast.parse(file.read_text("utf-8")))}
        and not is_within(module_of(file, repository), FENCES[package])
    ]
    assert trespassers == []


def test_rules_know_no_clock_no_chance_and_no_outside_world(repository: Path) -> None:
    found = [
        (module, name)
        for file in sources(repository)
        if is_within(module := module_of(file, repository), PURE)
        for name in {name.split(".")[0] for name in imports(ast.parse(file.read_text("utf-8")))} & IMPURE
        if (module, name) not in EXCEPTIONS
    ]
    assert found == []


def test_no_file_outgrows_its_noun(repository: Path) -> None:
    long = {
        str(file.relative_to(repository)): lines
        for file in sources(repository)
        if (lines := len(file.read_text("utf-8").splitlines())) > FILE_LINES
    }
    assert long == {}


def test_no_function_body_is_longer_than_a_screen(repository: Path) -> None:
    long = {}
    for file in sources(repository):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                described = ast.get_docstring(node) is not None and len(node.body) > 1
                first = node.body[1 if described else 0]
                lines = (node.end_lineno or 0) - first.lineno + 1
                model = is_within(module_of(file, repository), ("assets.sample.models",))
                if lines > (MODEL_LINES if model else FUNCTION_LINES):
                    long[f"{file.relative_to(repository)}:{node.name}"] = lines
    assert long == {}


def test_every_module_has_a_name_that_says_something(repository: Path) -> None:
    assert [file for file in sources(repository) if file.stem in EMPTY_NAMES] == []
