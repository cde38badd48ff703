using System;

namespace MuseumTwin
{
    /// <summary>
    /// When to try again: the wait doubles from try to try up to a most, and chance takes up to half of it
    /// away, so that a thousand headsets do not come back in the same second.
    /// </summary>
    public sealed class Backoff
    {
        private readonly long _least;
        private readonly long _most;
        private readonly Func<double> _chance;

        /// <summary>Waits between <paramref name="least"/> and <paramref name="most"/> nanoseconds.</summary>
        /// <param name="least">First wait.</param>
        /// <param name="most">Longest wait.</param>
        /// <param name="chance">Returns numbers from 0 to 1.</param>
        public Backoff(long least, long most, Func<double> chance)
        {
            _least = least;
            _most = most;
            _chance = chance;
        }

        /// <summary>Tries since the last success.</summary>
        public int Attempts { get; private set; }

        /// <summary>Count one more failed try and say how long to wait (ns).</summary>
        public long Next()
        {
            var doublings = Math.Min(Attempts, 30);
            Attempts++;
            var wait = _least << doublings;
            wait = wait > _most || wait >> doublings != _least ? _most : wait;
            return wait - (long)(wait * 0.5 * _chance());
        }

        /// <summary>A connection held: begin anew.</summary>
        public void Reset() => Attempts = 0;
    }
}
