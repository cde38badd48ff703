// Devices of a headset. Signatures only: see ../README.md.
namespace UnityEngine.XR
{
    public struct InputDevice
    {
        public bool isValid => throw null;
        public bool TryGetFeatureValue(InputFeatureUsage<bool> usage, out bool value) => throw null;
        public bool TryGetFeatureValue(InputFeatureUsage<Vector3> usage, out Vector3 value) => throw null;
        public bool TryGetFeatureValue(InputFeatureUsage<Quaternion> usage, out Quaternion value) => throw null;
    }

    public class InputDevices
    {
        public static InputDevice GetDeviceAtXRNode(XRNode node) => throw null;
    }
}
