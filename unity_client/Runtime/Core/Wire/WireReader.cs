using System;
using System.Buffers.Binary;
using System.Text;

namespace MuseumTwin.Protocol
{
    /// <summary>
    /// Reads the protocol's part of msgpack from a span: nil, booleans, numbers, text, byte strings and arrays.
    /// Everything else, and everything out of bounds, is a <see cref="WireException"/>. Trusts nobody: no length
    /// or count allocates before its bytes are there.
    /// </summary>
    public ref struct WireReader
    {
        internal const int FirstEntries = 16;
        private const int Deepest = 16;
        private const float Farthest = 1e6f;
        private static readonly UTF8Encoding Strict = new UTF8Encoding(false, true);

        private readonly Span<byte> _data;
        private readonly TextPool _pool;
        private int _at;

        /// <summary>A reader at the start of <paramref name="data"/>.</summary>
        /// <param name="data">One whole message.</param>
        /// <param name="pool">Keeps short texts; without it each becomes a new string.</param>
        public WireReader(ReadOnlySpan<byte> data, TextPool pool = null)
        {
            _data = Readable.Of(data);
            _pool = pool;
            _at = 0;
        }

        /// <summary>Bytes not read yet.</summary>
        public int Left => _data.Length - _at;

        /// <summary>The number of <paramref name="message"/>, before anything is decoded.</summary>
        public static byte MessageOf(ReadOnlySpan<byte> message)
        {
            var data = Readable.Of(message);
            if (data.Length > 0 && data[0] == Wire.Pose)
            {
                return Wire.Pose;
            }
            var at = data.Length == 0 ? 0 : (data[0] & 0xF0) == 0x90 ? 1 : data[0] == 0xDC ? 3 : 0;
            if (at > 0 && data.Length > at && data[at] < 0x80)
            {
                return data[at];
            }
            throw new WireException("expected a pose, or a msgpack array led by a message number below 128");
        }

        /// <summary>Number of entries of the array that follows; not more than bytes are left.</summary>
        public int ReadArray()
        {
            var lead = Next();
            int count;
            if ((lead & 0xF0) == 0x90)
            {
                count = lead & 0x0F;
            }
            else if (lead == 0xDC)
            {
                count = BinaryPrimitives.ReadUInt16BigEndian(Take(2));
            }
            else
            {
                throw Unexpected("an array", lead);
            }
            if (count > Left)
            {
                throw new WireException("an array of " + count + " entries cannot fit in " + Left + " bytes");
            }
            return count;
        }

        internal int ReadArray(int required, string name)
        {
            var count = ReadArray();
            Require(count, required, name);
            return count;
        }

        internal void Require(int count, int required, string name)
        {
            if (count < required)
            {
                throw new WireException(name + " has at least " + required + " entries, got " + count);
            }
        }

        internal void Expect(byte code)
        {
            var found = ReadByte();
            if (found != code)
            {
                throw new WireException("expected message " + code + ", got message " + found);
            }
        }

        internal void ExpectEnd()
        {
            if (Left > 0)
            {
                throw new WireException(Left + " bytes follow the message");
            }
        }

        /// <summary>Skip <paramref name="count"/> fields of a newer version; none where negative.</summary>
        internal void SkipRest(int count)
        {
            for (var index = 0; index < count; index++)
            {
                Skip(Deepest);
            }
        }

        /// <summary>Whether nil follows; it is read where it does.</summary>
        public bool TryReadNil()
        {
            if (Left > 0 && _data[_at] == 0xC0)
            {
                _at++;
                return true;
            }
            return false;
        }

        /// <summary>A boolean.</summary>
        public bool ReadBool()
        {
            var lead = Next();
            return lead == 0xC3 || (lead == 0xC2 ? false : throw Unexpected("a boolean", lead));
        }

        /// <summary>A whole number from 0 to 255.</summary>
        public byte ReadByte() => (byte)ReadUnsigned(byte.MaxValue);

        /// <summary>A whole number of 16 bits.</summary>
        public ushort ReadShort() => (ushort)ReadUnsigned(ushort.MaxValue);

        /// <summary>A whole number of 32 bits.</summary>
        public uint ReadInt() => (uint)ReadUnsigned(uint.MaxValue);

        /// <summary>A time: a whole number from 0 to the largest of 63 bits.</summary>
        public long ReadLong() => (long)ReadUnsigned(long.MaxValue);

        /// <summary>A whole number from 0 to <paramref name="most"/>, however it is written.</summary>
        public ulong ReadUnsigned(ulong most)
        {
            var lead = Next();
            var value = lead < 0x80 ? lead : ReadWide(lead);
            if (value > most)
            {
                throw new WireException("expected at most " + most + ", got " + value);
            }
            return value;
        }

        private ulong ReadWide(byte lead)
        {
            switch (lead)
            {
                case 0xCC:
                    return Next();
                case 0xCD:
                    return BinaryPrimitives.ReadUInt16BigEndian(Take(2));
                case 0xCE:
                    return BinaryPrimitives.ReadUInt32BigEndian(Take(4));
                case 0xCF:
                    return BinaryPrimitives.ReadUInt64BigEndian(Take(8));
                case 0xD0:
                    return NotNegative((sbyte)Next());
                case 0xD1:
                    return NotNegative(BinaryPrimitives.ReadInt16BigEndian(Take(2)));
                case 0xD2:
                    return NotNegative(BinaryPrimitives.ReadInt32BigEndian(Take(4)));
                case 0xD3:
                    return NotNegative(BinaryPrimitives.ReadInt64BigEndian(Take(8)));
                default:
                    throw Unexpected("a whole number, 0 or more", lead);
            }
        }

        private static ulong NotNegative(long value) =>
            value >= 0 ? (ulong)value : throw new WireException("expected 0 or more, got " + value);

        /// <summary>A finite number; whole numbers are taken too, because JavaScript writes 1.0 as 1.</summary>
        public float ReadFloat()
        {
            var lead = Left > 0 ? _data[_at] : Next();
            float value;
            if (lead == 0xCA)
            {
                _at++;
                value = BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadInt32BigEndian(Take(4)));
            }
            else if (lead == 0xCB)
            {
                _at++;
                value = (float)BitConverter.Int64BitsToDouble(BinaryPrimitives.ReadInt64BigEndian(Take(8)));
            }
            else
            {
                value = ReadWhole();
            }
            if (float.IsNaN(value) || float.IsInfinity(value))
            {
                throw new WireException("expected a finite number");
            }
            return value;
        }

