using UnityEngine;

namespace MuseumTwin.Unity
{
    /// <summary>The museum's words in the engine's types; what is mirrored is decided by <see cref="Coordinates"/>.</summary>
    public static class EngineSpace
    {
        /// <summary>A position or direction of the museum, in the space of the client's transform.</summary>
        public static Vector3 ToEngine(Vec3 v) => Cast(Coordinates.Mirror(v));

        /// <summary>A turn of the museum, in the space of the client's transform.</summary>
        public static Quaternion ToEngine(Quat q)
        {
            var mirrored = Coordinates.Mirror(q);
            return new Quaternion(mirrored.X, mirrored.Y, mirrored.Z, mirrored.W);
        }

        /// <summary>A position or direction of the client's transform, in the museum's space.</summary>
        public static Vec3 ToMuseum(Vector3 v) => Coordinates.Mirror(Plain(v));

        /// <summary>A turn of the client's transform, in the museum's space.</summary>
        public static Quat ToMuseum(Quaternion q) => Coordinates.Mirror(new Quat(q.x, q.y, q.z, q.w));

        /// <summary>The same numbers, for rules that hold in any space.</summary>
        public static Vec3 Plain(Vector3 v) => new Vec3(v.x, v.y, v.z);

        /// <summary>The same numbers, back.</summary>
        public static Vector3 Cast(Vec3 v) => new Vector3(v.X, v.Y, v.Z);
    }
}
