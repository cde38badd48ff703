// What is drawn: it remembers what it was told.
namespace UnityEngine
{
    public class Camera : Behaviour
    {
        public static Camera main { get; set; }
    }

    public class Renderer : Component
    {
        public Material sharedMaterial { get; set; }

        public int sortingOrder { get; set; }

        public float Faded { get; private set; } = 1;

        public void GetPropertyBlock(MaterialPropertyBlock properties) => properties.Value = Faded;

        public void SetPropertyBlock(MaterialPropertyBlock properties) => Faded = properties.Value;
    }

    public sealed class LineRenderer : Renderer
    {
        readonly Vector3[] _points = new Vector3[2];

        public int positionCount { get; set; }

        public float startWidth { get; set; }

        public float endWidth { get; set; }

        public bool useWorldSpace { get; set; }

        public void SetPosition(int index, Vector3 position) => _points[index] = position;

        public Vector3 At(int index) => _points[index];
    }

    public sealed class TextMesh : Component
    {
        public string text { get; set; } = "";

        public Font font { get; set; }

        public bool richText { get; set; } = true;

        public float characterSize { get; set; }

        public int fontSize { get; set; }

        public TextAnchor anchor { get; set; }

        public TextAlignment alignment { get; set; }
    }

    public class Material : Object
    {
        public Material(Shader shader)
        {
            this.shader = shader;
        }

        public Shader shader { get; set; }

        public Color color { get; set; }

        public bool HasProperty(int nameID) => true;
    }

    public sealed class MaterialPropertyBlock
    {
        internal float Value;

        public void SetFloat(int nameID, float value) => Value = value;
    }

    public sealed class Shader : Object
    {
        public static int PropertyToID(string name) => 1;

        // Those that a new project always includes.
        public static Shader Find(string name) =>
            name == "Sprites/Default" || name == "UI/Default" ? new Shader { name = name } : null;
    }

    public sealed class Font : Object
    {
        public Material material { get; set; } = new Material(new Shader { name = "GUI/Text Shader" });
    }

    public sealed class Resources
    {
        static readonly Font BuiltIn = new Font();

        // Its former name, Arial.ttf, throws in today's engines.
        public static T GetBuiltinResource<T>(string path) where T : Object =>
            path == "LegacyRuntime.ttf" ? (T)(Object)BuiltIn : throw new System.ArgumentException(path);
    }

    public struct Color
    {
        public float r;
        public float g;
        public float b;
        public float a;

        public Color(float r, float g, float b, float a)
        {
            this.r = r;
            this.g = g;
            this.b = b;
            this.a = a;
        }

        public static Color white => new Color(1, 1, 1, 1);

        public static Color gray => new Color(0.5f, 0.5f, 0.5f, 1);

        public static Color green => new Color(0, 1, 0, 1);

        public static Color yellow => new Color(1, 0.92f, 0.016f, 1);
    }

    // What was drawn in the scene view, as lines for the test to read.
    public static class Gizmos
    {
        public static readonly System.Collections.Generic.List<string> Drawn = new System.Collections.Generic.List<string>();

        public static Color color { get; set; }

        public static Matrix4x4 matrix { get; set; }

        public static void DrawWireCube(Vector3 center, Vector3 size)
        {
            var at = matrix.MultiplyPoint3x4(center);
            Drawn.Add(System.FormattableString.Invariant(
                $"box {size.x:F2} {size.y:F2} {size.z:F2} at {at.x:F2} {at.y:F2} {at.z:F2} color {color.r:F1} {color.g:F1} {color.b:F1}"));
        }

        public static void DrawSphere(Vector3 center, float radius) => Drawn.Add("spot");
    }
}
