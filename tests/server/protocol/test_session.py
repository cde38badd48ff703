"""The session's rules, sentence by sentence."""

from dataclasses import replace

import msgpack
import pytest

from server.protocol.codec import decode, encode, encode_tail
from server.protocol.limits import ALLOWANCES, SECOND, Allowance, Limits
from server.protocol.messages import (
    POSE,
    Acknowledge,
    Answer,
    Bye,
    CameraFrame,
    ClockAnswer,
    ClockRequest,
    Delta,
    Error,
    Hello,
    Question,
    Sightings,
)
from server.protocol.parts import ByeReason, ClientKind, ErrorCode, ImageEncoding
from server.protocol.posebytes import WirePose, encode_pose
from server.protocol.session import (
    TRANSITIONS,
    Close,
    Output,
    Send,
    Session,
    State,
    StateError,
    Trigger,
)
from server.protocol.wire import Message
from tests.golden.samples import MESSAGES_BY_FILE, WELCOME

HELLO = encode(Hello(kind=ClientKind.MOCK))
LEVEL = (0.0, 0.0, 0.0, 1.0)


def live(limits: Limits | None = None) -> Session:
    session = Session(limits or Limits(), 0)
    session.receive(HELLO, 0)
    session.welcome(WELCOME, 0)
    return session


def state(session: Session) -> State:
    """Asked through a function, because mypy takes a property for a constant."""
    return session.state


def said(outputs: WirePose | list[Output]) -> list[Message]:
    if isinstance(outputs, WirePose):
        return []
    return [decode(output.data) for output in outputs if isinstance(output, Send)]


def fault(outputs: WirePose | list[Output]) -> Error:
    """The fatal error of outputs that end a connection as they should: error, bye, close."""
    assert isinstance(outputs, list)
    error, bye = said(outputs)[-2:]
    close = outputs[-1]
    assert isinstance(error, Error)
    assert isinstance(bye, Bye)
    assert isinstance(close, Close)
    assert error.fatal
    assert (close.code, close.reason) == (int(error.error) or 1011, error.error.name)
    return error


def event(session: Session, number: int = 0) -> bytes:
    return session.number(Delta.code, encode_tail(Delta(time=number, pose=0, changes=())))


def pose(number: int = 1) -> bytes:
    return encode_pose(WirePose(number, 0, (0.0, 1.6, 0.0), LEVEL))


def frame(number: int) -> bytes:
    return encode(
        CameraFrame(number=number, encoding=ImageEncoding.JPEG, width=1, height=1, image=b"", time=0)
    )


def test_a_session_begins_with_hello_and_lives_from_the_welcome_on() -> None:
    session = Session(Limits(), 0)
    assert session.receive(HELLO, 0) == [Hello(kind=ClientKind.MOCK)]
    assert state(session) is State.GREETED
    session.welcome(WELCOME, 0)
    assert state(session) is State.LIVE


@pytest.mark.parametrize("name", [name for name in MESSAGES_BY_FILE if not name.startswith("hello")])
def test_anything_else_before_hello_is_out_of_order(name: str) -> None:
    session = Session(Limits(), 0)
    if name.startswith("bye"):
        assert isinstance(session.receive(encode(MESSAGES_BY_FILE[name]), 0)[-1], Close)
    else:
        error = fault(session.receive(encode(MESSAGES_BY_FILE[name]), 0))
        assert error.error is ErrorCode.OUT_OF_ORDER
        assert "Hello" in error.detail
    assert state(session) is State.CLOSED


def test_a_pose_before_hello_is_out_of_order() -> None:
    assert fault(Session(Limits(), 0).receive(pose(), 0)).error is ErrorCode.OUT_OF_ORDER


def test_a_second_hello_is_out_of_order() -> None:
    assert fault(live().receive(HELLO, 1)).error is ErrorCode.OUT_OF_ORDER


@pytest.mark.parametrize(
    "name", ["welcome", "delta", "snapshot", "sightings", "error", "clock-answer", "focus"]
)
def test_a_client_cannot_say_what_only_the_server_says(name: str) -> None:
    assert fault(live().receive(encode(MESSAGES_BY_FILE[name]), 1)).error is ErrorCode.OUT_OF_ORDER


def test_a_pose_comes_out_as_a_pose() -> None:
    moved = live().receive(pose(7), 1)
    assert isinstance(moved, WirePose)
    assert moved.number == 7


def test_the_clock_is_answered_with_the_time_it_was_asked() -> None:
    outputs = live().receive(encode(ClockRequest(client_sent=99)), 5 * SECOND)
    assert said(outputs) == [ClockAnswer(client_sent=99, server_received=5 * SECOND, server_sent=5 * SECOND)]


