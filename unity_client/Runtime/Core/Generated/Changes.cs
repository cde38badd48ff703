// Written by `python -m server.protocol.csharp` from the protocol's own definition. Change that, not this.

using System;

namespace MuseumTwin.Protocol
{
    /// <summary>One entry of a snapshot or delta.</summary>
    public abstract class Change
    {
        private protected Change()
        {
        }

        /// <summary>The kind's number on the wire.</summary>
        public abstract byte Kind { get; }

        internal abstract void Write(WireWriter writer);

        /// <summary>Read a list; kinds that this version does not know are left out.</summary>
        internal static Change[] ReadList(ref WireReader reader)
        {
            var count = reader.ReadArray();
            var list = new Change[Math.Min(count, WireReader.FirstEntries)];
            var known = 0;
            for (var index = 0; index < count; index++)
            {
                var change = ReadOne(ref reader);
                if (change == null)
                {
                    continue;
                }
                if (known == list.Length)
                {
                    Array.Resize(ref list, Math.Min(count, 2 * list.Length));
                }
                list[known++] = change;
            }
            Array.Resize(ref list, known);
            return list;
        }

        internal static void WriteList(WireWriter writer, Change[] list)
        {
            list = list ?? Array.Empty<Change>();
            writer.WriteArray(list.Length);
            foreach (var change in list)
            {
                change.Write(writer);
            }
        }

        private static Change ReadOne(ref WireReader reader)
        {
            var count = reader.ReadArray(1, "Change");
            var kind = reader.ReadUnsigned(uint.MaxValue);
            switch (kind)
            {
                case 1:
                    return ArtifactEnter.Read(ref reader, count);
                case 2:
                    return ArtifactLeave.Read(ref reader, count);
                case 3:
                    return ArtifactDetail.Read(ref reader, count);
                case 4:
                    return AnnotationAdd.Read(ref reader, count);
                case 5:
                    return AnnotationChange.Read(ref reader, count);
                case 6:
                    return AnnotationRemove.Read(ref reader, count);
                case 7:
                    return GalleryEnter.Read(ref reader, count);
                default:
                    reader.SkipRest(count - 1);
                    return null;
            }
        }
    }

    /// <summary>An artifact the visitor should perceive from now on.</summary>
    public sealed class ArtifactEnter : Change
    {
        /// <summary>Its identifier in the catalog.</summary>
        public string Artifact = "";

        /// <summary>Of its own frame's origin, in the museum's space. Unit: m.</summary>
        public Vec3 Position;

        /// <summary>Of its own frame, in the museum's space. Unit: x, y, z, w; length 1.</summary>
        public Quat Orientation = Quat.Identity;

        /// <summary>Half width, half height, half depth of its box, in its own axes around its center. Unit: m.</summary>
        public Vec3 Bounds;

        /// <summary>How much of it follows.</summary>
        public Detail Detail;

        /// <summary>What may be read of it at this level.</summary>
        public Wording[] Texts = Array.Empty<Wording>();

        /// <summary>Coarsest first.</summary>
        public Derivative[] Derivatives = Array.Empty<Derivative>();

        /// <summary>Center of the box in the artifact's own frame, whose origin is the middle of its footprint. Unit: m.</summary>
        public Vec3 Center;

        /// <inheritdoc/>
        public override byte Kind => 1;

        internal static ArtifactEnter Read(ref WireReader reader, int count)
        {
            reader.Require(count, 6, "ArtifactEnter");
            var value = new ArtifactEnter();
            value.Artifact = reader.ReadText(128);
            value.Position = reader.ReadVec3();
            value.Orientation = reader.ReadQuat();
            value.Bounds = reader.ReadVec3();
            value.Detail = Choices.ReadDetail(ref reader);
            if (count > 6)
            {
                value.Texts = Wording.ReadList(ref reader);
            }
            if (count > 7)
            {
                value.Derivatives = Derivative.ReadList(ref reader);
            }
            if (count > 8)
            {
                value.Center = reader.ReadVec3();
            }
            reader.SkipRest(count - 9);
            return value;
        }

        internal override void Write(WireWriter writer)
        {
            writer.WriteArray(9);
            writer.WriteByte(Kind);
            writer.WriteText(Artifact, 128);
            writer.WriteVec3(Position);
            writer.WriteQuat(Orientation);
            writer.WriteVec3(Bounds);
            writer.WriteShort((ushort)Detail);
            Wording.WriteList(writer, Texts);
            Derivative.WriteList(writer, Derivatives);
            writer.WriteVec3(Center);
        }
    }

    /// <summary>An artifact the visitor need not perceive any more; its annotations leave with it.</summary>
    public sealed class ArtifactLeave : Change
    {
        /// <summary>Which.</summary>
        public string Artifact = "";

        /// <inheritdoc/>
        public override byte Kind => 2;

        internal static ArtifactLeave Read(ref WireReader reader, int count)
        {
            reader.Require(count, 2, "ArtifactLeave");
            var value = new ArtifactLeave();
            value.Artifact = reader.ReadText(128);
            reader.SkipRest(count - 2);
            return value;
        }

        internal override void Write(WireWriter writer)
        {
            writer.WriteArray(2);
            writer.WriteByte(Kind);
            writer.WriteText(Artifact, 128);
        }
    }

    /// <summary>Another level of detail: the texts and derivatives that replace the former ones.</summary>
    public sealed class ArtifactDetail : Change
    {
        /// <summary>Which.</summary>
        public string Artifact = "";

        /// <summary>The new level.</summary>
        public Detail Detail;

        /// <summary>All its texts now.</summary>
        public Wording[] Texts = Array.Empty<Wording>();

