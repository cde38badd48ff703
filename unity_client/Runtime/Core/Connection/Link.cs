using System;
using System.Net.WebSockets;
using System.Threading;
using System.Threading.Tasks;
using MuseumTwin.Protocol;

namespace MuseumTwin
{
    // One connection, from the try to its end. Runs on the thread pool; the frame only looks at it.
    internal sealed class Link
    {
        internal enum Stage
        {
            Connecting,
            Open,
            Closed,
        }

        private readonly ITransport _transport;
        private readonly TwinOptions _options;
        private readonly Func<long> _clock;
        private volatile Stage _stage = Stage.Connecting;
        private long _heard;
        private long _bytesReceived;
        private long _messagesReceived;
        private long _bytesSent;
        private long _messagesSent;

        internal Link(ITransport transport, TwinOptions options, Func<long> clock)
        {
            _transport = transport;
            _options = options;
            _clock = clock;
            Inbox = new Inbox(options.InboxMessages);
            Outbox = new Outbox(options.OutboxMessages);
        }

        internal Inbox Inbox { get; }

        internal Outbox Outbox { get; }

        internal Stage State => _stage;

        // Why it ended, once it did.
        internal string Failure { get; private set; } = "";

        internal int CloseCode { get; private set; }

        // When the last byte came.
        internal long Heard => Volatile.Read(ref _heard);

        internal void Start() => Task.Run(RunAsync);

        internal void Abort()
        {
            Inbox.Close();
            Outbox.Close();
            _transport.Abort();
        }

        // Send what waits, say goodbye and end; cut off where that takes longer than the options allow.
        internal void Finish()
        {
            Outbox.Close();
            Inbox.Close();
            Task.Run(async () =>
            {
                await Task.Delay(_options.CloseDeadline).ConfigureAwait(false);
                _transport.Abort();
            });
        }

        internal void Count(Counters counters)
        {
            counters.MessagesReceived += Interlocked.Exchange(ref _messagesReceived, 0);
            counters.BytesReceived += Interlocked.Exchange(ref _bytesReceived, 0);
            counters.MessagesSent += Interlocked.Exchange(ref _messagesSent, 0);
            counters.BytesSent += Interlocked.Exchange(ref _bytesSent, 0);
        }

        private async Task RunAsync()
        {
            Task sending = null;
            try
            {
                await _transport.ConnectAsync(_options.Address, Wire.Subprotocol, _options.ConnectDeadline)
                    .ConfigureAwait(false);
                Volatile.Write(ref _heard, _clock());
                _stage = Stage.Open;
                sending = SendAsync();
                await ReceiveAsync().ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                Failure = Failure.Length > 0 ? Failure : failure.Message;
            }
            CloseCode = CodeOf(_transport);
            Outbox.Close();
            _transport.Abort();
            if (sending != null)
            {
                await sending.ConfigureAwait(false);
            }
            _transport.Dispose();
            _stage = Stage.Closed;
        }

        // One loop and no method of its own for a message: each would make a task, which is garbage.
        private async Task ReceiveAsync()
        {
            Inbox.Message message = null;
            while (true)
            {
                if (message == null)
                {
                    message = Inbox.Free();
                    if (message == null)
                    {
                        if (Inbox.IsClosed)
                        {
                            return;
                        }
                        await Inbox.Space.WaitAsync().ConfigureAwait(false);
                        continue;
                    }
                    message.Length = 0;
                }
                if (message.Length == message.Data.Length)
                {
                    message.Grow(_options.LongestMessage);
                }
                var piece = await _transport.ReceiveAsync(message.Data.AsMemory(message.Length)).ConfigureAwait(false);
                if (piece.MessageType == WebSocketMessageType.Close)
                {
                    return;
                }
                if (Take(message, piece))
                {
                    Inbox.Commit();
                    message = null;
                }
            }
        }

        // Whether the message is whole.
        private bool Take(Inbox.Message message, in ValueWebSocketReceiveResult piece)
        {
            if (piece.MessageType == WebSocketMessageType.Text)
            {
                throw new WireException("the server sent text; the protocol is binary");
            }
            message.Length += piece.Count;
            message.Arrival = _clock();
            Volatile.Write(ref _heard, message.Arrival);
            if (!piece.EndOfMessage)
            {
                return false;
            }
            Interlocked.Add(ref _bytesReceived, message.Length);
            Interlocked.Increment(ref _messagesReceived);
            return true;
        }

        // Ends when the outbox is closed and empty, or the transport fails; the receiving loop notices both.
        private async Task SendAsync()
        {
            try
            {
                while (true)
                {
                    var message = Outbox.Take();
                    if (message.IsEmpty)
                    {
                        if (Outbox.IsClosed)
                        {
                            await _transport.CloseAsync().ConfigureAwait(false);
                            return;
                        }
                        await Outbox.Filled.WaitAsync().ConfigureAwait(false);
                        continue;
                    }
                    await _transport.SendAsync(message).ConfigureAwait(false);
                    Interlocked.Add(ref _bytesSent, message.Length);
                    Interlocked.Increment(ref _messagesSent);
                }
            }
            catch (Exception failure)
            {
                Failure = failure.Message;
                _transport.Abort();
            }
        }

        private static int CodeOf(ITransport transport)
        {
            try
            {
                return transport.CloseCode;
            }
            catch (ObjectDisposedException)
            {
                return 0;
            }
        }
    }
}
