// Written by `python -m server.protocol.csharp` from the protocol's own definition. Change that, not this.

using System;

namespace MuseumTwin.Protocol
{
    /// <summary>First message of a connection: what the client is, and, to resume, which session it was.</summary>
    public struct Hello
    {
        /// <summary>The message's number on the wire.</summary>
        public const byte Code = 1;

        /// <summary>What the visitor holds.</summary>
        public ClientKind Kind;

        /// <summary>Minor protocol version of the client.</summary>
        public ushort Minor;

        /// <summary>What it can use: <c>meshopt</c>, <c>ktx2</c>, <c>draco</c>, <c>webxr</c>, <c>usdz</c>, <c>splat</c>.</summary>
        public string[] Capabilities;

        /// <summary>Wished languages, the dearest first. Unit: BCP 47.</summary>
        public string[] Languages;

        /// <summary>Wishes that change what is sent.</summary>
        public Accessibility Accessibility;

        /// <summary>Most bytes per second the server may send, bytes/s; 0: no wish.</summary>
        public uint ByteBudget;

        /// <summary>What the visitor agreed to.</summary>
        public Consent Consent;

        /// <summary>Where the visit starts; empty: the server chooses.</summary>
        public string Gallery;

        /// <summary>Token of the session to continue; empty: a new session.</summary>
        public byte[] Token;

        /// <summary>To resume: number of the last event taken in.</summary>
        public uint Received;

        /// <summary>Name and version of the client program.</summary>
        public string Software;

        /// <summary>All fields as the protocol leaves them where nothing is said.</summary>
        public static Hello Default => new Hello
        {
            Capabilities = Array.Empty<string>(),
            Languages = Array.Empty<string>(),
            Accessibility = Accessibility.Default,
            Consent = Consent.Default,
            Gallery = "",
            Token = Array.Empty<byte>(),
            Software = "",
        };

        /// <summary>Read one message; bytes that are not this message are refused.</summary>
        public static Hello Read(ref WireReader reader)
        {
            var count = reader.ReadArray(2, "Hello");
            reader.Expect(Code);
            var value = Default;
            value.Kind = Choices.ReadClientKind(ref reader);
            if (count > 2)
            {
                value.Minor = reader.ReadShort();
            }
            if (count > 3)
            {
                value.Capabilities = reader.ReadTexts(32);
            }
            if (count > 4)
            {
                value.Languages = reader.ReadTexts(35);
            }
            if (count > 5)
            {
                value.Accessibility = Accessibility.Read(ref reader);
            }
            if (count > 6)
            {
                value.ByteBudget = reader.ReadInt();
            }
            if (count > 7)
            {
                value.Consent = Consent.Read(ref reader);
            }
            if (count > 8)
            {
                value.Gallery = reader.ReadText(128);
            }
            if (count > 9)
            {
                value.Token = reader.ReadBytes(32);
            }
            if (count > 10)
            {
                value.Received = reader.ReadInt();
            }
            if (count > 11)
            {
                value.Software = reader.ReadText(1000);
            }
            reader.SkipRest(count - 12);
            reader.ExpectEnd();
            return value;
        }

        /// <summary>Write all fields.</summary>
        public void Write(WireWriter writer)
        {
            writer.WriteArray(12);
            writer.WriteByte(Code);
            writer.WriteShort((ushort)Kind);
            writer.WriteShort(Minor);
            writer.WriteTexts(Capabilities, 32);
            writer.WriteTexts(Languages, 35);
            Accessibility.Write(writer);
            writer.WriteInt(ByteBudget);
            Consent.Write(writer);
            writer.WriteText(Gallery, 128);
            writer.WriteBytes(Token, 32);
            writer.WriteInt(Received);
            writer.WriteText(Software, 1000);
        }
    }

    /// <summary>Answer to hello. After a resume the missed events follow; otherwise a snapshot.</summary>
    public struct Welcome
    {
        /// <summary>The message's number on the wire.</summary>
        public const byte Code = 2;

        /// <summary>Identifies the session in logs and messages; says nothing of the person.</summary>
        public string Session;

        /// <summary>Secret that resumes this session, the same for its whole life.</summary>
        public byte[] Token;

