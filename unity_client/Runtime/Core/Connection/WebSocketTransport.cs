using System;
using System.Net.WebSockets;
using System.Threading;
using System.Threading.Tasks;

namespace MuseumTwin
{
    /// <summary>
    /// A websocket by .NET's own client. Mono's, and so Unity's, ignores the token and the abort of a connect
    /// that gets no answer, and its close throws while connecting; so a connect is raced against a delay, the
    /// loser is let go and observed, and nothing is closed that was never open.
    /// </summary>
    public sealed class WebSocketTransport : ITransport
    {
        private readonly ClientWebSocket _socket = new ClientWebSocket();
        private readonly CancellationTokenSource _aborted = new CancellationTokenSource();
        private int _isAborted;

        /// <summary>Before connecting: request headers, certificates, proxy.</summary>
        public ClientWebSocketOptions Options => _socket.Options;

        /// <inheritdoc/>
        public int CloseCode => _socket.CloseStatus.HasValue ? (int)_socket.CloseStatus.Value : 0;

        /// <inheritdoc/>
        public async Task ConnectAsync(Uri address, string subprotocol, TimeSpan deadline)
        {
            _socket.Options.AddSubProtocol(subprotocol);
            // The deadline that counts is the client's; frames of pings would only be in its way.
            _socket.Options.KeepAliveInterval = TimeSpan.Zero;
            var connecting = _socket.ConnectAsync(address, _aborted.Token);
            using (var waiting = CancellationTokenSource.CreateLinkedTokenSource(_aborted.Token))
            {
                var first = await Task.WhenAny(connecting, Task.Delay(deadline, waiting.Token)).ConfigureAwait(false);
                waiting.Cancel();
                if (first == connecting)
                {
                    await connecting.ConfigureAwait(false);
                    if (_socket.SubProtocol != subprotocol)
                    {
                        throw new WebSocketException("the server does not speak " + subprotocol);
                    }
                    return;
                }
            }
            LetGo(connecting);
            throw new TimeoutException("no connection within " + deadline.TotalSeconds + " s");
        }

        /// <inheritdoc/>
        public ValueTask SendAsync(ReadOnlyMemory<byte> message) =>
            _socket.SendAsync(message, WebSocketMessageType.Binary, true, CancellationToken.None);

        /// <inheritdoc/>
        public ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer) =>
            _socket.ReceiveAsync(buffer, CancellationToken.None);

        /// <inheritdoc/>
        public async Task CloseAsync()
        {
            if (_socket.State == WebSocketState.Open || _socket.State == WebSocketState.CloseReceived)
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None)
                    .ConfigureAwait(false);
            }
        }

        /// <inheritdoc/>
        public void Abort()
        {
            if (Interlocked.Exchange(ref _isAborted, 1) != 0)
            {
                return;
            }
            _aborted.Cancel();
            try
            {
                _socket.Abort();
            }
            catch (Exception)
            {
                // Mono throws from Abort in some states; the connection is given up either way.
            }
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            Abort();
            _socket.Dispose();
        }

        // The abandoned connect may end much later, or on mono never; whoever it meets then must not hear of it.
        private void LetGo(Task connecting)
        {
            Abort();
            connecting.ContinueWith(
                ended =>
                {
                    _ = ended.Exception;
                    _socket.Dispose();
                },
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }
}