def test_an_unknown_message_is_named_and_the_session_goes_on() -> None:
    session = live()
    outputs = session.receive(msgpack.packb([127, "new"]), 1)
    error = said(outputs)[0]
    assert isinstance(error, Error)
    assert (error.error, error.about, error.fatal) == (ErrorCode.UNKNOWN_TYPE, 127, False)
    assert state(session) is State.LIVE


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\xc1", ErrorCode.MALFORMED),
        (b"", ErrorCode.MALFORMED),
        (b"\x92\x13" + b"\x91" * 50 + b"\xc0", ErrorCode.TOO_DEEP),
        (b"\x92\x13" + b"\xa0" * 6000, ErrorCode.TOO_LARGE),
        (b"\x10" + bytes(100), ErrorCode.TOO_LARGE),
        (b"\x10" + bytes(23), ErrorCode.MALFORMED),
        (b"\x10" + bytes(20), ErrorCode.MALFORMED),
    ],
    ids=lambda value: value.name if isinstance(value, ErrorCode) else value[:4].hex(),
)
def test_broken_bytes_end_the_session_with_their_name(data: bytes, expected: ErrorCode) -> None:
    session = live()
    assert fault(session.receive(data, 1)).error is expected
    assert state(session) is State.CLOSED


def test_a_closed_session_hears_nothing_more() -> None:
    session = live()
    session.receive(b"\xc1", 1)
    assert session.receive(pose(), 2) == []
    assert session.receive(b"\xc1", 2) == []


@pytest.mark.parametrize(
    ("reason", "then"), [(ByeReason.LEAVING, State.CLOSED), (ByeReason.PAUSING, State.PARKED)]
)
def test_who_leaves_is_gone_and_who_pauses_may_come_back(reason: ByeReason, then: State) -> None:
    session = live()
    outputs = session.receive(encode(Bye(reason=reason)), 1)
    assert outputs[-1] == Close(1000, "bye")
    assert state(session) is then


# Numbers, acknowledgements and resuming


def test_events_are_numbered_from_one_without_gaps() -> None:
    session = live()
    assert [decode(event(session)).sequence for _ in range(3)] == [1, 2, 3]  # type: ignore[attr-defined]


@pytest.mark.parametrize("received", range(2, 6))
def test_a_resume_replays_exactly_what_was_missed(received: int) -> None:
    session = live()
    sent = [event(session, number) for number in range(5)]
    session.receive(encode(Acknowledge(sequence=2)), 1)
    session.lost(2)
    replay = session.resume(received, WELCOME, 3)
    assert replay == [encode(WELCOME), *sent[received:]]
    assert state(session) is State.LIVE
    assert session.kept == 5 - received


@pytest.mark.parametrize("received", [0, 1, 6, 2**32 - 1])
def test_a_resume_from_what_is_no_longer_kept_or_never_was_needs_a_snapshot(received: int) -> None:
    session = live()
    for number in range(5):
        event(session, number)
    session.receive(encode(Acknowledge(sequence=2)), 1)
    session.lost(2)
    assert session.resume(received, WELCOME, 3) is None
    assert state(session) is State.PARKED
    session.restart(WELCOME, 3)
    assert state(session) is State.LIVE
    assert session.kept == 0
    assert decode(event(session)).sequence == 6  # type: ignore[attr-defined]


def test_what_is_kept_for_a_resume_is_bounded_in_count_and_bytes() -> None:
    session = live(Limits(replay_events=10))
    for number in range(50):
        event(session, number)
    assert session.kept == 10
    session = live(Limits(replay_bytes=100))
    size = len(event(session))
    for number in range(50):
        event(session, number)
    assert session.kept <= 100 // size


def test_acknowledging_what_was_never_sent_is_a_fault() -> None:
    session = live()
    event(session)
    assert fault(session.receive(encode(Acknowledge(sequence=2)), 1)).error is ErrorCode.MALFORMED


def test_an_old_acknowledgement_changes_nothing() -> None:
    session = live()
    for number in range(4):
        event(session, number)
    session.receive(encode(Acknowledge(sequence=3)), 1)
    session.receive(encode(Acknowledge(sequence=1)), 2)
    assert session.kept == 1


# Limits


def test_a_burst_passes_and_what_is_over_the_rate_is_dropped_and_told_once() -> None:
    session = live()
    allowed = ALLOWANCES[POSE]
    outputs = [session.receive(pose(), 1) for _ in range(allowed.burst + 3)]
    passed = [out for out in outputs if isinstance(out, WirePose)]
    told = [error for out in outputs for error in said(out)]
    assert len(passed) == allowed.burst
    assert {error.error for error in told if isinstance(error, Error)} == {ErrorCode.TOO_FAST}
    assert state(session) is State.LIVE


