using System;
using System.Threading.Tasks;
using MuseumTwin.Protocol;
using UnityEngine;
using UnityEngine.Events;
using UnityEngine.Experimental.Rendering;

namespace MuseumTwin.Unity
{
    /// <summary>A picture of the device's camera, small already: RGBA rows from the top.</summary>
    public struct CameraPicture
    {
        /// <summary>Four bytes a pixel. Null in a picture that was sent.</summary>
        public byte[] Pixels;

        /// <summary>Pixels, at most <see cref="CameraFrameSource.LongestSide"/>.</summary>
        public int Width;

        /// <summary>Pixels, at most <see cref="CameraFrameSource.LongestSide"/>.</summary>
        public int Height;

        /// <summary>Quarter turns clockwise after which the picture stands as the camera does; 0 once it was sent.</summary>
        public int QuarterTurns;

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

        // Older pictures tell of a visitor who has moved on.
        private const float MostAge = 1f;

        [Tooltip("Whose visitor looks; without one, the client of the scene.")]
        [SerializeField] private MuseumTwinClient client;
        [Tooltip("Pictures per second, 5 at most.")]
        [Range(0.2f, MostPerSecond)]
        [SerializeField] private float perSecond = 2f;
        [Range(30, 95)]
        [SerializeField] private int jpegQuality = 75;

        [Header("Events")]
        [SerializeField] private UnityEvent onSent = new UnityEvent();

        private ICameraPictures _pictures;
        private byte[] _upright = Array.Empty<byte>();
        private Task<byte[]> _writing;
        private CameraPicture _picture;
        private CameraFrame _frame;
        private float _takenAt;
        private float _next;

        /// <summary>A frame was sent: its number, and the picture as it was sent, without its pixels.</summary>
        public event Action<uint, CameraPicture> Sent;

        /// <summary>Whose visitor looks.</summary>
        public MuseumTwinClient Client
        {
            get => client;
            set => client = value;
        }

        /// <summary>Where pictures come from; found on this object where it is not set.</summary>
        public ICameraPictures Pictures
        {
            get => _pictures ?? (_pictures = GetComponent<ICameraPictures>());
            set => _pictures = value;
        }

        private void Update()
        {
            client = client != null ? client : MuseumTwinClient.First;
            var twin = client != null ? client.Client : null;
            var mayLook = twin != null && twin.State == ClientState.Live && twin.Agreed.Camera;
            if (_writing != null)
            {
                if (_writing.IsCompleted)
                {
                    var written = _writing;
                    _writing = null;
                    // What was taken before a pause, or before the visitor took back their consent, is let go.
                    if (mayLook && Time.realtimeSinceStartup - _takenAt < MostAge)
                    {
                        Send(twin, written);
                    }
                }
                return;
            }
            if (!mayLook || Time.realtimeSinceStartup < _next || Pictures == null || !IsOffered(twin)
                || !Pictures.TryTake(out _picture))
            {
                return;
            }
            if (Math.Max(_picture.Width, _picture.Height) > LongestSide)
            {
                enabled = false;
                throw new InvalidOperationException(
                    "a picture has at most " + LongestSide + " pixels a side, not " + _picture.Width + " x "
                    + _picture.Height + "; have " + Pictures.GetType().Name + " make it smaller");
            }
            _takenAt = Time.realtimeSinceStartup;
            _next = _takenAt + 1 / Math.Min(perSecond, MostPerSecond);
            Write(twin);
        }

        private void Write(TwinClient twin)
        {
            var taken = _picture;
            var quality = jpegQuality;
            _picture = Upright(taken);
            _frame = Frame(twin, _picture);
            var (width, height) = ((uint)_picture.Width, (uint)_picture.Height);
            var length = taken.Width * taken.Height * 4;
            var upright = _upright = _upright.Length == length ? _upright : new byte[length];
            _writing = Task.Run(() =>
            {
                PictureTurn.FromBottom(taken.Pixels, taken.Width, taken.Height, taken.QuarterTurns, upright);
                return ImageConversion.EncodeArrayToJPG(
                    upright, GraphicsFormat.R8G8B8A8_UNorm, width, height, 0, quality);
            });
        }

        private static CameraPicture Upright(CameraPicture taken)
        {
            var upright = taken;
            upright.Pixels = null;
            upright.QuarterTurns = 0;
            upright.Width = PictureTurn.Width(taken.Width, taken.Height, taken.QuarterTurns);
            upright.Height = PictureTurn.Width(taken.Height, taken.Width, taken.QuarterTurns);
            if (taken.Intrinsics is Intrinsics told)
            {
                upright.Intrinsics = PictureTurn.Turned(told, taken.Width, taken.Height, taken.QuarterTurns);
            }
            return upright;
        }

        // Time and pose are those of the moment it was taken; writing it takes a few frames.
        private CameraFrame Frame(TwinClient twin, CameraPicture upright)
        {
            var museum = client.transform;
            return new CameraFrame
            {
                Encoding = ImageEncoding.Jpeg,
                Width = (ushort)upright.Width,
                Height = (ushort)upright.Height,
                Intrinsics = upright.Intrinsics,
                Time = twin.ServerTime,
                Pose = new PoseSample
                {
                    Position = EngineSpace.ToMuseum(museum.InverseTransformPoint(upright.Position)),
                    Orientation = EngineSpace.ToMuseum(Quaternion.Inverse(museum.rotation) * upright.Rotation),
                },
            };
        }

        private void Send(TwinClient twin, Task<byte[]> written)
        {
            if (written.IsFaulted)
            {
                Debug.LogException(written.Exception, this);
                return;
            }
            _frame.Image = written.Result;
            if (twin.TrySendFrame(_frame, out var number))
            {
                onSent.Invoke();
                Sent?.Invoke(number, _picture);
            }
        }

        private static bool IsOffered(TwinClient twin) =>
            Array.IndexOf(twin.Welcome.Capabilities, "recognizer") >= 0;
    }
}
