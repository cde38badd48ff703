// Transforms that multiply.
using System;
using System.Collections.Generic;
using System.Linq;

namespace UnityEngine
{
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

        public Matrix4x4 localToWorldMatrix => Matrix4x4.TRS(position, rotation, Vector3.one);

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

    public struct Vector2Int
    {
        public Vector2Int(int x, int y)
        {
            this.x = x;
            this.y = y;
        }

        public int x { get; set; }

        public int y { get; set; }
    }

    public struct RectInt
    {
        public readonly int Width;
        public readonly int Height;

        public RectInt(int xMin, int yMin, int width, int height)
        {
            Width = width;
            Height = height;
        }
    }

    // Good for what does not scale.
    public struct Matrix4x4
    {
        Vector3 _place;
        Quaternion _turn;

        public static Matrix4x4 identity => TRS(new Vector3(0, 0, 0), Quaternion.identity, Vector3.one);

        public static Matrix4x4 TRS(Vector3 pos, Quaternion q, Vector3 s) => new Matrix4x4 { _place = pos, _turn = q };

        public static Matrix4x4 operator *(Matrix4x4 lhs, Matrix4x4 rhs) =>
            TRS(lhs.MultiplyPoint3x4(rhs._place), lhs._turn * rhs._turn, Vector3.one);

        public Vector3 MultiplyPoint3x4(Vector3 point) => _place + _turn * point;
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

        public static Vector3 one => new Vector3(1, 1, 1);

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
}
