using System;
using System.Collections.Generic;
using System.Diagnostics;
using MuseumTwin.Protocol;

namespace MuseumTwin
{
    /// <summary>
    /// A visitor's connection to the museum twin. Made, called and listened to on one thread: call
    /// <see cref="Pump"/> every frame, all events come from within it. The network runs beside it and never
    /// holds up a frame. In steady state a frame makes no garbage.
    /// </summary>
    public sealed partial class TwinClient : IDisposable
    {
        private const long Second = 1_000_000_000;
        private readonly Func<ITransport> _transports;
        private readonly Func<long> _clock;
        private readonly List<Notice> _notices = new List<Notice>();
        private readonly WireWriter _writer = new WireWriter(1024);
        private readonly byte[] _poseBytes = new byte[PoseBytes.Longest];
        private readonly TwinSession _session;
        private readonly Backoff _backoff;
        private int _told;
        private Link _link;
        private long _stateSince;
        private long _retryAt;
        private long _pumpedAt;
        private long _silentSince;
        private long _poseAt = -Second;
        private ushort _poseNumber;

        /// <summary>A client that is not started yet.</summary>
        /// <param name="options">How to connect; may be changed until a connection begins.</param>
        /// <param name="transports">Makes a transport for each connection; a websocket where not given.</param>
        /// <param name="clock">Steady nanoseconds, readable from any thread.</param>
        /// <param name="chance">Numbers from 0 to 1 that spread the tries in time.</param>
        public TwinClient(
            TwinOptions options,
            Func<ITransport> transports = null,
            Func<long> clock = null,
            Func<double> chance = null)
        {
            Options = options;
            _transports = transports ?? (() => new WebSocketTransport());
            _clock = clock ?? SteadyClock;
            var random = new Random();
            _backoff = new Backoff(
                Nanoseconds(options.LeastWait), Nanoseconds(options.MostWait), chance ?? random.NextDouble);
            _session = new TwinSession(_notices, Counters);
        }

        /// <summary>How to connect.</summary>
        public TwinOptions Options { get; }

        /// <summary>What the client is doing.</summary>
        public ClientState State { get; private set; } = ClientState.Idle;

        /// <summary>What the visitor should perceive.</summary>
        public TwinWorld World => _session.World;

        /// <summary>The server's time.</summary>
        public ServerClock Clock => _session.Clock;

        /// <summary>What lies under the visitor's gaze.</summary>
        public Focus Focus => _session.Focus;

        /// <summary>The server's last welcome: what it offers, how long a session can be resumed.</summary>
        public Welcome Welcome => _session.Welcome;

        /// <summary>
        /// What the visitor agrees to and agreed to when this connection began. Consent is part of the hello: taken back
        /// it counts at once, given it counts from the next connection on.
        /// </summary>
        public Consent Agreed => new Consent
        {
            Camera = Options.Consent.Camera && _session.Consent.Camera,
            Gaze = Options.Consent.Gaze && _session.Consent.Gaze,
            Statistics = Options.Consent.Statistics && _session.Consent.Statistics,
        };

        /// <summary>What went over the connection.</summary>
        public Counters Counters { get; } = new Counters();

        /// <summary>Why the last connection ended, for a log.</summary>
        public string LastFailure { get; private set; } = "";

        /// <summary>Failed tries since a connection last held.</summary>
        public int Attempts => _backoff.Attempts;

        /// <summary>The server's time now (ns).</summary>
        public long ServerTime => _session.Clock.At(_clock());

        /// <summary>Begin, or begin anew after an end.</summary>
        /// <exception cref="InvalidOperationException">No address, or started already.</exception>
        public void Start()
        {
            if (State != ClientState.Idle && State != ClientState.Ended)
            {
                throw new InvalidOperationException("the client is started already; it is " + State);
            }
            if (Options.Address == null)
            {
                throw new InvalidOperationException("no address: set TwinOptions.Address, for example "
                    + "TwinOptions.AddressOf(\"192.168.1.20:8080\")");
            }
            _backoff.Reset();
            Connect(_clock());
        }

        /// <summary>
        /// Take in what came, send what is due, tell what changed. Returns early when <paramref name="budget"/>
        /// is spent; the rest follows in the next frame.
        /// </summary>
        /// <param name="budget">Nanoseconds; the default is 1 ms.</param>
        public void Pump(long budget = 1_000_000)
        {
            var start = _clock();
            if (!Tell(start, budget))
            {
                return;
            }
            if (_link != null)
            {
                PumpLink(start, budget);
            }
            else if (State == ClientState.Waiting && start >= _retryAt)
            {
                Connect(start);
            }
        }

