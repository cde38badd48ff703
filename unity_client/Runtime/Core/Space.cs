using System;
using System.Globalization;

namespace MuseumTwin
{
    /// <summary>A position or direction in the museum's space: metres, right-handed, +Y up.</summary>
    public readonly struct Vec3 : IEquatable<Vec3>
    {
        /// <summary>Along the museum's X.</summary>
        public readonly float X;

        /// <summary>Up.</summary>
        public readonly float Y;

        /// <summary>Along the museum's Z; a view with no turn looks along -Z.</summary>
        public readonly float Z;

        /// <summary>A vector of these components.</summary>
        public Vec3(float x, float y, float z)
        {
            X = x;
            Y = y;
            Z = z;
        }

        /// <summary>Sum.</summary>
        public static Vec3 operator +(Vec3 a, Vec3 b) => new Vec3(a.X + b.X, a.Y + b.Y, a.Z + b.Z);

        /// <summary>Difference.</summary>
        public static Vec3 operator -(Vec3 a, Vec3 b) => new Vec3(a.X - b.X, a.Y - b.Y, a.Z - b.Z);

        /// <summary>Scaled.</summary>
        public static Vec3 operator *(Vec3 a, float scale) => new Vec3(a.X * scale, a.Y * scale, a.Z * scale);

        /// <summary>Length in metres.</summary>
        public float Length => (float)Math.Sqrt((double)X * X + (double)Y * Y + (double)Z * Z);

        /// <inheritdoc/>
        public bool Equals(Vec3 other) => X == other.X && Y == other.Y && Z == other.Z;

        /// <inheritdoc/>
        public override bool Equals(object other) => other is Vec3 vector && Equals(vector);

        /// <inheritdoc/>
        public override int GetHashCode() => X.GetHashCode() ^ (Y.GetHashCode() << 2) ^ (Z.GetHashCode() >> 2);

        /// <inheritdoc/>
        public override string ToString() => string.Format(CultureInfo.InvariantCulture, "({0}, {1}, {2})", X, Y, Z);
    }

    /// <summary>A turn in the museum's space as a unit quaternion x, y, z, w.</summary>
    public readonly struct Quat : IEquatable<Quat>
    {
        /// <summary>No turn.</summary>
        public static readonly Quat Identity = new Quat(0, 0, 0, 1);

        /// <summary>First imaginary part.</summary>
        public readonly float X;

        /// <summary>Second imaginary part.</summary>
        public readonly float Y;

        /// <summary>Third imaginary part.</summary>
        public readonly float Z;

        /// <summary>Real part.</summary>
        public readonly float W;

        /// <summary>A quaternion of these components.</summary>
        public Quat(float x, float y, float z, float w)
        {
            X = x;
            Y = y;
            Z = z;
            W = w;
        }

        /// <summary>The turn <paramref name="b"/> followed by <paramref name="a"/>.</summary>
        public static Quat operator *(Quat a, Quat b) => new Quat(
            a.W * b.X + a.X * b.W + a.Y * b.Z - a.Z * b.Y,
            a.W * b.Y - a.X * b.Z + a.Y * b.W + a.Z * b.X,
            a.W * b.Z + a.X * b.Y - a.Y * b.X + a.Z * b.W,
            a.W * b.W - a.X * b.X - a.Y * b.Y - a.Z * b.Z);

        /// <summary><paramref name="v"/> turned.</summary>
        public static Vec3 operator *(Quat q, Vec3 v)
        {
            var tx = 2 * (q.Y * v.Z - q.Z * v.Y);
            var ty = 2 * (q.Z * v.X - q.X * v.Z);
            var tz = 2 * (q.X * v.Y - q.Y * v.X);
            return new Vec3(
                v.X + q.W * tx + q.Y * tz - q.Z * ty,
                v.Y + q.W * ty + q.Z * tx - q.X * tz,
                v.Z + q.W * tz + q.X * ty - q.Y * tx);
        }

        /// <summary>The turn back.</summary>
        public Quat Inverse => new Quat(-X, -Y, -Z, W);

        /// <summary>The turn about +Y by <paramref name="radians"/>, counterclockwise seen from above.</summary>
        public static Quat AboutY(float radians) =>
            new Quat(0, (float)Math.Sin(radians / 2), 0, (float)Math.Cos(radians / 2));

        /// <inheritdoc/>
        public bool Equals(Quat other) => X == other.X && Y == other.Y && Z == other.Z && W == other.W;

        /// <inheritdoc/>
        public override bool Equals(object other) => other is Quat turn && Equals(turn);

        /// <inheritdoc/>
        public override int GetHashCode() =>
            X.GetHashCode() ^ (Y.GetHashCode() << 2) ^ (Z.GetHashCode() >> 2) ^ (W.GetHashCode() >> 1);

        /// <inheritdoc/>
        public override string ToString() =>
            string.Format(CultureInfo.InvariantCulture, "({0}, {1}, {2}, {3})", X, Y, Z, W);
    }
}
