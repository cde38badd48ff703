using System;
using MuseumTwin.Protocol;
using UnityEngine;

namespace MuseumTwin.Unity
{
    /// <summary>
    /// The panel of an annotation: as large to the eye near and far, turned to the viewer, before its exhibit,
    /// with a line to its hotspot. Where it stands is decided by <see cref="PanelLayout"/>.
    /// </summary>
    [AddComponentMenu("")]
    public sealed class AnnotationView : MonoBehaviour
    {
        private const int Columns = 34;
        private const int MostLines = 9;
        private const int FontPixels = 64;
        private const float LineWidth = 0.06f;
        // In heights of a line: a column of the default font is about half as wide as a line is high.
        private const float ColumnWidth = 0.52f;
        private const float Margin = 0.8f;

        private TextMesh _text;
        private LineRenderer _line;
        private Transform _panel;
        private int _lines = 1;
        private int _columns = 1;

        /// <summary>The annotation.</summary>
        public Annotation Annotation { get; private set; }

        /// <summary>Who looks; the main camera where it is not set.</summary>
        public static Transform Viewer { get; set; }

        /// <summary>Its texts changed; show them in a panel of your own after <see cref="HideText"/>.</summary>
        public event Action<Annotation> Changed;

        /// <summary>Keep the place, the turn and the size, but show another panel than the plain text.</summary>
        public void HideText()
        {
            _text.gameObject.SetActive(false);
            _panel.gameObject.SetActive(false);
        }

        internal void Bind(Annotation annotation)
        {
            Annotation = annotation;
            _text = Text();
            _panel = Panel();
            _line = gameObject.AddComponent<LineRenderer>();
            _line.sharedMaterial = PlainMaterials.Line;
            _line.positionCount = 2;
            _line.useWorldSpace = true;
            Refresh();
        }

        internal void Refresh()
        {
            var title = Annotation.Text(TextKind.Title);
            var words = Annotation.Text(TextKind.Description);
            words = words.Length > 0 ? words : Annotation.Text(TextKind.Label);
            // A title longer than the panel is wide takes lines of its own as well.
            var text = TextWrap.Wrap(title, Columns, MostLines, out var titleLines);
            var rest = TextWrap.Wrap(words, Columns, MostLines, out var lines);
            text += text.Length > 0 && rest.Length > 0 ? "\n" + rest : rest;
            _lines = (title.Length > 0 ? titleLines : 0) + (words.Length > 0 ? lines : 0);
            _columns = TextWrap.Widest(text);
            _text.text = text;
            Changed?.Invoke(Annotation);
        }

        private TextMesh Text()
        {
            var made = new GameObject("text").AddComponent<TextMesh>();
            made.transform.SetParent(transform, false);
            made.font = PlainMaterials.Font;
            made.fontSize = FontPixels;
            made.anchor = TextAnchor.MiddleCenter;
            made.alignment = TextAlignment.Left;
            // The words are the curators'; none of them is a mark.
            made.richText = false;
            var renderer = made.GetComponent<MeshRenderer>();
            renderer.sharedMaterial = PlainMaterials.Font.material;
            renderer.sortingOrder = 1;
            return made;
        }

        private Transform Panel()
        {
            var made = GameObject.CreatePrimitive(PrimitiveType.Quad);
            made.name = "panel";
            Destroy(made.GetComponent<Collider>());
            made.GetComponent<MeshRenderer>().sharedMaterial = PlainMaterials.Panel;
            made.transform.SetParent(transform, false);
            return made.transform;
        }

        // With "Enter Play Mode Options" statics outlive a play session.
        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        private static void Forget() => Viewer = null;

        // After heads and hands have moved.
        private void LateUpdate()
        {
            var viewer = Viewer;
            if (viewer == null)
            {
                var camera = Camera.main;
                if (camera == null)
                {
                    return;
                }
                viewer = camera.transform;
            }
            Place(viewer.position);
        }

        private void Place(Vector3 eye)
        {
            var exhibit = Annotation.Exhibit;
            var place = transform.parent;
            var hotspot = place.TransformPoint(EngineSpace.ToEngine(Annotation.Position));
            var center = place.TransformPoint(EngineSpace.ToEngine(exhibit.Center));
            var layout = PanelLayout.Of(
                EngineSpace.Plain(eye), EngineSpace.Plain(hotspot), EngineSpace.Plain(center), exhibit.Bounds.Length, _lines);
            var position = EngineSpace.Cast(layout.Position);
            transform.position = position;
            // Text is read along +X with its back to +Z: its forward points away from the viewer.
            transform.forward = EngineSpace.Cast(layout.ToViewer * -1);
            // A line of a TextMesh is as high as its character size times its font size, in tenths of a metre.
            _text.characterSize = layout.LineHeight * 10 / FontPixels;
            var height = (_lines + Margin) * layout.LineHeight;
            _panel.localScale = new Vector3((_columns * ColumnWidth + Margin) * layout.LineHeight, height, 1);
            _line.startWidth = layout.LineHeight * LineWidth;
            _line.endWidth = layout.LineHeight * LineWidth;
            _line.SetPosition(0, transform.TransformPoint(new Vector3(0, -height / 2, 0)));
            _line.SetPosition(1, hotspot);
        }
    }
}
