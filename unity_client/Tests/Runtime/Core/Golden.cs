// Written by `python -m tests.unity.goldens` from the protocol's golden bytes. Change those, not this.

using System;
using MuseumTwin.Protocol;

namespace MuseumTwin.Tests
{
    internal static class Golden
    {
        internal sealed class Case
        {
            internal string Name;
            internal string Bytes;
            internal Action<WireWriter> Write;

            public override string ToString() => Name;
        }

        internal sealed class PoseCase
        {
            internal string Name;
            internal string Bytes;
            internal VisitorPose Pose;

            public override string ToString() => Name;
        }

        internal sealed class NewerCase
        {
            internal string Name;
            internal string Bytes;

            // What this version reads of it, as it would write that; empty where it knows no such message.
            internal string Expected;

            public override string ToString() => Name;
        }

        internal sealed class VectorCase
        {
            internal Vec3 Position;
            internal Quat Orientation;
            internal Vec3 Local;
            internal Vec3 World;
            internal Vec3 UnityPosition;
            internal Quat UnityOrientation;
            internal Vec3 UnityWorld;
        }

        internal static byte[] Hex(string text)
        {
            var data = new byte[text.Length / 2];
            for (var index = 0; index < data.Length; index++)
            {
                data[index] = Convert.ToByte(text.Substring(2 * index, 2), 16);
            }
            return data;
        }

