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

        public float Faded { get; private set; } = 1;

        public void GetPropertyBlock(MaterialPropertyBlock properties) => properties.Value = Faded;

        public void SetPropertyBlock(MaterialPropertyBlock properties) => Faded = properties.Value;
    }

    public class MeshRenderer : Renderer
    {
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

        public float characterSize { get; set; }

        public int fontSize { get; set; }

        public TextAnchor anchor { get; set; }

        public TextAlignment alignment { get; set; }
    }

    public enum TextAnchor
    {
        MiddleCenter = 4,
    }

    public enum TextAlignment
    {
        Left,
    }

    public class Material : Object
    {
        public Material(Shader shader)
        {
        }

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
    }

    public class Collider : Component
    {
    }
}