        /// <summary>The server's time as it wrote this; the clock messages refine it. Unit: ns.</summary>
        public long ServerTime;

        /// <summary>Minor protocol version of the server; both sides speak the lower one.</summary>
        public ushort Minor;

        /// <summary>The session goes on: nothing was lost. <c>false</c>: forget all; a snapshot follows.</summary>
        public bool Resumed;

        /// <summary>Where the visit starts.</summary>
        public string Gallery;

        /// <summary>Version of the placement of exhibits.</summary>
        public string Placement;

        /// <summary>How long after a lost connection the token is good. Unit: ns.</summary>
        public long ResumeWithin;

        /// <summary>Acknowledge at the latest after this many events.</summary>
        public ushort AcknowledgeEvery;

        /// <summary>Be heard at least this often; a clock request will do. Unit: ns.</summary>
        public long Heartbeat;

        /// <summary>What this server offers: <c>recognizer</c>, <c>questions</c>.</summary>
        public string[] Capabilities;

        /// <summary>All fields as the protocol leaves them where nothing is said.</summary>
        public static Welcome Default => new Welcome
        {
            Session = "",
            Token = Array.Empty<byte>(),
            Gallery = "",
            Placement = "",
            Capabilities = Array.Empty<string>(),
        };

        /// <summary>Read one message; bytes that are not this message are refused.</summary>
        public static Welcome Read(ref WireReader reader)
        {
            var count = reader.ReadArray(11, "Welcome");
            reader.Expect(Code);
            var value = Default;
            value.Session = reader.ReadText(128);
            value.Token = reader.ReadBytes(32);
            value.ServerTime = reader.ReadLong();
            value.Minor = reader.ReadShort();
            value.Resumed = reader.ReadBool();
            value.Gallery = reader.ReadText(128);
            value.Placement = reader.ReadText(128);
            value.ResumeWithin = reader.ReadLong();
            value.AcknowledgeEvery = reader.ReadShort();
            value.Heartbeat = reader.ReadLong();
            if (count > 11)
            {
                value.Capabilities = reader.ReadTexts(32);
            }
            reader.SkipRest(count - 12);
            reader.ExpectEnd();
            return value;
        }

        /// <summary>Write all fields.</summary>
        public void Write(WireWriter writer)
        {
            writer.WriteArray(12);
            writer.WriteByte(Code);
            writer.WriteText(Session, 128);
            writer.WriteBytes(Token, 32);
            writer.WriteLong(ServerTime);
            writer.WriteShort(Minor);
            writer.WriteBool(Resumed);
            writer.WriteText(Gallery, 128);
            writer.WriteText(Placement, 128);
            writer.WriteLong(ResumeWithin);
            writer.WriteShort(AcknowledgeEvery);
            writer.WriteLong(Heartbeat);
            writer.WriteTexts(Capabilities, 32);
        }
    }

    /// <summary>Asks for the server's time (NTP's four timestamps, RFC 5905 section 8).</summary>
    public struct ClockRequest
    {
        /// <summary>The message's number on the wire.</summary>
        public const byte Code = 3;

        /// <summary>T1. Unit: ns.</summary>
        public long ClientSent;

        /// <summary>All fields as the protocol leaves them where nothing is said.</summary>
        public static ClockRequest Default => default;

        /// <summary>Read one message; bytes that are not this message are refused.</summary>
        public static ClockRequest Read(ref WireReader reader)
        {
            var count = reader.ReadArray(2, "ClockRequest");
            reader.Expect(Code);
            var value = Default;
            value.ClientSent = reader.ReadLong();
            reader.SkipRest(count - 2);
            reader.ExpectEnd();
            return value;
        }

        /// <summary>Write all fields.</summary>
        public void Write(WireWriter writer)
        {
            writer.WriteArray(2);
            writer.WriteByte(Code);
            writer.WriteLong(ClientSent);
        }
    }

    /// <summary>With T4, the time it arrives: offset ((T2 - T1) + (T3 - T4)) / 2, delay (T4 - T1) - (T3 - T2).</summary>
    public struct ClockAnswer
    {
        /// <summary>The message's number on the wire.</summary>
        public const byte Code = 4;

        /// <summary>T1, as it came. Unit: ns.</summary>
        public long ClientSent;

