using System;
using System.Text;

namespace MuseumTwin.Protocol
{
    /// <summary>
    /// Short texts met before, found again by their UTF-8 bytes, so that a name that comes in every message is
    /// made into a string once. Bounded: when full it starts anew.
    /// </summary>
    public sealed class TextPool
    {
        /// <summary>Longest text that is kept, in bytes.</summary>
        public const int Longest = 128;

        private const int Most = 2048;
        private const int Slots = 2 * Most;
        private static readonly UTF8Encoding Strict = new UTF8Encoding(false, true);

        private readonly byte[][] _bytes = new byte[Slots][];
        private readonly string[] _texts = new string[Slots];
        private int _count;

        /// <summary>Texts held.</summary>
        public int Count => _count;

        /// <summary>The string of <paramref name="utf8"/>; fails as the strict UTF-8 decoder does.</summary>
        public string Get(ReadOnlySpan<byte> utf8)
        {
            if (utf8.IsEmpty)
            {
                return "";
            }
            if (utf8.Length > Longest)
            {
                return Strict.GetString(utf8);
            }
            var slot = Hash(utf8) & (Slots - 1);
            while (_bytes[slot] != null)
            {
                if (utf8.SequenceEqual(_bytes[slot]))
                {
                    return _texts[slot];
                }
                slot = (slot + 1) & (Slots - 1);
            }
            return Add(utf8, slot);
        }

        private string Add(ReadOnlySpan<byte> utf8, int slot)
        {
            var text = Strict.GetString(utf8);
            if (_count == Most)
            {
                Array.Clear(_bytes, 0, Slots);
                Array.Clear(_texts, 0, Slots);
                _count = 0;
                slot = Hash(utf8) & (Slots - 1);
            }
            _bytes[slot] = utf8.ToArray();
            _texts[slot] = text;
            _count++;
            return text;
        }

        // FNV-1a, 32 bits.
        private static int Hash(ReadOnlySpan<byte> data)
        {
            var hash = 2166136261u;
            foreach (var one in Readable.Of(data))
            {
                hash = (hash ^ one) * 16777619u;
            }
            return (int)(hash ^ (hash >> 15));
        }
    }
}
