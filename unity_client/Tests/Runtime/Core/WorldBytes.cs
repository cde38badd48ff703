using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using MuseumTwin.Protocol;

namespace MuseumTwin.Tests
{
    /// <summary>All that a client holds as bytes of the wire, to be compared with what its server told.</summary>
    internal static class WorldBytes
    {
        /// <summary>The exhibit whose text is the digest of all others.</summary>
        internal const string TheEnd = "the-end";

        /// <summary>A snapshot that would tell it, base64.</summary>
        internal static string Snapshot(TwinWorld world)
        {
            var changes = new List<Change>();
            foreach (var exhibit in world.Exhibits.Values)
            {
                changes.Add(exhibit.ToEnter());
                changes.AddRange(exhibit.Annotations.Values.Select(note => note.ToAdd()));
            }
            var writer = new WireWriter();
            new Snapshot
            {
                Sequence = 1, Gallery = world.Gallery, Placement = world.Placement, Changes = changes.ToArray(),
            }.Write(writer);
            return Convert.ToBase64String(writer.Written.ToArray());
        }

        /// <summary>SHA-256 over it in the order of names.</summary>
        internal static string Digest(IReadOnlyDictionary<string, Exhibit> exhibits)
        {
            var writer = new WireWriter();
            using (var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
            {
                foreach (var name in exhibits.Keys.Where(one => one != TheEnd).OrderBy(one => one, StringComparer.Ordinal))
                {
                    var exhibit = exhibits[name];
                    Append(hash, writer, exhibit.ToEnter());
                    foreach (var note in exhibit.Annotations.Keys.OrderBy(one => one, StringComparer.Ordinal))
                    {
                        Append(hash, writer, exhibit.Annotations[note].ToAdd());
                    }
                }
                return BitConverter.ToString(hash.GetHashAndReset()).Replace("-", "").ToLowerInvariant();
            }
        }

        private static void Append(IncrementalHash hash, WireWriter writer, Change change)
        {
            writer.Clear();
            new Delta { Changes = new[] { change } }.Write(writer);
            hash.AppendData(writer.Written.ToArray());
        }
    }
}