        internal static readonly Case[] Messages =
        {
            new Case
            {
                Name = "hello",
                Bytes = "9c01010093a76d6573686f7074a46b747832a5776562787292a77a682d48616e74a2656e96ca3f400000c3c3c3c3c3ce0003d09093c3c3c3a762726f6e7a6573c410000102030405060708090a0b0c0d0e0f29b76d757365756d2d7477696e2d756e69747920302e312e30",
                Write = writer => new Hello { Kind = ClientKind.Headset, Minor = 0, Capabilities = new [] { "meshopt", "ktx2", "webxr" }, Languages = new [] { "zh-Hant", "en" }, Accessibility = new Accessibility { TextSize = 0.75f, Captions = true, AudioDescription = true, PlainLanguage = true, ReducedMotion = true, Seated = true }, ByteBudget = 250000, Consent = new Consent { Camera = true, Gaze = true, Statistics = true }, Gallery = "bronzes", Token = Hex("000102030405060708090a0b0c0d0e0f"), Received = 41, Software = "museum-twin-unity 0.1.0" }.Write(writer),
            },
            new Case
            {
                Name = "hello-bare",
                Bytes = "9c010300909096ca3f000000c2c2c2c2c20093c2c2c2a0c40000a0",
                Write = writer => new Hello { Kind = ClientKind.Desktop, Minor = 0, Capabilities = null, Languages = null, Accessibility = new Accessibility { TextSize = 0.5f, Captions = false, AudioDescription = false, PlainLanguage = false, ReducedMotion = false, Seated = false }, ByteBudget = 0, Consent = new Consent { Camera = false, Gaze = false, Statistics = false }, Gallery = "", Token = Hex(""), Received = 0, Software = "" }.Write(writer),
            },
            new Case
            {
                Name = "welcome",
                Bytes = "9c02a6762d37663361c410000102030405060708090a0b0c0d0e0fcf000000012a05f20000c3a762726f6e7a6573a3702d33cf0000001bf08eb00020cf000000037e11d60092aa7265636f676e697a6572a97175657374696f6e73",
                Write = writer => new Welcome { Session = "v-7f3a", Token = Hex("000102030405060708090a0b0c0d0e0f"), ServerTime = 5000000000, Minor = 0, Resumed = true, Gallery = "bronzes", Placement = "p-3", ResumeWithin = 120000000000, AcknowledgeEvery = 32, Heartbeat = 15000000000, Capabilities = new [] { "recognizer", "questions" } }.Write(writer),
            },
            new Case
            {
                Name = "clock-request",
                Bytes = "9203cf0020000000000001",
                Write = writer => new ClockRequest { ClientSent = 9007199254740993 }.Write(writer),
            },
            new Case
            {
                Name = "clock-answer",
                Bytes = "9404cf0020000000000001cf0000000165a0bc00cf0000000165a0e310",
                Write = writer => new ClockAnswer { ClientSent = 9007199254740993, ServerReceived = 6000000000, ServerSent = 6000010000 }.Write(writer),
            },
            new Case
            {
                Name = "acknowledge",
                Bytes = "9205ce00011170",
                Write = writer => new Acknowledge { Sequence = 70000 }.Write(writer),
            },
            new Case
            {
                Name = "error",
                Bytes = "9606cd114db96d6573736167652031393a206d6f7265207468616e20312f73c21308",
                Write = writer => new Error { Kind = ErrorCode.TooFast, Detail = "message 19: more than 1/s", Fatal = false, About = 19, Number = 8 }.Write(writer),
            },
            new Case
            {
                Name = "error-fatal",
                Bytes = "9606cd1130bb48656c6c6f3a206b696e643a204669656c64207265717569726564c30100",
                Write = writer => new Error { Kind = ErrorCode.Malformed, Detail = "Hello: kind: Field required", Fatal = true, About = 1, Number = 0 }.Write(writer),
            },
            new Case
            {
                Name = "bye",
                Bytes = "940704a6757064617465cf00000002540be400",
                Write = writer => new Bye { Reason = ByeReason.ShuttingDown, Detail = "update", ReturnAfter = 10000000000 }.Write(writer),
            },
            new Case
            {
                Name = "bye-leaving",
                Bytes = "940701a000",
                Write = writer => new Bye { Reason = ByeReason.Leaving, Detail = "", ReturnAfter = 0 }.Write(writer),
            },
            new Case
            {
                Name = "gaze",
                Bytes = "9411cf00000001a13b860093ca3f800000ca3fd00000cabf00000093ca00000000ca00000000cabf800000",
                Write = writer => new Gaze { Time = 7000000000, Origin = new Vec3(1.0f, 1.625f, -0.5f), Direction = new Vec3(0.0f, 0.0f, -1.0f) }.Write(writer),
            },
            new Case
            {
                Name = "camera-frame",
                Bytes = "991209030402c4080020406080a0c0ffcf00000001a73167009293ca3f800000ca3fc00000cabf00000094ca00000000ca00000000ca00000000ca3f80000094ca40600000ca40600000ca40000000ca3f800000",
                Write = writer => new CameraFrame { Number = 9, Encoding = ImageEncoding.Gray8, Width = 4, Height = 2, Image = Hex("0020406080a0c0ff"), Time = 7100000000, Pose = new PoseSample { Position = new Vec3(1.0f, 1.5f, -0.5f), Orientation = new Quat(0.0f, 0.0f, 0.0f, 1.0f) }, Intrinsics = new Intrinsics { Fx = 3.5f, Fy = 3.5f, Cx = 2.0f, Cy = 1.0f } }.Write(writer),
            },
            new Case
            {
                Name = "camera-frame-bare",
                Bytes = "99120a01cd0280cd01e0c404ffd8ffd900c0c0",
                Write = writer => new CameraFrame { Number = 10, Encoding = ImageEncoding.Jpeg, Width = 640, Height = 480, Image = Hex("ffd8ffd9"), Time = 0, Pose = null, Intrinsics = null }.Write(writer),
            },
            new Case
            {
                Name = "question",
                Bytes = "951308b457657220686174206461732067656d616368743fa26465ad72697475616c2d76657373656c",
                Write = writer => new Question { Number = 8, Content = "Wer hat das gemacht?", Language = "de", Artifact = "ritual-vessel" }.Write(writer),
            },
            new Case
            {
                Name = "snapshot",
                Bytes = "962001cf000000012a05f201a762726f6e7a6573a3702d33929901ad72697475616c2d76657373656c93ca3fc00000ca3f600000cac050000094ca00000000ca3f000000ca00000000ca3f5db3d793ca3e800000ca3ec00000ca3e80000001919401a77a682d48616e74a9e99d92e98a85e9bc8ebf62726f6e7a65732e63737620726f772031322c206669656c64205469746c659196d9282f6173736574732f3066316532643363346235613639373838373936613562346333643265316630b16d6f64656c2f676c74662d62696e617279ce00011170cd0fa0ca3f000000a867656f6d6574727993ca00000000ca3ec00000ca000000009704ad72697475616c2d76657373656ca674616f74696593ca00000000ca3e800000ca3e80000093ca00000000ca00000000ca3f800000919402a2656ebd52697475616c2076657373656c2c2061626f7574203132303020424345a56c6162656cac686967686c69676874696e67",
                Write = writer => new Snapshot { Sequence = 1, Time = 5000000001, Gallery = "bronzes", Placement = "p-3", Changes = new Change[] { new ArtifactEnter { Artifact = "ritual-vessel", Position = new Vec3(1.5f, 0.875f, -3.25f), Orientation = new Quat(0.0f, 0.5f, 0.0f, 0.8660253882408142f), Bounds = new Vec3(0.25f, 0.375f, 0.25f), Detail = Detail.Glance, Texts = new [] { new Wording { Purpose = TextKind.Title, Language = "zh-Hant", Content = "青銅鼎", Source = "bronzes.csv row 12, field Title" } }, Derivatives = new [] { new Derivative { Address = "/assets/0f1e2d3c4b5a69788796a5b4c3d2e1f0", MediaType = "model/gltf-binary", Size = 70000, Triangles = 4000, Error = 0.5f, Usage = "geometry" } }, Center = new Vec3(0.0f, 0.375f, 0.0f) }, new AnnotationAdd { Artifact = "ritual-vessel", Annotation = "taotie", Position = new Vec3(0.0f, 0.25f, 0.25f), Normal = new Vec3(0.0f, 0.0f, 1.0f), Texts = new [] { new Wording { Purpose = TextKind.Label, Language = "en", Content = "Ritual vessel, about 1200 BCE", Source = "label" } }, Motivation = "highlighting" } } }.Write(writer),
            },
            new Case
            {
                Name = "delta",
                Bytes = "9521ce00011171cf00000001ad274800cdffff979202ac63656c61646f6e2d626f776c9901ad72697475616c2d76657373656c93ca3fc00000ca3f600000cac050000094ca00000000ca3f000000ca00000000ca3f5db3d793ca3e800000ca3ec00000ca3e80000001919401a77a682d48616e74a9e99d92e98a85e9bc8ebf62726f6e7a65732e63737620726f772031322c206669656c64205469746c659196d9282f6173736574732f3066316532643363346235613639373838373936613562346333643265316630b16d6f64656c2f676c74662d62696e617279ce00011170cd0fa0ca3f000000a867656f6d6574727993ca00000000ca3ec00000ca000000009704ad72697475616c2d76657373656ca674616f74696593ca00000000ca3e800000ca3e80000093ca00000000ca00000000ca3f800000919402a2656ebd52697475616c2076657373656c2c2061626f7574203132303020424345a56c6162656cac686967686c69676874696e679503ad72697475616c2d76657373656c03929401a77a682d48616e74a9e99d92e98a85e9bc8ebf62726f6e7a65732e63737620726f772031322c206669656c64205469746c659402a2656ebd52697475616c2076657373656c2c2061626f7574203132303020424345a56c6162656c9196d9282f6173736574732f3066316532643363346235613639373838373936613562346333643265316630b16d6f64656c2f676c74662d62696e617279ce00011170cd0fa0ca3f000000a867656f6d657472799405ad72697475616c2d76657373656ca674616f746965919401a77a682d48616e74a9e99d92e98a85e9bc8ebf62726f6e7a65732e63737620726f772031322c206669656c64205469746c659306ad72697475616c2d76657373656ca674616f7469659207a8636572616d696373",
                Write = writer => new Delta { Sequence = 70001, Time = 7200000000, Pose = 65535, Changes = new Change[] { new ArtifactLeave { Artifact = "celadon-bowl" }, new ArtifactEnter { Artifact = "ritual-vessel", Position = new Vec3(1.5f, 0.875f, -3.25f), Orientation = new Quat(0.0f, 0.5f, 0.0f, 0.8660253882408142f), Bounds = new Vec3(0.25f, 0.375f, 0.25f), Detail = Detail.Glance, Texts = new [] { new Wording { Purpose = TextKind.Title, Language = "zh-Hant", Content = "青銅鼎", Source = "bronzes.csv row 12, field Title" } }, Derivatives = new [] { new Derivative { Address = "/assets/0f1e2d3c4b5a69788796a5b4c3d2e1f0", MediaType = "model/gltf-binary", Size = 70000, Triangles = 4000, Error = 0.5f, Usage = "geometry" } }, Center = new Vec3(0.0f, 0.375f, 0.0f) }, new AnnotationAdd { Artifact = "ritual-vessel", Annotation = "taotie", Position = new Vec3(0.0f, 0.25f, 0.25f), Normal = new Vec3(0.0f, 0.0f, 1.0f), Texts = new [] { new Wording { Purpose = TextKind.Label, Language = "en", Content = "Ritual vessel, about 1200 BCE", Source = "label" } }, Motivation = "highlighting" }, new ArtifactDetail { Artifact = "ritual-vessel", Detail = Detail.Full, Texts = new [] { new Wording { Purpose = TextKind.Title, Language = "zh-Hant", Content = "青銅鼎", Source = "bronzes.csv row 12, field Title" }, new Wording { Purpose = TextKind.Label, Language = "en", Content = "Ritual vessel, about 1200 BCE", Source = "label" } }, Derivatives = new [] { new Derivative { Address = "/assets/0f1e2d3c4b5a69788796a5b4c3d2e1f0", MediaType = "model/gltf-binary", Size = 70000, Triangles = 4000, Error = 0.5f, Usage = "geometry" } } }, new AnnotationChange { Artifact = "ritual-vessel", Annotation = "taotie", Texts = new [] { new Wording { Purpose = TextKind.Title, Language = "zh-Hant", Content = "青銅鼎", Source = "bronzes.csv row 12, field Title" } } }, new AnnotationRemove { Artifact = "ritual-vessel", Annotation = "taotie" }, new GalleryEnter { Gallery = "ceramics" } } }.Write(writer),
            },
            new Case
            {
                Name = "sightings",
                Bytes = "98222c099199ad72697475616c2d76657373656cca3f600000b53331206f6620343020706f696e747320616772656598ca00000000ca00000000ca40800000ca00000000ca40800000ca40000000ca00000000ca40000000ab7363616e2d3033302d30381f96ca3f000000ca3f000000ca40600000ca3f000000ca40000000ca3fc000009393ca3e000000cabe800000cabfc0000094ca3f000000ca3f000000ca3f000000ca3f000000ca3f4000009193ab696e736372697074696f6eca3fc00000ca3f400000c09292a66465636f6465ce000dbba092a5656d626564ce00a7d8c0b03366373836383530653338373535306690",
                Write = writer => new Sightings { Sequence = 44, Number = 9, Found = new [] { new Sighting { Artifact = "ritual-vessel", Score = 0.875f, Evidence = "31 of 40 points agree", Corners = new[] { 0.0f, 0.0f, 4.0f, 0.0f, 4.0f, 2.0f, 0.0f, 2.0f }, View = "scan-030-08", Inliers = 31, Region = new[] { 0.5f, 0.5f, 3.5f, 0.5f, 2.0f, 1.5f }, Pose = new SeenPose { Position = new Vec3(0.125f, -0.25f, -1.5f), Orientation = new Quat(0.5f, 0.5f, 0.5f, 0.5f), Error = 0.75f }, Spots = new [] { new Spot { Annotation = "inscription", X = 1.5f, Y = 0.75f } } } }, Rejection = null, Stages = new [] { new StageTime { Stage = "decode", Duration = 900000 }, new StageTime { Stage = "embed", Duration = 11000000 } }, Model = "3f786850e387550f", Nearby = null }.Write(writer),
            },
            new Case
            {
                Name = "sightings-rejected",
                Bytes = "98222d0a909201b86e65617265737420302e33312c2077616e74656420302e3690a09199ad72697475616c2d76657373656cca3e800000af73696d696c617269747920302e333190a00090c090",
                Write = writer => new Sightings { Sequence = 45, Number = 10, Found = null, Rejection = new Rejection { Reason = RejectionReason.NotOurs, Detail = "nearest 0.31, wanted 0.6" }, Stages = null, Model = "", Nearby = new [] { new Sighting { Artifact = "ritual-vessel", Score = 0.25f, Evidence = "similarity 0.31", Corners = null, View = "", Inliers = 0, Region = null, Pose = null, Spots = null } } }.Write(writer),
            },
            new Case
            {
                Name = "answer",
                Bytes = "95232e089195d921446572204865727374656c6c657220697374206e696368742062656b616e6e742ea26465bf62726f6e7a65732e63737620726f772031322c206669656c64204d616b6572be68747470733a2f2f6578616d706c652e6f72672f62726f6e7a65732f3132ca3f000000ad72697475616c2d76657373656c",
                Write = writer => new Answer { Sequence = 46, Number = 8, Statements = new [] { new Statement { Content = "Der Hersteller ist nicht bekannt.", Language = "de", Source = "bronzes.csv row 12, field Maker", Address = "https://example.org/bronzes/12", Confidence = 0.5f } }, Artifact = "ritual-vessel" }.Write(writer),
            },
            new Case
            {
                Name = "focus",
                Bytes = "9624cf00000001b31d2900ad72697475616c2d76657373656ca674616f746965ca3fe00000ce8f0d1800",
                Write = writer => new Focus { Time = 7300000000, Artifact = "ritual-vessel", Annotation = "taotie", Distance = 1.75f, Dwell = 2400000000 }.Write(writer),
            },
        };

