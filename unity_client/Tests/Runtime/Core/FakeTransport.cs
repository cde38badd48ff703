using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Net.WebSockets;
using System.Threading;
using System.Threading.Tasks;
using MuseumTwin.Protocol;

namespace MuseumTwin.Tests
{
    // A connection in memory: the test is the server.
    internal sealed class FakeTransport : ITransport
    {
        private readonly ConcurrentQueue<byte[]> _toClient = new ConcurrentQueue<byte[]>();
        private readonly SemaphoreSlim _come = new SemaphoreSlim(0);
        private readonly TaskCompletionSource<bool> _connected = new TaskCompletionSource<bool>();
        private byte[] _current;
        private int _at;
        private volatile bool _isAborted;

        internal FakeTransport(bool answers = true)
        {
            if (answers)
            {
                _connected.SetResult(true);
            }
        }

        internal BlockingCollection<byte[]> FromClient { get; } = new BlockingCollection<byte[]>();

        internal bool IsAborted => _isAborted;

        internal bool IsDisposed { get; private set; }

        internal int LongestPiece { get; set; } = int.MaxValue;

        // While set, nothing leaves the client.
        internal ManualResetEventSlim Line { get; } = new ManualResetEventSlim(true);

        public int CloseCode { get; private set; }

        internal void Send(byte[] message)
        {
            _toClient.Enqueue(message);
            _come.Release();
        }

        internal void Send(Action<WireWriter> write)
        {
            var writer = new WireWriter();
            write(writer);
            Send(writer.Written.ToArray());
        }

        internal void Welcome(bool resumed = false, ushort acknowledgeEvery = 32) => Send(
            new Welcome
            {
                Session = "v", Token = new byte[] { 1, 2, 3 }, ServerTime = 1_000_000, Resumed = resumed,
                Gallery = "hall", Placement = "p", ResumeWithin = 1, AcknowledgeEvery = acknowledgeEvery,
                Heartbeat = 15_000_000_000,
            }.Write);

        internal void Snapshot(uint sequence, params Change[] changes) => Send(
            new Snapshot { Sequence = sequence, Gallery = "hall", Placement = "p", Changes = changes }.Write);

        internal void Delta(uint sequence, params Change[] changes) =>
            Send(new Delta { Sequence = sequence, Changes = changes }.Write);

        internal void Close(int code)
        {
            CloseCode = code;
            Send((byte[])null);
        }

        // The next message from the client with that number; others are left out.
        internal byte[] Expect(byte code)
        {
            while (FromClient.TryTake(out var message, 5000))
            {
                if (WireReader.MessageOf(message) == code)
                {
                    return message;
                }
            }
            throw new TimeoutException("the client sent no message " + code);
        }

        internal Hello ExpectHello()
        {
            var reader = new WireReader(Expect(Hello.Code));
            return Hello.Read(ref reader);
        }

        public async Task ConnectAsync(Uri address, string subprotocol, TimeSpan deadline)
        {
            if (await Task.WhenAny(_connected.Task, Task.Delay(deadline)).ConfigureAwait(false) != _connected.Task)
            {
                throw new TimeoutException("no connection");
            }
        }

        public ValueTask SendAsync(ReadOnlyMemory<byte> message)
        {
            Line.Wait(5000);
            if (_isAborted)
            {
                throw new InvalidOperationException("aborted");
            }
            FromClient.Add(message.ToArray());
            return default;
        }

        public async ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer)
        {
            if (_current == null)
            {
                await _come.WaitAsync().ConfigureAwait(false);
                if (_isAborted)
                {
                    throw new InvalidOperationException("aborted");
                }
                _toClient.TryDequeue(out _current);
                _at = 0;
                if (_current == null)
                {
                    return new ValueWebSocketReceiveResult(0, WebSocketMessageType.Close, true);
                }
            }
            var count = Math.Min(Math.Min(buffer.Length, LongestPiece), _current.Length - _at);
            _current.AsMemory(_at, count).CopyTo(buffer);
            _at += count;
            if (_at < _current.Length)
            {
                return new ValueWebSocketReceiveResult(count, WebSocketMessageType.Binary, false);
            }
            _current = null;
            return new ValueWebSocketReceiveResult(count, WebSocketMessageType.Binary, true);
        }

        public Task CloseAsync() => Task.CompletedTask;

        public void Abort()
        {
            _isAborted = true;
            _come.Release();
        }

        public void Dispose() => IsDisposed = true;
    }
}
