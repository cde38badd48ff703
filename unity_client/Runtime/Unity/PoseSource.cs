using System;
using MuseumTwin.Protocol;
using UnityEngine;
using UnityEngine.Events;
using UnityEngine.XR;
#if MUSEUMTWIN_INPUTSYSTEM && ENABLE_INPUT_SYSTEM
using UnityEngine.InputSystem;
#endif

namespace MuseumTwin.Unity
{
    /// <summary>
    /// Where the visitor is: the head's camera, and the hands of an XR device. On a desktop, with the right mouse
    /// button held, the mouse looks and W, A, S, D walk.
    /// </summary>
    [AddComponentMenu("Museum Twin/Pose Source")]
    public sealed class PoseSource : MonoBehaviour
    {
        private const float DegreesPerPixel = 0.1f;
        private const float SteepestLook = 85f;

        [Tooltip("The camera that is the visitor's head; without one, the main camera.")]
        [SerializeField] private Transform head;
        [Tooltip("The object under which XR devices are tracked (XR Origin's camera offset); for hands.")]
        [SerializeField] private Transform trackingSpace;
        [Tooltip("Look and walk with mouse and keyboard where there is no XR device.")]
        [SerializeField] private bool mouseLook = true;
        [Tooltip("Metres per second.")]
        [SerializeField] private float walkingSpeed = 1.4f;

        [Header("Events")]
        [Tooltip("The device lost track of where it is.")]
        [SerializeField] private UnityEvent onTrackingLost = new UnityEvent();
        [SerializeField] private UnityEvent onTrackingFound = new UnityEvent();

        private bool _isTracked = true;
        private float _yaw;
        private float _pitch;

        /// <summary>The device lost track of where it is (false), or found it again.</summary>
        public event Action<bool> TrackingChanged;

        /// <summary>The visitor's head.</summary>
        public Transform Head
        {
            get => head;
            set => head = value;
        }

        /// <summary>The pose in the museum's space, whose origin is <paramref name="museum"/>.</summary>
        /// <returns>False where there is no head.</returns>
        public bool TryRead(Transform museum, out VisitorPose pose)
        {
            pose = default;
            if (head == null)
            {
                var camera = Camera.main;
                if (camera == null)
                {
                    return false;
                }
                head = camera.transform;
            }
            var device = InputDevices.GetDeviceAtXRNode(XRNode.Head);
            var isTracked = !device.isValid || (device.TryGetFeatureValue(CommonUsages.isTracked, out var told) && told);
            Tell(isTracked);
            pose.Position = EngineSpace.ToMuseum(museum.InverseTransformPoint(head.position));
            pose.Orientation = EngineSpace.ToMuseum(Quaternion.Inverse(museum.rotation) * head.rotation);
            pose.Flags = isTracked ? PoseFlags.All : PoseFlags.PositionValid | PoseFlags.OrientationValid;
            pose.Left = Hand(XRNode.LeftHand, museum, pose.Position);
            pose.Right = Hand(XRNode.RightHand, museum, pose.Position);
            return true;
        }

        private void Tell(bool isTracked)
        {
            if (isTracked == _isTracked)
            {
                return;
            }
            _isTracked = isTracked;
            (isTracked ? onTrackingFound : onTrackingLost).Invoke();
            TrackingChanged?.Invoke(isTracked);
        }

        private void Update()
        {
            // On a phone two fingers would count as the right mouse button, and tracking moves the head there.
            if (mouseLook && head != null && !Application.isMobilePlatform
                && !InputDevices.GetDeviceAtXRNode(XRNode.Head).isValid)
            {
                LookAndWalk();
            }
        }

        private HandPose? Hand(XRNode node, Transform museum, Vec3 headPosition)
        {
            var device = InputDevices.GetDeviceAtXRNode(node);
            if (trackingSpace == null || !device.isValid
                || !device.TryGetFeatureValue(CommonUsages.devicePosition, out var position)
                || !device.TryGetFeatureValue(CommonUsages.deviceRotation, out var turn))
            {
                return null;
            }
            var hand = new HandPose
            {
                Position = EngineSpace.ToMuseum(museum.InverseTransformPoint(trackingSpace.TransformPoint(position))),
                Orientation = EngineSpace.ToMuseum(
                    Quaternion.Inverse(museum.rotation) * trackingSpace.rotation * turn),
                Tracked = device.TryGetFeatureValue(CommonUsages.isTracked, out var isTracked) && isTracked,
            };
            // A controller left on a table is nobody's hand.
            return (hand.Position - headPosition).Length < 2 ? hand : (HandPose?)null;
        }

        private void LookAndWalk()
        {
            if (!ReadDesktop(out var look, out var walk))
            {
                return;
            }
            _yaw += look.x * DegreesPerPixel;
            _pitch = Mathf.Clamp(_pitch - look.y * DegreesPerPixel, -SteepestLook, SteepestLook);
            head.localRotation = Quaternion.Euler(_pitch, _yaw, 0);
            var step = Quaternion.Euler(0, _yaw, 0) * walk;
            head.localPosition = head.localPosition + step * (walkingSpeed * Time.deltaTime);
        }

#if MUSEUMTWIN_INPUTSYSTEM && ENABLE_INPUT_SYSTEM
        private static bool ReadDesktop(out Vector2 look, out Vector3 walk)
        {
            look = default;
            walk = default;
            var mouse = Mouse.current;
            if (mouse == null || !mouse.rightButton.isPressed)
            {
                return false;
            }
            look = mouse.delta.ReadValue();
            var keys = Keyboard.current;
            if (keys != null)
            {
                walk = new Vector3(
                    Press(keys.dKey.isPressed) - Press(keys.aKey.isPressed), 0,
                    Press(keys.wKey.isPressed) - Press(keys.sKey.isPressed));
            }
            return true;
        }

        private static float Press(bool isPressed) => isPressed ? 1 : 0;
#elif ENABLE_LEGACY_INPUT_MANAGER
        private const float PixelsPerAxis = 20f;

        private static bool ReadDesktop(out Vector2 look, out Vector3 walk)
        {
            look = default;
            walk = default;
            if (!Input.GetMouseButton(1))
            {
                return false;
            }
            look = new Vector2(Input.GetAxis("Mouse X") * PixelsPerAxis, Input.GetAxis("Mouse Y") * PixelsPerAxis);
            walk = new Vector3(Input.GetAxis("Horizontal"), 0, Input.GetAxis("Vertical"));
            return true;
        }
#else
        private static bool ReadDesktop(out Vector2 look, out Vector3 walk)
        {
            look = default;
            walk = default;
            return false;
        }
#endif
    }
}
