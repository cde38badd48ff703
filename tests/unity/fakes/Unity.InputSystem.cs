// A mouse and a keyboard that a test holds.
namespace UnityEngine.InputSystem
{
    public abstract class InputControl<TValue> : InputControl where TValue : struct
    {
        public TValue Value;

        public TValue ReadValue() => Value;
    }

    public class Pointer : InputDevice
    {
        public Controls.DeltaControl delta { get; protected set; } = new Controls.DeltaControl();
    }

    public class Mouse : Pointer
    {
        public Controls.ButtonControl rightButton { get; protected set; } = new Controls.ButtonControl();

        public static Mouse current { get; set; }
    }

    public class Keyboard : InputDevice
    {
        public static Keyboard current { get; set; }

        public Controls.KeyControl wKey { get; } = new Controls.KeyControl();

        public Controls.KeyControl aKey { get; } = new Controls.KeyControl();

        public Controls.KeyControl sKey { get; } = new Controls.KeyControl();

        public Controls.KeyControl dKey { get; } = new Controls.KeyControl();
    }
}

namespace UnityEngine.InputSystem.Controls
{
    public class ButtonControl : AxisControl
    {
        public bool isPressed { get; set; }
    }
}
