"""Curves of a run, for TensorBoard."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from torch.utils.tensorboard import SummaryWriter

from inference.training.train import Tell


@contextmanager
def curves(folder: Path) -> Iterator[Tell]:
    """Writes the figures of each step into a folder; ``tensorboard --logdir`` shows them."""
    with SummaryWriter(str(folder)) as writer:

        def tell(step: int, figures: dict[str, float]) -> None:
            for name, value in figures.items():
                writer.add_scalar(name, value, step)

        yield tell
