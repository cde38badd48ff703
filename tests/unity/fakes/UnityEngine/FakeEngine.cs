// The frame loop: calls OnEnable, Update, LateUpdate, OnDisable and OnDestroy in Unity's order, runs
// continuations on the frame's thread and destroys at the end of a frame. Written from documented behavior.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;

namespace UnityEngine
{
    public static class FakeEngine
    {
        static readonly List<MonoBehaviour> Running = new List<MonoBehaviour>();
        static readonly List<Action> Ending = new List<Action>();

        public static readonly List<string> Logged = new List<string>();
        public static readonly List<string> Said = new List<string>();
        public static readonly List<GameObject> Objects = new List<GameObject>();
        public static float Now;

        // What a person's press on Play does where the domain is not loaded anew: statics stay as they are, and the
        // methods that ask for it are called, the earliest stage first.
        public static void Play(params Assembly[] assemblies)
        {
            var due = assemblies.SelectMany(one => one.GetTypes())
                .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public))
                .Select(method => (method, mark: method.GetCustomAttribute<RuntimeInitializeOnLoadMethodAttribute>()))
                .Where(one => one.mark != null);
            foreach (var (method, _) in due.OrderBy(one => one.mark.LoadType == RuntimeInitializeLoadType.SubsystemRegistration ? 0 : 1))
            {
                method.Invoke(null, null);
            }
        }

        // Everything after the engine's next frame: what Unity calls, in its order.
        public static void Frame(float seconds)
        {
            Now += seconds;
            Time.deltaTime = Time.unscaledDeltaTime = seconds;
            Each("Update");
            Drain();
            Each("LateUpdate");
            var ending = Ending.ToArray();
            Ending.Clear();
            foreach (var one in ending)
            {
                one();
            }
        }

        // Continuations of async methods run on the frame's thread, as under Unity's synchronization context.
        public static readonly FrameContext Context = new FrameContext();

        static void Drain() => Context.Drain();

        public static void Send(string message, object argument)
        {
            foreach (var one in Running.ToArray())
            {
                Call(one, message, argument);
            }
        }

        internal static void Begin(MonoBehaviour one)
        {
            // While a scene is edited nothing runs.
            if (one.enabled && Application.isPlaying)
            {
                Running.Add(one);
                Call(one, "OnEnable");
            }
        }

        internal static void End(MonoBehaviour one)
        {
            if (Running.Remove(one))
            {
                Call(one, "OnDisable");
            }
        }

        internal static void AtEnd(Action ending) => Ending.Add(ending);

        static void Each(string message)
        {
            foreach (var one in Running.ToArray())
            {
                if (Running.Contains(one))
                {
                    Call(one, message);
                }
            }
        }

        internal static void Call(MonoBehaviour one, string message, params object[] arguments)
        {
            var method = one.GetType().GetMethod(
                message, BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public);
            try
            {
                method?.Invoke(one, arguments);
            }
            catch (TargetInvocationException error)
            {
                Logged.Add(message + ": " + error.InnerException);
            }
        }
    }

    public sealed class FrameContext : System.Threading.SynchronizationContext
    {
        readonly System.Collections.Concurrent.ConcurrentQueue<Action> _posted =
            new System.Collections.Concurrent.ConcurrentQueue<Action>();

        public override void Post(System.Threading.SendOrPostCallback callback, object state) =>
            _posted.Enqueue(() => callback(state));

        internal void Drain()
        {
            while (_posted.TryDequeue(out var one))
            {
                one();
            }
        }
    }

    public static class Time
    {
        public static float deltaTime { get; internal set; }

        public static float unscaledDeltaTime { get; internal set; }

        public static float realtimeSinceStartup => FakeEngine.Now;
    }
}
