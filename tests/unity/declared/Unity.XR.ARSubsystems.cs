// What a picture of the camera is converted to, shared by the signatures and the fake; see stubs/README.md.
using System;

namespace UnityEngine.XR.ARSubsystems
{
    public partial struct XRCpuImage
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
    }
}
