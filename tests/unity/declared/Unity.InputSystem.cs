// Types of the Input System without a member, shared by its signatures and its fake; see stubs/README.md.
namespace UnityEngine.InputSystem
{
    public class InputControl
    {
    }

    public class InputDevice : InputControl
    {
    }
}

namespace UnityEngine.InputSystem.Controls
{
    public class AxisControl : InputControl<float>
    {
    }

    public class KeyControl : ButtonControl
    {
    }

    public class Vector2Control : InputControl<Vector2>
    {
    }

    public class DeltaControl : Vector2Control
    {
    }
}
