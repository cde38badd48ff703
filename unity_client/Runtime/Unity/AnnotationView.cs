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

        private TextMesh _text;
        private LineRenderer _line;
        private int _lines = 1;

        /// <summary>The annotation.</summary>
        public Annotation Annotation { get; private set; }

        /// <summary>Who looks; the main camera where it is not set.</summary>
        public static Transform Viewer { get; set; }

        /// <summary>Its texts changed; show them in a panel of your own after <see cref="HideText"/>.</summary>
        public event Action<Annotation> Changed;

        /// <summary>Keep the place, the turn and the size, but show another panel than the plain text.</summary>
        public void HideText() => _text.gameObject.SetActive(false);

        internal void Bind(Annotation annotation)
        {
            Annotation = annotation;
            _text = new GameObject("text").AddComponent<TextMesh>();
            _text.transform.SetParent(transform, false);
            _text.fontSize = FontPixels;
            _text.anchor = TextAnchor.MiddleCenter;
            _text.alignment = TextAlignment.Left;
            _line = gameObject.AddComponent<LineRenderer>();
            _line.positionCount = 2;
            _line.useWorldSpace = true;
            Refresh();
        }

        internal void Refresh()
        {
            var title = Annotation.Text(TextKind.Title);
            var words = Annotation.Text(TextKind.Description);
            words = words.Length > 0 ? words : Annotation.Text(TextKind.Label);
            var text = title.Length > 0 && words.Length > 0 ? title + "\n" + Wrapped(words, out _lines) : Wrapped(title + words, out _lines);
            _lines += title.Length > 0 && words.Length > 0 ? 1 : 0;
            _text.text = text;
            Changed?.Invoke(Annotation);
        }

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
            _line.startWidth = layout.LineHeight * LineWidth;
            _line.endWidth = layout.LineHeight * LineWidth;
            _line.SetPosition(0, position);
            _line.SetPosition(1, hotspot);
        }

        private static string Wrapped(string text, out int lines) => TextWrap.Wrap(text, Columns, MostLines, out lines);
    }
}
