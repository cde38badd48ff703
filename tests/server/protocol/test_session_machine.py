"""A model of client and server in step: whatever happens in whatever order, nothing is lost or told twice."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from server.protocol.codec import decode, encode, encode_tail
from server.protocol.limits import SECOND, Limits
from server.protocol.messages import (
    Acknowledge,
    Bye,
    ClockRequest,
    Delta,
    Hello,
    Snapshot,
    Welcome,
)
from server.protocol.parts import ByeReason, ClientKind, ErrorCode
from server.protocol.posebytes import WirePose, encode_pose
from server.protocol.session import TRANSITIONS, Close, Output, Send, Session, State
from server.protocol.wire import Event
from tests.golden.samples import WELCOME

LIMITS = Limits(replay_events=12, faults=1000)
NOISE = st.binary(max_size=60) | st.sampled_from(
    [encode(Hello(kind=ClientKind.MOCK)), encode(WELCOME), b"\x10" + bytes(23), b"\x91\x7f", b"\x91\x05"]
)

SELDOM = st.integers(0, 15)
"""A die for what ends a session, so that most live long enough to be told much."""


class SessionMachine(RuleBasedStateMachine):
    """Sends are delivered, delayed or lost with the connection; a lost client comes back or does not."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0
        self.begin()

    def begin(self) -> None:
        self.session = Session(LIMITS, self.now)
        self.pipe: list[bytes] = []
        self.received = 0
        self.made = 0
        self.told: list[int] = []
        self.is_connected = True

    @precondition(lambda self: self.session.state is State.CLOSED)
    @rule()
    def a_new_visitor_comes(self) -> None:
        self.begin()

    # The server's side

    @precondition(lambda self: self.session.state is State.GREETED)
    @rule()
    def welcome(self) -> None:
        self.pipe.append(self.session.welcome(WELCOME, self.now))

    @precondition(lambda self: self.session.state is State.LIVE)
    @rule()
    def tell(self) -> None:
        self.made += 1
        delta = Delta(time=self.made, pose=0, changes=())
        self.pipe.append(self.session.number(Delta.code, encode_tail(delta)))

    # The client's side

    @precondition(lambda self: self.session.state is State.NEW and self.is_connected)
    @rule()
    def greet(self) -> None:
        assert self.session.receive(encode(Hello(kind=ClientKind.MOCK)), self.now)
        assert self.session.state is State.GREETED

    @precondition(lambda self: bool(self.pipe) and self.is_connected)
    @rule(count=st.integers(1, 20))
    def deliver(self, count: int) -> None:
        arrived, self.pipe = self.pipe[:count], self.pipe[count:]
        for data in arrived:
            message = decode(data)
            if isinstance(message, Welcome) and not message.resumed:
                self.received = -1
            if isinstance(message, Snapshot):
                self.received = message.sequence
                self.told = list(range(1, message.time + 1))
            elif isinstance(message, Event):
                assert isinstance(message, Delta)
                assert message.sequence == self.received + 1
                self.received = message.sequence
                self.told.append(message.time)

    @precondition(lambda self: self.session.state is State.LIVE)
    @rule(back=st.integers(0, 3))
    def acknowledge(self, back: int) -> None:
        sequence = max(self.received - back, 0)
        assert self.session.receive(encode(Acknowledge(sequence=sequence)), self.now) == []

    @precondition(lambda self: self.session.state is State.LIVE)
    @rule()
    def move(self) -> None:
        data = encode_pose(WirePose(1, self.now, (0.0, 0.0, 0.0), (0.0, 0.0, 0.0, 1.0)))
        moved = self.session.receive(data, self.now)
        assert isinstance(moved, WirePose) or len(moved) <= 1

    @precondition(lambda self: self.session.state is State.LIVE)
    @rule()
    def ask_the_time(self) -> None:
        self._hear(self.session.receive(encode(ClockRequest(client_sent=1)), self.now))

    @precondition(lambda self: self.session.state is State.LIVE)
    @rule()
    def lose_the_connection(self) -> None:
        self.session.lost(self.now)
        self.pipe.clear()
        self.is_connected = False
        assert self.session.state is State.PARKED

    @precondition(lambda self: self.session.state in (State.LIVE, State.PARKED))
    @rule(behind=st.integers(0, 2))
    def come_back(self, behind: int) -> None:
        """With a new connection; the old one and what was in it are gone."""
        self.pipe.clear()
        self.is_connected = True
        replay = self.session.resume(self.received, WELCOME, self.now)
        if replay is None:
            # Only allowed where the client had acknowledged too little.
            assert self.session.sequence - self.received > LIMITS.replay_events or self.received < 0
            welcome = WELCOME.model_copy(update={"resumed": False})
            self.pipe.append(self.session.restart(welcome, self.now))
            snapshot = Snapshot(time=self.made, gallery="", placement="", changes=())
            self.pipe.append(self.session.number(Snapshot.code, encode_tail(snapshot)))
        else:
            assert len(replay) - 1 == self.session.sequence - self.received
            self.pipe.extend(replay)

    @precondition(lambda self: self.session.state is State.LIVE)
    @rule(die=SELDOM)
    def say_bye(self, die: int) -> None:
        reason = ByeReason.PAUSING if die else ByeReason.LEAVING
        self._hear(self.session.receive(encode(Bye(reason=reason)), self.now))
        assert self.session.state is (State.CLOSED if reason is ByeReason.LEAVING else State.PARKED)

    @precondition(lambda self: self.is_connected)
    @rule(data=NOISE, die=SELDOM)
    def make_noise(self, data: bytes, die: int) -> None:
        if not die:
            self._hear(self.session.receive(data, self.now))

    # Time

    @rule(nanoseconds=st.sampled_from([1, 1_000_000, SECOND, 2 * SECOND, 31 * SECOND]))
    def wait(self, nanoseconds: int) -> None:
        self.now += nanoseconds
        due = self.session.deadline()
        was = self.session.state
        outputs = self.session.check(self.now)
        if due is not None and self.now >= due:
            assert self.session.state is not was
        else:
            assert outputs == []
            assert self.session.state is was
        self._hear(outputs)

    def _hear(self, outputs: WirePose | list[Output]) -> None:
        if isinstance(outputs, WirePose):
            return
        for place, output in enumerate(outputs):
            if isinstance(output, Send):
                decode(output.data)
            elif isinstance(output, Close):
                assert place == len(outputs) - 1
                assert self.session.state in (State.PARKED, State.CLOSED)
                assert output.code in {1000, 1011, *(int(code) for code in ErrorCode if code)}
                self.pipe.clear()
                self.is_connected = False

    @invariant()
    def nothing_is_lost_or_told_twice(self) -> None:
        assert self.told == list(range(1, len(self.told) + 1))

    @invariant()
    def what_is_kept_is_bounded(self) -> None:
        assert self.session.kept <= LIMITS.replay_events

    @invariant()
    def a_closed_session_keeps_nothing(self) -> None:
        if self.session.state is State.CLOSED:
            assert self.session.kept == 0
            assert self.session.deadline() is None

    @invariant()
    def the_state_is_one_of_the_table(self) -> None:
        assert self.session.state is State.CLOSED or self.session.state in {state for state, _ in TRANSITIONS}


SessionMachine.TestCase.settings = settings(max_examples=100, stateful_step_count=60, deadline=None)
test_session_machine = SessionMachine.TestCase
