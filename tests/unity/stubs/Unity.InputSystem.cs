// Signatures of the Input System (com.unity.inputsystem 1) that the package uses; see README.md.
using UnityEngine;

namespace UnityEngine.InputSystem
{
    public abstract class InputControl<TValue> : InputControl where TValue : struct
    {
        public TValue ReadValue() => throw null;
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
    public class ButtonControl : AxisControl
    {
        public bool isPressed => throw null;
    }
}
