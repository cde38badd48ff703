"""Coming back: no event lost, none told twice, wherever the connection was cut."""

import asyncio
import random
from collections import Counter

from websockets.exceptions import ConnectionClosed

from server.hub import Rules
from server.protocol.limits import SECOND, Limits
from server.protocol.messages import (
    Acknowledge,
    Answer,
    Bye,
    ClockAnswer,
    ClockRequest,
    Delta,
    Error,
    Question,
    Snapshot,
    Welcome,
)
from server.protocol.parts import ByeReason, ErrorCode
from tests.server.museum import House, Visitor, along, dialed, hello, joined, opened, returned, showing

CUTS = 1000
VISITORS = 20


async def settled(visitor: Visitor) -> None:
    """Everything that was sent has been taken in."""
    await visitor.say(ClockRequest(client_sent=1))
    await visitor.until(ClockAnswer)


def same_as_the_server(house: House, visitor: Visitor) -> bool:
    client = house.hub.client(visitor.token)
    assert client is not None
    perceived = client.perceived
    told = {name: int(entered.detail) for name, entered in visitor.artifacts.items()}
    return told == {one.artifact: int(one.detail) for one in perceived.perceived} and {
        artifact for artifact, _ in visitor.annotations
    } == set(perceived.shown)


async def cut_and_return(house: House, visitor: Visitor, draw: random.Random, step: int) -> None:
    """A few steps, some of it heard, then the connection breaks wherever it may be."""
    for number in range(draw.randint(0, 4)):
        await visitor.stand(along(step + number))
    if draw.random() < 0.3:
        await visitor.say(Question(number=step, content="made of?", language="en", artifact="made:0-0"))
    if draw.random() < 0.5:
        await visitor.acknowledge()
    for _ in range(draw.randint(0, 3)):
        try:
            async with asyncio.timeout(0.002):
                await visitor.hear()
        except TimeoutError:
            break
    visitor.socket.transport.abort()
    await returned(house, visitor)


async def test_a_thousand_cuts_lose_nothing_and_repeat_nothing() -> None:
    roomy = Limits(acknowledge_every=8)
    async with opened(Rules(limits=roomy), shown=showing(10, 2)) as house:

        async def visit(seed: int) -> Visitor:
            draw = random.Random(seed)
            visitor = await joined(house)
            for cut in range(CUTS // VISITORS):
                await cut_and_return(house, visitor, draw, cut * 4)
                assert visitor.welcome is not None
                assert visitor.welcome.resumed
            await settled(visitor)
            return visitor

        visitors = await asyncio.gather(*(visit(seed) for seed in range(VISITORS)))
        assert house.hub.clients == VISITORS
        for visitor in visitors:
            assert same_as_the_server(house, visitor)
            answers = Counter(one.number for one in visitor.others if isinstance(one, Answer))
            assert set(answers.values()) <= {1}
            client = house.hub.client(visitor.token)
            assert client is not None
            assert client.session.unanswered(Question.code) == frozenset()


async def test_an_answer_that_came_while_the_visitor_was_away_waits_for_them() -> None:
    async with opened() as house:
        visitor = await joined(house)
        await visitor.say(Question(number=1, content="made of?", language="en", artifact="made:0-0"))
        visitor.socket.transport.abort()
        await returned(house, visitor)
        heard = {type(one) for one in visitor.others}
        client = house.hub.client(visitor.token)
        assert client is not None
        if client.session.sequence > visitor.received:
            heard.add(type(await visitor.until(Answer)))
        assert Answer in heard or client.session.sequence == 1


async def test_the_newer_of_two_connections_has_the_session() -> None:
    async with opened() as house:
        visitor = await joined(house)
        former = Visitor(visitor.socket, welcome=visitor.welcome, received=visitor.received)
        await returned(house, visitor)
        error = await former.until(Error)
        assert isinstance(error, Error)
        assert error.error is ErrorCode.REPLACED
        assert isinstance(await former.hear(), Bye)
        try:
            await former.hear()
        except ConnectionClosed as closed:
            assert closed.rcvd is not None
            assert closed.rcvd.code == ErrorCode.REPLACED
        await settled(visitor)
        assert (house.hub.clients, house.hub.connected) == (1, 1)


async def test_who_comes_too_late_gets_a_new_session_with_a_snapshot() -> None:
    async with opened(Rules(limits=Limits(resume=SECOND // 20))) as house:
        visitor = await joined(house)
        visitor.socket.transport.abort()
        async with asyncio.timeout(10):
            while house.hub.clients:  # noqa: ASYNC110  the hub forgets in its own time
                await asyncio.sleep(0.01)
        token = visitor.token
        visitor.socket = await dialed(house)
        await visitor.say(hello(token=token, received=visitor.received))
        error, welcome = await visitor.hear(), await visitor.hear()
        assert isinstance(error, Error)
        assert (error.error, error.fatal) == (ErrorCode.UNKNOWN_SESSION, False)
        assert isinstance(welcome, Welcome)
        assert not welcome.resumed
        assert welcome.token != token
        assert isinstance(await visitor.hear(), Snapshot)


async def test_a_client_that_lost_its_memory_gets_a_snapshot_in_the_same_session() -> None:
    async with opened(shown=showing(4, 2)) as house:
        visitor = await joined(house)
        for step in range(0, 40, 4):
            await visitor.stand(along(step + 70))
        await settled(visitor)
        await visitor.acknowledge()
        await settled(visitor)
        assert visitor.received > 1
        visitor.socket.transport.abort()
        forgetful = Visitor(await dialed(house))
        await forgetful.say(hello(token=visitor.token, received=0))
        welcome = await forgetful.hear()
        assert isinstance(welcome, Welcome)
        assert not welcome.resumed
        assert welcome.session == visitor.welcome.session if visitor.welcome else False
        await forgetful.until(Snapshot)
        await settled(forgetful)
        assert same_as_the_server(house, forgetful)


async def test_what_changed_while_the_visitor_was_away_is_told_on_return() -> None:
    async with opened(shown=showing(2, 2)) as house:
        visitor = await joined(house)
        await visitor.stand((0.0, 1.6, 1.5))
        await visitor.until(Delta)
        await visitor.say(Bye(reason=ByeReason.PAUSING))
        async with asyncio.timeout(10):
            while house.hub.connected:  # noqa: ASYNC110  the socket closes in its own time
                await asyncio.sleep(0.01)
        await house.hub.show(showing(1, 1, "p-2"))
        await returned(house, visitor)
        snapshot = await visitor.until(Snapshot)
        assert isinstance(snapshot, Snapshot)
        assert snapshot.placement == "p-2"
        assert set(visitor.artifacts) == {"made:0-0"}


async def test_acknowledged_events_are_not_kept() -> None:
    async with opened(shown=showing(4, 2)) as house:
        visitor = await joined(house)
        for step in range(0, 40, 4):
            await visitor.stand(along(step + 70))
        await settled(visitor)
        client = house.hub.client(visitor.token)
        assert client is not None
        assert client.session.kept == visitor.received
        await visitor.say(Acknowledge(sequence=visitor.received))
        await settled(visitor)
        assert client.session.kept == 0
