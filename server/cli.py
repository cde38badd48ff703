"""Commands of the server: ``twin serve``, ``twin mock``, ``twin doctor``, ``twin demo``."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable

    from server.app import Twin
    from server.settings import Settings
    from server.settle import Effective

app = typer.Typer(no_args_is_help=True)

StoreOption = Annotated[
    Path | None, typer.Option(envvar="TWIN_STORE", help="Folder that holds the museum's catalog.")
]
ConfigOption = Annotated[Path | None, typer.Option(envvar="TWIN_CONFIG", help="TOML file with settings.")]
PortOption = Annotated[int | None, typer.Option(help="Port for everything; 0: any free one.")]
SettingOption = Annotated[
    list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Any setting; may be repeated.")
]
QrOption = Annotated[bool, typer.Option(help="Print the address as a QR code for phones.")]


@app.command()
def serve(
    *,
    store: StoreOption = None,
    config: ConfigOption = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: PortOption = None,
    public_url: Annotated[
        str | None, typer.Option(help="Address visitors use, where a proxy stands before the server.")
    ] = None,
    tls_certificate: Annotated[
        Path | None, typer.Option(help="PEM file: serve HTTPS with this certificate.")
    ] = None,
    tls_key: Annotated[Path | None, typer.Option(help="PEM file with its private key.")] = None,
    setting: SettingOption = None,
    check: Annotated[
        bool, typer.Option("--check", help="Print the settings as they hold, try them, and end.")
    ] = False,
    qr: QrOption = True,
) -> None:
    """Open the museum: pages, assets, catalog API and the live connection, on one port."""
    given = {
        "store": store, "host": host, "port": port, "public_url": public_url,
        "tls.certificate": tls_certificate, "tls.key": tls_key,
    }  # fmt: skip
    effective = _settled({name: value for name, value in given.items() if value is not None}, config, setting)
    for name in effective.unknown:
        typer.echo(f"warning: {name} names no setting; `twin serve --check` lists them", err=True)
    if check:
        _check(effective)
    else:
        _serve(effective.settings, with_qr=qr)


@app.command()
def doctor(
    *,
    store: StoreOption = None,
    config: ConfigOption = None,
    setting: SettingOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Tell it as JSON.")] = False,
) -> None:
    """Look whether this machine can open the museum; each fault with its remedy (exit status 1)."""
    effective = _settled({"store": store} if store is not None else {}, config, setting)
    from server.doctor import command

    found = command.examined(effective.settings)
    if as_json:
        typer.echo(command.as_json(found))
    else:
        for line in command.lines(found):
            typer.echo(line)
    if not command.is_fit(found):
        raise typer.Exit(1)


@app.command()
def mock(
    scenario: Annotated[str, typer.Argument(help="Name of a scenario that comes along, or a TOML file.")],
    *,
    url: Annotated[
        str, typer.Option(help="The live connection of the server to visit.")
    ] = "ws://127.0.0.1:8080/live",
    report: Annotated[
        Path, typer.Option(help="Folder for the report: figures as JSON, latencies over time as PNG.")
    ] = Path("mock-report"),
    scale: Annotated[float, typer.Option(help="Times as many visitors in each group.", min=0.001)] = 1.0,
    seconds: Annotated[float | None, typer.Option(help="How long, other than the scenario says.")] = None,
) -> None:
    """Send scripted visitors to a server and report what they experienced."""
    from server.mock.command import run_mock
    from server.mock.scenario import ScenarioError

    try:
        run_mock(scenario, url, report, scale=scale, seconds=seconds)
    except (ScenarioError, OSError) as error:
        _fail(str(error))


@app.command()
def demo(
    *,
    store: StoreOption = None,
    config: ConfigOption = None,
    port: PortOption = None,
    setting: SettingOption = None,
    visitors: Annotated[int, typer.Option(help="Scripted visitors.", min=0, max=1000)] = 8,
    frames: Annotated[
        Path | None, typer.Option(help="Folder of JPEG and PNG files that scripted phones film.")
    ] = None,
    seconds: Annotated[float | None, typer.Option(help="End by itself after so long.", min=0.1)] = None,
    qr: QrOption = True,
) -> None:
    """Open the museum with a few scripted visitors and a live line; Ctrl+C leaves nothing behind."""
    # What visitors do is in the live line; the log tells what is wrong.
    given = {"store": store, "port": port, "logs.level": "warning"}
    effective = _settled({name: value for name, value in given.items() if value is not None}, config, setting)
    from server.demo.command import Show, missing, run_demo, views_of
    from server.mock.scenario import ScenarioError

    show = Show(visitors, seconds, frames or views_of(effective.settings))
    try:
        _serve(
            effective.settings,
            with_qr=qr,
            beside=lambda twin_of: run_demo(twin_of, show),
            remarks=lambda: missing(effective.settings),
        )
    except ScenarioError as error:
        _fail(str(error))


def _settled(flags: dict[str, Any], config: Path | None, assignments: list[str] | None) -> "Effective":
    from server.settle import SettingError, parsed, settle

    try:
        return settle({**flags, **dict(parsed(text) for text in assignments or ())}, config)
    except SettingError as error:
        _fail(str(error))


def _check(effective: "Effective") -> None:
    for line in effective.lines():
        typer.echo(line)
    faults = list(_faults(effective.settings))
    for fault in faults:
        typer.secho(f"error: {fault}", fg="red", err=True)
    if faults:
        raise typer.Exit(1)
    typer.echo("store, certificate and port can be used")


def _faults(settings: "Settings") -> Iterator[str]:
    from assets.catalog.store.catalog import Catalog
    from assets.catalog.store.database import StoreError
    from server.certificate import CertificateError
    from server.http.web_client import standing_client
    from server.listener import PortError, listen
    from server.settle import SettingError
    from server.store import standing_catalog

    try:
        with closing(Catalog(standing_catalog(settings.store), reading=True)):
            pass
    except StoreError as error:
        yield str(error)
    try:
        _context(settings)
    except CertificateError as error:
        yield str(error)
    try:
        if settings.web_client is not None:
            standing_client(settings.web_client)
    except SettingError as error:
        yield str(error)
    try:
        for opened in listen(settings.host, settings.port):
            opened.close()
    except PortError as error:
        yield str(error)


def _serve(
    settings: "Settings",
    *,
    with_qr: bool,
    beside: "Callable[[Callable[[], Twin]], None] | None" = None,
    remarks: "Callable[[], Iterable[str]]" = tuple,
) -> None:
    """``beside`` runs the server with something else; ``remarks`` are told once it is known to start."""
    from assets.catalog.store.database import StoreError
    from server.app import LoopDied, Twin, run
    from server.certificate import CertificateError
    from server.http.web_client import standing_client
    from server.listener import PortError, listen
    from server.settle import SettingError
    from server.store import standing_catalog

    try:
        standing_catalog(settings.store)
        if settings.web_client is not None:
            standing_client(settings.web_client)
        settings = _with_client(settings)
        context = _context(settings)
        sockets = listen(settings.host, settings.port)
        _announce(settings, sockets[0].getsockname()[1], with_qr=with_qr)
        for remark in remarks():
            typer.secho(f"missing {remark}", fg="yellow")
        with _logged(settings):
            (beside or run)(lambda: Twin(settings, sockets, context))
    except (StoreError, CertificateError, PortError, SettingError, LoopDied) as error:
        _fail(str(error))


def _with_client(settings: "Settings") -> "Settings":
    """Where no web client is named, the one that lies built in this copy of the project."""
    from server.http.web_client import built_client

    found = built_client() if settings.web_client is None else None
    return settings if found is None else settings.model_copy(update={"web_client": found})


@contextmanager
def _logged(settings: "Settings") -> Iterator[None]:
    from server.logs import start_logging

    listener = start_logging(settings.logs.level, settings.logs.shape)
    try:
        yield
    finally:
        listener.stop()


def _context(settings: "Settings") -> "ssl.SSLContext | None":
    from server.certificate import read_certificate, server_context

    if settings.tls.certificate is None:
        return None
    now = datetime.now(UTC)
    left = read_certificate(settings.tls, now).remaining(now).days
    if left < settings.tls.warn_days:
        typer.secho(
            f"warning: {settings.tls.certificate}: the certificate expires in {left} days; renew it",
            fg="yellow", err=True,
        )  # fmt: skip
    return server_context(settings.tls)


def _announce(settings: "Settings", port: int, *, with_qr: bool) -> None:
    from server.addresses import addresses_of

    addresses = list(addresses_of(settings, port))
    typer.echo(f"{settings.name} is open")
    for where, address in addresses:
        typer.echo(f"  {where:16} {address}")
    if with_qr:
        import segno

        typer.echo("")
        segno.make(addresses[-1][1], error="m").terminal(compact=True)
    if settings.web_client is None:
        from server.http.web_client import NOT_BUILT

        typer.echo(NOT_BUILT)
    if not any(address.startswith("https://") for _, address in addresses):
        typer.echo("phones and headsets give a page camera and WebXR only over HTTPS: see --tls-certificate")
    typer.echo("end it with Ctrl+C")


def _fail(message: str) -> NoReturn:
    typer.secho(f"error: {message}", fg="red", err=True)
    raise typer.Exit(1)
