// Written by `python -m server.protocol.csharp` from the protocol's own definition. Change that, not this.

using System;

namespace MuseumTwin.Protocol
{
    /// <summary>What the visitor agreed to. Everything is off until the visitor says so.</summary>
    public struct Consent
    {
        /// <summary>Camera frames may be sent and looked at; they are never kept.</summary>
        public bool Camera;

        /// <summary>Where the visitor looks may be used to open annotations.</summary>
        public bool Gaze;

        /// <summary>The visit may be counted in aggregates.</summary>
        public bool Statistics;

        /// <summary>All fields as the protocol leaves them where nothing is said.</summary>
        public static Consent Default => default;

        /// <summary>Read one part.</summary>
        internal static Consent Read(ref WireReader reader)
        {
            var count = reader.ReadArray(0, "Consent");
            var value = Default;
            if (count > 0)
            {
                value.Camera = reader.ReadBool();
            }
            if (count > 1)
            {
                value.Gaze = reader.ReadBool();
            }
            if (count > 2)
            {
                value.Statistics = reader.ReadBool();
            }
            reader.SkipRest(count - 3);
            return value;
        }

        /// <summary>Write all fields.</summary>
        internal void Write(WireWriter writer)
        {
            writer.WriteArray(3);
            writer.WriteBool(Camera);
            writer.WriteBool(Gaze);
            writer.WriteBool(Statistics);
        }
    }

    /// <summary>Wishes that change what is sent and how it is worded.</summary>
    public struct Accessibility
    {
        /// <summary>Wished text size: 0 the smallest, 0.5 usual, 1 the largest. Unit: 0-1.</summary>
        public float TextSize;

        /// <summary>Wants captions to sound and video.</summary>
        public bool Captions;

        /// <summary>Wants what is seen told in words.</summary>
        public bool AudioDescription;

        /// <summary>Prefers short sentences and common words.</summary>
        public bool PlainLanguage;

        /// <summary>Wants nothing to move by itself.</summary>
        public bool ReducedMotion;

        /// <summary>Perceives from a chair: the eye is low and does not come nearer.</summary>
        public bool Seated;

        /// <summary>All fields as the protocol leaves them where nothing is said.</summary>
        public static Accessibility Default => new Accessibility
        {
            TextSize = 0.5f,
        };

        /// <summary>Read one part.</summary>
        internal static Accessibility Read(ref WireReader reader)
        {
            var count = reader.ReadArray(0, "Accessibility");
            var value = Default;
            if (count > 0)
            {
                value.TextSize = reader.ReadRatio();
            }
            if (count > 1)
            {
                value.Captions = reader.ReadBool();
            }
            if (count > 2)
            {
                value.AudioDescription = reader.ReadBool();
            }
            if (count > 3)
            {
                value.PlainLanguage = reader.ReadBool();
            }
            if (count > 4)
            {
                value.ReducedMotion = reader.ReadBool();
            }
            if (count > 5)
            {
                value.Seated = reader.ReadBool();
            }
            reader.SkipRest(count - 6);
            return value;
        }

        /// <summary>Write all fields.</summary>
        internal void Write(WireWriter writer)
        {
            writer.WriteArray(6);
            writer.WriteRatio(TextSize);
            writer.WriteBool(Captions);
            writer.WriteBool(AudioDescription);
            writer.WriteBool(PlainLanguage);
            writer.WriteBool(ReducedMotion);
            writer.WriteBool(Seated);
        }
    }

    /// <summary>Position and orientation of one thing in the museum's space at one time.</summary>
    public struct PoseSample
    {
        /// <summary>In the museum's space. Unit: m.</summary>
        public Vec3 Position;

        /// <summary>In the museum's space; a camera looks along its own -Z. Unit: x, y, z, w; length 1.</summary>
        public Quat Orientation;

        /// <summary>All fields as the protocol leaves them where nothing is said.</summary>
        public static PoseSample Default => new PoseSample
        {
            Orientation = Quat.Identity,
        };

        /// <summary>Read one part.</summary>
        internal static PoseSample Read(ref WireReader reader)
        {
            var count = reader.ReadArray(2, "PoseSample");
            var value = Default;
            value.Position = reader.ReadVec3();
            value.Orientation = reader.ReadQuat();
            reader.SkipRest(count - 2);
            return value;
        }

        /// <summary>Write all fields.</summary>
        internal void Write(WireWriter writer)
        {
            writer.WriteArray(2);
            writer.WriteVec3(Position);
            writer.WriteQuat(Orientation);
        }
    }

