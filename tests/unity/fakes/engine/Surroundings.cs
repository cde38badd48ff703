// Program, log, input and the attributes of the inspector.
using System;

namespace UnityEngine
{
    public class Debug
    {
        public static void Log(object message, Object context) => FakeEngine.Said.Add(message.ToString());

        public static void LogWarning(object message, Object context) => FakeEngine.Logged.Add(message.ToString());

        public static void LogException(Exception exception, Object context) => FakeEngine.Logged.Add(exception.ToString());
    }

    public class Application
    {
        public static string version => "1.2.3";

        public static bool isPlaying { get; set; } = true;

        public static bool isMobilePlatform { get; set; }

        public static SystemLanguage systemLanguage => SystemLanguage.German;
    }

    public enum SystemLanguage
    {
        Afrikaans = 0,
        Arabic = 1,
        Basque = 2,
        Belarusian = 3,
        Bulgarian = 4,
        Catalan = 5,
        Chinese = 6,
        Czech = 7,
        Danish = 8,
        Dutch = 9,
        English = 10,
        Estonian = 11,
        Faroese = 12,
        Finnish = 13,
        French = 14,
        German = 15,
        Greek = 16,
        Hebrew = 17,
        Hungarian = 18,
        Icelandic = 19,
        Indonesian = 20,
        Italian = 21,
        Japanese = 22,
        Korean = 23,
        Latvian = 24,
        Lithuanian = 25,
        Norwegian = 26,
        Polish = 27,
        Portuguese = 28,
        Romanian = 29,
        Russian = 30,
        SerboCroatian = 31,
        Slovak = 32,
        Slovenian = 33,
        Spanish = 34,
        Swedish = 35,
        Thai = 36,
        Turkish = 37,
        Ukrainian = 38,
        Vietnamese = 39,
        ChineseSimplified = 40,
        ChineseTraditional = 41,
        Hindi = 42,
        Unknown = 43,
    }

    public enum ScreenOrientation
    {
        Portrait = 1,
        PortraitUpsideDown = 2,
        LandscapeLeft = 3,
        LandscapeRight = 4,
        AutoRotation = 5,
    }

    public sealed class Screen
    {
        public static int width { get; set; } = 1920;

        public static int height { get; set; } = 1080;

        public static ScreenOrientation orientation { get; set; } = ScreenOrientation.LandscapeLeft;
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
        AfterSceneLoad = 0,
        BeforeSceneLoad,
        AfterAssembliesLoaded,
        BeforeSplashScreen,
        SubsystemRegistration,
    }

    public class RuntimeInitializeOnLoadMethodAttribute : Attribute
    {
        public RuntimeInitializeOnLoadMethodAttribute(RuntimeInitializeLoadType loadType)
        {
            LoadType = loadType;
        }

        public RuntimeInitializeLoadType LoadType { get; }
    }
}

namespace UnityEngine.Scripting
{
    [AttributeUsage(AttributeTargets.Assembly)]
    public class AlwaysLinkAssemblyAttribute : Attribute
    {
    }
}
