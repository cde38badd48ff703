using System;
using System.Collections.Generic;
using MuseumTwin.Protocol;

namespace MuseumTwin
{
    /// <summary>Where a session stands.</summary>
    public enum SessionState
    {
        /// <summary>Nothing was said.</summary>
        New,

        /// <summary>Hello was said; waiting for the welcome.</summary>
        Greeting,

        /// <summary>Welcome came.</summary>
        Live,

        /// <summary>No connection; the next hello takes the session up again.</summary>
        Parked,
    }

    // The protocol from the client's side, without clock, socket or thread: messages and times in, messages and
    // notices out. It outlives connections: what was received, the token and the world stay.
    internal sealed class TwinSession
    {
        private const long Second = 1_000_000_000;
        private const int QuickSamples = 8;
        private readonly WireWriter _writer = new WireWriter(1024);
        private readonly TextPool _pool = new TextPool();
        private readonly List<Notice> _notices;
        private readonly Counters _counters;
        private byte[] _token = Array.Empty<byte>();
        private uint _received;
        private uint _acknowledged;
        private long _acknowledgeAt;
        private bool _awaitsSnapshot;
        private long _clockAskedAt;

        internal TwinSession(List<Notice> notices, Counters counters)
        {
            _notices = notices;
            _counters = counters;
        }

        internal SessionState State { get; private set; }

        internal TwinWorld World { get; } = new TwinWorld();

        internal ServerClock Clock { get; } = new ServerClock();

        internal Pending Questions { get; } = new Pending(4);

        internal Pending Frames { get; } = new Pending(4);

        // Of the last welcome.
        internal Welcome Welcome { get; private set; } = Welcome.Default;

        internal Focus Focus { get; private set; } = Focus.Default;

        // The last fatal error or goodbye of this connection; the client decides by it whether to come back.
        internal ErrorCode? FatalError { get; private set; }

        internal Bye? Goodbye { get; private set; }

        // What the visitor had agreed to when this connection began; the server knows of no other.
        internal Consent Consent { get; private set; }

        // Number of the last event taken in.
        internal uint Received => _received;

        internal ReadOnlySpan<byte> Begin(TwinOptions options)
        {
            State = SessionState.Greeting;
            FatalError = null;
            Goodbye = null;
            var hello = Hello.Default;
            hello.Kind = options.Kind;
            hello.Minor = Wire.Minor;
            hello.Capabilities = options.Capabilities;
            hello.Languages = options.Languages;
            hello.Accessibility = options.Accessibility;
            hello.Consent = Consent = options.Consent;
            hello.ByteBudget = options.ByteBudget;
            hello.Gallery = options.Gallery;
            hello.Software = options.Software;
            hello.Token = _token;
            hello.Received = _received;
            _writer.Clear();
            hello.Write(_writer);
            return _writer.Written;
        }

        internal void Park()
        {
            State = _token.Length > 0 ? SessionState.Parked : SessionState.New;
        }

        internal void Forget()
        {
            _token = Array.Empty<byte>();
            _received = _acknowledged = 0;
            Park();
        }

        // Take in one message. A WireException means that the connection is of no more use.
        internal void Receive(ReadOnlySpan<byte> data, long arrival)
        {
            var code = WireReader.MessageOf(data);
            var reader = new WireReader(data, _pool);
            switch (code)
            {
                case Protocol.Welcome.Code:
                    Take(Protocol.Welcome.Read(ref reader), arrival);
                    break;
                case Error.Code:
                    Take(Error.Read(ref reader));
                    break;
                case Bye.Code:
                    Goodbye = Bye.Read(ref reader);
                    break;
                case ClockAnswer.Code:
                    Take(ClockAnswer.Read(ref reader), arrival);
                    break;
                case Protocol.Focus.Code:
                    ExpectLive(code);
                    Focus = Protocol.Focus.Read(ref reader);
                    _notices.Add(new Notice { Kind = NoticeKind.Focus });
                    break;
                case Snapshot.Code:
                case Delta.Code:
                case Sightings.Code:
                case Answer.Code:
                    ExpectLive(code);
                    TakeEvent(code, ref reader, arrival);
                    break;
                default:
                    _counters.Unknown++;
                    break;
            }
        }

        private void Take(in Welcome told, long arrival)
        {
            if (State != SessionState.Greeting)
            {
                throw new WireException("a welcome came that nobody had asked for");
            }
            State = SessionState.Live;
            Welcome = told;
            _token = told.Token;
            Clock.Start(told.ServerTime, arrival);
            _clockAskedAt = long.MinValue;
            if (told.Resumed)
            {
                _counters.Resumes++;
                _acknowledged = _received;
                return;
            }
            _awaitsSnapshot = true;
            _received = _acknowledged = 0;
            _acknowledgeAt = 0;
            Lapse(Questions, NoticeKind.QuestionLapsed, long.MaxValue);
            Lapse(Frames, NoticeKind.FrameLapsed, long.MaxValue);
        }

        private void Take(in Error told)
        {
            if (told.Fatal)
            {
                FatalError = told.Kind;
            }
            if (told.About == Question.Code)
            {
                Questions.Remove(told.Number);
            }
            else if (told.About == CameraFrame.Code)
            {
                Frames.Remove(told.Number);
            }
            _notices.Add(new Notice { Kind = NoticeKind.Error, Error = told });
        }

