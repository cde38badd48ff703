namespace MuseumTwin
{
    /// <summary>
    /// The server's time from the client's: the offset of the sample with the smallest delay among the last
    /// eight (NTP's clock filter, RFC 5905 section 10). All times in nanoseconds.
    /// </summary>
    public sealed class ServerClock
    {
        private const int Samples = 8;
        private readonly long[] _offsets = new long[Samples];
        private readonly long[] _delays = new long[Samples];
        private int _count;
        private int _next;

        /// <summary>Server time less client time.</summary>
        public long Offset { get; private set; }

        /// <summary>Round trip of the sample that <see cref="Offset"/> comes from; -1 before the first.</summary>
        public long Delay { get; private set; } = -1;

        /// <summary>Samples taken since the connection began.</summary>
        public long Count { get; private set; }

        /// <summary>The server's time at the client's time <paramref name="now"/>; never below 0.</summary>
        public long At(long now)
        {
            var time = now + Offset;
            return time > 0 ? time : 0;
        }

        // A new connection, perhaps to a server started anew, or after a sleep in which this clock stood still.
        internal void Start(long serverTime, long now)
        {
            _count = _next = 0;
            Count = 0;
            Delay = -1;
            Offset = serverTime - now;
        }

        internal void Add(long sent, long serverReceived, long serverSent, long received)
        {
            var delay = received - sent - (serverSent - serverReceived);
            if (delay < 0)
            {
                return;
            }
            _offsets[_next] = (serverReceived - sent + (serverSent - received)) / 2;
            _delays[_next] = delay;
            _next = (_next + 1) % Samples;
            _count = _count < Samples ? _count + 1 : Samples;
            Count++;
            var best = 0;
            for (var index = 1; index < _count; index++)
            {
                best = _delays[index] < _delays[best] ? index : best;
            }
            Offset = _offsets[best];
            Delay = _delays[best];
        }
    }
}
