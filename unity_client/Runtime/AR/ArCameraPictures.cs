using System;
using MuseumTwin.Protocol;
using Unity.Collections;
using UnityEngine;
using UnityEngine.XR.ARFoundation;
using UnityEngine.XR.ARSubsystems;

namespace MuseumTwin.Unity
{
    /// <summary>
    /// The camera's pictures by AR Foundation: phones, and Quest 3 with OpenXR Meta 2.4 or newer. Put it beside a
    /// <see cref="CameraFrameSource"/>, on the camera that has the ARCameraManager. A picture lies as the sensor does and
    /// says how it must be turned to stand as the screen, and so the scene's camera, does.
    /// </summary>
    [AddComponentMenu("Museum Twin/AR Camera Pictures")]
    public sealed class ArCameraPictures : MonoBehaviour, ICameraPictures
    {
        [Tooltip("Without one, that of this object.")]
        [SerializeField] private ARCameraManager cameraManager;

        private byte[] _pixels = Array.Empty<byte>();

        /// <inheritdoc/>
        public bool TryTake(out CameraPicture picture)
        {
            picture = default;
            cameraManager = cameraManager != null ? cameraManager : GetComponent<ARCameraManager>();
            if (cameraManager == null || !cameraManager.TryAcquireLatestCpuImage(out var image))
            {
                return false;
            }
            using (image)
            {
                var scale = Math.Min(1f, CameraFrameSource.LongestSide / (float)Math.Max(image.width, image.height));
                picture.Width = (int)(image.width * scale);
                picture.Height = (int)(image.height * scale);
                picture.Pixels = Convert(image, picture.Width, picture.Height);
                picture.QuarterTurns = PictureTurn.Quarters(
                    image.width, image.height, IsUpright(Screen.orientation), IsReversed(Screen.orientation));
                picture.Intrinsics = Scaled(picture.Width, picture.Height);
            }
            picture.Position = cameraManager.transform.position;
            picture.Rotation = cameraManager.transform.rotation;
            return true;
        }

        // The editor tells Portrait of any game view, a headset may tell a screen that is higher than wide.
        private static bool IsUpright(ScreenOrientation orientation) =>
            Screen.height > Screen.width
            && (orientation == ScreenOrientation.Portrait || orientation == ScreenOrientation.PortraitUpsideDown);

        private static bool IsReversed(ScreenOrientation orientation) =>
            orientation == ScreenOrientation.PortraitUpsideDown || orientation == ScreenOrientation.LandscapeRight;

        private byte[] Convert(XRCpuImage image, int width, int height)
        {
            var wanted = new XRCpuImage.ConversionParams
            {
                inputRect = new RectInt(0, 0, image.width, image.height),
                outputDimensions = new Vector2Int(width, height),
                outputFormat = TextureFormat.RGBA32,
                transformation = XRCpuImage.Transformation.None,
            };
            var size = image.GetConvertedDataSize(wanted);
            using (var converted = new NativeArray<byte>(size, Allocator.Temp, NativeArrayOptions.UninitializedMemory))
            {
                image.Convert(wanted, converted);
                // The JPEG is written beside the frame from this array, and only then is the next picture taken.
                _pixels = _pixels.Length == size ? _pixels : new byte[size];
                converted.CopyTo(_pixels);
            }
            return _pixels;
        }

        private Intrinsics? Scaled(int width, int height)
        {
            if (!cameraManager.TryGetIntrinsics(out var told) || told.resolution.x == 0)
            {
                return null;
            }
            var across = width / (float)told.resolution.x;
            var down = height / (float)told.resolution.y;
            return new Intrinsics
            {
                Fx = told.focalLength.x * across,
                Fy = told.focalLength.y * down,
                Cx = told.principalPoint.x * across,
                Cy = told.principalPoint.y * down,
            };
        }
    }
}
