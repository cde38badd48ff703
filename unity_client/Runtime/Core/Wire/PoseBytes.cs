using System;
using System.Buffers.Binary;

namespace MuseumTwin.Protocol
{
    /// <summary>What is known of a pose.</summary>
    [Flags]
    public enum PoseFlags : byte
    {
        /// <summary>Nothing.</summary>
        None = 0,

        /// <summary>The position can be used.</summary>
        PositionValid = 1,

        /// <summary>The position was measured, not guessed.</summary>
        PositionTracked = 2,

        /// <summary>The orientation can be used.</summary>
        OrientationValid = 4,

        /// <summary>The orientation was measured, not guessed.</summary>
        OrientationTracked = 8,

        /// <summary>All four.</summary>
        All = 15,
    }

    /// <summary>One hand in the museum's space, within 4 m of the head.</summary>
    public struct HandPose
    {
        /// <summary>Where it is.</summary>
        public Vec3 Position;

        /// <summary>How it is turned.</summary>
        public Quat Orientation;

        /// <summary>Measured, not guessed.</summary>
        public bool Tracked;
    }

    /// <summary>Where a visitor is, in the museum's space. The head looks along its own -Z.</summary>
    public struct VisitorPose
    {
        /// <summary>Server time in nanoseconds; a multiple of 1000 once it was on the wire.</summary>
        public long Time;

        /// <summary>The head, within 512 m of the museum's origin along each axis.</summary>
        public Vec3 Position;

        /// <summary>How the head is turned.</summary>
        public Quat Orientation;

        /// <summary>What of the head is known.</summary>
        public PoseFlags Flags;

        /// <summary>Left hand, where known.</summary>
        public HandPose? Left;

        /// <summary>Right hand, where known.</summary>
        public HandPose? Right;

        /// <summary>Where the eyes look: a unit vector, where known.</summary>
        public Vec3? Gaze;

        /// <summary>Grows by one with each pose, wrapping; set when it is sent.</summary>
        public ushort Number;
    }

    /// <summary>
    /// The pose: the one message sent at frame rate, in a fixed binary layout (see "Pose" in docs/protocol.md).
    /// Arithmetic is in doubles and rounds half to even, as the server's does, so both write the same bytes.
    /// </summary>
    public static class PoseBytes
    {
        /// <summary>Bytes of the longest pose.</summary>
        public const int Longest = HeadBytes + 2 * HandBytes + GazeBytes;

        private const int HeadBytes = 24;
        private const int HandBytes = 12;
        private const int GazeBytes = 4;
        private const byte LeftHand = 16;
        private const byte RightHand = 32;
        private const byte HasGaze = 64;
        private const double Step = 1.0 / 16384;
        private const double HandStep = 1.0 / 8192;
        private const int Reach = 1 << 23;
        private const int Octant = 32767;
        private const int Bits = 0x7FFF;
        private static readonly double Turn = 16383 * Math.Sqrt(2);

        /// <summary>Whether <see cref="Write"/> can write it; a device that loses track may say anything.</summary>
        public static bool CanCarry(in VisitorPose pose)
        {
            return IsWithin(pose.Position, 511.999f) && IsTurn(pose.Orientation)
                && (!pose.Left.HasValue || IsHand(pose.Left.Value, pose.Position))
                && (!pose.Right.HasValue || IsHand(pose.Right.Value, pose.Position))
                && (!pose.Gaze.HasValue || (IsWithin(pose.Gaze.Value, 1e6f) && pose.Gaze.Value.Length > 1e-6f));
        }

        private static bool IsHand(in HandPose hand, Vec3 head) =>
            IsWithin(hand.Position - head, 3.999f) && IsTurn(hand.Orientation);

        // Not a number is not within anything.
        private static bool IsWithin(Vec3 v, float most) =>
            Math.Abs(v.X) <= most && Math.Abs(v.Y) <= most && Math.Abs(v.Z) <= most;

        private static bool IsTurn(Quat q)
        {
            var square = q.X * q.X + q.Y * q.Y + q.Z * q.Z + q.W * q.W;
            return square > 1e-12f && square < 1e12f;
        }

