"""Commands of the assets package."""

import typer

import assets.catalog.cli
import assets.hanging.cli
import assets.pipeline.cli
import assets.sample.cli

app = typer.Typer(no_args_is_help=True)
app.add_typer(assets.catalog.cli.app)
app.add_typer(assets.pipeline.cli.app)
app.add_typer(assets.hanging.cli.app)
app.add_typer(assets.sample.cli.app, name="sample", help="The sample museum that comes with the project.")