        /// <summary>T2. Unit: ns.</summary>
        public long ServerReceived;

        /// <summary>T3. Unit: ns.</summary>
        public long ServerSent;

        /// <summary>All fields as the protocol leaves them where nothing is said.</summary>
        public static ClockAnswer Default => default;

        /// <summary>Read one message; bytes that are not this message are refused.</summary>
        public static ClockAnswer Read(ref WireReader reader)
        {
            var count = reader.ReadArray(4, "ClockAnswer");
            reader.Expect(Code);
            var value = Default;
            value.ClientSent = reader.ReadLong();
            value.ServerReceived = reader.ReadLong();
            value.ServerSent = reader.ReadLong();
            reader.SkipRest(count - 4);
            reader.ExpectEnd();
            return value;
        }

        /// <summary>Write all fields.</summary>
        public void Write(WireWriter writer)
        {
            writer.WriteArray(4);
            writer.WriteByte(Code);
            writer.WriteLong(ClientSent);
            writer.WriteLong(ServerReceived);
            writer.WriteLong(ServerSent);
        }
    }

    /// <summary>All events up to this number were taken in.</summary>
    public struct Acknowledge
    {
        /// <summary>The message's number on the wire.</summary>
        public const byte Code = 5;

        /// <summary>Number of the newest event taken in.</summary>
        public uint Sequence;

        /// <summary>All fields as the protocol leaves them where nothing is said.</summary>
        public static Acknowledge Default => default;

        /// <summary>Read one message; bytes that are not this message are refused.</summary>
        public static Acknowledge Read(ref WireReader reader)
        {
            var count = reader.ReadArray(2, "Acknowledge");
            reader.Expect(Code);
            var value = Default;
            value.Sequence = reader.ReadInt();
            reader.SkipRest(count - 2);
            reader.ExpectEnd();
            return value;
        }

        /// <summary>Write all fields.</summary>
        public void Write(WireWriter writer)
        {
            writer.WriteArray(2);
            writer.WriteByte(Code);
            writer.WriteInt(Sequence);
        }
    }

    /// <summary>What was wrong. After a fatal error follow bye and the end of the connection.</summary>
    public struct Error
    {
        /// <summary>The message's number on the wire.</summary>
        public const byte Code = 6;

        /// <summary>Which of the named errors.</summary>
        public ErrorCode Kind;

        /// <summary>Which field or limit, what was expected, and the remedy.</summary>
        public string Detail;

        /// <summary>The connection ends.</summary>
        public bool Fatal;

        /// <summary>Number of the offending message type; 0 where none.</summary>
        public byte About;

        /// <summary>Number of the offending frame or question; 0 where none.</summary>
        public uint Number;

        /// <summary>All fields as the protocol leaves them where nothing is said.</summary>
        public static Error Default => new Error
        {
            Detail = "",
        };

        /// <summary>Read one message; bytes that are not this message are refused.</summary>
        public static Error Read(ref WireReader reader)
        {
            var count = reader.ReadArray(3, "Error");
            reader.Expect(Code);
            var value = Default;
            value.Kind = Choices.ReadErrorCode(ref reader);
            value.Detail = reader.ReadText(1000);
            if (count > 3)
            {
                value.Fatal = reader.ReadBool();
            }
            if (count > 4)
            {
                value.About = reader.ReadByte();
            }
            if (count > 5)
            {
                value.Number = reader.ReadInt();
            }
            reader.SkipRest(count - 6);
            reader.ExpectEnd();
            return value;
        }

        /// <summary>Write all fields.</summary>
        public void Write(WireWriter writer)
        {
            writer.WriteArray(6);
            writer.WriteByte(Code);
            writer.WriteShort((ushort)Kind);
            writer.WriteText(Detail, 1000);
            writer.WriteBool(Fatal);
            writer.WriteByte(About);
            writer.WriteInt(Number);
        }
    }

    /// <summary>Last message of a connection.</summary>
    public struct Bye
    {
        /// <summary>The message's number on the wire.</summary>
        public const byte Code = 7;

        /// <summary>Why.</summary>
        public ByeReason Reason;

        /// <summary>In words, for a log.</summary>
        public string Detail;

        /// <summary>Server only: come back no sooner than this from now. Unit: ns.</summary>
        public long ReturnAfter;

