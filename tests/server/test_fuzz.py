"""Twenty thousand hostile messages: no exception, no long answer, nothing left behind. A million: bench/."""

from server.hub import Rules
from server.protocol.limits import Limits
from tests.server.fuzzing import ConnectionFuzz, SessionFuzz
from tests.server.museum import opened, showing


def test_sessions_meet_ten_thousand_hostile_messages() -> None:
    fuzz = SessionFuzz(seed=1)
    fuzz.run(10_000)
    assert fuzz.closed > 500
    assert fuzz.poses > 100


async def test_connections_meet_ten_thousand_hostile_messages_and_broken_handshakes() -> None:
    async with opened(Rules(limits=Limits(), parked=50), shown=showing(2, 2)) as house:
        fuzz = ConnectionFuzz(house.hub, seed=2)
        await fuzz.run(10_000)
        assert fuzz.connections > 500
        assert house.hub.connected == 0
        assert house.hub.clients <= 50
