// Signatures of the editor that the package uses; see README.md.
using System;
using UnityEngine;

namespace UnityEditor
{
    public class EditorWindow : ScriptableObject
    {
        public GUIContent titleContent { get; set; }
        public Vector2 minSize { get; set; }
        public void Repaint() => throw null;
        public static T GetWindow<T>(string title) where T : EditorWindow => throw null;
    }

    public sealed class EditorGUILayout
    {
        public static string TextField(string label, string text, params GUILayoutOption[] options) => throw null;
        public static void LabelField(string label, params GUILayoutOption[] options) => throw null;
        public static void LabelField(string label, string label2, params GUILayoutOption[] options) => throw null;
        public static void HelpBox(string message, MessageType type) => throw null;
        public static void Space() => throw null;
    }

    public class EditorGUI
    {
        public struct DisabledScope : IDisposable
        {
            public DisabledScope(bool disabled) => throw null;
            public void Dispose() => throw null;
        }
    }

    public sealed class EditorPrefs
    {
        public static string GetString(string key, string defaultValue) => throw null;
        public static void SetString(string key, string value) => throw null;
    }

    public sealed class Handles
    {
        public static void Label(Vector3 position, string text) => throw null;
    }

    public class Undo
    {
        public static void RecordObject(UnityEngine.Object objectToUndo, string name) => throw null;
        public static void RegisterCreatedObjectUndo(UnityEngine.Object objectToUndo, string name) => throw null;
    }
}