        internal static readonly NewerCase[] Newer =
        {
            new NewerCase { Name = "trailing-fields", Bytes = "960701a9676f6e6520686f6d6500ae61206669656c64206f6620312e31920102", Expected = "940701a9676f6e6520686f6d6500" },
            new NewerCase { Name = "unknown-member", Bytes = "940763a000", Expected = "940700a000" },
            new NewerCase { Name = "unknown-change", Bytes = "9521050a03929363a477686174019302ac63656c61646f6e2d626f776ca3776879", Expected = "9521050a03919202ac63656c61646f6e2d626f776c" },
            new NewerCase { Name = "missing-fields", Bytes = "920103", Expected = "9c010300909096ca3f000000c2c2c2c2c20093c2c2c2a0c40000a0" },
            new NewerCase { Name = "whole-number-for-float", Bytes = "94110593010203930000ff", Expected = "94110593ca3f800000ca40000000ca4040000093ca00000000ca00000000cabf800000" },
            new NewerCase { Name = "unknown-message", Bytes = "9360a4776861749101", Expected = "" },
        };

        internal static readonly PoseCase[] Poses =
        {
            new PoseCase { Name = "pose", Bytes = "100f0100414b4c000060006800300000ff00f2b6f236a500", Pose = new VisitorPose { Number = 1, Time = 5000001000, Position = new Vec3(1.5f, 1.625f, -3.25f), Orientation = new Quat(-0.10000405460596085f, 0.7000136375427246f, -0.10000405460596085f, -0.6999852061271667f), Flags = (PoseFlags)15 } },
            new PoseCase { Name = "pose-hands-gaze", Bytes = "107fffff000000000004000000fc80007f00499be2edb31600f800f800f8ffbfffbfffbf000800f800f8ff3f5300184923c90000", Pose = new VisitorPose { Number = 65535, Time = 8589934592000, Position = new Vec3(-511.9375f, 0.0f, 511.9375f), Orientation = new Quat(-0.40562713146209717f, 0.5070123672485352f, -0.45629817247390747f, 0.60843825340271f), Flags = (PoseFlags)15, Left = new HandPose { Position = new Vec3(-512.1875f, -0.25f, 511.6875f), Orientation = new Quat(0.0f, 0.0f, 0.0f, 1.0f), Tracked = true }, Right = new HandPose { Position = new Vec3(-511.6875f, -0.25f, 511.6875f), Orientation = new Quat(0.7035259008407593f, 0.0f, -0.7035244107246399f, 0.1005219891667366f), Tracked = false }, Gaze = new Vec3(0.0f, -0.6000000238418579f, -0.800000011920929f) } },
            new PoseCase { Name = "pose-gaze", Bytes = "104102000000000000000000000000000000ff3fff3fff3fdab623c9", Pose = new VisitorPose { Number = 2, Time = 0, Position = new Vec3(0.0f, 0.0f, 0.0f), Orientation = new Quat(1.0f, 0.0f, 0.0f, 0.0f), Flags = (PoseFlags)1, Gaze = new Vec3(0.6000000238418579f, 0.800000011920929f, 0.0f) } },
            new PoseCase { Name = "pose-untracked", Bytes = "10050300010000000200feff000000ff0000ffbfff3fff3f", Pose = new VisitorPose { Number = 3, Time = 1000, Position = new Vec3(0.0001220703125f, -0.0001220703125f, 0.0f), Orientation = new Quat(0.0f, 1.0f, 0.0f, 0.0f), Flags = (PoseFlags)5 } },
        };

