// Program, log, screen, input, time. Signatures only: see ../README.md.
using System;

namespace UnityEngine
{
    public static class Time
    {
        public static float deltaTime => throw null;
        public static float unscaledDeltaTime => throw null;
        public static float realtimeSinceStartup => throw null;
    }

    public class Debug
    {
        public static void Log(object message, Object context) => throw null;
        public static void LogWarning(object message, Object context) => throw null;
        public static void LogException(Exception exception, Object context) => throw null;
    }

    public class Application
    {
        public static string version => throw null;
        public static bool isPlaying => throw null;
        public static SystemLanguage systemLanguage => throw null;
        public static bool isMobilePlatform => throw null;
    }

    public sealed class Screen
    {
        public static int width => throw null;
        public static int height => throw null;
        public static ScreenOrientation orientation { get; set; }
    }

    public class Input
    {
        public static float GetAxis(string axisName) => throw null;
        public static bool GetMouseButton(int button) => throw null;
    }

    public class RuntimeInitializeOnLoadMethodAttribute : Attribute
    {
        public RuntimeInitializeOnLoadMethodAttribute(RuntimeInitializeLoadType loadType) => throw null;
    }
}
