// The few engine types that the glue uses, with behavior: objects with components, a frame loop that calls
// OnEnable, Update, LateUpdate, OnDisable and OnDestroy in Unity's order, destruction at the end of a frame, and
// transforms that multiply. For tests without Unity; written from its documented behavior.
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
        public static readonly List<GameObject> Objects = new List<GameObject>();
        public static float Now;

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
            Running.Add(one);
            Call(one, "OnEnable");
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

    public class Object
    {
        internal bool IsGone;

        public string name { get; set; } = "";

        public static implicit operator bool(Object exists) => exists != null;

        // A destroyed object equals null, though it is still there: what so much code relies on.
        public static bool operator ==(Object x, Object y) => ReferenceEquals(Living(x), Living(y));

        public static bool operator !=(Object x, Object y) => !(x == y);

        public override bool Equals(object other) => ReferenceEquals(this, other);

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

        public static void Destroy(Object obj)
        {
            if (obj == null)
            {
                return;
            }
            FakeEngine.AtEnd(() => DestroyImmediate(obj));
        }

        public static void DestroyImmediate(Object obj)
        {
            if (obj is GameObject whole && !whole.IsGone)
            {
                whole.Remove();
            }
            else if (obj is Component part)
            {
                part.gameObject.Parts.Remove(part);
                part.IsGone = true;
            }
        }

        static Object Living(Object one) => ReferenceEquals(one, null) || one.IsGone ? null : one;
    }

    public class Component : Object
    {
        public GameObject gameObject { get; internal set; }

        public Transform transform => gameObject.transform;

        public T GetComponent<T>() => gameObject.GetComponent<T>();

        public T[] GetComponentsInChildren<T>() => transform.Family().SelectMany(one => one.gameObject.Parts).OfType<T>().ToArray();
    }

    public class Behaviour : Component
    {
        public bool enabled { get; set; } = true;
    }

    public class MonoBehaviour : Behaviour
    {
    }

    public sealed class GameObject : Object
    {
        internal readonly List<Component> Parts = new List<Component>();

        public GameObject(string name)
        {
            this.name = name;
            transform = new Transform { gameObject = this };
            Parts.Add(transform);
            FakeEngine.Objects.Add(this);
        }

        public Transform transform { get; }

        public bool activeSelf { get; private set; } = true;

        bool IsActive => transform.Line().All(one => one.gameObject.activeSelf);

        public void SetActive(bool value)
        {
            if (activeSelf == value)
            {
                return;
            }
            activeSelf = value;
            foreach (var one in transform.Family().SelectMany(part => part.gameObject.Parts).OfType<MonoBehaviour>().ToArray())
            {
                if (value && one.gameObject.IsActive)
                {
                    FakeEngine.Begin(one);
                }
                else
                {
                    FakeEngine.End(one);
                }
            }
        }

        public T GetComponent<T>() => Parts.OfType<T>().FirstOrDefault();

        public T AddComponent<T>() where T : Component
        {
            var made = (T)Activator.CreateInstance(typeof(T));
            made.gameObject = this;
            Parts.Add(made);
            if (made is MonoBehaviour script && IsActive)
            {
                FakeEngine.Begin(script);
            }
            return made;
        }

        public static GameObject CreatePrimitive(PrimitiveType type)
        {
            var made = new GameObject(type.ToString());
            made.AddComponent<MeshRenderer>().sharedMaterial = new Material(null);
            made.AddComponent<Collider>();
            return made;
        }

        internal void Remove()
        {
            foreach (var one in transform.Family().Select(one => one.gameObject).Reverse().ToArray())
            {
                foreach (var script in one.Parts.OfType<MonoBehaviour>().ToArray())
                {
                    FakeEngine.End(script);
                    FakeEngine.Call(script, "OnDestroy");
                }
                foreach (var part in one.Parts)
                {
                    part.IsGone = true;
                }
                one.IsGone = true;
                FakeEngine.Objects.Remove(one);
            }
            transform.SetParent(null, false);
        }
    }

    public enum PrimitiveType
    {
        Sphere,
        Capsule,
        Cylinder,
        Cube,
    }

    public class Transform : Component
    {
        readonly List<Transform> _children = new List<Transform>();

        public Vector3 localPosition { get; set; }

        public Quaternion localRotation { get; set; } = Quaternion.identity;

        public Vector3 localScale { get; set; } = new Vector3(1, 1, 1);

        public Transform parent { get; private set; }

        public Vector3 position
        {
            get => parent == null ? localPosition : parent.TransformPoint(localPosition);
            set => localPosition = parent == null ? value : parent.InverseTransformPoint(value);
        }

        public Quaternion rotation
        {
            get => parent == null ? localRotation : parent.rotation * localRotation;
            set => localRotation = parent == null ? value : Quaternion.Inverse(parent.rotation) * value;
        }

        public Vector3 forward
        {
            get => rotation * new Vector3(0, 0, 1);
            set => rotation = Quaternion.Looking(value);
        }

        public void SetParent(Transform next, bool worldPositionStays)
        {
            var here = position;
            var turn = rotation;
            parent?._children.Remove(this);
            parent = next;
            next?._children.Add(this);
            if (worldPositionStays)
            {
                position = here;
                rotation = turn;
            }
        }

        public Vector3 TransformPoint(Vector3 point) => position + rotation * point;

        public Vector3 InverseTransformPoint(Vector3 point) => Quaternion.Inverse(rotation) * (point - position);

        public void SetPositionAndRotation(Vector3 place, Quaternion turn)
        {
            position = place;
            rotation = turn;
        }

        internal IEnumerable<Transform> Line()
        {
            for (var one = this; one != null; one = one.parent)
            {
                yield return one;
            }
        }

        internal IEnumerable<Transform> Family() =>
            new[] { this }.Concat(_children.SelectMany(child => child.Family()));
    }

    public struct Vector2
    {
        public float x;
        public float y;

        public Vector2(float x, float y)
        {
            this.x = x;
            this.y = y;
        }
    }

    public struct Vector3
    {
        public float x;
        public float y;
        public float z;

        public Vector3(float x, float y, float z)
        {
            this.x = x;
            this.y = y;
            this.z = z;
        }

        public static Vector3 operator +(Vector3 a, Vector3 b) => new Vector3(a.x + b.x, a.y + b.y, a.z + b.z);

        public static Vector3 operator -(Vector3 a, Vector3 b) => new Vector3(a.x - b.x, a.y - b.y, a.z - b.z);

        public static Vector3 operator *(Vector3 a, float d) => new Vector3(a.x * d, a.y * d, a.z * d);
    }

    public struct Quaternion
    {
        public float x;
        public float y;
        public float z;
        public float w;

        public Quaternion(float x, float y, float z, float w)
        {
            this.x = x;
            this.y = y;
            this.z = z;
            this.w = w;
        }

        public static Quaternion identity => new Quaternion(0, 0, 0, 1);

        public static Quaternion Inverse(Quaternion q) => new Quaternion(-q.x, -q.y, -q.z, q.w);

        // Unity's order: about z, then x, then y.
        public static Quaternion Euler(float x, float y, float z) => About(0, 1, 0, y) * About(1, 0, 0, x) * About(0, 0, 1, z);

        public static Quaternion operator *(Quaternion a, Quaternion b) => new Quaternion(
            a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y,
            a.w * b.y - a.x * b.z + a.y * b.w + a.z * b.x,
            a.w * b.z + a.x * b.y - a.y * b.x + a.z * b.w,
            a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z);

        public static Vector3 operator *(Quaternion q, Vector3 v)
        {
            var turned = q * new Quaternion(v.x, v.y, v.z, 0) * Inverse(q);
            return new Vector3(turned.x, turned.y, turned.z);
        }

        internal static Quaternion Looking(Vector3 forward)
        {
            var yaw = Math.Atan2(forward.x, forward.z) * 180 / Math.PI;
            var flat = Math.Sqrt(forward.x * forward.x + forward.z * forward.z);
            var pitch = -Math.Atan2(forward.y, flat) * 180 / Math.PI;
            return Euler((float)pitch, (float)yaw, 0);
        }

        static Quaternion About(float x, float y, float z, float degrees)
        {
            var half = degrees * Math.PI / 360;
            var sine = (float)Math.Sin(half);
            return new Quaternion(x * sine, y * sine, z * sine, (float)Math.Cos(half));
        }
    }

    public struct Mathf
    {
        public static float Clamp01(float value) => Math.Max(0, Math.Min(1, value));

        public static float Clamp(float value, float min, float max) => Math.Max(min, Math.Min(max, value));
    }

    public static class Time
    {
        public static float deltaTime { get; internal set; }

        public static float unscaledDeltaTime { get; internal set; }

        public static float realtimeSinceStartup => FakeEngine.Now;
    }

    public class Debug
    {
        public static void LogException(Exception exception, Object context) => FakeEngine.Logged.Add(exception.ToString());
    }

    public class Application
    {
        public static string version => "1.2.3";

        public static SystemLanguage systemLanguage => SystemLanguage.German;
    }

    public enum SystemLanguage
    {
        Chinese = 6,
        German = 15,
        ChineseSimplified = 40,
        ChineseTraditional = 41,
    }

    public class Camera : Behaviour
    {
        public static Camera main { get; set; }
    }

    public class Renderer : Component
    {
        public Material sharedMaterial { get; set; }

        public float Faded { get; private set; } = 1;

        public void GetPropertyBlock(MaterialPropertyBlock properties) => properties.Value = Faded;

        public void SetPropertyBlock(MaterialPropertyBlock properties) => Faded = properties.Value;
    }

    public class MeshRenderer : Renderer
    {
    }

    public sealed class LineRenderer : Renderer
    {
        readonly Vector3[] _points = new Vector3[2];

        public int positionCount { get; set; }

        public float startWidth { get; set; }

        public float endWidth { get; set; }

        public bool useWorldSpace { get; set; }

        public void SetPosition(int index, Vector3 position) => _points[index] = position;

        public Vector3 At(int index) => _points[index];
    }

    public sealed class TextMesh : Component
    {
        public string text { get; set; } = "";

        public float characterSize { get; set; }

        public int fontSize { get; set; }

        public TextAnchor anchor { get; set; }

        public TextAlignment alignment { get; set; }
    }

    public enum TextAnchor
    {
        MiddleCenter = 4,
    }

    public enum TextAlignment
    {
        Left,
    }

    public class Material : Object
    {
        public Material(Shader shader)
        {
        }

        public bool HasProperty(int nameID) => true;
    }

    public sealed class MaterialPropertyBlock
    {
        internal float Value;

        public void SetFloat(int nameID, float value) => Value = value;
    }

    public sealed class Shader : Object
    {
        public static int PropertyToID(string name) => 1;
    }

    public class Collider : Component
    {
    }

    public class Input
    {
        public static bool GetMouseButton(int button) => false;

        public static float GetAxis(string axisName) => 0;
    }

    public sealed class SerializeField : Attribute
    {
    }

    public class PropertyAttribute : Attribute
    {
    }

    public class TooltipAttribute : PropertyAttribute
    {
        public TooltipAttribute(string tooltip)
        {
        }
    }

    public class HeaderAttribute : PropertyAttribute
    {
        public HeaderAttribute(string header)
        {
        }
    }

    public sealed class RangeAttribute : PropertyAttribute
    {
        public RangeAttribute(float min, float max)
        {
        }
    }

    public sealed class AddComponentMenu : Attribute
    {
        public AddComponentMenu(string menuName)
        {
        }
    }

    public sealed class DisallowMultipleComponent : Attribute
    {
    }

    public class DefaultExecutionOrder : Attribute
    {
        public DefaultExecutionOrder(int order)
        {
        }
    }

    public enum RuntimeInitializeLoadType
    {
        SubsystemRegistration = 4,
    }

    public class RuntimeInitializeOnLoadMethodAttribute : Attribute
    {
        public RuntimeInitializeOnLoadMethodAttribute(RuntimeInitializeLoadType loadType)
        {
        }
    }
}

