// A phone's camera: its sensor lies as the phone does when it was tipped over its left side, however the screen turns.
// What it looks at is red above left, green above right, blue below left, white below right, upright.
using System;
using Unity.Collections;

namespace UnityEngine.XR.ARSubsystems
{
    public struct XRCameraIntrinsics
    {
        public Vector2 focalLength { get; set; }

        public Vector2 principalPoint { get; set; }

        public Vector2Int resolution { get; set; }
    }

    public partial struct XRCpuImage : IDisposable
    {
        public static int Open;

        public int width => 1280;

        public int height => 960;

        public int GetConvertedDataSize(ConversionParams conversionParams) =>
            conversionParams.outputDimensions.x * conversionParams.outputDimensions.y * 4;

        // Rows from the top of the sensor.
        public void Convert(ConversionParams conversionParams, NativeSlice<byte> buffer)
        {
            var (across, down) = (conversionParams.outputDimensions.x, conversionParams.outputDimensions.y);
            if (conversionParams.transformation != Transformation.None || conversionParams.inputRect.Width != width
                || conversionParams.inputRect.Height != height || buffer.Held.Length != across * down * 4)
            {
                throw new ArgumentException("not the whole picture as it lies");
            }
            for (var y = 0; y < down; y++)
            {
                for (var x = 0; x < across; x++)
                {
                    var (isRight, isLow) = Upright(x >= across / 2, y >= down / 2);
                    var at = (y * across + x) * 4;
                    buffer.Held[at] = (byte)(isLow == isRight ? 255 : 0);
                    buffer.Held[at + 1] = (byte)(isRight ? 255 : 0);
                    buffer.Held[at + 2] = (byte)(isLow ? 255 : 0);
                    buffer.Held[at + 3] = 255;
                }
            }
        }

        public void Dispose() => Open--;

        // Which quarter of what stands upright before the phone falls on that quarter of the sensor. Held upright, the
        // sensor's right side is the picture's lower one.
        static (bool isRight, bool isLow) Upright(bool isRight, bool isLow)
        {
            switch (Screen.orientation)
            {
                case ScreenOrientation.Portrait:
                    return (!isLow, isRight);
                case ScreenOrientation.PortraitUpsideDown:
                    return (isLow, !isRight);
                case ScreenOrientation.LandscapeRight:
                    return (!isRight, !isLow);
                default:
                    return (isRight, isLow);
            }
        }
    }
}