    /// <summary>Pinhole camera: focal lengths and principal point, in pixels of the frame sent.</summary>
    public struct Intrinsics
    {
        /// <summary>Focal length along x. Unit: px.</summary>
        public float Fx;

        /// <summary>Focal length along y. Unit: px.</summary>
        public float Fy;

        /// <summary>Principal point, from the left. Unit: px.</summary>
        public float Cx;

        /// <summary>Principal point, from the top. Unit: px.</summary>
        public float Cy;

        /// <summary>All fields as the protocol leaves them where nothing is said.</summary>
        public static Intrinsics Default => default;

        /// <summary>Read one part.</summary>
        internal static Intrinsics Read(ref WireReader reader)
        {
            var count = reader.ReadArray(4, "Intrinsics");
            var value = Default;
            value.Fx = reader.ReadFloat();
            value.Fy = reader.ReadFloat();
            value.Cx = reader.ReadFloat();
            value.Cy = reader.ReadFloat();
            reader.SkipRest(count - 4);
            return value;
        }

        /// <summary>Write all fields.</summary>
        internal void Write(WireWriter writer)
        {
            writer.WriteArray(4);
            writer.WriteFloat(Fx);
            writer.WriteFloat(Fy);
            writer.WriteFloat(Cx);
            writer.WriteFloat(Cy);
        }
    }

    /// <summary>A text in the language chosen for the visitor, with the place it comes from.</summary>
    public struct Wording
    {
        /// <summary>What the text is for.</summary>
        public TextKind Purpose;

        /// <summary>Of the text itself; not always the one wished for. Unit: BCP 47.</summary>
        public string Language;

        /// <summary>The text.</summary>
        public string Content;

        /// <summary>Where it comes from: source record and field.</summary>
        public string Source;

        /// <summary>All fields as the protocol leaves them where nothing is said.</summary>
        public static Wording Default => new Wording
        {
            Language = "",
            Content = "",
            Source = "",
        };

        /// <summary>Read one part.</summary>
        internal static Wording Read(ref WireReader reader)
        {
            var count = reader.ReadArray(3, "Wording");
            var value = Default;
            value.Purpose = Choices.ReadTextKind(ref reader);
            value.Language = reader.ReadText(35);
            value.Content = reader.ReadText(20000);
            if (count > 3)
            {
                value.Source = reader.ReadText(1000);
            }
            reader.SkipRest(count - 4);
            return value;
        }

        /// <summary>Write all fields.</summary>
        internal void Write(WireWriter writer)
        {
            writer.WriteArray(4);
            writer.WriteShort((ushort)Purpose);
            writer.WriteText(Language, 35);
            writer.WriteText(Content, 20000);
            writer.WriteText(Source, 1000);
        }

        internal static Wording[] ReadList(ref WireReader reader)
        {
            var count = reader.ReadArray();
            if (count == 0)
            {
                return Array.Empty<Wording>();
            }
            var list = new Wording[Math.Min(count, WireReader.FirstEntries)];
            for (var index = 0; index < count; index++)
            {
                if (index == list.Length)
                {
                    Array.Resize(ref list, Math.Min(count, 2 * list.Length));
                }
                list[index] = Read(ref reader);
            }
            return list;
        }

        internal static void WriteList(WireWriter writer, Wording[] list)
        {
            list = list ?? Array.Empty<Wording>();
            writer.WriteArray(list.Length);
            for (var index = 0; index < list.Length; index++)
            {
                list[index].Write(writer);
            }
        }
    }

    /// <summary>A published file of an artifact, fetched over HTTP and never over this connection.</summary>
    public struct Derivative
    {
        /// <summary>Path on this server, <c>/assets/&lt;hash&gt;</c>.</summary>
        public string Address;

        /// <summary>IANA media type.</summary>
        public string MediaType;

        /// <summary>Bytes.</summary>
        public uint Size;

        /// <summary>0 where it is not geometry.</summary>
        public uint Triangles;

        /// <summary>Largest distance from the master scan. Unit: mm.</summary>
        public float Error;

        /// <summary><c>geometry</c>, <c>image</c>, <c>audio</c>, <c>video</c>.</summary>
        public string Usage;

        /// <summary>All fields as the protocol leaves them where nothing is said.</summary>
        public static Derivative Default => new Derivative
        {
            Address = "",
            MediaType = "",
            Usage = "",
        };

