// What is drawn. Signatures only: see ../README.md.
namespace UnityEngine
{
    public struct Color
    {
        public float r;
        public float g;
        public float b;
        public float a;
        public Color(float r, float g, float b, float a) => throw null;
        public static Color white => throw null;
        public static Color gray => throw null;
        public static Color green => throw null;
        public static Color yellow => throw null;
    }

    public sealed class Resources
    {
        public static T GetBuiltinResource<T>(string path) where T : Object => throw null;
    }

    public sealed class Font : Object
    {
        public Material material { get; set; }
    }

    public class Camera : Behaviour
    {
        public static Camera main => throw null;
    }

    public class Renderer : Component
    {
        public bool enabled { get; set; }
        public Material sharedMaterial { get; set; }
        public int sortingOrder { get; set; }
        public void SetPropertyBlock(MaterialPropertyBlock properties) => throw null;
        public void GetPropertyBlock(MaterialPropertyBlock properties) => throw null;
    }

    public sealed class LineRenderer : Renderer
    {
        public int positionCount { get; set; }
        public float startWidth { get; set; }
        public float endWidth { get; set; }
        public bool useWorldSpace { get; set; }
        public void SetPosition(int index, Vector3 position) => throw null;
    }

    public sealed class TextMesh : Component
    {
        public string text { get; set; }
        public Font font { get; set; }
        public bool richText { get; set; }
        public float characterSize { get; set; }
        public int fontSize { get; set; }
        public TextAnchor anchor { get; set; }
        public TextAlignment alignment { get; set; }
    }

    public class Material : Object
    {
        public Material(Shader shader) => throw null;
        public Shader shader { get; set; }
        public Color color { get; set; }
        public bool HasProperty(int nameID) => throw null;
    }

    public sealed class MaterialPropertyBlock
    {
        public MaterialPropertyBlock() => throw null;
        public void SetFloat(int nameID, float value) => throw null;
    }

    public sealed class Shader : Object
    {
        public static int PropertyToID(string name) => throw null;
        public static Shader Find(string name) => throw null;
    }

    public class Texture : Object
    {
    }

    public static class Gizmos
    {
        public static Color color { get; set; }
        public static Matrix4x4 matrix { get; set; }
        public static void DrawWireCube(Vector3 center, Vector3 size) => throw null;
        public static void DrawSphere(Vector3 center, float radius) => throw null;
    }
}
