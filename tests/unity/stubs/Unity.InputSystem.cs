// Signatures of the Input System (com.unity.inputsystem 1) that the package uses; see UnityEngine.cs.
using UnityEngine;

namespace UnityEngine.InputSystem
{
    public class InputControl
    {
    }

    public abstract class InputControl<TValue> : InputControl where TValue : struct
    {
        public TValue ReadValue() => throw null;
    }

    public class InputDevice : InputControl
    {
    }

    public class Pointer : InputDevice
    {
        public Controls.DeltaControl delta { get; protected set; }
    }

    public class Mouse : Pointer
    {
        public Controls.ButtonControl rightButton { get; protected set; }
        public static Mouse current { get; private set; }
    }

    public class Keyboard : InputDevice
    {
        public static Keyboard current { get; private set; }
        public Controls.KeyControl wKey => throw null;
        public Controls.KeyControl aKey => throw null;
        public Controls.KeyControl sKey => throw null;
        public Controls.KeyControl dKey => throw null;
    }
}

namespace UnityEngine.InputSystem.Controls
{
    public class AxisControl : InputControl<float>
    {
    }

    public class ButtonControl : AxisControl
    {
        public bool isPressed => throw null;
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
