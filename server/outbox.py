"""What waits for one client, and when it may go. Pure: time is an argument, bytes go out by ``take``.

Three classes. *Answers* (sightings, answers, errors) are never dropped; they are bounded because their
questions are. *Changes* are state: the client's ``View`` holds the difference and merges it. *Focus* is
state too: only the newest counts. Files are no class: they travel over HTTP.

Nothing goes while the socket is full (``blocked``) or the client's byte budget is spent. A client that stays
blocked is told nothing more but a snapshot once it reads again, and is given up when that does not come.
"""

from collections import deque
from dataclasses import dataclass

from server.protocol.limits import SECOND


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a client may be slow, and how much it may be told at once. Times in nanoseconds."""

    resync: int = 5 * SECOND
    """Blocked so long, it gets a snapshot instead of the changes it missed."""
    stuck: int = 20 * SECOND
    """Blocked so long, it is closed."""
    socket: int = 64 * 1024
    """Bytes the socket may hold unsent before the client counts as blocked."""
    delta: int = 32 * 1024
    """Bytes of one delta, about; the rest follows in the next."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An answer that could not go yet."""

    code: int
    tail: bytes
    """All behind the sequence number; numbered when it goes."""
    answered: int | None
    """Number of the frame or question."""


class Outbox:
    """See the module."""

    __slots__ = (
        "_blocked_since",
        "_budget",
        "_patience",
        "_tokens",
        "_tokens_at",
        "answers",
        "focus",
        "stale",
    )

    def __init__(self, budget: int, patience: Patience, now: int) -> None:
        """``budget``: bytes per second; 0: none."""
        self._budget = budget / SECOND
        self._patience = patience
        self._tokens = float(budget)
        self._tokens_at = now
        self._blocked_since: int | None = None
        self.answers: deque[Waiting] = deque()
        self.focus: bytes | None = None
        self.stale = False
        """The client needs a snapshot before any delta."""

    def spend(self, size: int) -> None:
        """So many bytes went out."""
        self._tokens -= size

    def may_send(self, now: int) -> bool:
        """Whether anything may go now."""
        return self._blocked_since is None and (not self._budget or self.wait(now) == 0)

    def wait(self, now: int) -> int:
        """Nanoseconds until the byte budget allows the next message; 0: now."""
        if not self._budget:
            return 0
        # One second's worth may be saved up.
        self._tokens = min(self._budget * SECOND, self._tokens + (now - self._tokens_at) * self._budget)
        self._tokens_at = now
        return 0 if self._tokens >= 0 else int(-self._tokens / self._budget) + 1

    def is_free(self, now: int) -> bool:
        """Whether a delta may go now, with nothing that goes before it."""
        return not (self.answers or self.stale or self._blocked_since) and self.may_send(now)

    @property
    def is_waiting(self) -> bool:
        """Whether something goes before any delta."""
        return self.stale or bool(self.answers)

    @property
    def chunk(self) -> int:
        """Bytes that one delta may have now: a small budget is spent in small pieces."""
        most = self._patience.delta
        return min(most, max(1024, int(self._budget * SECOND / 4))) if self._budget else most

    @property
    def is_blocked(self) -> bool:
        """The socket takes nothing more."""
        return self._blocked_since is not None

    def block(self, now: int) -> None:
        """The socket is full."""
        if self._blocked_since is None:
            self._blocked_since = now

    def unblock(self, now: int) -> None:
        """The socket takes bytes again, or there is a new one."""
        if self._blocked_since is not None and now - self._blocked_since >= self._patience.resync:
            self.stale = True
        self._blocked_since = None

    def is_stuck(self, now: int) -> bool:
        """Whether the client must be given up."""
        since = self._blocked_since
        return since is not None and now - since >= self._patience.stuck