        internal static readonly VectorCase[] Vectors =
        {
            new VectorCase
            {
                Position = new Vec3(0.3455841839313507f, 0.8216181397438049f, 0.3304370641708374f),
                Orientation = new Quat(-0.7516947984695435f, 0.522232711315155f, 0.2574804127216339f, -0.3097285330295563f),
                Local = new Vec3(0.581118106842041f, 0.3645724058151245f, 0.2941325008869171f),
                World = new Vec3(0.09558429569005966f, 0.11905738711357117f, 0.36258742213249207f),
                UnityPosition = new Vec3(0.3455841839313507f, 0.8216181397438049f, -0.3304370641708374f),
                UnityOrientation = new Quat(0.7516947984695435f, -0.522232711315155f, 0.2574804127216339f, -0.3097285330295563f),
                UnityWorld = new Vec3(0.09558429569005966f, 0.11905738711357117f, -0.36258742213249207f),
            },
            new VectorCase
            {
                Position = new Vec3(0.028422242030501366f, 0.5467129945755005f, -0.7364540696144104f),
                Orientation = new Quat(-0.2070339173078537f, -0.6127007603645325f, 0.7610430121421814f, 0.05048079416155815f),
                Local = new Vec3(-0.2924567461013794f, -0.7819084525108337f, -0.2571922540664673f),
                World = new Vec3(0.2529831826686859f, 0.8753858208656311f, 0.04111018404364586f),
                UnityPosition = new Vec3(0.028422242030501366f, 0.5467129945755005f, 0.7364540696144104f),
                UnityOrientation = new Quat(0.2070339173078537f, 0.6127007603645325f, 0.7610430121421814f, 0.05048079416155815f),
                UnityWorld = new Vec3(0.2529831826686859f, 0.8753858208656311f, -0.04111018404364586f),
            },
            new VectorCase
            {
                Position = new Vec3(0.008142180740833282f, -0.27560290694236755f, 1.2940638065338135f),
                Orientation = new Quat(0.29106763005256653f, -0.7838607430458069f, -0.5461580753326416f, -0.05053071677684784f),
                Local = new Vec3(-0.422190397977829f, 0.21364299952983856f, 0.21732193231582642f),
                World = new Vec3(0.195481076836586f, 0.13620252907276154f, 1.5518182516098022f),
                UnityPosition = new Vec3(0.008142180740833282f, -0.27560290694236755f, -1.2940638065338135f),
                UnityOrientation = new Quat(-0.29106763005256653f, 0.7838607430458069f, -0.5461580753326416f, -0.05053071677684784f),
                UnityWorld = new Vec3(0.195481076836586f, 0.13620252907276154f, -1.5518182516098022f),
            },
            new VectorCase
            {
                Position = new Vec3(2.1178388595581055f, -1.11202073097229f, -0.37760502099990845f),
                Orientation = new Quat(0.8877424597740173f, 0.28104251623153687f, 0.2881523668766022f, -0.2233755737543106f),
                Local = new Vec3(-1.6480752229690552f, 0.1674647480249405f, 0.10901408642530441f),
                World = new Vec3(1.1510010957717896f, -1.7856347560882568f, -1.5470277070999146f),
                UnityPosition = new Vec3(2.1178388595581055f, -1.11202073097229f, 0.37760502099990845f),
                UnityOrientation = new Quat(-0.8877424597740173f, -0.28104251623153687f, 0.2881523668766022f, -0.2233755737543106f),
                UnityWorld = new Vec3(1.1510010957717896f, -1.7856347560882568f, 1.5470277070999146f),
            },
            new VectorCase
            {
                Position = new Vec3(-1.2273520231246948f, -0.6832266449928284f, -0.07204367965459824f),
                Orientation = new Quat(-0.9889591932296753f, -0.10286829620599747f, 0.09995094686746597f, 0.037251416593790054f),
                Local = new Vec3(-0.5062916874885559f, 0.5937480926513672f, 0.8911669254302979f),
                World = new Vec3(-1.7794361114501953f, -1.3222079277038574f, -0.9026775360107422f),
                UnityPosition = new Vec3(-1.2273520231246948f, -0.6832266449928284f, 0.07204367965459824f),
                UnityOrientation = new Quat(0.9889591932296753f, 0.10286829620599747f, 0.09995094686746597f, 0.037251416593790054f),
                UnityWorld = new Vec3(-1.7794361114501953f, -1.3222079277038574f, 0.9026775360107422f),
            },
        };

