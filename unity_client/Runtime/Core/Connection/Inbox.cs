using System;
using MuseumTwin.Protocol;

namespace MuseumTwin
{
    // Whole messages between the receiving loop, which fills them, and the frame, which reads them. A ring of
    // buffers that are used again. When it is full the loop waits, and with it the server, which merges what it
    // has to say: events are never dropped. Of messages of which only the newest counts, only the newest is kept.
    internal sealed class Inbox
    {
        private const int KeptBytes = 64 * 1024;
        private readonly object _lock = new object();
        private readonly Signal _space = new Signal();
        private readonly Message[] _ring;
        private Message _newestFocus = new Message();
        private Message _readFocus = new Message();
        private bool _hasFocus;
        private int _head;
        private int _count;
        private bool _isClosed;

        internal Inbox(int capacity)
        {
            _ring = new Message[capacity];
            for (var index = 0; index < capacity; index++)
            {
                _ring[index] = new Message();
            }
        }

        internal sealed class Message
        {
            internal byte[] Data = new byte[1024];
            internal int Length;
            internal long Arrival;

            internal void Grow(int most)
            {
                if (Data.Length >= most)
                {
                    throw new WireException("the server sent a message longer than " + most + " bytes");
                }
                Array.Resize(ref Data, Math.Min(most, 2 * Data.Length));
            }
        }

        internal long Replaced { get; private set; }

        internal Signal Space => _space;

        // A free buffer for the receiving loop; null while there is none.
        internal Message Free()
        {
            lock (_lock)
            {
                return _count == _ring.Length ? null : _ring[(_head + _count) % _ring.Length];
            }
        }

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

        internal bool IsEmpty
        {
            get
            {
                lock (_lock)
                {
                    return _count == 0 && !_hasFocus;
                }
            }
        }

        // What Free gave is filled.
        internal void Commit()
        {
            lock (_lock)
            {
                var at = (_head + _count) % _ring.Length;
                var message = _ring[at];
                if (message.Length > 1 && (message.Data[0] & 0xF0) == 0x90 && message.Data[1] == Focus.Code)
                {
                    Replaced += _hasFocus ? 1 : 0;
                    _ring[at] = _newestFocus;
                    _newestFocus = message;
                    _hasFocus = true;
                    return;
                }
                _count++;
            }
        }

        // The oldest message, to be given back with Done; null where there is none.
        internal Message Next()
        {
            lock (_lock)
            {
                if (_count > 0)
                {
                    return _ring[_head];
                }
                if (!_hasFocus)
                {
                    return null;
                }
                _hasFocus = false;
                var message = _newestFocus;
                _newestFocus = _readFocus;
                _readFocus = message;
                return message;
            }
        }

        internal void Done(Message message)
        {
            lock (_lock)
            {
                if (message == _readFocus)
                {
                    return;
                }
                if (message.Data.Length > KeptBytes)
                {
                    message.Data = new byte[1024];
                }
                _head = (_head + 1) % _ring.Length;
                _count--;
            }
            _space.Set();
        }

        internal void Close()
        {
            lock (_lock)
            {
                _isClosed = true;
            }
            _space.Set();
        }
    }
}
