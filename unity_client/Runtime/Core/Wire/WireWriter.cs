using System;
using System.Buffers.Binary;
using System.Text;

namespace MuseumTwin.Protocol
{
    /// <summary>
    /// Writes the protocol's part of msgpack, each number in its shortest form, into a buffer that grows and is
    /// used again. What the server would refuse is refused here, where the caller can be told.
    /// </summary>
    public sealed class WireWriter
    {
        private const float Farthest = 1e6f;
        private byte[] _data;
        private int _length;

        /// <summary>A writer whose buffer starts with room for <paramref name="capacity"/> bytes.</summary>
        public WireWriter(int capacity = 256)
        {
            _data = new byte[Math.Max(16, capacity)];
        }

        /// <summary>What was written.</summary>
        public ReadOnlySpan<byte> Written => new ReadOnlySpan<byte>(_data, 0, _length);

        /// <summary>Bytes written.</summary>
        public int Length => _length;

        /// <summary>Start anew; the buffer stays.</summary>
        public void Clear() => _length = 0;

        /// <summary>The head of an array of <paramref name="count"/> entries.</summary>
        public void WriteArray(int count)
        {
            if (count < 16)
            {
                Room(1)[0] = (byte)(0x90 | count);
                return;
            }
            if (count > ushort.MaxValue)
            {
                throw new WireException("an array has at most 65,535 entries, got " + count);
            }
            var room = Room(3);
            room[0] = 0xDC;
            BinaryPrimitives.WriteUInt16BigEndian(room.Slice(1), (ushort)count);
        }

        /// <summary>Nil.</summary>
        public void WriteNil() => Room(1)[0] = 0xC0;

        /// <summary>A boolean.</summary>
        public void WriteBool(bool value) => Room(1)[0] = value ? (byte)0xC3 : (byte)0xC2;

        /// <summary>A whole number.</summary>
        public void WriteByte(byte value) => WriteUnsigned(value);

        /// <summary>A whole number.</summary>
        public void WriteShort(ushort value) => WriteUnsigned(value);

        /// <summary>A whole number.</summary>
        public void WriteInt(uint value) => WriteUnsigned(value);

        /// <summary>A time, 0 or more.</summary>
        public void WriteLong(long value)
        {
            if (value < 0)
            {
                throw new WireException("expected a time of 0 or more, got " + value);
            }
            WriteUnsigned((ulong)value);
        }

        /// <summary>A whole number in its shortest form.</summary>
        public void WriteUnsigned(ulong value)
        {
            if (value < 0x80)
            {
                Room(1)[0] = (byte)value;
            }
            else if (value <= byte.MaxValue)
            {
                var room = Room(2);
                room[0] = 0xCC;
                room[1] = (byte)value;
            }
            else if (value <= ushort.MaxValue)
            {
                var room = Room(3);
                room[0] = 0xCD;
                BinaryPrimitives.WriteUInt16BigEndian(room.Slice(1), (ushort)value);
            }
            else if (value <= uint.MaxValue)
            {
                var room = Room(5);
                room[0] = 0xCE;
                BinaryPrimitives.WriteUInt32BigEndian(room.Slice(1), (uint)value);
            }
            else
            {
                var room = Room(9);
                room[0] = 0xCF;
                BinaryPrimitives.WriteUInt64BigEndian(room.Slice(1), value);
            }
        }

        /// <summary>A finite number, as 32 bits.</summary>
        public void WriteFloat(float value)
        {
            if (float.IsNaN(value) || float.IsInfinity(value))
            {
                throw new WireException("expected a finite number");
            }
            var room = Room(5);
            room[0] = 0xCA;
            BinaryPrimitives.WriteInt32BigEndian(room.Slice(1), BitConverter.SingleToInt32Bits(value));
        }

        /// <summary>A number from 0 to 1.</summary>
        public void WriteRatio(float value)
        {
            if (!(value >= 0 && value <= 1))
            {
                throw new WireException("expected 0 to 1, got " + value);
            }
            WriteFloat(value);
        }

        /// <summary>Three numbers.</summary>
        public void WriteVec3(Vec3 value)
        {
            WriteArray(3);
            WriteNear(value.X);
            WriteNear(value.Y);
            WriteNear(value.Z);
        }

        /// <summary>Four numbers.</summary>
        public void WriteQuat(Quat value)
        {
            WriteArray(4);
            WriteNear(value.X);
            WriteNear(value.Y);
            WriteNear(value.Z);
            WriteNear(value.W);
        }

        /// <summary>Text; null is written as empty.</summary>
        public void WriteText(string value, int limit)
        {
            value = value ?? "";
            if (value.Length > limit && Characters(value) > limit)
            {
                throw new WireException("expected text of at most " + limit + " characters, got " + value.Length);
            }
            var length = Encoding.UTF8.GetByteCount(value);
            WriteLength(length, 0xA0, 32, 0xD9);
            Encoding.UTF8.GetBytes(value.AsSpan(), Room(length));
        }

        /// <summary>A list of texts; null is written as empty.</summary>
        public void WriteTexts(string[] values, int limit)
        {
            values = values ?? Array.Empty<string>();
            WriteArray(values.Length);
            foreach (var value in values)
            {
                WriteText(value, limit);
            }
        }

        /// <summary>A list of numbers; null is written as empty.</summary>
        public void WriteFloats(float[] values)
        {
            values = values ?? Array.Empty<float>();
            WriteArray(values.Length);
            foreach (var value in values)
            {
                WriteFloat(value);
            }
        }

        /// <summary>A byte string; null is written as empty.</summary>
        public void WriteBytes(byte[] value, int limit)
        {
            value = value ?? Array.Empty<byte>();
            if (value.Length > limit)
            {
                throw new WireException("expected at most " + limit + " bytes, got " + value.Length);
            }
            WriteLength(value.Length, 0, 0, 0xC4);
            value.AsSpan().CopyTo(Room(value.Length));
        }

        // Texts have a form for fewer than 32 bytes; both kinds have three more of growing width.
        private void WriteLength(int length, byte shortest, int below, byte lead)
        {
            if (length < below)
            {
                Room(1)[0] = (byte)(shortest | length);
            }
            else if (length <= byte.MaxValue)
            {
                var room = Room(2);
                room[0] = lead;
                room[1] = (byte)length;
            }
            else if (length <= ushort.MaxValue)
            {
                var room = Room(3);
                room[0] = (byte)(lead + 1);
                BinaryPrimitives.WriteUInt16BigEndian(room.Slice(1), (ushort)length);
            }
            else
            {
                var room = Room(5);
                room[0] = (byte)(lead + 2);
                BinaryPrimitives.WriteUInt32BigEndian(room.Slice(1), (uint)length);
            }
        }

        private void WriteNear(float value)
        {
            if (!(Math.Abs(value) <= Farthest))
            {
                throw new WireException("expected within ±1e6, got " + value);
            }
            WriteFloat(value);
        }

        private static int Characters(string value)
        {
            var count = 0;
            foreach (var one in value)
            {
                count += char.IsLowSurrogate(one) ? 0 : 1;
            }
            return count;
        }

        private Span<byte> Room(int count)
        {
            if (count > _data.Length - _length)
            {
                Array.Resize(ref _data, Math.Max(_length + count, 2 * _data.Length));
            }
            _length += count;
            return new Span<byte>(_data, _length - count, count);
        }
    }
}