        /// <summary>Read one part.</summary>
        internal static Derivative Read(ref WireReader reader)
        {
            var count = reader.ReadArray(2, "Derivative");
            var value = Default;
            value.Address = reader.ReadText(2000);
            value.MediaType = reader.ReadText(32);
            if (count > 2)
            {
                value.Size = reader.ReadInt();
            }
            if (count > 3)
            {
                value.Triangles = reader.ReadInt();
            }
            if (count > 4)
            {
                value.Error = reader.ReadFloat();
            }
            if (count > 5)
            {
                value.Usage = reader.ReadText(32);
            }
            reader.SkipRest(count - 6);
            return value;
        }

        /// <summary>Write all fields.</summary>
        internal void Write(WireWriter writer)
        {
            writer.WriteArray(6);
            writer.WriteText(Address, 2000);
            writer.WriteText(MediaType, 32);
            writer.WriteInt(Size);
            writer.WriteInt(Triangles);
            writer.WriteFloat(Error);
            writer.WriteText(Usage, 32);
        }

        internal static Derivative[] ReadList(ref WireReader reader)
        {
            var count = reader.ReadArray();
            if (count == 0)
            {
                return Array.Empty<Derivative>();
            }
            var list = new Derivative[Math.Min(count, WireReader.FirstEntries)];
            for (var index = 0; index < count; index++)
            {
                if (index == list.Length)
                {
                    Array.Resize(ref list, Math.Min(count, 2 * list.Length));
                }
                list[index] = Read(ref reader);
            }
            return list;
        }

        internal static void WriteList(WireWriter writer, Derivative[] list)
        {
            list = list ?? Array.Empty<Derivative>();
            writer.WriteArray(list.Length);
            for (var index = 0; index < list.Length; index++)
            {
                list[index].Write(writer);
            }
        }
    }

    /// <summary>A hotspot of a recognized artifact, where it lies in the camera frame.</summary>
    public struct Spot
    {
        /// <summary>The annotation whose hotspot it is.</summary>
        public string Annotation;

        /// <summary>From the left. Unit: px.</summary>
        public float X;

        /// <summary>From the top. Unit: px.</summary>
        public float Y;

        /// <summary>All fields as the protocol leaves them where nothing is said.</summary>
        public static Spot Default => new Spot
        {
            Annotation = "",
        };

        /// <summary>Read one part.</summary>
        internal static Spot Read(ref WireReader reader)
        {
            var count = reader.ReadArray(3, "Spot");
            var value = Default;
            value.Annotation = reader.ReadText(128);
            value.X = reader.ReadFloat();
            value.Y = reader.ReadFloat();
            reader.SkipRest(count - 3);
            return value;
        }

        /// <summary>Write all fields.</summary>
        internal void Write(WireWriter writer)
        {
            writer.WriteArray(3);
            writer.WriteText(Annotation, 128);
            writer.WriteFloat(X);
            writer.WriteFloat(Y);
        }

        internal static Spot[] ReadList(ref WireReader reader)
        {
            var count = reader.ReadArray();
            if (count == 0)
            {
                return Array.Empty<Spot>();
            }
            var list = new Spot[Math.Min(count, WireReader.FirstEntries)];
            for (var index = 0; index < count; index++)
            {
                if (index == list.Length)
                {
                    Array.Resize(ref list, Math.Min(count, 2 * list.Length));
                }
                list[index] = Read(ref reader);
            }
            return list;
        }

        internal static void WriteList(WireWriter writer, Spot[] list)
        {
            list = list ?? Array.Empty<Spot>();
            writer.WriteArray(list.Length);
            for (var index = 0; index < list.Length; index++)
            {
                list[index].Write(writer);
            }
        }
    }

    /// <summary>Where a recognized artifact is before the camera: its own frame in the camera's.</summary>
    public struct SeenPose
    {
        /// <summary>Of the artifact's own origin; the camera looks along its own -Z, +Y is up in the frame. Unit: m.</summary>
        public Vec3 Position;

        /// <summary>Of the artifact's own frame. Unit: x, y, z, w; length 1.</summary>
        public Quat Orientation;

        /// <summary>Root mean square distance between points as seen and as this pose puts them. Unit: px.</summary>
        public float Error;

        /// <summary>All fields as the protocol leaves them where nothing is said.</summary>
        public static SeenPose Default => new SeenPose
        {
            Orientation = Quat.Identity,
        };

        /// <summary>Read one part.</summary>
        internal static SeenPose Read(ref WireReader reader)
        {
            var count = reader.ReadArray(3, "SeenPose");
            var value = Default;
            value.Position = reader.ReadVec3();
            value.Orientation = reader.ReadQuat();
            value.Error = reader.ReadFloat();
            reader.SkipRest(count - 3);
            return value;
        }

        /// <summary>Write all fields.</summary>
        internal void Write(WireWriter writer)
        {
            writer.WriteArray(3);
            writer.WriteVec3(Position);
            writer.WriteQuat(Orientation);
            writer.WriteFloat(Error);
        }
    }

