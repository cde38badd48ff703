// Arrays of native memory, and a "JPEG" that a test can read: 16 x 16 samples of the picture, its top row first.
using System;
using System.IO;
using UnityEngine.Experimental.Rendering;

namespace UnityEngine
{
    public static class ImageConversion
    {
        public const int Samples = 16;

        // Like the engine's: the lowest row of the picture comes first in the array.
        public static byte[] EncodeArrayToJPG(
            Array array, GraphicsFormat format, uint width, uint height, uint rowBytes = 0, int quality = 75)
        {
            var pixels = (byte[])array;
            if (pixels.Length != width * height * 4)
            {
                throw new ArgumentException("an array of " + pixels.Length + " bytes for " + width + " x " + height);
            }
            var made = new MemoryStream();
            for (var row = 0; row < Samples; row++)
            {
                for (var column = 0; column < Samples; column++)
                {
                    var x = (2 * column + 1) * (int)width / (2 * Samples);
                    var y = (int)height - 1 - (2 * row + 1) * (int)height / (2 * Samples);
                    made.Write(pixels, (y * (int)width + x) * 4, 3);
                }
            }
            return made.ToArray();
        }
    }
}

namespace Unity.Collections
{
    public struct NativeArray<T> : IDisposable where T : struct
    {
        internal T[] Held;

        public NativeArray(int length, Allocator allocator, NativeArrayOptions options = NativeArrayOptions.ClearMemory)
        {
            Held = new T[length];
        }

        public void CopyTo(T[] array) => Held.CopyTo(array, 0);

        public void Dispose() => Held = null;
    }

    public struct NativeSlice<T> where T : struct
    {
        public T[] Held;

        public static implicit operator NativeSlice<T>(NativeArray<T> array) => new NativeSlice<T> { Held = array.Held };
    }
}
