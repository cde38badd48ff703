"""The ``twin`` command: mounts the packages' commands, nothing else."""

import typer

import assets.cli
import inference.cli
import server.cli

app = typer.Typer(
    name="twin",
    help="Museum Twin: a museum's collection, scans and visitors as one living twin.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
app.add_typer(assets.cli.app)
app.add_typer(inference.cli.app)
app.add_typer(server.cli.app)


def main() -> None:
    """Run the command line."""
    app()
