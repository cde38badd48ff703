using System;
using System.Net.WebSockets;
using System.Threading.Tasks;

namespace MuseumTwin
{
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

        /// <summary>Wait for the next piece of a message, or for the other side to close.</summary>
        /// <remarks>A task of its own for each piece would be garbage in every frame.</remarks>
        ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer);

        /// <summary>Say goodbye; the receiving side then ends by itself, or <see cref="Abort"/> ends it.</summary>
        Task CloseAsync();

        /// <summary>Drop the connection at once, from any thread, at any time, also while connecting.</summary>
        void Abort();
    }
}