        /// <summary>All fields as the protocol leaves them where nothing is said.</summary>
        public static Bye Default => new Bye
        {
            Detail = "",
        };

        /// <summary>Read one message; bytes that are not this message are refused.</summary>
        public static Bye Read(ref WireReader reader)
        {
            var count = reader.ReadArray(2, "Bye");
            reader.Expect(Code);
            var value = Default;
            value.Reason = Choices.ReadByeReason(ref reader);
            if (count > 2)
            {
                value.Detail = reader.ReadText(1000);
            }
            if (count > 3)
            {
                value.ReturnAfter = reader.ReadLong();
            }
            reader.SkipRest(count - 4);
            reader.ExpectEnd();
            return value;
        }

        /// <summary>Write all fields.</summary>
        public void Write(WireWriter writer)
        {
            writer.WriteArray(4);
            writer.WriteByte(Code);
            writer.WriteShort((ushort)Reason);
            writer.WriteText(Detail, 1000);
            writer.WriteLong(ReturnAfter);
        }
    }

    /// <summary>Where the visitor looks, where that is known better than by the head's pose.</summary>
    public struct Gaze
    {
        /// <summary>The message's number on the wire.</summary>
        public const byte Code = 17;

        /// <summary>When the eye looked. Unit: ns.</summary>
        public long Time;

        /// <summary>The eye, in the museum's space. Unit: m.</summary>
        public Vec3 Origin;

        /// <summary>Where it looks, in the museum's space. Unit: unit vector.</summary>
        public Vec3 Direction;

        /// <summary>All fields as the protocol leaves them where nothing is said.</summary>
        public static Gaze Default => default;

        /// <summary>Read one message; bytes that are not this message are refused.</summary>
        public static Gaze Read(ref WireReader reader)
        {
            var count = reader.ReadArray(4, "Gaze");
            reader.Expect(Code);
            var value = Default;
            value.Time = reader.ReadLong();
            value.Origin = reader.ReadVec3();
            value.Direction = reader.ReadVec3();
            reader.SkipRest(count - 4);
            reader.ExpectEnd();
            return value;
        }

        /// <summary>Write all fields.</summary>
        public void Write(WireWriter writer)
        {
            writer.WriteArray(4);
            writer.WriteByte(Code);
            writer.WriteLong(Time);
            writer.WriteVec3(Origin);
            writer.WriteVec3(Direction);
        }
    }

    /// <summary>A picture from the visitor's camera. The latest wins; each is answered by exactly one Sightings. Pixels, in the intrinsics and in the answer, count along the image's rows and columns as they are stored, <c>width</c> × <c>height</c> from the upper left; turns that EXIF asks for only help to recognize it.</summary>
    public struct CameraFrame
    {
        /// <summary>The message's number on the wire.</summary>
        public const byte Code = 18;

        /// <summary>Chosen by the client, growing.</summary>
        public uint Number;

        /// <summary>How the image is written.</summary>
        public ImageEncoding Encoding;

        /// <summary>Pixels.</summary>
        public ushort Width;

        /// <summary>Pixels.</summary>
        public ushort Height;

        /// <summary>The image's bytes.</summary>
        public byte[] Image;

        /// <summary>When the shutter opened. Unit: ns.</summary>
        public long Time;

        /// <summary>Camera's pose then.</summary>
        public PoseSample? Pose;

        /// <summary>Nil where the device does not say.</summary>
        public Intrinsics? Intrinsics;

        /// <summary>All fields as the protocol leaves them where nothing is said.</summary>
        public static CameraFrame Default => new CameraFrame
        {
            Image = Array.Empty<byte>(),
        };

        /// <summary>Read one message; bytes that are not this message are refused.</summary>
        public static CameraFrame Read(ref WireReader reader)
        {
            var count = reader.ReadArray(7, "CameraFrame");
            reader.Expect(Code);
            var value = Default;
            value.Number = reader.ReadInt();
            value.Encoding = Choices.ReadImageEncoding(ref reader);
            value.Width = reader.ReadShort();
            value.Height = reader.ReadShort();
            value.Image = reader.ReadBytes(1048576);
            value.Time = reader.ReadLong();
            if (count > 7)
            {
                value.Pose = reader.TryReadNil() ? (Protocol.PoseSample?)null : Protocol.PoseSample.Read(ref reader);
            }
            if (count > 8)
            {
                value.Intrinsics = reader.TryReadNil() ? (Protocol.Intrinsics?)null : Protocol.Intrinsics.Read(ref reader);
            }
            reader.SkipRest(count - 9);
            reader.ExpectEnd();
            return value;
        }