        /// <summary>Say where the visitor is. Kept to the rate the server takes; the newest wins.</summary>
        /// <returns>Whether it will be sent.</returns>
        public bool SendPose(in VisitorPose pose)
        {
            var now = _clock();
            if (State != ClientState.Live || now - _poseAt < Nanoseconds(Options.PoseInterval))
            {
                return false;
            }
            if (!PoseBytes.CanCarry(pose))
            {
                Counters.PosesWithheld++;
                return false;
            }
            _poseAt = now;
            var numbered = pose;
            numbered.Number = ++_poseNumber;
            numbered.Time = _session.Clock.At(now);
            var length = PoseBytes.Write(numbered, _poseBytes);
            _link.Outbox.Put(Outbox.Place.Pose, new ReadOnlySpan<byte>(_poseBytes, 0, length));
            return true;
        }

        /// <summary>Say where the visitor looks, where eyes are tracked. Needs consent to gaze.</summary>
        /// <returns>Whether it will be sent.</returns>
        public bool SendGaze(Vec3 origin, Vec3 direction)
        {
            if (State != ClientState.Live || !Agreed.Gaze)
            {
                return false;
            }
            _writer.Clear();
            new Gaze { Time = ServerTime, Origin = origin, Direction = direction }.Write(_writer);
            _link.Outbox.Put(Outbox.Place.Gaze, _writer.Written);
            return true;
        }

        /// <summary>
        /// Send a camera frame, answered by <see cref="Seen"/> with the same number. Withheld without consent to
        /// the camera, or when too many are unanswered.
        /// </summary>
        /// <param name="frame">Its number is set here, and its time (the server's) where it is 0.</param>
        /// <param name="number">What the sightings will name; 0 where it is withheld.</param>
        /// <exception cref="WireException">The image is larger than the protocol allows.</exception>
        public bool TrySendFrame(CameraFrame frame, out uint number)
        {
            number = 0;
            var isAllowed = State == ClientState.Live && Agreed.Camera;
            if (!isAllowed || _session.Frames.Count >= Options.UnansweredFrames)
            {
                Counters.FramesWithheld++;
                return false;
            }
            if (frame.Image == null || frame.Image.Length > LargestImage)
            {
                throw new WireException("a camera frame has 1 to " + LargestImage + " bytes; lower its quality");
            }
            var now = _clock();
            _session.Frames.TryAdd(now + Nanoseconds(Options.AnswerDeadline), out number);
            frame.Number = number;
            frame.Time = frame.Time == 0 ? _session.Clock.At(now) : frame.Time;
            _writer.Clear();
            frame.Write(_writer);
            _link.Outbox.Put(Outbox.Place.Frame, _writer.Written);
            return true;
        }

        /// <summary>Largest image that the server takes with its default limits, bytes.</summary>
        public const int LargestImage = 500_000;

        /// <summary>Ask in the visitor's words; <see cref="Answered"/> comes with the same number.</summary>
        /// <param name="question">At most 1,000 characters.</param>
        /// <param name="language">BCP 47; empty: the first wished one.</param>
        /// <param name="artifact">What it is about; empty: what the visitor looks at.</param>
        /// <param name="number">What the answer will name; 0 where it is not sent.</param>
        /// <returns>False when not connected, or four questions are unanswered.</returns>
        /// <exception cref="WireException">The question is too long.</exception>
        public bool TryAsk(string question, string language, string artifact, out uint number)
        {
            number = 0;
            if (State != ClientState.Live
                || !_session.Questions.TryAdd(_clock() + Nanoseconds(Options.AnswerDeadline), out number))
            {
                return false;
            }
            var fallback = Options.Languages.Length > 0 ? Options.Languages[0] : "en";
            var message = new Question
            {
                Number = number,
                Content = question,
                Language = string.IsNullOrEmpty(language) ? fallback : language,
                Artifact = artifact,
            };
            _writer.Clear();
            var isSent = false;
            try
            {
                message.Write(_writer);
                isSent = _link.Outbox.Add(_writer.Written);
                return isSent;
            }
            finally
            {
                if (!isSent)
                {
                    _session.Questions.Remove(number);
                }
            }
        }

        /// <summary>The device sleeps: say goodbye, so that the server keeps the session for a while.</summary>
        public void Pause()
        {
            if (State == ClientState.Idle || State == ClientState.Ended || State == ClientState.Paused)
            {
                return;
            }
            Finish(ByeReason.Pausing);
            Move(ClientState.Paused, _clock());
        }

        /// <summary>The device is awake again: connect at once.</summary>
        public void Resume()
        {
            if (State == ClientState.Paused)
            {
                _backoff.Reset();
                Connect(_clock());
            }
        }

        /// <summary>The visitor leaves: the session is over.</summary>
        public void Leave()
        {
            if (State == ClientState.Idle || State == ClientState.Ended)
            {
                return;
            }
            Finish(ByeReason.Leaving);
            End(EndReason.Left, "the visitor left", _clock());
        }

        /// <summary>Drop the connection without a word; the session stays resumable on the server.</summary>
        public void Dispose()
        {
            _link?.Abort();
            _link = null;
            State = ClientState.Ended;
        }

