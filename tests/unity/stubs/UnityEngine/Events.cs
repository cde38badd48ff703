// Events of the inspector. Signatures only: see ../README.md.
namespace UnityEngine.Events
{
    public class UnityEvent : UnityEventBase
    {
        public UnityEvent() => throw null;
        public void Invoke() => throw null;
    }

    public class UnityEvent<T0> : UnityEventBase
    {
        public UnityEvent() => throw null;
        public void Invoke(T0 arg0) => throw null;
    }
}
