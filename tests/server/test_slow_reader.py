"""Clients that read slowly, not at all, or can take few bytes."""

import asyncio

from server.client import Client
from server.hub import Rules
from server.metrics import PrometheusMetrics
from server.outbox import Patience
from server.protocol.limits import ALLOWANCES, SECOND, Allowance, Limits
from server.protocol.messages import (
    POSE,
    ClockAnswer,
    ClockRequest,
    Snapshot,
)
from tests.server.museum import (
    LEVEL,
    Visitor,
    gone,
    joined,
    opened,
    showing,
)

FAST = Limits(allowances={**ALLOWANCES, POSE: Allowance(52, 1e6, 10**6)})
"""Any number of poses."""


async def test_a_slow_reader_is_merged_resynchronized_and_at_last_closed() -> None:
    patience = Patience(resync=SECOND // 20, stuck=SECOND // 2, socket=4096)
    async with opened(Rules(limits=FAST, patience=patience), shown=showing(40, 4)) as house:
        slow, other = await joined(house), await joined(house)
        client = house.hub.client(slow.token)
        assert client is not None
        step = await until_blocked(slow, client)
        for _ in range(50):  # state goes on, the backlog does not grow
            step += 1
            await walk(slow, step, 118.0)
        await other.say(ClockRequest(client_sent=1))
        await other.until(ClockAnswer)
        assert client.waiting <= 2 * 32
        await gone(house, 1)
        assert house.hub.client(slow.token) is None
        assert house.hub.client(other.token) is not None


async def test_a_reader_that_was_slow_for_a_while_gets_a_snapshot_instead_of_what_it_missed() -> None:
    patience = Patience(resync=1, stuck=30 * SECOND, socket=4096)
    async with opened(Rules(limits=FAST, patience=patience), shown=showing(40, 4)) as house:
        counted = house.hub.metrics = PrometheusMetrics()
        slow = await joined(house)
        client = house.hub.client(slow.token)
        assert client is not None
        await until_blocked(slow, client)
        slow.socket.transport.resume_reading()
        await slow.until(Snapshot)
        await slow.say(ClockRequest(client_sent=1))
        await slow.until(ClockAnswer)
        await caught_up(slow, client)
        assert set(slow.artifacts) == {one.artifact for one in client.perceived.perceived}
    text, _ = await asyncio.to_thread(counted.page, "")
    assert b'twin_dropped_total{kind="changes"}' in text


async def test_a_byte_budget_is_kept_and_what_had_to_wait_comes_later() -> None:
    async with opened(shown=showing(20, 4)) as house:
        visitor = await joined(house, byte_budget=20_000)
        client = house.hub.client(visitor.token)
        assert client is not None
        began = house.hub.now()
        for step in range(60):
            await walk(visitor, step, 58.0)
        await visitor.say(ClockRequest(client_sent=1))
        await visitor.until(ClockAnswer)
        await caught_up(visitor, client)
        assert set(visitor.artifacts) == {one.artifact for one in client.perceived.perceived}
        seconds = (house.hub.now() - began) / SECOND
        # A second's worth may have been saved up, and one message may go over.
        assert visitor.bytes_heard <= 20_000 * (seconds + 1) + 8_000


async def until_blocked(slow: Visitor, client: Client) -> int:
    """Read nothing more and walk until the server's socket is full; how many steps that took."""
    slow.socket.transport.pause_reading()
    step = 0
    while not client.is_blocked:
        step += 1
        await walk(slow, step, 118.0)
        await asyncio.sleep(0)
    return step


async def walk(visitor: Visitor, step: int, depth: float) -> None:
    """One step through a hall of that depth, now looking one way, now the other."""
    turned = (0.0, 1.0, 0.0, 0.0) if step % 2 else LEVEL
    await visitor.stand((4.5, 1.6, depth - step * 7.0 % (depth - 1.0)), turned)


async def caught_up(visitor: Visitor, client: Client) -> None:
    """Hear all that was and will be told of what happened so far."""
    while client.waiting or visitor.received < client.session.sequence:
        await visitor.hear()
