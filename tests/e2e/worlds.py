"""What a client holds, and what its server says it should hold, as two values that can be compared.

Both go through the wire's own bytes, so that equal means equal to the last bit: exhibits with place, level,
texts and files, annotations with place and texts.
"""

import base64
from collections.abc import Iterable

from server.client import Client
from server.content import Audience
from server.exhibition import open_exhibition
from server.house_rules import budget, policy
from server.protocol.codec import decode, numbered, snapshot_tail
from server.protocol.messages import Snapshot
from server.protocol.parts import AnnotationAdd, AnyChange, ArtifactEnter
from server.settings import Settings
from server.showing import Showing
from server.world.steps import step_of
from server.world.visit import Detail, Perceived

World = dict[str, tuple[ArtifactEnter, dict[str, AnnotationAdd]]]
"""By artifact: the exhibit, and its annotations by name."""


def world_of(changes: Iterable[AnyChange]) -> World:
    """The world that a snapshot of these changes tells."""
    world: World = {}
    for change in changes:
        if isinstance(change, ArtifactEnter):
            world[change.artifact] = (change, {})
        else:
            assert isinstance(change, AnnotationAdd), "a snapshot tells only what is there"
            world[change.artifact][1][change.annotation] = change
    return world


def told_world(line: str) -> World:
    """The world that a C# client printed: a snapshot of all it holds, base64."""
    message = decode(base64.b64decode(line))
    assert isinstance(message, Snapshot)
    return world_of(message.changes)


def due_world(settings: Settings, client: Client, audience: Audience) -> World:
    """What the visitor should hold: what they perceive, told as the store has it on disk now.

    The store is read anew, so a server that shows an older one is found out. Blocking.
    """
    perception = settings.perception
    return shown_world(
        open_exhibition(settings.store, policy(perception), budget(perception)), client, audience
    )


def shown_world(showing: Showing, client: Client, audience: Audience) -> World:
    """The same, told as ``showing`` has it."""
    return _told(showing, audience, client.perceived.perceived)


def retold(settings: Settings, world: World, audience: Audience) -> World:
    """The same exhibits at the levels at which they are held, told anew from the store. Blocking.

    For a client of another process, whose visit cannot be asked what it perceives.
    """
    perception = settings.perception
    held = [
        Perceived(artifact, Detail(int(entered.detail)), bool(entered.derivatives))
        for artifact, (entered, _) in world.items()
    ]
    return _told(open_exhibition(settings.store, policy(perception), budget(perception)), audience, held)


def _told(showing: Showing, audience: Audience, held: Iterable[Perceived]) -> World:
    places = {exhibit.artifact: index for index, exhibit in enumerate(showing.interest.placement.exhibits)}
    entering = [step_of(places[one.artifact], 0, int(one.detail) * 2 + one.model) for one in held]
    told = showing.translator.edition(audience).told_all(entering)
    message = decode(numbered(Snapshot.code, 1, snapshot_tail((0, "", ""), *told)))
    assert isinstance(message, Snapshot)
    return world_of(message.changes)
