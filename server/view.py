"""What one client has been told against what its visitor should perceive; the difference is a delta.

State, not a queue: an artifact that entered, changed and left while the client could not be told leaves
nothing to tell, and however long a client is deaf, this never holds more than what is perceived and what was
told. That is how changes are merged: the latest state wins. Pure.
"""

from typing import NamedTuple

from server.world.visit import Changes, Perceived, Snapshot


class View:
    """The two states. Artifacts are told in the order in which they became due."""

    __slots__ = ("_due", "_open", "_perceived", "_told", "_told_open")

    def __init__(self) -> None:
        self._perceived: dict[str, Perceived] = {}
        self._open: set[str] = set()
        self._told: dict[str, Perceived] = {}
        self._told_open: set[str] = set()
        self._due: dict[str, None] = {}

    @property
    def due(self) -> int:
        """Artifacts about which the client is behind."""
        return len(self._due)

    def apply(self, changes: Changes) -> None:
        """Take in what the visit says has changed."""
        for artifact in changes.left:
            self._perceived.pop(artifact, None)
        for perceived in (*changes.entered, *changes.changed):
            self._perceived[perceived.artifact] = perceived
            self._due[perceived.artifact] = None
        self._open.difference_update(changes.hidden)
        self._open.update(changes.shown)
        for artifact in (*changes.hidden, *changes.shown):
            self._due[artifact] = None
        for artifact in changes.left:
            # What came and went while the client could not be told need not be told at all.
            if artifact in self._told:
                self._due[artifact] = None
            else:
                self._due.pop(artifact, None)

    def replace(self, snapshot: Snapshot) -> None:
        """Start again from the visit's whole state; what the client was told no longer counts."""
        self._perceived = {perceived.artifact: perceived for perceived in snapshot.perceived}
        self._open = set(snapshot.shown)
        self.forget()

    def forget(self) -> None:
        """The client was told nothing: all that is perceived is due. A snapshot will say it."""
        self._told.clear()
        self._told_open.clear()
        self._due = dict.fromkeys(self._perceived)

    def take(self) -> "Step | None":
        """The next artifact's step, counted as told from now on; ``None`` when nothing is due."""
        while self._due:
            artifact = next(iter(self._due))
            del self._due[artifact]
            step = self._step(artifact)
            if step is not None:
                return step
        return None

    def _step(self, artifact: str) -> "Step | None":
        now, was = self._perceived.get(artifact), self._told.get(artifact)
        is_open, was_open = artifact in self._open and now is not None, artifact in self._told_open
        if now is was and is_open == was_open:
            return None
        if now is None:
            del self._told[artifact]
            self._told_open.discard(artifact)
            return Step(artifact, None, was, False, False)
        self._told[artifact] = now
        (self._told_open.add if is_open else self._told_open.discard)(artifact)
        return Step(artifact, now, was, is_open and not was_open, was_open and not is_open)


class Step(NamedTuple):
    """What to tell of one artifact."""

    artifact: str
    now: Perceived | None
    """``None``: it left."""
    was: Perceived | None
    """``None``: it entered."""
    opens: bool
    """Its annotations are to be shown."""
    closes: bool
    """Its annotations are to be removed, while it stays."""