        /// <summary>Write all fields.</summary>
        public void Write(WireWriter writer)
        {
            writer.WriteArray(9);
            writer.WriteByte(Code);
            writer.WriteInt(Number);
            writer.WriteShort((ushort)Encoding);
            writer.WriteShort(Width);
            writer.WriteShort(Height);
            writer.WriteBytes(Image, 1048576);
            writer.WriteLong(Time);
            if (Pose.HasValue)
            {
                Pose.Value.Write(writer);
            }
            else
            {
                writer.WriteNil();
            }
            if (Intrinsics.HasValue)
            {
                Intrinsics.Value.Write(writer);
            }
            else
            {
                writer.WriteNil();
            }
        }
    }

    /// <summary>A question in the visitor's words.</summary>
    public struct Question
    {
        /// <summary>The message's number on the wire.</summary>
        public const byte Code = 19;

        /// <summary>Chosen by the client, growing.</summary>
        public uint Number;

        /// <summary>The question.</summary>
        public string Content;

        /// <summary>The language it is asked in and to be answered in. Unit: BCP 47.</summary>
        public string Language;

        /// <summary>What it is about; empty: what the visitor looks at.</summary>
        public string Artifact;

        /// <summary>All fields as the protocol leaves them where nothing is said.</summary>
        public static Question Default => new Question
        {
            Content = "",
            Language = "",
            Artifact = "",
        };

        /// <summary>Read one message; bytes that are not this message are refused.</summary>
        public static Question Read(ref WireReader reader)
        {
            var count = reader.ReadArray(4, "Question");
            reader.Expect(Code);
            var value = Default;
            value.Number = reader.ReadInt();
            value.Content = reader.ReadText(1000);
            value.Language = reader.ReadText(35);
            if (count > 4)
            {
                value.Artifact = reader.ReadText(128);
            }
            reader.SkipRest(count - 5);
            reader.ExpectEnd();
            return value;
        }

        /// <summary>Write all fields.</summary>
        public void Write(WireWriter writer)
        {
            writer.WriteArray(5);
            writer.WriteByte(Code);
            writer.WriteInt(Number);
            writer.WriteText(Content, 1000);
            writer.WriteText(Language, 35);
            writer.WriteText(Artifact, 128);
        }
    }

    /// <summary>All the visitor should perceive; replaces everything told before.</summary>
    public struct Snapshot
    {
        /// <summary>The message's number on the wire.</summary>
        public const byte Code = 32;

        /// <summary>Number of this event in its session, from 1 without gaps; 0 until the session numbers it.</summary>
        public uint Sequence;

        /// <summary>When it was true. Unit: ns.</summary>
        public long Time;

        /// <summary>Where the visitor is.</summary>
        public string Gallery;

        /// <summary>Version of the placement of exhibits.</summary>
        public string Placement;

        /// <summary>Only entering artifacts and added annotations.</summary>
        public Change[] Changes;

        /// <summary>All fields as the protocol leaves them where nothing is said.</summary>
        public static Snapshot Default => new Snapshot
        {
            Gallery = "",
            Placement = "",
            Changes = Array.Empty<Change>(),
        };

        /// <summary>Read one message; bytes that are not this message are refused.</summary>
        public static Snapshot Read(ref WireReader reader)
        {
            var count = reader.ReadArray(5, "Snapshot");
            reader.Expect(Code);
            var value = Default;
            if (count > 1)
            {
                value.Sequence = reader.ReadInt();
            }
            value.Time = reader.ReadLong();
            value.Gallery = reader.ReadText(128);
            value.Placement = reader.ReadText(128);
            value.Changes = Change.ReadList(ref reader);
            reader.SkipRest(count - 6);
            reader.ExpectEnd();
            return value;
        }

