using System;
using System.Threading;
using System.Threading.Tasks;

namespace MuseumTwin
{
    /// <summary>One piece of a message, or the end.</summary>
    public readonly struct Piece
    {
        /// <summary>Bytes written into the buffer.</summary>
        public readonly int Count;

        /// <summary>The message is whole.</summary>
        public readonly bool IsLast;

        /// <summary>No message: the other side closed.</summary>
        public readonly bool IsClosed;

        /// <summary>A piece of <paramref name="count"/> bytes.</summary>
        public Piece(int count, bool isLast, bool isClosed = false)
        {
            Count = count;
            IsLast = isLast;
            IsClosed = isClosed;
        }
    }

    /// <summary>
    /// A connection that carries whole binary messages. Used once; one receive and one send at a time. The core
    /// comes with <see cref="WebSocketTransport"/>; where that does not run (WebGL), give another.
    /// </summary>
    public interface ITransport : IDisposable
    {
        /// <summary>Number with which the other side closed; 0 where it did not say.</summary>
        int CloseCode { get; }

        /// <summary>Connect, or fail within <paramref name="deadline"/>.</summary>
        Task ConnectAsync(Uri address, string subprotocol, TimeSpan deadline);

        /// <summary>Send one whole message.</summary>
        ValueTask SendAsync(ReadOnlyMemory<byte> message);

        /// <summary>Wait for the next piece.</summary>
        ValueTask<Piece> ReceiveAsync(Memory<byte> buffer);

        /// <summary>Say goodbye; the receiving side then ends by itself, or <see cref="Abort"/> ends it.</summary>
        Task CloseAsync();

        /// <summary>Drop the connection at once, from any thread, at any time, also while connecting.</summary>
        void Abort();
    }
}