        private float ReadWhole()
        {
            var lead = Next();
            if (lead >= 0xE0)
            {
                return (sbyte)lead;
            }
            switch (lead)
            {
                case 0xD0:
                    return (sbyte)Next();
                case 0xD1:
                    return BinaryPrimitives.ReadInt16BigEndian(Take(2));
                case 0xD2:
                    return BinaryPrimitives.ReadInt32BigEndian(Take(4));
                case 0xD3:
                    return BinaryPrimitives.ReadInt64BigEndian(Take(8));
                default:
                    return lead < 0x80 ? lead : ReadWide(lead);
            }
        }

        /// <summary>A number from 0 to 1.</summary>
        public float ReadRatio()
        {
            var value = ReadFloat();
            return value >= 0 && value <= 1 ? value : throw new WireException("expected 0 to 1, got " + value);
        }

        /// <summary>Three numbers within the protocol's ±1,000 km.</summary>
        public Vec3 ReadVec3()
        {
            ExpectEntries(3);
            return new Vec3(ReadNear(), ReadNear(), ReadNear());
        }

        /// <summary>Four numbers: x, y, z, w.</summary>
        public Quat ReadQuat()
        {
            ExpectEntries(4);
            return new Quat(ReadNear(), ReadNear(), ReadNear(), ReadNear());
        }

        private float ReadNear()
        {
            var value = ReadFloat();
            return Math.Abs(value) <= Farthest ? value : throw new WireException("expected within ±1e6, got " + value);
        }

        private void ExpectEntries(int count)
        {
            var found = ReadArray();
            if (found != count)
            {
                throw new WireException("expected " + count + " numbers, got " + found);
            }
        }

