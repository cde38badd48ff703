using System;

namespace MuseumTwin.Protocol
{
    /// <summary>Bytes that are not what the protocol says, or values that it cannot carry.</summary>
    public sealed class WireException : Exception
    {
        /// <summary>An exception that says what was expected and found.</summary>
        public WireException(string message)
            : base(message)
        {
        }
    }
}
