// The components on the fake engine: `EngineRun scene|camera|editor ADDRESS [NUMBER...]`. Prints JSON, a line for the
// test to judge.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading;
using UnityEngine;

static class EngineRun
{
    static int Main(string[] arguments)
    {
        SynchronizationContext.SetSynchronizationContext(FakeEngine.Context);
        switch (arguments[0])
        {
            case "scene":
                new SceneRun(arguments[1]).Run();
                break;
            case "camera":
                new CameraRun(arguments[1]).Run();
                break;
            default:
                new EditorRun(arguments[1]).Run();
                break;
        }
        Environment.Exit(0);
        return 0;
    }

    // Frames until `done`, however slow the machine; a minute at most.
    internal static void Until(string what, Func<bool> done)
    {
        var watch = Stopwatch.StartNew();
        while (!done())
        {
            if (watch.Elapsed.TotalSeconds > 60)
            {
                throw new TimeoutException(what + "; logged: " + string.Join(" | ", FakeEngine.Logged));
            }
            FakeEngine.Frame(1f / 72);
            Thread.Sleep(1);
        }
    }

    internal static void Frames(int count)
    {
        for (var frame = 0; frame < count; frame++)
        {
            FakeEngine.Frame(1f / 72);
            Thread.Sleep(1);
        }
    }

    internal static void Print(params (string name, object value)[] told) =>
        Console.WriteLine("{" + string.Join(", ", told.Select(one => Text(one.name) + ": " + Text(one.value))) + "}");

    static string Text(object value)
    {
        switch (value)
        {
            case string text:
                var escaped = text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n").Replace("\r", "");
                return "\"" + escaped + "\"";
            case bool flag:
                return flag ? "true" : "false";
            case Vector3 v:
                return Text(new[] { v.x, v.y, v.z });
            case Quaternion q:
                return Text(new[] { q.x, q.y, q.z, q.w });
            case IEnumerable<float> numbers:
                return "[" + string.Join(", ", numbers.Select(one => Text(one))) + "]";
            case IEnumerable<string> texts:
                return "[" + string.Join(", ", texts.Select(one => Text(one))) + "]";
            default:
                return Convert.ToString(value, CultureInfo.InvariantCulture);
        }
    }
}