        /// <summary>All its files now, coarsest first.</summary>
        public Derivative[] Derivatives = Array.Empty<Derivative>();

        /// <inheritdoc/>
        public override byte Kind => 3;

        internal static ArtifactDetail Read(ref WireReader reader, int count)
        {
            reader.Require(count, 3, "ArtifactDetail");
            var value = new ArtifactDetail();
            value.Artifact = reader.ReadText(128);
            value.Detail = Choices.ReadDetail(ref reader);
            if (count > 3)
            {
                value.Texts = Wording.ReadList(ref reader);
            }
            if (count > 4)
            {
                value.Derivatives = Derivative.ReadList(ref reader);
            }
            reader.SkipRest(count - 5);
            return value;
        }

        internal override void Write(WireWriter writer)
        {
            writer.WriteArray(5);
            writer.WriteByte(Kind);
            writer.WriteText(Artifact, 128);
            writer.WriteShort((ushort)Detail);
            Wording.WriteList(writer, Texts);
            Derivative.WriteList(writer, Derivatives);
        }
    }

    /// <summary>An annotation that has become perceivable.</summary>
    public sealed class AnnotationAdd : Change
    {
        /// <summary>The artifact it is about.</summary>
        public string Artifact = "";

        /// <summary>Unique within the artifact.</summary>
        public string Annotation = "";

        /// <summary>The hotspot, in the artifact's own frame. Unit: m.</summary>
        public Vec3 Position;

        /// <summary>Out of the surface. Unit: unit vector.</summary>
        public Vec3 Normal;

        /// <summary>Its title and description.</summary>
        public Wording[] Texts = Array.Empty<Wording>();

        /// <summary>W3C Web Annotation motivation.</summary>
        public string Motivation = "describing";

        /// <inheritdoc/>
        public override byte Kind => 4;

        internal static AnnotationAdd Read(ref WireReader reader, int count)
        {
            reader.Require(count, 5, "AnnotationAdd");
            var value = new AnnotationAdd();
            value.Artifact = reader.ReadText(128);
            value.Annotation = reader.ReadText(128);
            value.Position = reader.ReadVec3();
            value.Normal = reader.ReadVec3();
            if (count > 5)
            {
                value.Texts = Wording.ReadList(ref reader);
            }
            if (count > 6)
            {
                value.Motivation = reader.ReadText(32);
            }
            reader.SkipRest(count - 7);
            return value;
        }

        internal override void Write(WireWriter writer)
        {
            writer.WriteArray(7);
            writer.WriteByte(Kind);
            writer.WriteText(Artifact, 128);
            writer.WriteText(Annotation, 128);
            writer.WriteVec3(Position);
            writer.WriteVec3(Normal);
            Wording.WriteList(writer, Texts);
            writer.WriteText(Motivation, 32);
        }
    }

    /// <summary>Other texts of an annotation that is already there.</summary>
    public sealed class AnnotationChange : Change
    {
        /// <summary>The artifact it is about.</summary>
        public string Artifact = "";

        /// <summary>Which.</summary>
        public string Annotation = "";

        /// <summary>All its texts now.</summary>
        public Wording[] Texts = Array.Empty<Wording>();

        /// <inheritdoc/>
        public override byte Kind => 5;

        internal static AnnotationChange Read(ref WireReader reader, int count)
        {
            reader.Require(count, 3, "AnnotationChange");
            var value = new AnnotationChange();
            value.Artifact = reader.ReadText(128);
            value.Annotation = reader.ReadText(128);
            if (count > 3)
            {
                value.Texts = Wording.ReadList(ref reader);
            }
            reader.SkipRest(count - 4);
            return value;
        }

        internal override void Write(WireWriter writer)
        {
            writer.WriteArray(4);
            writer.WriteByte(Kind);
            writer.WriteText(Artifact, 128);
            writer.WriteText(Annotation, 128);
            Wording.WriteList(writer, Texts);
        }
    }

    /// <summary>An annotation that is gone while its artifact stays.</summary>
    public sealed class AnnotationRemove : Change
    {
        /// <summary>The artifact it was about.</summary>
        public string Artifact = "";

        /// <summary>Which.</summary>
        public string Annotation = "";

        /// <inheritdoc/>
        public override byte Kind => 6;

        internal static AnnotationRemove Read(ref WireReader reader, int count)
        {
            reader.Require(count, 3, "AnnotationRemove");
            var value = new AnnotationRemove();
            value.Artifact = reader.ReadText(128);
            value.Annotation = reader.ReadText(128);
            reader.SkipRest(count - 3);
            return value;
        }

        internal override void Write(WireWriter writer)
        {
            writer.WriteArray(3);
            writer.WriteByte(Kind);
            writer.WriteText(Artifact, 128);
            writer.WriteText(Annotation, 128);
        }
    }

    /// <summary>The visitor walked into another gallery, or out of the last one.</summary>
    public sealed class GalleryEnter : Change
    {
        /// <summary>Where the visitor is now; empty: in none.</summary>
        public string Gallery = "";

        /// <inheritdoc/>
        public override byte Kind => 7;

        internal static GalleryEnter Read(ref WireReader reader, int count)
        {
            reader.Require(count, 1, "GalleryEnter");
            var value = new GalleryEnter();
            if (count > 1)
            {
                value.Gallery = reader.ReadText(128);
            }
            reader.SkipRest(count - 2);
            return value;
        }

        internal override void Write(WireWriter writer)
        {
            writer.WriteArray(2);
            writer.WriteByte(Kind);
            writer.WriteText(Gallery, 128);
        }
    }
}
