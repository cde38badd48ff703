// Objects with components, and what it means that they are destroyed.
using System;
using System.Collections.Generic;
using System.Linq;

namespace UnityEngine
{
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

        public static void DontDestroyOnLoad(Object target)
        {
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
        bool _isEnabled = true;

        public bool enabled
        {
            get => _isEnabled;
            set
            {
                var was = _isEnabled;
                _isEnabled = value;
                if (was != value && this is MonoBehaviour script && gameObject.IsActive)
                {
                    if (value)
                    {
                        FakeEngine.Begin(script);
                    }
                    else
                    {
                        FakeEngine.End(script);
                    }
                }
            }
        }
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

        public T[] GetComponentsInChildren<T>(bool includeInactive) =>
            transform.Family().SelectMany(one => one.gameObject.Parts).OfType<T>().ToArray();

        public bool activeSelf { get; private set; } = true;

        internal bool IsActive => transform.Line().All(one => one.gameObject.activeSelf);

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
            if (made is TextMesh)
            {
                // What TextMesh requires comes by itself, without a material.
                AddComponent<MeshRenderer>();
            }
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
}