    /// <summary>One artifact recognized in a camera frame.</summary>
    public struct Sighting
    {
        /// <summary>Its identifier in the catalog.</summary>
        public string Artifact;

        /// <summary>Calibrated: of sightings with score s, a share of s is right. Unit: 0-1.</summary>
        public float Score;

        /// <summary>Why, in words a curator can check.</summary>
        public string Evidence;

        /// <summary>Outline in the frame: x, y pairs, clockwise from the top left; empty where not known. Unit: px.</summary>
        public float[] Corners;

        /// <summary>The gallery's photo or rendered view that it is nearest to.</summary>
        public string View;

        /// <summary>Local features that agree with that artifact on one geometry; 0 where not looked at.</summary>
        public ushort Inliers;

        /// <summary>Where in the frame the decision rests: hull of those features, x, y pairs; or empty. Unit: px.</summary>
        public float[] Region;

        /// <summary>Nil where the artifact has no scan, the device told no intrinsics, or too few points agree.</summary>
        public SeenPose? Pose;

        /// <summary>Hotspots of its annotations that face the camera; needs what the pose needs.</summary>
        public Spot[] Spots;

        /// <summary>All fields as the protocol leaves them where nothing is said.</summary>
        public static Sighting Default => new Sighting
        {
            Artifact = "",
            Evidence = "",
            Corners = Array.Empty<float>(),
            View = "",
            Region = Array.Empty<float>(),
            Spots = Array.Empty<Spot>(),
        };

        /// <summary>Read one part.</summary>
        internal static Sighting Read(ref WireReader reader)
        {
            var count = reader.ReadArray(2, "Sighting");
            var value = Default;
            value.Artifact = reader.ReadText(128);
            value.Score = reader.ReadRatio();
            if (count > 2)
            {
                value.Evidence = reader.ReadText(1000);
            }
            if (count > 3)
            {
                value.Corners = reader.ReadFloats();
            }
            if (count > 4)
            {
                value.View = reader.ReadText(128);
            }
            if (count > 5)
            {
                value.Inliers = reader.ReadShort();
            }
            if (count > 6)
            {
                value.Region = reader.ReadFloats();
            }
            if (count > 7)
            {
                value.Pose = reader.TryReadNil() ? (Protocol.SeenPose?)null : Protocol.SeenPose.Read(ref reader);
            }
            if (count > 8)
            {
                value.Spots = Spot.ReadList(ref reader);
            }
            reader.SkipRest(count - 9);
            return value;
        }

        /// <summary>Write all fields.</summary>
        internal void Write(WireWriter writer)
        {
            writer.WriteArray(9);
            writer.WriteText(Artifact, 128);
            writer.WriteRatio(Score);
            writer.WriteText(Evidence, 1000);
            writer.WriteFloats(Corners);
            writer.WriteText(View, 128);
            writer.WriteShort(Inliers);
            writer.WriteFloats(Region);
            if (Pose.HasValue)
            {
                Pose.Value.Write(writer);
            }
            else
            {
                writer.WriteNil();
            }
            Spot.WriteList(writer, Spots);
        }

        internal static Sighting[] ReadList(ref WireReader reader)
        {
            var count = reader.ReadArray();
            if (count == 0)
            {
                return Array.Empty<Sighting>();
            }
            var list = new Sighting[Math.Min(count, WireReader.FirstEntries)];
            for (var index = 0; index < count; index++)
            {
                if (index == list.Length)
                {
                    Array.Resize(ref list, Math.Min(count, 2 * list.Length));
                }
                list[index] = Read(ref reader);
            }
            return list;
        }

        internal static void WriteList(WireWriter writer, Sighting[] list)
        {
            list = list ?? Array.Empty<Sighting>();
            writer.WriteArray(list.Length);
            for (var index = 0; index < list.Length; index++)
            {
                list[index].Write(writer);
            }
        }
    }

    /// <summary>Where the time of one frame went.</summary>
    public struct StageTime
    {
        /// <summary><c>queue</c>, <c>decode</c>, <c>embed</c>, <c>search</c>, <c>verify</c>, <c>pose</c>.</summary>
        public string Stage;

        /// <summary>How long it took. Unit: ns.</summary>
        public long Duration;

        /// <summary>All fields as the protocol leaves them where nothing is said.</summary>
        public static StageTime Default => new StageTime
        {
            Stage = "",
        };