        /// <summary>Text of at most <paramref name="limit"/> characters, valid UTF-8.</summary>
        public string ReadText(int limit)
        {
            var lead = Next();
            if ((lead & 0xE0) != 0xA0 && (lead < 0xD9 || lead > 0xDB))
            {
                throw Unexpected("text", lead);
            }
            var bytes = Take(LengthOf(lead));
            if (bytes.Length > limit && Characters(bytes) > limit)
            {
                throw new WireException("expected text of at most " + limit + " characters");
            }
            try
            {
                return _pool != null && limit <= TextPool.Longest ? _pool.Get(bytes) : Strict.GetString(bytes);
            }
            catch (ArgumentException)
            {
                throw new WireException("expected text in UTF-8");
            }
        }

        /// <summary>A list of texts.</summary>
        public string[] ReadTexts(int limit)
        {
            var count = ReadArray();
            var list = count == 0 ? Array.Empty<string>() : new string[Math.Min(count, FirstEntries)];
            for (var index = 0; index < count; index++)
            {
                if (index == list.Length)
                {
                    Array.Resize(ref list, Math.Min(count, 2 * index));
                }
                list[index] = ReadText(limit);
            }
            return list;
        }

        /// <summary>A list of numbers.</summary>
        public float[] ReadFloats()
        {
            var list = new float[ReadArray()];
            for (var index = 0; index < list.Length; index++)
            {
                list[index] = ReadFloat();
            }
            return list;
        }

        /// <summary>A copy of a byte string of at most <paramref name="limit"/> bytes.</summary>
        public byte[] ReadBytes(int limit)
        {
            var lead = Next();
            if (lead < 0xC4 || lead > 0xC6)
            {
                throw Unexpected("a byte string", lead);
            }
            var bytes = Take(LengthOf(lead));
            return bytes.Length <= limit
                ? bytes.ToArray()
                : throw new WireException("expected at most " + limit + " bytes, got " + bytes.Length);
        }

        private void Skip(int depth)
        {
            var lead = Next();
            if (lead < 0x80 || lead >= 0xE0 || lead == 0xC0 || lead == 0xC2 || lead == 0xC3)
            {
                return;
            }
            if ((lead & 0xF0) == 0x90 || lead == 0xDC)
            {
                _at--;
                var count = ReadArray();
                if (depth == 0)
                {
                    throw new WireException("arrays are nested too deep");
                }
                for (var index = 0; index < count; index++)
                {
                    Skip(depth - 1);
                }
                return;
            }
            Take(LengthOf(lead));
        }

        private uint LengthOf(byte lead)
        {
            switch (lead)
            {
                case 0xC4:
                case 0xD9:
                    return Next();
                case 0xC5:
                case 0xDA:
                    return BinaryPrimitives.ReadUInt16BigEndian(Take(2));
                case 0xC6:
                case 0xDB:
                    return BinaryPrimitives.ReadUInt32BigEndian(Take(4));
                case 0xCC:
                case 0xD0:
                    return 1;
                case 0xCD:
                case 0xD1:
                    return 2;
                case 0xCA:
                case 0xCE:
                case 0xD2:
                    return 4;
                case 0xCB:
                case 0xCF:
                case 0xD3:
                    return 8;
                default:
                    return (lead & 0xE0) == 0xA0 ? (uint)lead & 0x1F : throw Unexpected("a value without maps", lead);
            }
        }

        private static int Characters(ReadOnlySpan<byte> utf8)
        {
            var count = 0;
            foreach (var one in Readable.Of(utf8))
            {
                count += (one & 0xC0) == 0x80 ? 0 : 1;
            }
            return count;
        }

        private byte Next()
        {
            if (_at >= _data.Length)
            {
                throw new WireException("the message ends too early");
            }
            return _data[_at++];
        }

        private ReadOnlySpan<byte> Take(uint count)
        {
            if (count > (uint)Left)
            {
                throw new WireException("the message ends too early: " + count + " bytes wanted, " + Left + " left");
            }
            _at += (int)count;
            return _data.Slice(_at - (int)count, (int)count);
        }

        private static WireException Unexpected(string wanted, byte lead) =>
            new WireException("expected " + wanted + ", got msgpack 0x" + lead.ToString("X2"));
    }
}
