// Program, log, input and the attributes of the inspector.
using System;

namespace UnityEngine
{
    public class Debug
    {
        public static void LogException(Exception exception, Object context) => FakeEngine.Logged.Add(exception.ToString());
    }

    public class Application
    {
        public static string version => "1.2.3";

        public static SystemLanguage systemLanguage => SystemLanguage.German;
    }

    public enum SystemLanguage
    {
        Chinese = 6,
        German = 15,
        ChineseSimplified = 40,
        ChineseTraditional = 41,
    }

    public class Input
    {
        public static bool GetMouseButton(int button) => false;

        public static float GetAxis(string axisName) => 0;
    }

    public sealed class SerializeField : Attribute
    {
    }

    public class PropertyAttribute : Attribute
    {
    }

    public class TooltipAttribute : PropertyAttribute
    {
        public TooltipAttribute(string tooltip)
        {
        }
    }

    public class HeaderAttribute : PropertyAttribute
    {
        public HeaderAttribute(string header)
        {
        }
    }

    public sealed class RangeAttribute : PropertyAttribute
    {
        public RangeAttribute(float min, float max)
        {
        }
    }

    public sealed class AddComponentMenu : Attribute
    {
        public AddComponentMenu(string menuName)
        {
        }
    }

    public sealed class DisallowMultipleComponent : Attribute
    {
    }

    public class DefaultExecutionOrder : Attribute
    {
        public DefaultExecutionOrder(int order)
        {
        }
    }

    public enum RuntimeInitializeLoadType
    {
        SubsystemRegistration = 4,
    }

    public class RuntimeInitializeOnLoadMethodAttribute : Attribute
    {
        public RuntimeInitializeOnLoadMethodAttribute(RuntimeInitializeLoadType loadType)
        {
        }
    }
}
