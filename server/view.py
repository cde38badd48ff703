"""What one client has been told against what its visitor perceives; the difference is a delta.

State, not a queue: only what the client is behind with is kept, by artifact, and what it was told of it last.
An artifact that entered, changed and left while the client could not be told leaves nothing to tell, and
however long a client is deaf, this never holds more than what is perceived and what was told. That is how
changes are merged: the latest state wins. A client that is told each step at once costs nothing here. Pure.
"""

from collections.abc import Iterable, Mapping

from server.world.steps import parts, step_of


class View:
    """Artifacts are told in the order in which they became due."""

    __slots__ = ("_told", "has_moved")

    def __init__(self) -> None:
        self._told: dict[int, int] = {}
        self.has_moved = False
        """The gallery that the client was told is not the visitor's."""

    @property
    def due(self) -> int:
        """Artifacts about which the client is behind."""
        return len(self._told)

    @property
    def is_behind(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self._told) or self.has_moved

    def apply(self, steps: Iterable[int]) -> None:
        """Take in steps that the client could not be told at once."""
        for step in steps:
            index, was, now = parts(step)
            # What came and went while the client could not be told need not be told at all.
            if self._told.setdefault(index, was) == now:
                del self._told[index]

    def forget(self, perceived: Iterable[int]) -> None:
        """The client was told nothing: all that is perceived is due. A snapshot will say it."""
        self._told = dict.fromkeys(perceived, 0)
        self.has_moved = False

    def take(self, perceived: Mapping[int, int]) -> int | None:
        """The next artifact's step, counted as told from now on; ``None`` when nothing is due.

        ``perceived``: the codes of what is perceived now, by index.
        """
        if not self._told:
            return None
        index = next(iter(self._told))
        return step_of(index, self._told.pop(index), perceived.get(index, 0))
