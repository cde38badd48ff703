// Events that count how often they are raised.
namespace UnityEngine.Events
{
    public class UnityEvent : UnityEventBase
    {
        public static int Invoked;

        public void Invoke() => Invoked++;
    }

    public class UnityEvent<T0> : UnityEventBase
    {
        public void Invoke(T0 arg0) => UnityEvent.Invoked++;
    }
}
