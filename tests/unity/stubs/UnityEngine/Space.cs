// Transforms and what they are made of. Signatures only: see ../README.md.
namespace UnityEngine
{
    public class Transform : Component
    {
        public Vector3 position { get; set; }
        public Quaternion rotation { get; set; }
        public Vector3 localPosition { get; set; }
        public Quaternion localRotation { get; set; }
        public Vector3 localScale { get; set; }
        public Transform parent { get; set; }
        public Vector3 forward { get; set; }
        public Matrix4x4 localToWorldMatrix => throw null;
        public void SetParent(Transform parent, bool worldPositionStays) => throw null;
        public Vector3 TransformPoint(Vector3 position) => throw null;
        public Vector3 InverseTransformPoint(Vector3 position) => throw null;
        public Vector3 InverseTransformDirection(Vector3 direction) => throw null;
        public void SetPositionAndRotation(Vector3 position, Quaternion rotation) => throw null;
    }

    public struct Vector2
    {
        public float x;
        public float y;
        public Vector2(float x, float y) => throw null;
    }

    public struct Vector2Int
    {
        public Vector2Int(int x, int y) => throw null;
        public int x { get; set; }
        public int y { get; set; }
    }

    public struct RectInt
    {
        public RectInt(int xMin, int yMin, int width, int height) => throw null;
    }

    public struct Vector3
    {
        public float x;
        public float y;
        public float z;
        public Vector3(float x, float y, float z) => throw null;
        public static Vector3 zero => throw null;
        public static Vector3 one => throw null;
        public static Vector3 up => throw null;
        public static Vector3 forward => throw null;
        public static Vector3 operator +(Vector3 a, Vector3 b) => throw null;
        public static Vector3 operator -(Vector3 a, Vector3 b) => throw null;
        public static Vector3 operator *(Vector3 a, float d) => throw null;
    }

    public struct Quaternion
    {
        public float x;
        public float y;
        public float z;
        public float w;
        public Quaternion(float x, float y, float z, float w) => throw null;
        public static Quaternion identity => throw null;
        public static Quaternion Euler(float x, float y, float z) => throw null;
        public static Quaternion Inverse(Quaternion rotation) => throw null;
        public static Quaternion operator *(Quaternion lhs, Quaternion rhs) => throw null;
        public static Vector3 operator *(Quaternion rotation, Vector3 point) => throw null;
    }

    public struct Matrix4x4
    {
        public static Matrix4x4 identity => throw null;
        public static Matrix4x4 TRS(Vector3 pos, Quaternion q, Vector3 s) => throw null;
        public static Matrix4x4 operator *(Matrix4x4 lhs, Matrix4x4 rhs) => throw null;
        public Vector3 MultiplyPoint3x4(Vector3 point) => throw null;
    }

    public struct Bounds
    {
        public Bounds(Vector3 center, Vector3 size) => throw null;
        public Vector3 center { get; set; }
        public Vector3 size { get; set; }
        public void Encapsulate(Vector3 point) => throw null;
    }

    public struct Mathf
    {
        public static float Clamp(float value, float min, float max) => throw null;
        public static float Clamp01(float value) => throw null;
    }
}
