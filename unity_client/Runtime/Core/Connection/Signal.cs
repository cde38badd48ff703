using System;
using System.Threading.Tasks;
using System.Threading.Tasks.Sources;

namespace MuseumTwin
{
    // Wakes one waiter, from any thread, without garbage. Set before the wait, it is kept; set twice, it is one.
    internal sealed class Signal : IValueTaskSource<bool>
    {
        private readonly object _lock = new object();
        private ManualResetValueTaskSourceCore<bool> _source;
        private bool _isSet;
        private bool _isWaited;

        internal Signal()
        {
            _source.RunContinuationsAsynchronously = true;
        }

        internal void Set()
        {
            lock (_lock)
            {
                if (!_isWaited)
                {
                    _isSet = true;
                    return;
                }
                _isWaited = false;
            }
            _source.SetResult(true);
        }

        internal ValueTask<bool> WaitAsync()
        {
            lock (_lock)
            {
                if (_isSet)
                {
                    _isSet = false;
                    return new ValueTask<bool>(true);
                }
                _source.Reset();
                _isWaited = true;
                return new ValueTask<bool>(this, _source.Version);
            }
        }

        bool IValueTaskSource<bool>.GetResult(short token) => _source.GetResult(token);

        ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _source.GetStatus(token);

        void IValueTaskSource<bool>.OnCompleted(
            Action<object> continuation, object state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _source.OnCompleted(continuation, state, token, flags);
    }
}
