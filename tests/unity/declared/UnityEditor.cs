// Choices, attributes and settings of the editor, shared by its signatures and its fake; see stubs/README.md.
using System;

namespace UnityEditor
{
    public sealed class MenuItem : Attribute
    {
        public MenuItem(string itemName)
        {
        }
    }

    public sealed class EditorApplication
    {
        public static CallbackFunction update;
        public delegate void CallbackFunction();
    }

    public enum MessageType
    {
        None,
        Info,
        Warning,
        Error,
    }

    public sealed class DrawGizmo : Attribute
    {
        public DrawGizmo(GizmoType gizmo)
        {
        }
    }

    [Flags]
    public enum GizmoType
    {
        NonSelected = 32,
        Selected = 4,
        Active = 8,
    }

    public enum InsecureHttpOption
    {
        NotAllowed = 0,
        DevelopmentOnly = 1,
        AlwaysAllowed = 2,
    }

    public sealed class PlayerSettings : UnityEngine.Object
    {
        public static InsecureHttpOption insecureHttpOption { get; set; }

        public class Android
        {
            public static bool forceInternetPermission { get; set; }
        }
    }
}
