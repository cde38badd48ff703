using System;

namespace MuseumTwin
{
    // Messages between the frame, which writes them, and the sending loop. Those of which only the newest counts
    // have a place each, and a newer one takes the place of one not yet sent; the others wait in a bounded ring.
    internal sealed class Outbox
    {
        // In the order in which they are sent, after what waits in the ring.
        internal enum Place
        {
            Clock,
            Acknowledge,
            Pose,
            Gaze,
            Frame,
        }

        private const int Places = 5;
        private readonly object _lock = new object();
        private readonly Letter[] _ring;
        private readonly Letter[] _newest = new Letter[Places];
        private Letter _leaving = new Letter();
        private int _head;
        private int _count;
        private bool _isClosed;

        private sealed class Letter
        {
            internal byte[] Data = new byte[64];
            internal int Length;

            internal void Fill(ReadOnlySpan<byte> message)
            {
                if (Data.Length < message.Length)
                {
                    Data = new byte[Math.Max(message.Length, 2 * Data.Length)];
                }
                message.CopyTo(Data);
                Length = message.Length;
            }
        }

        internal Outbox(int capacity)
        {
            _ring = new Letter[capacity];
            for (var index = 0; index < capacity; index++)
            {
                _ring[index] = new Letter();
            }
            for (var index = 0; index < Places; index++)
            {
                _newest[index] = new Letter();
            }
        }

        internal Signal Filled { get; } = new Signal();

        internal long Replaced { get; private set; }

        internal bool IsClosed
        {
            get
            {
                lock (_lock)
                {
                    return _isClosed;
                }
            }
        }

        // False where the ring is full.
        internal bool Add(ReadOnlySpan<byte> message)
        {
            lock (_lock)
            {
                if (_count == _ring.Length)
                {
                    return false;
                }
                _ring[(_head + _count) % _ring.Length].Fill(message);
                _count++;
            }
            Filled.Set();
            return true;
        }

        internal void Put(Place place, ReadOnlySpan<byte> message)
        {
            lock (_lock)
            {
                var letter = _newest[(int)place];
                Replaced += letter.Length > 0 ? 1 : 0;
                letter.Fill(message);
            }
            Filled.Set();
        }

        // The next message to send, valid until the next call; empty where there is none.
        internal ReadOnlyMemory<byte> Take()
        {
            lock (_lock)
            {
                if (_count > 0)
                {
                    Swap(_ring, _head);
                    _head = (_head + 1) % _ring.Length;
                    _count--;
                    return new ReadOnlyMemory<byte>(_leaving.Data, 0, _leaving.Length);
                }
                for (var index = 0; index < Places; index++)
                {
                    if (_newest[index].Length > 0)
                    {
                        Swap(_newest, index);
                        return new ReadOnlyMemory<byte>(_leaving.Data, 0, _leaving.Length);
                    }
                }
                return ReadOnlyMemory<byte>.Empty;
            }
        }

        internal void Close()
        {
            lock (_lock)
            {
                _isClosed = true;
            }
            Filled.Set();
        }

        private void Swap(Letter[] letters, int index)
        {
            var letter = letters[index];
            _leaving.Length = 0;
            letters[index] = _leaving;
            _leaving = letter;
        }
    }
}