        /// <summary>Read one part.</summary>
        internal static StageTime Read(ref WireReader reader)
        {
            var count = reader.ReadArray(2, "StageTime");
            var value = Default;
            value.Stage = reader.ReadText(32);
            value.Duration = reader.ReadLong();
            reader.SkipRest(count - 2);
            return value;
        }

        /// <summary>Write all fields.</summary>
        internal void Write(WireWriter writer)
        {
            writer.WriteArray(2);
            writer.WriteText(Stage, 32);
            writer.WriteLong(Duration);
        }

        internal static StageTime[] ReadList(ref WireReader reader)
        {
            var count = reader.ReadArray();
            if (count == 0)
            {
                return Array.Empty<StageTime>();
            }
            var list = new StageTime[Math.Min(count, WireReader.FirstEntries)];
            for (var index = 0; index < count; index++)
            {
                if (index == list.Length)
                {
                    Array.Resize(ref list, Math.Min(count, 2 * list.Length));
                }
                list[index] = Read(ref reader);
            }
            return list;
        }

        internal static void WriteList(WireWriter writer, StageTime[] list)
        {
            list = list ?? Array.Empty<StageTime>();
            writer.WriteArray(list.Length);
            for (var index = 0; index < list.Length; index++)
            {
                list[index].Write(writer);
            }
        }
    }

    /// <summary>Why there is no sighting.</summary>
    public struct Rejection
    {
        /// <summary>Which of the named reasons.</summary>
        public RejectionReason Reason;

        /// <summary>In words, for a log.</summary>
        public string Detail;

        /// <summary>All fields as the protocol leaves them where nothing is said.</summary>
        public static Rejection Default => new Rejection
        {
            Detail = "",
        };

        /// <summary>Read one part.</summary>
        internal static Rejection Read(ref WireReader reader)
        {
            var count = reader.ReadArray(1, "Rejection");
            var value = Default;
            value.Reason = Choices.ReadRejectionReason(ref reader);
            if (count > 1)
            {
                value.Detail = reader.ReadText(1000);
            }
            reader.SkipRest(count - 2);
            return value;
        }

        /// <summary>Write all fields.</summary>
        internal void Write(WireWriter writer)
        {
            writer.WriteArray(2);
            writer.WriteShort((ushort)Reason);
            writer.WriteText(Detail, 1000);
        }
    }

    /// <summary>One sentence of an answer, with its source.</summary>
    public struct Statement
    {
        /// <summary>The sentence.</summary>
        public string Content;

        /// <summary>Of the sentence. Unit: BCP 47.</summary>
        public string Language;

        /// <summary>Source record and field; for a model, its manifest hash.</summary>
        public string Source;

        /// <summary>Where to read on, if anywhere.</summary>
        public string Address;

        /// <summary>1 for what the record itself says. Unit: 0-1.</summary>
        public float Confidence;

        /// <summary>All fields as the protocol leaves them where nothing is said.</summary>
        public static Statement Default => new Statement
        {
            Content = "",
            Language = "",
            Source = "",
            Address = "",
            Confidence = 1.0f,
        };

        /// <summary>Read one part.</summary>
        internal static Statement Read(ref WireReader reader)
        {
            var count = reader.ReadArray(3, "Statement");
            var value = Default;
            value.Content = reader.ReadText(20000);
            value.Language = reader.ReadText(35);
            value.Source = reader.ReadText(1000);
            if (count > 3)
            {
                value.Address = reader.ReadText(2000);
            }
            if (count > 4)
            {
                value.Confidence = reader.ReadRatio();
            }
            reader.SkipRest(count - 5);
            return value;
        }

        /// <summary>Write all fields.</summary>
        internal void Write(WireWriter writer)
        {
            writer.WriteArray(5);
            writer.WriteText(Content, 20000);
            writer.WriteText(Language, 35);
            writer.WriteText(Source, 1000);
            writer.WriteText(Address, 2000);
            writer.WriteRatio(Confidence);
        }

        internal static Statement[] ReadList(ref WireReader reader)
        {
            var count = reader.ReadArray();
            if (count == 0)
            {
                return Array.Empty<Statement>();
            }
            var list = new Statement[Math.Min(count, WireReader.FirstEntries)];
            for (var index = 0; index < count; index++)
            {
                if (index == list.Length)
                {
                    Array.Resize(ref list, Math.Min(count, 2 * list.Length));
                }
                list[index] = Read(ref reader);
            }
            return list;
        }

        internal static void WriteList(WireWriter writer, Statement[] list)
        {
            list = list ?? Array.Empty<Statement>();
            writer.WriteArray(list.Length);
            for (var index = 0; index < list.Length; index++)
            {
                list[index].Write(writer);
            }
        }
    }
}