        /// <summary>Write all fields.</summary>
        public void Write(WireWriter writer)
        {
            writer.WriteArray(6);
            writer.WriteByte(Code);
            writer.WriteInt(Sequence);
            writer.WriteLong(Time);
            writer.WriteText(Gallery, 128);
            writer.WriteText(Placement, 128);
            Change.WriteList(writer, Changes);
        }
    }

    /// <summary>What changed for the visitor. An artifact that enters again replaces what was told of it before.</summary>
    public struct Delta
    {
        /// <summary>The message's number on the wire.</summary>
        public const byte Code = 33;

        /// <summary>Number of this event in its session, from 1 without gaps; 0 until the session numbers it.</summary>
        public uint Sequence;

        /// <summary>When it became true. Unit: ns.</summary>
        public long Time;

        /// <summary>Number of the newest pose it takes into account.</summary>
        public ushort Pose;

        /// <summary>In the order in which they are to be applied.</summary>
        public Change[] Changes;

        /// <summary>All fields as the protocol leaves them where nothing is said.</summary>
        public static Delta Default => new Delta
        {
            Changes = Array.Empty<Change>(),
        };

        /// <summary>Read one message; bytes that are not this message are refused.</summary>
        public static Delta Read(ref WireReader reader)
        {
            var count = reader.ReadArray(4, "Delta");
            reader.Expect(Code);
            var value = Default;
            if (count > 1)
            {
                value.Sequence = reader.ReadInt();
            }
            value.Time = reader.ReadLong();
            value.Pose = reader.ReadShort();
            value.Changes = Change.ReadList(ref reader);
            reader.SkipRest(count - 5);
            reader.ExpectEnd();
            return value;
        }

        /// <summary>Write all fields.</summary>
        public void Write(WireWriter writer)
        {
            writer.WriteArray(5);
            writer.WriteByte(Code);
            writer.WriteInt(Sequence);
            writer.WriteLong(Time);
            writer.WriteShort(Pose);
            Change.WriteList(writer, Changes);
        }
    }

    /// <summary>What a camera frame showed: sightings, best first, or one rejection.</summary>
    public struct Sightings
    {
        /// <summary>The message's number on the wire.</summary>
        public const byte Code = 34;

        /// <summary>Number of this event in its session, from 1 without gaps; 0 until the session numbers it.</summary>
        public uint Sequence;

        /// <summary>Number of the frame.</summary>
        public uint Number;

        /// <summary>Best first; empty where rejected.</summary>
        public Sighting[] Found;

        /// <summary>Nil where there is a sighting.</summary>
        public Rejection? Rejection;

        /// <summary>Where the time went, in order.</summary>
        public StageTime[] Stages;

        /// <summary>Hash of the manifest of the recognizer in service.</summary>
        public string Model;

        /// <summary>What is seen if only artifacts that the visitor perceives are considered. Beside a rejection as unavailable, what stands near: with score 0, for the picture was not looked at.</summary>
        public Sighting[] Nearby;

        /// <summary>All fields as the protocol leaves them where nothing is said.</summary>
        public static Sightings Default => new Sightings
        {
            Found = Array.Empty<Sighting>(),
            Stages = Array.Empty<StageTime>(),
            Model = "",
            Nearby = Array.Empty<Sighting>(),
        };

        /// <summary>Read one message; bytes that are not this message are refused.</summary>
        public static Sightings Read(ref WireReader reader)
        {
            var count = reader.ReadArray(2, "Sightings");
            reader.Expect(Code);
            var value = Default;
            if (count > 1)
            {
                value.Sequence = reader.ReadInt();
            }
            value.Number = reader.ReadInt();
            if (count > 3)
            {
                value.Found = Sighting.ReadList(ref reader);
            }
            if (count > 4)
            {
                value.Rejection = reader.TryReadNil() ? (Protocol.Rejection?)null : Protocol.Rejection.Read(ref reader);
            }
            if (count > 5)
            {
                value.Stages = StageTime.ReadList(ref reader);
            }
            if (count > 6)
            {
                value.Model = reader.ReadText(128);
            }
            if (count > 7)
            {
                value.Nearby = Sighting.ReadList(ref reader);
            }
            reader.SkipRest(count - 8);
            reader.ExpectEnd();
            return value;
        }

