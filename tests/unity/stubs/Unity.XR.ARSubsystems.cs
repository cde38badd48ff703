// Signatures of AR Foundation's subsystems (com.unity.xr.arfoundation 5 and 6); see README.md.
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

    public partial struct XRCpuImage : IDisposable
    {
        public int width => throw null;
        public int height => throw null;
        public double timestamp => throw null;
        public int GetConvertedDataSize(ConversionParams conversionParams) => throw null;
        public void Convert(ConversionParams conversionParams, NativeSlice<byte> buffer) => throw null;
        public void Dispose() => throw null;
    }
}
