using UnityEngine;

namespace MuseumTwin.Unity
{
    /// <summary>
    /// Materials of what the package draws itself: unlit, of shaders that every player has, whichever render pipeline
    /// the project uses. (A primitive's own material is pink in a build with URP, a line without a material everywhere.)
    /// </summary>
    internal static class PlainMaterials
    {
        // Among the shaders that a new project always includes (Project Settings > Graphics).
        private const string BoxShader = "Sprites/Default";
        private static readonly Color BoxColor = new Color(0.6f, 0.6f, 0.6f, 0.5f);
        private static readonly Color PanelColor = new Color(0.05f, 0.05f, 0.06f, 0.85f);
        private static Font _font;
        private static Material _box;
        private static Material _panel;
        private static Material _line;

        /// <summary>The engine's own font; its material draws over all, so that no wall of a bowl hides a text.</summary>
        internal static Font Font => _font != null ? _font : _font = Resources.GetBuiltinResource<Font>("LegacyRuntime.ttf");

        /// <summary>For the box that stands for an exhibit; null where the project took the shader out.</summary>
        internal static Material Box
        {
            get
            {
                var shader = _box == null ? Shader.Find(BoxShader) : null;
                return shader == null ? _box : _box = new Material(shader) { color = BoxColor };
            }
        }

        /// <summary>Behind a text, dark. Drawn over all, as the text is.</summary>
        internal static Material Panel => _panel != null ? _panel : _panel = OverAll(PanelColor);

        /// <summary>From a panel to its hotspot.</summary>
        internal static Material Line => _line != null ? _line : _line = OverAll(Color.white);

        private static Material OverAll(Color color) => new Material(Font.material.shader) { color = color };

        // With "Enter Play Mode Options" statics outlive a play session, and what they name does not.
        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        private static void Forget()
        {
            _font = null;
            _box = _panel = _line = null;
        }
    }
}
