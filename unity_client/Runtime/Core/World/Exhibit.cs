using System;
using System.Collections.Generic;
using MuseumTwin.Protocol;

namespace MuseumTwin
{
    /// <summary>An artifact placed in the museum, as the visitor should perceive it now.</summary>
    public sealed class Exhibit
    {
        private readonly Dictionary<string, Annotation> _annotations = new Dictionary<string, Annotation>();

        internal Exhibit(string artifact)
        {
            Artifact = artifact;
        }

        /// <summary>The artifact's identifier in the catalog.</summary>
        public string Artifact { get; }

        /// <summary>Origin of its own frame, the middle of its footprint, in the museum's space.</summary>
        public Vec3 Position { get; private set; }

        /// <summary>Of its own frame, in the museum's space.</summary>
        public Quat Orientation { get; private set; } = Quat.Identity;

        /// <summary>Half width, half height, half depth of its box, in metres.</summary>
        public Vec3 Bounds { get; private set; }

        /// <summary>Center of the box in its own frame.</summary>
        public Vec3 Center { get; private set; }

        /// <summary>How much of it the server sends.</summary>
        public Detail Detail { get; private set; }

        /// <summary>What may be read of it.</summary>
        public Wording[] Texts { get; private set; } = Array.Empty<Wording>();

        /// <summary>Its files, coarsest first.</summary>
        public Derivative[] Derivatives { get; private set; } = Array.Empty<Derivative>();

        /// <summary>Its annotations by name.</summary>
        public IReadOnlyDictionary<string, Annotation> Annotations => _annotations;

        internal int Generation { get; set; }

        /// <summary>The first text of that purpose, or an empty one.</summary>
        public string Text(TextKind purpose) => Wordings.Find(Texts, purpose);

        /// <summary>
        /// Of the levels that the server names from the scan's manifest, the coarsest whose stated error cannot be
        /// seen from <paramref name="metres"/> away; the finest where none is that good. Null where there is none.
        /// </summary>
        /// <param name="metres">From the eye to the exhibit; 0: the finest.</param>
        /// <param name="mostTriangles">What the device can draw; where all have more, the coarsest.</param>
        public Derivative? Geometry(float metres = 0, uint mostTriangles = uint.MaxValue)
        {
            Derivative? best = null;
            foreach (var one in Derivatives)
            {
                // Coarsest first: each that follows is finer.
                if (one.Usage != "geometry" || one.MediaType != GltfBinary)
                {
                    continue;
                }
                if (best == null || (one.Triangles <= mostTriangles && IsSeen(best.Value.Error, metres)))
                {
                    best = one;
                }
            }
            return best;
        }

        // Two minutes of arc: a pixel of today's headsets, and twice what a good eye resolves.
        private const float FinestAngle = 5.8e-4f;
        private const string GltfBinary = "model/gltf-binary";

        private static bool IsSeen(float millimetres, float metres) => metres <= 0 || millimetres > metres * 1000 * FinestAngle;

        /// <summary>The exhibit as the message that would announce it now.</summary>
        public ArtifactEnter ToEnter() => new ArtifactEnter
        {
            Artifact = Artifact,
            Position = Position,
            Orientation = Orientation,
            Bounds = Bounds,
            Center = Center,
            Detail = Detail,
            Texts = Texts,
            Derivatives = Derivatives,
        };

        internal void Take(ArtifactEnter told)
        {
            Position = told.Position;
            Orientation = told.Orientation;
            Bounds = told.Bounds;
            Center = told.Center;
            Detail = told.Detail;
            Texts = told.Texts;
            Derivatives = told.Derivatives;
        }

        internal void Take(ArtifactDetail told)
        {
            Detail = told.Detail;
            Texts = told.Texts;
            Derivatives = told.Derivatives;
        }

        internal Annotation Find(string name) => _annotations.TryGetValue(name, out var found) ? found : null;

        internal Annotation Add(string name)
        {
            var made = new Annotation(this, name);
            _annotations.Add(name, made);
            return made;
        }

        internal bool Remove(string name) => _annotations.Remove(name);

        internal void RemoveAnnotationsBefore(int generation, List<Notice> notices)
        {
            var old = new List<Annotation>();
            foreach (var one in _annotations.Values)
            {
                if (one.Generation != generation)
                {
                    old.Add(one);
                }
            }
            foreach (var one in old)
            {
                _annotations.Remove(one.Name);
                notices.Add(Notice.Of(NoticeKind.AnnotationRemoved, one));
            }
        }
    }

    /// <summary>A text about a place on an artifact, opened at its hotspot.</summary>
    public sealed class Annotation
    {
        internal Annotation(Exhibit exhibit, string name)
        {
            Exhibit = exhibit;
            Name = name;
        }

        /// <summary>The exhibit it is about.</summary>
        public Exhibit Exhibit { get; }

        /// <summary>Unique within the exhibit.</summary>
        public string Name { get; }

        /// <summary>The hotspot in the artifact's own frame.</summary>
        public Vec3 Position { get; private set; }

        /// <summary>Out of the surface, in the artifact's own frame.</summary>
        public Vec3 Normal { get; private set; }

        /// <summary>Its title and description.</summary>
        public Wording[] Texts { get; private set; } = Array.Empty<Wording>();

        /// <summary>W3C Web Annotation motivation.</summary>
        public string Motivation { get; private set; } = "";

        internal int Generation { get; set; }

        /// <summary>The first text of that purpose, or an empty one.</summary>
        public string Text(TextKind purpose) => Wordings.Find(Texts, purpose);

        /// <summary>The annotation as the message that would announce it now.</summary>
        public AnnotationAdd ToAdd() => new AnnotationAdd
        {
            Artifact = Exhibit.Artifact,
            Annotation = Name,
            Position = Position,
            Normal = Normal,
            Texts = Texts,
            Motivation = Motivation,
        };

        internal void Take(AnnotationAdd told)
        {
            Position = told.Position;
            Normal = told.Normal;
            Texts = told.Texts;
            Motivation = told.Motivation;
        }

        internal void Take(AnnotationChange told) => Texts = told.Texts;
    }

    internal static class Wordings
    {
        internal static string Find(Wording[] texts, TextKind purpose)
        {
            foreach (var one in texts)
            {
                if (one.Purpose == purpose)
                {
                    return one.Content;
                }
            }
            return "";
        }
    }
}