        /// <summary>Write all fields.</summary>
        public void Write(WireWriter writer)
        {
            writer.WriteArray(8);
            writer.WriteByte(Code);
            writer.WriteInt(Sequence);
            writer.WriteInt(Number);
            Sighting.WriteList(writer, Found);
            if (Rejection.HasValue)
            {
                Rejection.Value.Write(writer);
            }
            else
            {
                writer.WriteNil();
            }
            StageTime.WriteList(writer, Stages);
            writer.WriteText(Model, 128);
            Sighting.WriteList(writer, Nearby);
        }
    }

    /// <summary>Answer to a question; no statement means that nothing is known.</summary>
    public struct Answer
    {
        /// <summary>The message's number on the wire.</summary>
        public const byte Code = 35;

        /// <summary>Number of this event in its session, from 1 without gaps; 0 until the session numbers it.</summary>
        public uint Sequence;

        /// <summary>Number of the question.</summary>
        public uint Number;

        /// <summary>In reading order.</summary>
        public Statement[] Statements;

        /// <summary>What the question was taken to be about.</summary>
        public string Artifact;

        /// <summary>All fields as the protocol leaves them where nothing is said.</summary>
        public static Answer Default => new Answer
        {
            Statements = Array.Empty<Statement>(),
            Artifact = "",
        };

        /// <summary>Read one message; bytes that are not this message are refused.</summary>
        public static Answer Read(ref WireReader reader)
        {
            var count = reader.ReadArray(2, "Answer");
            reader.Expect(Code);
            var value = Default;
            if (count > 1)
            {
                value.Sequence = reader.ReadInt();
            }
            value.Number = reader.ReadInt();
            if (count > 3)
            {
                value.Statements = Statement.ReadList(ref reader);
            }
            if (count > 4)
            {
                value.Artifact = reader.ReadText(128);
            }
            reader.SkipRest(count - 5);
            reader.ExpectEnd();
            return value;
        }

        /// <summary>Write all fields.</summary>
        public void Write(WireWriter writer)
        {
            writer.WriteArray(5);
            writer.WriteByte(Code);
            writer.WriteInt(Sequence);
            writer.WriteInt(Number);
            Statement.WriteList(writer, Statements);
            writer.WriteText(Artifact, 128);
        }
    }

    /// <summary>What lies under the visitor's gaze. Only the newest counts; not numbered, not replayed.</summary>
    public struct Focus
    {
        /// <summary>The message's number on the wire.</summary>
        public const byte Code = 36;

        /// <summary>When the gaze was there. Unit: ns.</summary>
        public long Time;

        /// <summary>Empty: nothing.</summary>
        public string Artifact;

        /// <summary>The annotation whose hotspot it is; empty: none.</summary>
        public string Annotation;

        /// <summary>From the eye along the gaze to the artifact's bounds; 0 where nothing. Unit: m.</summary>
        public float Distance;

        /// <summary>How long the visitor has looked at the artifact in this visit, up to <c>time</c>; while this focus stands it goes on growing. Unit: ns.</summary>
        public long Dwell;

        /// <summary>All fields as the protocol leaves them where nothing is said.</summary>
        public static Focus Default => new Focus
        {
            Artifact = "",
            Annotation = "",
        };

        /// <summary>Read one message; bytes that are not this message are refused.</summary>
        public static Focus Read(ref WireReader reader)
        {
            var count = reader.ReadArray(2, "Focus");
            reader.Expect(Code);
            var value = Default;
            value.Time = reader.ReadLong();
            if (count > 2)
            {
                value.Artifact = reader.ReadText(128);
            }
            if (count > 3)
            {
                value.Annotation = reader.ReadText(128);
            }
            if (count > 4)
            {
                value.Distance = reader.ReadFloat();
            }
            if (count > 5)
            {
                value.Dwell = reader.ReadLong();
            }
            reader.SkipRest(count - 6);
            reader.ExpectEnd();
            return value;
        }

        /// <summary>Write all fields.</summary>
        public void Write(WireWriter writer)
        {
            writer.WriteArray(6);
            writer.WriteByte(Code);
            writer.WriteLong(Time);
            writer.WriteText(Artifact, 128);
            writer.WriteText(Annotation, 128);
            writer.WriteFloat(Distance);
            writer.WriteLong(Dwell);
        }
    }
}
