// A headset with two controllers.
namespace UnityEngine.XR
{
    // A headset with two controllers, which move with the head.
    public struct InputDevice
    {
        internal XRNode Node;

        // A desktop has none.
        public static bool IsWorn = true;

        public bool isValid => IsWorn;

        public static bool IsTracked = true;

        public bool TryGetFeatureValue(InputFeatureUsage<bool> usage, out bool value)
        {
            value = IsTracked;
            return true;
        }

        public bool TryGetFeatureValue(InputFeatureUsage<Vector3> usage, out Vector3 value)
        {
            value = Camera.main.transform.position + new Vector3(Node == XRNode.LeftHand ? -0.3f : 0.3f, -0.4f, 0.2f);
            return true;
        }

        public bool TryGetFeatureValue(InputFeatureUsage<Quaternion> usage, out Quaternion value)
        {
            value = Quaternion.identity;
            return true;
        }
    }

    public class InputDevices
    {
        public static InputDevice GetDeviceAtXRNode(XRNode node) => new InputDevice { Node = node };
    }
}