        /// <summary>Write <paramref name="pose"/>; returns the number of bytes.</summary>
        /// <exception cref="WireException">
        /// A position outside ±512 m, a hand over 4 m from the head, or a number that is not finite.
        /// </exception>
        public static int Write(in VisitorPose pose, Span<byte> to)
        {
            to[0] = Wire.Pose;
            to[1] = (byte)((byte)(pose.Flags & PoseFlags.All)
                | (pose.Left.HasValue ? LeftHand : 0)
                | (pose.Right.HasValue ? RightHand : 0)
                | (pose.Gaze.HasValue ? HasGaze : 0));
            BinaryPrimitives.WriteUInt16LittleEndian(to.Slice(2), pose.Number);
            BinaryPrimitives.WriteUInt32LittleEndian(to.Slice(4), (uint)(pose.Time / 1000));
            WriteAxis(pose.Position.X, to.Slice(8), to.Slice(14));
            WriteAxis(pose.Position.Y, to.Slice(10), to.Slice(15));
            WriteAxis(pose.Position.Z, to.Slice(12), to.Slice(16));
            to[17] = 0;
            WriteTurn(pose.Orientation, false, to.Slice(18));
            var at = HeadBytes;
            if (pose.Left.HasValue)
            {
                at += WriteHand(pose.Left.Value, pose.Position, to.Slice(at));
            }
            if (pose.Right.HasValue)
            {
                at += WriteHand(pose.Right.Value, pose.Position, to.Slice(at));
            }
            if (pose.Gaze.HasValue)
            {
                WriteDirection(pose.Gaze.Value, to.Slice(at));
                at += GazeBytes;
            }
            return at;
        }

        /// <summary>The pose in <paramref name="bytes"/>, received at server time <paramref name="now"/> (ns).</summary>
        /// <exception cref="WireException">The length is not what the flags say, or no turn is that long.</exception>
        public static VisitorPose Read(ReadOnlySpan<byte> bytes, long now)
        {
            var data = Readable.Of(bytes);
            var flags = data.Length > 1 ? data[1] : (byte)0;
            var expected = HeadBytes + ((flags & LeftHand) != 0 ? HandBytes : 0)
                + ((flags & RightHand) != 0 ? HandBytes : 0) + ((flags & HasGaze) != 0 ? GazeBytes : 0);
            if (data.Length != expected || data[0] != Wire.Pose || data[17] != 0)
            {
                throw new WireException("expected a pose of " + expected + " bytes in space 0");
            }
            var pose = new VisitorPose
            {
                Number = BinaryPrimitives.ReadUInt16LittleEndian(data.Slice(2)),
                Time = Unwrapped(BinaryPrimitives.ReadUInt32LittleEndian(data.Slice(4)), now),
                Position = new Vec3(
                    ReadAxis(data.Slice(8), data[14]),
                    ReadAxis(data.Slice(10), data[15]),
                    ReadAxis(data.Slice(12), data[16])),
                Orientation = ReadTurn(data.Slice(18)),
                Flags = (PoseFlags)flags & PoseFlags.All,
            };
            var at = HeadBytes;
            if ((flags & LeftHand) != 0)
            {
                pose.Left = ReadHand(data.Slice(at), pose.Position);
                at += HandBytes;
            }
            if ((flags & RightHand) != 0)
            {
                pose.Right = ReadHand(data.Slice(at), pose.Position);
                at += HandBytes;
            }
            if ((flags & HasGaze) != 0)
            {
                pose.Gaze = ReadDirection(data.Slice(at));
            }
            return pose;
        }

        /// <summary>The time (ns) nearest to <paramref name="now"/> whose microseconds end in these 32 bits.</summary>
        public static long Unwrapped(uint micros, long now)
        {
            var here = now / 1000;
            var ahead = (int)(micros - (uint)here);
            return (here + ahead) * 1000;
        }

        private static void WriteAxis(float metres, Span<byte> low, Span<byte> high)
        {
            var steps = Math.Round(metres / Step);
            if (!(steps >= -Reach && steps < Reach))
            {
                throw new WireException("a position is finite and within ±512 m of the origin, got " + metres);
            }
            var whole = (int)steps;
            BinaryPrimitives.WriteUInt16LittleEndian(low, (ushort)whole);
            high[0] = (byte)(whole >> 16);
        }

        private static float ReadAxis(ReadOnlySpan<byte> low, byte high) =>
            (float)((((sbyte)high << 16) | BinaryPrimitives.ReadUInt16LittleEndian(low)) * Step);

        private static int WriteHand(in HandPose hand, Vec3 head, Span<byte> to)
        {
            WriteOffset((double)hand.Position.X - head.X, to);
            WriteOffset((double)hand.Position.Y - head.Y, to.Slice(2));
            WriteOffset((double)hand.Position.Z - head.Z, to.Slice(4));
            WriteTurn(hand.Orientation, hand.Tracked, to.Slice(6));
            return HandBytes;
        }

        private static void WriteOffset(double metres, Span<byte> to)
        {
            var steps = Math.Round(metres / HandStep);
            if (!(steps >= short.MinValue && steps <= short.MaxValue))
            {
                throw new WireException("a hand is within 4 m of the head, got " + metres);
            }
            BinaryPrimitives.WriteInt16LittleEndian(to, (short)steps);
        }