def test_after_a_rest_a_burst_passes_again() -> None:
    session = live()
    for _ in range(ALLOWANCES[POSE].burst + 1):
        session.receive(pose(), 1)
    assert isinstance(session.receive(pose(), 3 * SECOND), WirePose)


def test_a_client_that_floods_on_is_closed() -> None:
    session = live()
    most = ALLOWANCES[POSE].burst * (Limits().excess + 1) + 1
    outputs: WirePose | list[Output] = []
    for _ in range(most):
        outputs = session.receive(pose(), 1)
    error = fault(outputs)
    assert error.error is ErrorCode.TOO_FAST
    assert "144/s" in error.detail


def test_a_flood_is_not_answered_message_by_message() -> None:
    session = live()
    told = [error for _ in range(1000) for error in said(session.receive(pose(), 1))]
    assert len(told) < 20


def test_frames_over_the_limit_are_told_by_number_and_answers_make_room() -> None:
    session = live(Limits(unanswered_frames=2))
    assert [type(session.receive(frame(number), number)[0]) for number in (1, 2)] == [CameraFrame] * 2
    refused = said(session.receive(frame(3), 3))[0]
    assert isinstance(refused, Error)
    assert (refused.error, refused.number) == (ErrorCode.TOO_MANY_UNANSWERED, 3)
    session.number(Sightings.code, encode_tail(Sightings(number=1)), 1)
    assert session.unanswered(CameraFrame.code) == {2}
    assert isinstance(session.receive(frame(4), 4)[0], CameraFrame)


def test_questions_have_a_limit_of_their_own() -> None:
    session = live(Limits(unanswered_questions=1))
    ask = [encode(Question(number=number, content="?", language="en")) for number in (1, 2)]
    session.receive(ask[0], 1)
    assert said(session.receive(ask[1], 1))[0].error is ErrorCode.TOO_MANY_UNANSWERED  # type: ignore[attr-defined]
    session.number(Answer.code, encode_tail(Answer(number=1)), 1)
    assert isinstance(session.receive(ask[1], 2)[0], Question)


def test_many_small_faults_are_a_fatal_one() -> None:
    session = live(Limits(faults=10))
    unknown = msgpack.packb([127])
    for _ in range(10):
        session.receive(unknown, 1)
    assert fault(session.receive(unknown, 1)).error is ErrorCode.UNKNOWN_TYPE


def test_every_limit_can_be_set() -> None:
    limits = Limits(allowances={**ALLOWANCES, Hello.code: Allowance(10, 1.0, 1)})
    assert fault(Session(limits, 0).receive(HELLO, 0)).error is ErrorCode.TOO_LARGE
    assert replace(limits, depth=2).depth == 2


# Time


def test_a_connection_without_hello_is_closed_in_time() -> None:
    session = Session(Limits(), SECOND)
    assert session.deadline() == 11 * SECOND
    assert session.check(11 * SECOND - 1) == []
    assert fault(session.check(11 * SECOND)).error is ErrorCode.TOO_LATE


def test_a_silent_client_is_parked_and_told() -> None:
    session = live()
    session.receive(pose(), 5 * SECOND)
    assert session.check(35 * SECOND - 1) == []
    outputs = session.check(35 * SECOND)
    assert fault(outputs).error is ErrorCode.IDLE
    assert state(session) is State.PARKED
    assert session.resume(0, WELCOME, 36 * SECOND) is not None


def test_a_parked_session_is_forgotten_after_the_resume_time() -> None:
    session = live()
    session.lost(10 * SECOND)
    assert session.check(130 * SECOND - 1) == []
    assert session.deadline() == 130 * SECOND
    assert session.check(130 * SECOND) == []
    assert state(session) is State.CLOSED
    assert session.deadline() is None


def test_a_shutdown_says_when_to_come_back() -> None:
    session = live()
    outputs = session.shut_down(2 * SECOND, 1)
    assert said(outputs) == [Bye(reason=ByeReason.SHUTTING_DOWN, return_after=2 * SECOND)]
    assert outputs[-1] == Close(1001, "SHUTTING_DOWN")


# The table


def test_every_state_can_be_left_but_closed_and_every_trigger_is_used() -> None:
    assert {state for state, _ in TRANSITIONS} == set(State) - {State.CLOSED}
    assert {trigger for _, trigger in TRANSITIONS} == set(Trigger)


def test_a_move_of_the_caller_that_the_table_lacks_is_an_error() -> None:
    session = Session(Limits(), 0)
    with pytest.raises(StateError, match="new"):
        session.welcome(WELCOME, 0)
    with pytest.raises(StateError, match="live sessions"):
        event(session)
