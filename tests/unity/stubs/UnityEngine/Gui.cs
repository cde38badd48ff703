// The engine's own GUI; scenes. Signatures only: see ../README.md.
namespace UnityEngine
{
    public class GUIUtility
    {
        public static void ExitGUI() => throw null;
    }

    public class GUILayout
    {
        public static bool Button(string text, params GUILayoutOption[] options) => throw null;
    }
}

namespace UnityEngine.SceneManagement
{
    public struct Scene
    {
        public GameObject[] GetRootGameObjects() => throw null;
    }

    public class SceneManager
    {
        public static Scene GetActiveScene() => throw null;
    }
}