        private void PumpLink(long start, long budget)
        {
            _link.Count(Counters);
            if (_link.State == Link.Stage.Open && _session.State != SessionState.Greeting
                && _session.State != SessionState.Live)
            {
                _link.Outbox.Add(_session.Begin(Options));
            }
            if (!Check(start))
            {
                return;
            }
            if (TakeIn(start, budget) && _link.State == Link.Stage.Closed && _link.Inbox.IsEmpty)
            {
                Lose(_link.Failure, _clock());
            }
        }

        // False where the budget is spent or the connection is gone.
        private bool TakeIn(long start, long budget)
        {
            for (var message = _link.Inbox.Next(); message != null; message = _link.Inbox.Next())
            {
                try
                {
                    _session.Receive(new ReadOnlySpan<byte>(message.Data, 0, message.Length), message.Arrival);
                }
                catch (WireException failure)
                {
                    Lose(failure.Message, _clock());
                    return false;
                }
                _link.Inbox.Done(message);
                if (State != ClientState.Live && _session.State == SessionState.Live)
                {
                    Move(ClientState.Live, _clock());
                }
                if (!Tell(start, budget) || _link == null)
                {
                    return false;
                }
            }
            return true;
        }

        // What time alone brings about. False where it ended the connection.
        private bool Check(long now)
        {
            if (State == ClientState.Connecting)
            {
                var deadline = Options.ConnectDeadline + Options.WelcomeDeadline;
                if (now - _stateSince > Nanoseconds(deadline))
                {
                    Lose("no welcome within " + deadline.TotalSeconds + " s", now);
                    return false;
                }
                return true;
            }
            var isAsking = _session.Tick(now, _link.Outbox);
            if (IsDead(now, isAsking))
            {
                Lose("nothing heard for " + Options.SilenceDeadline.TotalSeconds + " s", now);
                return false;
            }
            if (_backoff.Attempts > 0 && now - _stateSince > Nanoseconds(Options.Settled))
            {
                _backoff.Reset();
            }
            return true;
        }

        // Silence counts from the first request for the time that nothing followed, and only while frames come:
        // after a hitch of the whole program there is nothing to blame the server for.
        private bool IsDead(long now, bool isAsking)
        {
            var isHitch = now - _pumpedAt > Second;
            _pumpedAt = now;
            if (isHitch || (isAsking && _link.Heard >= _silentSince))
            {
                _silentSince = now;
            }
            return _link.Heard < _silentSince && now - _silentSince > Nanoseconds(Options.SilenceDeadline);
        }

        private void Connect(long now)
        {
            Counters.Connections++;
            _link = new Link(_transports(), Options, _clock);
            Move(ClientState.Connecting, now);
            _link.Start();
        }

        private void Lose(string failure, long now)
        {
            var closed = _link.CloseCode;
            Drop();
            LastFailure = failure.Length > 0 ? failure : "the server closed the connection (" + closed + ")";
            var error = _session.FatalError ?? (ErrorCode)closed;
            if (error == ErrorCode.Replaced || IsOurFault(error))
            {
                _session.Forget();
                End(error == ErrorCode.Replaced ? EndReason.Replaced : EndReason.Refused, LastFailure, now);
                return;
            }
            if (Options.MostAttempts > 0 && _backoff.Attempts >= Options.MostAttempts)
            {
                End(EndReason.GaveUp, LastFailure, now);
                return;
            }
            _retryAt = now + Math.Max(_backoff.Next(), _session.Goodbye?.ReturnAfter ?? 0);
            Move(ClientState.Waiting, now);
        }

        private static bool IsOurFault(ErrorCode error) =>
            error == ErrorCode.Malformed || error == ErrorCode.UnknownType || error == ErrorCode.OutOfOrder
            || error == ErrorCode.TooLarge || error == ErrorCode.TooDeep;

        private void Finish(ByeReason reason)
        {
            if (_link == null)
            {
                return;
            }
            if (_session.State == SessionState.Live)
            {
                _writer.Clear();
                new Bye { Reason = reason }.Write(_writer);
                _link.Outbox.Add(_writer.Written);
                _link.Finish();
            }
            else
            {
                _link.Abort();
            }
            if (reason == ByeReason.Leaving)
            {
                _session.Forget();
            }
            Collect();
        }

        private void Drop()
        {
            _link.Abort();
            Collect();
        }

        private void Collect()
        {
            _link.Count(Counters);
            Counters.Replaced += _link.Inbox.Replaced + _link.Outbox.Replaced;
            _link = null;
            _session.Park();
        }

        private void End(EndReason reason, string words, long now)
        {
            Move(ClientState.Ended, now);
            Ended?.Invoke(reason, words);
        }

        private void Move(ClientState state, long now)
        {
            _stateSince = now;
            if (State != state)
            {
                State = state;
                StateChanged?.Invoke(state);
            }
        }

        private static long Nanoseconds(TimeSpan span) => span.Ticks * 100;

        private static long SteadyClock()
        {
            var ticks = Stopwatch.GetTimestamp();
            var seconds = ticks / Stopwatch.Frequency;
            return seconds * Second + (ticks - seconds * Stopwatch.Frequency) * Second / Stopwatch.Frequency;
        }
    }
}
