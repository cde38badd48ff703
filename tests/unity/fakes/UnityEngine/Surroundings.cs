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

    public class RuntimeInitializeOnLoadMethodAttribute : Attribute
    {
        public RuntimeInitializeOnLoadMethodAttribute(RuntimeInitializeLoadType loadType)
        {
            LoadType = loadType;
        }

        public RuntimeInitializeLoadType LoadType { get; }
    }
}