        private static HandPose ReadHand(ReadOnlySpan<byte> data, Vec3 head) => new HandPose
        {
            Position = new Vec3(
                (float)(head.X + BinaryPrimitives.ReadInt16LittleEndian(data) * HandStep),
                (float)(head.Y + BinaryPrimitives.ReadInt16LittleEndian(data.Slice(2)) * HandStep),
                (float)(head.Z + BinaryPrimitives.ReadInt16LittleEndian(data.Slice(4)) * HandStep)),
            Orientation = ReadTurn(data.Slice(6)),
            Tracked = (Readable.Of(data)[11] & 0x80) != 0,
        };

        private static void WriteTurn(Quat turn, bool tracked, Span<byte> to)
        {
            double x = turn.X, y = turn.Y, z = turn.Z, w = turn.W;
            var length = Math.Sqrt(x * x + y * y + z * z + w * w);
            if (!(length > 0) || double.IsInfinity(length))
            {
                throw new WireException("an orientation is finite and not zero, got " + turn);
            }
            var largest = 0;
            var most = Math.Abs(x);
            if (Math.Abs(y) > most)
            {
                largest = 1;
                most = Math.Abs(y);
            }
            if (Math.Abs(z) > most)
            {
                largest = 2;
                most = Math.Abs(z);
            }
            if (Math.Abs(w) > most)
            {
                largest = 3;
            }
            var sign = largest == 0 ? x : largest == 1 ? y : largest == 2 ? z : w;
            var scale = Turn / (sign < 0 ? -length : length);
            var a = Part(largest == 0 ? y : x, scale);
            var b = Part(largest <= 1 ? z : y, scale);
            var c = Part(largest <= 2 ? w : z, scale);
            BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)(a | (largest & 1) << 15));
            BinaryPrimitives.WriteUInt16LittleEndian(to.Slice(2), (ushort)(b | (largest >> 1) << 15));
            BinaryPrimitives.WriteUInt16LittleEndian(to.Slice(4), (ushort)(c | (tracked ? 0x8000 : 0)));
        }

        private static int Part(double value, double scale) => (int)Math.Round(value * scale) + 16383;

        private static Quat ReadTurn(ReadOnlySpan<byte> data)
        {
            int a = BinaryPrimitives.ReadUInt16LittleEndian(data);
            int b = BinaryPrimitives.ReadUInt16LittleEndian(data.Slice(2));
            int c = BinaryPrimitives.ReadUInt16LittleEndian(data.Slice(4));
            var p = ((a & Bits) - 16383) / Turn;
            var q = ((b & Bits) - 16383) / Turn;
            var r = ((c & Bits) - 16383) / Turn;
            var rest = 1 - p * p - q * q - r * r;
            if (rest <= 0)
            {
                throw new WireException("three components of an orientation alone are longer than 1");
            }
            var w = Math.Sqrt(rest);
            switch (a >> 15 | (b >> 15) << 1)
            {
                case 0:
                    return new Quat((float)w, (float)p, (float)q, (float)r);
                case 1:
                    return new Quat((float)p, (float)w, (float)q, (float)r);
                case 2:
                    return new Quat((float)p, (float)q, (float)w, (float)r);
                default:
                    return new Quat((float)p, (float)q, (float)r, (float)w);
            }
        }

        private static void WriteDirection(Vec3 direction, Span<byte> to)
        {
            double x = direction.X, y = direction.Y, z = direction.Z;
            var size = Math.Abs(x) + Math.Abs(y) + Math.Abs(z);
            if (!(size > 0) || double.IsInfinity(size))
            {
                throw new WireException("a direction is finite and not zero, got " + direction);
            }
            var u = x / size;
            var v = y / size;
            if (z < 0)
            {
                Fold(ref u, ref v);
            }
            BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)((int)Math.Round(u * Octant) + Octant));
            BinaryPrimitives.WriteUInt16LittleEndian(to.Slice(2), (ushort)((int)Math.Round(v * Octant) + Octant));
        }

        private static Vec3 ReadDirection(ReadOnlySpan<byte> data)
        {
            var u = (BinaryPrimitives.ReadUInt16LittleEndian(data) - Octant) / (double)Octant;
            var v = (BinaryPrimitives.ReadUInt16LittleEndian(data.Slice(2)) - Octant) / (double)Octant;
            var z = 1 - Math.Abs(u) - Math.Abs(v);
            if (z < 0)
            {
                Fold(ref u, ref v);
            }
            var length = Math.Sqrt(u * u + v * v + z * z);
            return new Vec3((float)(u / length), (float)(v / length), (float)(z / length));
        }

        // The lower half of the octahedron folded outwards, or back.
        private static void Fold(ref double u, ref double v)
        {
            var folded = (1 - Math.Abs(v)) * (u < 0 ? -1 : 1);
            v = (1 - Math.Abs(u)) * (v < 0 ? -1 : 1);
            u = folded;
        }
    }
}
