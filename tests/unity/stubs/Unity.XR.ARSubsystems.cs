// Signatures of AR Foundation's subsystems (com.unity.xr.arfoundation 5 and 6); see UnityEngine.cs.
using System;
using Unity.Collections;
using UnityEngine;

namespace UnityEngine.XR.ARSubsystems
{
    public struct XRCameraIntrinsics
    {
        public Vector2 focalLength => throw null;
        public Vector2 principalPoint => throw null;
        public Vector2Int resolution => throw null;
    }

    public struct XRCpuImage : IDisposable
    {
        [Flags]
        public enum Transformation
        {
            None = 0,
            MirrorX = 1 << 0,
            MirrorY = 1 << 1,
        }

        public struct ConversionParams
        {
            public RectInt inputRect { get; set; }
            public Vector2Int outputDimensions { get; set; }
            public TextureFormat outputFormat { get; set; }
            public Transformation transformation { get; set; }
        }

        public int width => throw null;
        public int height => throw null;
        public double timestamp => throw null;
        public int GetConvertedDataSize(ConversionParams conversionParams) => throw null;
        public void Convert(ConversionParams conversionParams, NativeSlice<byte> buffer) => throw null;
        public void Dispose() => throw null;
    }
}
