// Types of the engine's own GUI; what a press does is in the editor's fake, to which these call out.
using System;
using System.Linq;

namespace UnityEngine
{
    public class GUILayout
    {
        public static Func<string, bool> Pressed = _ => false;

        public static bool Button(string text, params GUILayoutOption[] options) => Pressed(text);
    }

    public class GUIUtility
    {
        public static Action Left = () => { };

        public static void ExitGUI() => Left();
    }
}

namespace UnityEngine.SceneManagement
{
    public struct Scene
    {
        public GameObject[] GetRootGameObjects() =>
            FakeEngine.Objects.Where(one => one.transform.parent == null).ToArray();
    }

    public class SceneManager
    {
        public static Scene GetActiveScene() => new Scene();
    }
}
