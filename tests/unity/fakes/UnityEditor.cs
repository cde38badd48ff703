// An editor without a screen: windows draw into a list, a test types and presses. Within one pass a window may draw
// only as many controls as in the layout before it, as the real one insists.
using System;
using System.Collections.Generic;
using UnityEngine;

namespace UnityEngine
{
    public class ExitGUIException : Exception
    {
    }
}

namespace UnityEditor
{
    public static class FakeEditor
    {
        public static readonly List<string> Drawn = new List<string>();
        public static readonly List<string> Undone = new List<string>();
        public static string Typed;
        internal static string Pressed;
        static int _allowed;

        // A layout pass, and a second one in which that button is pressed (none: it is drawn).
        public static void Pass(Action draw, string pressed = null)
        {
            GUILayout.Pressed = IsPressed;
            GUIUtility.Left = () => throw new ExitGUIException();
            Pressed = null;
            _allowed = int.MaxValue;
            Drawn.Clear();
            draw();
            _allowed = Drawn.Count;
            Pressed = pressed;
            Drawn.Clear();
            try
            {
                draw();
            }
            catch (ExitGUIException)
            {
                Drawn.Add("left the pass");
            }
            if (Pressed != null)
            {
                throw new InvalidOperationException("there is no button " + pressed);
            }
        }

        static bool IsPressed(string button)
        {
            Control("[" + button + "]");
            if (button != Pressed || EditorGUI.DisabledScope.IsDisabled)
            {
                return false;
            }
            Pressed = null;
            return true;
        }

        internal static void Control(string told)
        {
            if (Drawn.Count >= _allowed)
            {
                throw new ArgumentException("Getting control " + Drawn.Count + "'s position in a group with only " + _allowed);
            }
            Drawn.Add(told);
        }
    }

    public class EditorWindow : ScriptableObject
    {
        public Vector2 minSize { get; set; }

        public void Repaint()
        {
        }

        public static T GetWindow<T>(string title) where T : EditorWindow => throw new NotSupportedException();
    }

    public sealed class EditorGUILayout
    {
        public static string TextField(string label, string text, params GUILayoutOption[] options)
        {
            var shown = FakeEditor.Typed ?? text;
            FakeEditor.Typed = null;
            FakeEditor.Control(label + "=" + shown);
            return shown;
        }

        public static void LabelField(string label, string label2, params GUILayoutOption[] options) =>
            FakeEditor.Control(label + "=" + label2);

        public static void HelpBox(string message, MessageType type) => FakeEditor.Control(type + ": " + message);

        public static void Space() => FakeEditor.Control("");
    }

    public class EditorGUI
    {
        public struct DisabledScope : IDisposable
        {
            public DisabledScope(bool disabled)
            {
                IsDisabled = disabled;
            }

            internal static bool IsDisabled;

            public void Dispose() => IsDisabled = false;
        }
    }

    public sealed class EditorPrefs
    {
        static readonly Dictionary<string, string> Kept = new Dictionary<string, string>();

        public static string GetString(string key, string defaultValue) =>
            Kept.TryGetValue(key, out var found) ? found : defaultValue;

        public static void SetString(string key, string value) => Kept[key] = value;
    }

    public sealed class Handles
    {
        public static void Label(Vector3 position, string text) => Gizmos.Drawn.Add("label " + text);
    }

    public class Undo
    {
        public static void RecordObject(UnityEngine.Object objectToUndo, string name) => FakeEditor.Undone.Add(name);

        public static void RegisterCreatedObjectUndo(UnityEngine.Object objectToUndo, string name) =>
            FakeEditor.Undone.Add(name);
    }
}