        // Read any message and write it again.
        internal static void Rewrite(byte[] data, WireWriter writer)
        {
            var reader = new WireReader(data);
            switch (WireReader.MessageOf(data))
            {
                case 1:
                    Hello.Read(ref reader).Write(writer);
                    break;
                case 2:
                    Welcome.Read(ref reader).Write(writer);
                    break;
                case 3:
                    ClockRequest.Read(ref reader).Write(writer);
                    break;
                case 4:
                    ClockAnswer.Read(ref reader).Write(writer);
                    break;
                case 5:
                    Acknowledge.Read(ref reader).Write(writer);
                    break;
                case 6:
                    Error.Read(ref reader).Write(writer);
                    break;
                case 7:
                    Bye.Read(ref reader).Write(writer);
                    break;
                case 17:
                    Gaze.Read(ref reader).Write(writer);
                    break;
                case 18:
                    CameraFrame.Read(ref reader).Write(writer);
                    break;
                case 19:
                    Question.Read(ref reader).Write(writer);
                    break;
                case 32:
                    Snapshot.Read(ref reader).Write(writer);
                    break;
                case 33:
                    Delta.Read(ref reader).Write(writer);
                    break;
                case 34:
                    Sightings.Read(ref reader).Write(writer);
                    break;
                case 35:
                    Answer.Read(ref reader).Write(writer);
                    break;
                case 36:
                    Focus.Read(ref reader).Write(writer);
                    break;
                default:
                    throw new WireException("no message of this version");
            }
        }
    }
}
