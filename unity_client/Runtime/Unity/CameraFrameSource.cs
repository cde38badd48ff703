using System;
using System.Threading.Tasks;
using MuseumTwin.Protocol;
using UnityEngine;
using UnityEngine.Experimental.Rendering;

namespace MuseumTwin.Unity
{
    /// <summary>A picture of the device's camera, small already: RGBA rows from the top.</summary>
    public struct CameraPicture
    {
        /// <summary>Four bytes a pixel.</summary>
        public byte[] Pixels;

        /// <summary>Pixels, at most <see cref="CameraFrameSource.LongestSide"/>.</summary>
        public int Width;

        /// <summary>Pixels.</summary>
        public int Height;

        /// <summary>In pixels of this picture, where the device says.</summary>
        public Intrinsics? Intrinsics;

        /// <summary>The camera then, in the space of the scene.</summary>
        public Vector3 Position;

        /// <summary>The camera then, in the space of the scene; it looks along its +Z.</summary>
        public Quaternion Rotation;
    }

    /// <summary>Where pictures come from; AR Foundation's is in MuseumTwin.AR.</summary>
    public interface ICameraPictures
    {
        /// <summary>The latest picture; false where there is none now.</summary>
        bool TryTake(out CameraPicture picture);
    }

    /// <summary>
    /// Sends what the camera sees, as JPEG of at most 640 pixels and at most five times a second, only with the
    /// visitor's consent, and only where the server recognizes. A picture is written as JPEG beside the frame.
    /// </summary>
    [AddComponentMenu("Museum Twin/Camera Frame Source")]
    public sealed class CameraFrameSource : MonoBehaviour
    {
        /// <summary>Longest side of a picture that is sent, pixels.</summary>
        public const int LongestSide = 640;

        private const float MostPerSecond = 5f;

        [SerializeField] private MuseumTwinClient client;
        [Tooltip("Pictures per second, 5 at most.")]
        [Range(0.2f, MostPerSecond)]
        [SerializeField] private float perSecond = 2f;
        [Range(30, 95)]
        [SerializeField] private int jpegQuality = 75;

        private ICameraPictures _pictures;
        private Task<byte[]> _writing;
        private CameraPicture _picture;
        private float _next;

        /// <summary>A frame was sent: its number, and where the camera was in the scene.</summary>
        public event Action<uint, CameraPicture> Sent;

        /// <summary>Where pictures come from; found on this object where it is not set.</summary>
        public ICameraPictures Pictures
        {
            get => _pictures ?? (_pictures = GetComponent<ICameraPictures>());
            set => _pictures = value;
        }

        private void Update()
        {
            var twin = client != null ? client.Client : null;
            if (twin == null || twin.State != ClientState.Live || !twin.Options.Consent.Camera)
            {
                return;
            }
            if (_writing != null)
            {
                if (_writing.IsCompleted)
                {
                    Send(twin);
                }
                return;
            }
            if (Time.realtimeSinceStartup < _next || Pictures == null || !IsOffered(twin) || !Pictures.TryTake(out _picture))
            {
                return;
            }
            _next = Time.realtimeSinceStartup + 1 / Math.Min(perSecond, MostPerSecond);
            var picture = _picture;
            var quality = jpegQuality;
            _writing = Task.Run(() => ImageConversion.EncodeArrayToJPG(
                picture.Pixels, GraphicsFormat.R8G8B8A8_UNorm, (uint)picture.Width, (uint)picture.Height,
                0, quality));
        }

        private void Send(TwinClient twin)
        {
            var writing = _writing;
            _writing = null;
            if (writing.IsFaulted)
            {
                Debug.LogException(writing.Exception, this);
                return;
            }
            var museum = client.transform;
            var frame = new CameraFrame
            {
                Encoding = ImageEncoding.Jpeg,
                Width = (ushort)_picture.Width,
                Height = (ushort)_picture.Height,
                Image = writing.Result,
                Intrinsics = _picture.Intrinsics,
                Pose = new PoseSample
                {
                    Position = EngineSpace.ToMuseum(museum.InverseTransformPoint(_picture.Position)),
                    Orientation = EngineSpace.ToMuseum(Quaternion.Inverse(museum.rotation) * _picture.Rotation),
                },
            };
            if (twin.TrySendFrame(frame, out var number))
            {
                Sent?.Invoke(number, _picture);
            }
        }

        private static bool IsOffered(TwinClient twin) =>
            Array.IndexOf(twin.Welcome.Capabilities, "recognizer") >= 0;
    }
}
