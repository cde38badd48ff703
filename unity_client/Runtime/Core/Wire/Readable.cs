using System;
using System.Runtime.InteropServices;

namespace MuseumTwin.Protocol
{
    // Some builds of mono (Debian's 6.8 among them) lack the indexer of ReadOnlySpan under the signature that
    // today's compilers call, while that of Span is everywhere. So bytes are looked at through a Span; nothing
    // writes to it.
    internal static class Readable
    {
        internal static Span<byte> Of(ReadOnlySpan<byte> data) =>
            MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(data), data.Length);
    }
}