namespace UnityEngine.Events
{
    public abstract class UnityEventBase
    {
    }

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

namespace UnityEngine.XR
{
    public enum XRNode
    {
        Head = 3,
        LeftHand = 4,
        RightHand = 5,
    }

    public struct InputFeatureUsage<T>
    {
    }

    public static class CommonUsages
    {
        public static InputFeatureUsage<bool> isTracked;
        public static InputFeatureUsage<Vector3> devicePosition;
        public static InputFeatureUsage<Quaternion> deviceRotation;
    }

    // A headset with two controllers, which move with the head.
    public struct InputDevice
    {
        internal XRNode Node;

        public bool isValid => true;

        public bool TryGetFeatureValue(InputFeatureUsage<bool> usage, out bool value) => value = true;

        public bool TryGetFeatureValue(InputFeatureUsage<Vector3> usage, out Vector3 value)
        {
            value = Camera.main.transform.position + new Vector3(Node == XRNode.LeftHand ? -0.3f : 0.3f, -0.4f, 0.2f);
            return true;
        }

        public bool TryGetFeatureValue(InputFeatureUsage<Quaternion> usage, out Quaternion value)
        {
            value = Quaternion.identity;
            return true;
        }
    }

    public class InputDevices
    {
        public static InputDevice GetDeviceAtXRNode(XRNode node) => new InputDevice { Node = node };
    }
}
