using System;

namespace MuseumTwin
{
    /// <summary>
    /// Where the panel of an annotation stands so that it stays legible: as large to the eye near and far, within
    /// bounds; turned to the viewer; beside or before its own exhibit, never behind it. Works in any space with
    /// +Y up, as long as all is in the same.
    /// </summary>
    public readonly struct PanelLayout
    {
        /// <summary>Height of a line of text as the eye sees it: 1.3 degrees, in radians.</summary>
        /// <remarks>A letter's height is about two thirds of it; 0.8° is comfortable on today's headsets.</remarks>
        public const float LineAngle = 0.0227f;

        /// <summary>Smallest height of a line, metres: nearer, text may grow to the eye.</summary>
        public const float LeastLine = 0.008f;

        /// <summary>Largest height of a line, metres: farther, text shrinks to the eye.</summary>
        public const float MostLine = 0.09f;

        /// <summary>Nearest that a panel comes to the eye, metres; nearer, eyes cannot converge with ease.</summary>
        public const float Nearest = 0.5f;

        private const float Gap = 0.06f;

        /// <summary>Middle of the panel.</summary>
        public readonly Vec3 Position;

        /// <summary>From the panel to the viewer: a unit vector.</summary>
        public readonly Vec3 ToViewer;

        /// <summary>Height of a line of text, metres.</summary>
        public readonly float LineHeight;

        private PanelLayout(Vec3 position, Vec3 toViewer, float lineHeight)
        {
            Position = position;
            ToViewer = toViewer;
            LineHeight = lineHeight;
        }

        /// <summary>Lay out one panel.</summary>
        /// <param name="eye">The viewer's head.</param>
        /// <param name="hotspot">The place on the artifact that the panel is about.</param>
        /// <param name="center">Center of the exhibit's box.</param>
        /// <param name="radius">Radius of a ball around the box, metres.</param>
        /// <param name="lines">Lines of text, for the panel's height.</param>
        public static PanelLayout Of(Vec3 eye, Vec3 hotspot, Vec3 center, float radius, int lines)
        {
            var away = eye - center;
            var distance = away.Length;
            var toEye = distance > 1e-4f ? away * (1 / distance) : new Vec3(0, 0, -1);
            // A plane before the near side of the ball; on it, above what the hotspot covers. Nothing of the
            // exhibit can be between the eye and that plane.
            var depth = Math.Min(radius + Gap, Math.Max(0, distance - Nearest));
            var line = Line(distance - depth);
            var height = line * (Math.Max(1, lines) + 1);
            var onPlane = center + toEye * depth;
            var aside = hotspot - center;
            aside = aside - toEye * Dot(aside, toEye);
            var up = Unit(new Vec3(0, 1, 0) - toEye * toEye.Y, new Vec3(0, 0, 1));
            var position = onPlane + aside + up * (height / 2 + Gap);
            return new PanelLayout(position, Unit(eye - position, toEye), line);
        }

        /// <summary>Height of a line at <paramref name="distance"/> metres from the eye.</summary>
        public static float Line(float distance) => Math.Min(MostLine, Math.Max(LeastLine, distance * LineAngle));

        private static float Dot(Vec3 a, Vec3 b) => a.X * b.X + a.Y * b.Y + a.Z * b.Z;

        private static Vec3 Unit(Vec3 v, Vec3 otherwise)
        {
            var length = v.Length;
            return length > 1e-4f ? v * (1 / length) : otherwise;
        }
    }
}
