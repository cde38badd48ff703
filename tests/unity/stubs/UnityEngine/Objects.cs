// Objects with components. Signatures only: see ../README.md.
namespace UnityEngine
{
    public class Object
    {
        public string name { get; set; }
        public HideFlags hideFlags { get; set; }
        public static implicit operator bool(Object exists) => throw null;
        public static bool operator ==(Object x, Object y) => throw null;
        public static bool operator !=(Object x, Object y) => throw null;
        public override bool Equals(object other) => throw null;
        public override int GetHashCode() => throw null;
        public static void Destroy(Object obj) => throw null;
        public static void DestroyImmediate(Object obj) => throw null;
        public static void DontDestroyOnLoad(Object target) => throw null;
        public static T Instantiate<T>(T original, Transform parent) where T : Object => throw null;
    }

    public class Component : Object
    {
        public Transform transform => throw null;
        public GameObject gameObject => throw null;
        public T GetComponent<T>() => throw null;
        public T GetComponentInParent<T>() => throw null;
        public T[] GetComponentsInChildren<T>() => throw null;
    }

    public class Behaviour : Component
    {
        public bool enabled { get; set; }
        public bool isActiveAndEnabled => throw null;
    }

    public sealed class GameObject : Object
    {
        public GameObject(string name) => throw null;
        public Transform transform => throw null;
        public bool activeSelf => throw null;
        public void SetActive(bool value) => throw null;
        public T GetComponent<T>() => throw null;
        public T[] GetComponentsInChildren<T>(bool includeInactive) => throw null;
        public T AddComponent<T>() where T : Component => throw null;
        public static GameObject CreatePrimitive(PrimitiveType type) => throw null;
    }
}