        private void Take(in ClockAnswer told, long arrival) =>
            Clock.Add(told.ClientSent, told.ServerReceived, told.ServerSent, arrival);

        private void ExpectLive(byte code)
        {
            if (State != SessionState.Live)
            {
                throw new WireException("message " + code + " came before the welcome");
            }
        }

        private void TakeEvent(byte code, ref WireReader reader, long arrival)
        {
            switch (code)
            {
                case Snapshot.Code:
                    var snapshot = Snapshot.Read(ref reader);
                    if (IsNext(snapshot.Sequence, true))
                    {
                        World.Apply(snapshot, _notices);
                    }
                    break;
                case Delta.Code:
                    var delta = Delta.Read(ref reader);
                    if (IsNext(delta.Sequence, false))
                    {
                        World.Apply(delta, _notices);
                    }
                    break;
                case Sightings.Code:
                    var sightings = Sightings.Read(ref reader);
                    if (IsNext(sightings.Sequence, false))
                    {
                        Frames.Remove(sightings.Number);
                        _notices.Add(new Notice { Kind = NoticeKind.Sightings, Sightings = sightings });
                    }
                    break;
                default:
                    var answer = Answer.Read(ref reader);
                    if (IsNext(answer.Sequence, false))
                    {
                        Questions.Remove(answer.Number);
                        _notices.Add(new Notice { Kind = NoticeKind.Answer, Answer = answer });
                    }
                    break;
            }
            if (_acknowledgeAt == 0 && _received != _acknowledged)
            {
                _acknowledgeAt = arrival + Second;
            }
        }

        // Exactly once and in order: an event that came before is left out, one that comes too early means that
        // one was lost, and the connection is taken up again from the last that was not.
        private bool IsNext(uint sequence, bool isSnapshot)
        {
            if (_awaitsSnapshot)
            {
                if (!isSnapshot)
                {
                    throw new WireException("expected a snapshot first, got event " + sequence);
                }
                _awaitsSnapshot = false;
                _acknowledged = sequence - 1;
            }
            else if (sequence <= _received)
            {
                _counters.Duplicates++;
                return false;
            }
            else if (sequence != _received + 1)
            {
                throw new WireException("expected event " + (_received + 1) + ", got event " + sequence);
            }
            _received = sequence;
            _counters.Events++;
            return true;
        }

        // What is due at this time: an acknowledgement, a request for the server's time.
        // Returns whether the time was asked for.
        internal bool Tick(long now, Outbox outbox)
        {
            if (State != SessionState.Live)
            {
                return false;
            }
            var half = Math.Max(1, Welcome.AcknowledgeEvery / 2);
            if (_received - _acknowledged >= half || (_acknowledgeAt != 0 && now >= _acknowledgeAt))
            {
                _acknowledged = _received;
                _acknowledgeAt = 0;
                _writer.Clear();
                new Acknowledge { Sequence = _received }.Write(_writer);
                outbox.Put(Outbox.Place.Acknowledge, _writer.Written);
            }
            var isAsking = _clockAskedAt == long.MinValue || now - _clockAskedAt >= ClockInterval();
            if (isAsking)
            {
                _clockAskedAt = now;
                _writer.Clear();
                new ClockRequest { ClientSent = now }.Write(_writer);
                outbox.Put(Outbox.Place.Clock, _writer.Written);
            }
            Lapse(Questions, NoticeKind.QuestionLapsed, now);
            Lapse(Frames, NoticeKind.FrameLapsed, now);
            return isAsking;
        }

        // Quickly at first, then often enough for the server's heartbeat and for noticing a dead connection.
        private long ClockInterval() =>
            Clock.Count < QuickSamples ? Second / 4 : Math.Min(2 * Second, Math.Max(Second, Welcome.Heartbeat / 3));

        private void Lapse(Pending pending, NoticeKind kind, long now)
        {
            while (pending.TryLapse(now, out var number))
            {
                _notices.Add(new Notice { Kind = kind, Number = number });
            }
        }
    }

    // Numbers of what was asked and is not answered, each with its deadline.
    internal sealed class Pending
    {
        private readonly uint[] _numbers;
        private readonly long[] _deadlines;

        internal Pending(int capacity)
        {
            _numbers = new uint[capacity];
            _deadlines = new long[capacity];
        }

        internal int Count { get; private set; }

        internal uint Last { get; private set; }

        internal bool TryAdd(long deadline, out uint number)
        {
            number = 0;
            if (Count == _numbers.Length)
            {
                return false;
            }
            number = ++Last;
            _numbers[Count] = number;
            _deadlines[Count] = deadline;
            Count++;
            return true;
        }

        internal void Remove(uint number)
        {
            for (var index = 0; index < Count; index++)
            {
                if (_numbers[index] == number)
                {
                    Count--;
                    _numbers[index] = _numbers[Count];
                    _deadlines[index] = _deadlines[Count];
                    return;
                }
            }
        }

        internal bool TryLapse(long now, out uint number)
        {
            for (var index = 0; index < Count; index++)
            {
                if (_deadlines[index] <= now)
                {
                    number = _numbers[index];
                    Remove(number);
                    return true;
                }
            }
            number = 0;
            return false;
        }
    }
}
