// Arrays of native memory, and JPEG. Signatures only: see ../README.md.
using System;

namespace UnityEngine
{
    public static class ImageConversion
    {
        public static byte[] EncodeArrayToJPG(Array array, Experimental.Rendering.GraphicsFormat format, uint width, uint height, uint rowBytes = 0, int quality = 75) => throw null;
    }
}

namespace Unity.Collections
{
    public struct NativeArray<T> : IDisposable where T : struct
    {
        public NativeArray(int length, Allocator allocator, NativeArrayOptions options = NativeArrayOptions.ClearMemory) => throw null;
        public int Length => throw null;
        public void CopyTo(T[] array) => throw null;
        public void Dispose() => throw null;
    }

    public struct NativeSlice<T> where T : struct
    {
        public static implicit operator NativeSlice<T>(NativeArray<T> array) => throw null;
    }
}
