// A visitor without an engine: `Visitor ADDRESS`. Obeys lines of input and answers each with one line of JSON;
// in between it stands still and sends no pose, so that nothing it perceives changes by itself.
//   tour FOLDER       walks to three exhibits, looks at each and at its hotspots until the annotations open, sends
//                     a JPEG of FOLDER and asks a question at each
//   stand X Y Z ARTIFACT  stands there and looks at that exhibit
//   film FILE         sends a JPEG and waits for its sightings
//   until ARTIFACT    waits until that exhibit is held; without ARTIFACT: until it is not
//   reads ARTIFACT/ANNOTATION TEXT  waits until that annotation has that title
//   back              waits until the session stands again after a connection was lost
//   tell              says what it holds
//   leave
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using MuseumTwin;
using MuseumTwin.Protocol;

sealed class Visitor
{
    const float Speed = 3f;
    const float EyeHeight = 1.6f;
    const int Stops = 3;
    const double Patience = 60;

    readonly TwinClient _client;
    readonly BlockingCollection<string> _lines = new BlockingCollection<string>();
    readonly HashSet<string> _visited = new HashSet<string>();
    readonly Dictionary<uint, Sent> _sent = new Dictionary<uint, Sent>();
    readonly List<string> _seen = new List<string>();
    readonly List<string> _times = new List<string>();
    readonly List<string> _answers = new List<string>();
    readonly HashSet<string> _opened = new HashSet<string>();
    Vec3 _eye = new Vec3(0, EyeHeight, 0);
    Vec3 _target;
    bool _isMoving;
    long _connections;

    struct Sent
    {
        internal string File;
        internal double Read;
        internal long At;
    }

    Visitor(string address)
    {
        var options = new TwinOptions
        {
            Address = TwinOptions.AddressOf(address), Kind = ClientKind.Headset, Languages = new[] { "en" },
            Capabilities = new[] { "meshopt" }, Consent = new Consent { Camera = true, Gaze = true },
            Software = "museum-twin visitor program", LeastWait = TimeSpan.FromMilliseconds(50),
            MostWait = TimeSpan.FromMilliseconds(500), MostAttempts = 0,
        };
        _client = new TwinClient(options);
        _client.AnnotationAdded += note => _opened.Add(note.Exhibit.Artifact + "/" + note.Name);
        _client.Seen += See;
        _client.FrameLapsed += number => _seen.Add(Name(number) + "=lapsed");
        _client.Answered += told => _answers.Add(told.Artifact + "=" + told.Statements.Length);
        _client.Ended += (reason, words) => Fail("ended: " + reason + " " + words);
    }

    static int Main(string[] arguments)
    {
        new Visitor(arguments[0]).Visit();
        Environment.Exit(0);
        return 0;
    }

    void Visit()
    {
        new Thread(() =>
        {
            for (var line = Console.ReadLine(); line != null; line = Console.ReadLine())
            {
                _lines.Add(line);
            }
            _lines.Add("leave");
        }) { IsBackground = true }.Start();
        _client.Start();
        Frames(() => _client.World.Exhibits.Count > 0);
        _connections = _client.Counters.Connections;
        while (true)
        {
            string line = null;
            Frames(() => _lines.TryTake(out line), double.MaxValue);
            if (line == "leave")
            {
                break;
            }
            _isMoving = true;
            Obey(line.Split(new[] { ' ' }, 2));
            _isMoving = false;
            Settle();
            Tell();
        }
        _client.Leave();
        Thread.Sleep(200);
    }

    void Obey(string[] words)
    {
        var rest = words.Length > 1 ? words[1] : "";
        switch (words[0])
        {
            case "tour":
                Tour(rest);
                break;
            case "stand":
                Stand(rest.Split(' '));
                break;
            case "film":
                Film(rest);
                Frames(() => _seen.Count == _sent.Count);
                break;
            case "until":
                Frames(() => _client.World.Exhibits.ContainsKey(rest));
                break;
            case "without":
                Frames(() => _client.State == ClientState.Live && !_client.World.Exhibits.ContainsKey(rest));
                break;
            case "reads":
                var parts = rest.Split(new[] { ' ' }, 2);
                Frames(() => Reads(parts[0], parts[1]));
                break;
            case "back":
                Frames(() => _client.State == ClientState.Live && _client.Counters.Connections > _connections);
                _connections = _client.Counters.Connections;
                break;
            case "tell":
                _isMoving = false;
                break;
            default:
                Fail("no such order: " + words[0]);
                break;
        }
    }

    void Tour(string folder)
    {
        var frames = new Queue<string>(Directory.GetFiles(folder, "*.jpg").OrderBy(one => one, StringComparer.Ordinal));
        // Begin before the first exhibit, wherever the museum put it.
        var first = _client.World.Exhibits.Values.OrderBy(one => one.Artifact, StringComparer.Ordinal).First();
        _eye = new Vec3(first.Position.X, EyeHeight, first.Position.Z + 3);
        while (_visited.Count < Stops)
        {
            var next = Nearest();
            _visited.Add(next.Artifact);
            Walk(next);
            Look(next);
            if (frames.Count > 0)
            {
                Film(frames.Dequeue());
            }
            _client.TryAsk("When was it made, and of what?", "en", next.Artifact, out _);
        }
        _target = _eye + new Vec3(0, 0, -1);
        Frames(() => _seen.Count == _sent.Count && _answers.Count == Stops);
    }

    void Stand(string[] words)
    {
        _eye = new Vec3(Number(words[0]), Number(words[1]), Number(words[2]));
        _target = _eye + new Vec3(0, 0, -1);
        Frames(() => _client.World.Exhibits.ContainsKey(words[3]));
        _target = Middle(_client.World.Exhibits[words[3]]);
        Wait(0.5);
    }

    bool Reads(string name, string title)
    {
        var at = name.IndexOf('/');
        return _client.World.Exhibits.TryGetValue(name.Substring(0, at), out var exhibit)
            && exhibit.Annotations.TryGetValue(name.Substring(at + 1), out var note)
            && note.Text(TextKind.Title) == title;
    }

    static float Number(string text) => float.Parse(text, CultureInfo.InvariantCulture);

    Exhibit Nearest() => _client.World.Exhibits.Values
        .Where(one => !_visited.Contains(one.Artifact))
        .OrderBy(one => (one.Position - _eye).Length)
        .First();

    static Vec3 Middle(Exhibit exhibit) => exhibit.Position + exhibit.Orientation * exhibit.Center;

    void Walk(Exhibit exhibit)
    {
        var target = _target = Middle(exhibit);
        var near = new Vec3(exhibit.Bounds.X, 0, exhibit.Bounds.Z).Length + 0.7f;
        var watch = Stopwatch.StartNew();
        Frames(() =>
        {
            var seconds = (float)watch.Elapsed.TotalSeconds;
            watch.Restart();
            var way = new Vec3(target.X - _eye.X, 0, target.Z - _eye.Z);
            if (way.Length <= near)
            {
                return true;
            }
            _eye += way * (Math.Min(Speed * seconds, way.Length - near) / way.Length);
            return false;
        });
    }

    void Look(Exhibit exhibit)
    {
        _target = Middle(exhibit);
        Wait(2);
        foreach (var note in exhibit.Annotations.Values.ToList())
        {
            _target = exhibit.Position + exhibit.Orientation * note.Position;
            Wait(1.2);
        }
    }

    // Sent when the server has answered enough of the earlier ones.
    void Film(string file)
    {
        var watch = Stopwatch.StartNew();
        var image = File.ReadAllBytes(file);
        var size = Jpeg(image);
        var read = watch.Elapsed.TotalMilliseconds;
        Frames(() =>
        {
            var frame = new CameraFrame
            {
                Encoding = ImageEncoding.Jpeg, Width = size.Item1, Height = size.Item2, Image = image,
                Pose = new PoseSample { Position = _eye, Orientation = Quat.Identity },
            };
            if (!_client.TrySendFrame(frame, out var number))
            {
                return false;
            }
            _sent[number] = new Sent { File = file, Read = read, At = Stopwatch.GetTimestamp() };
            return true;
        });
    }

    // What was seen, the annotations that are open on it just then, and where the time went.
    void See(Sightings told)
    {
        var sent = _sent[told.Number];
        var passed = (Stopwatch.GetTimestamp() - sent.At) * 1e3 / Stopwatch.Frequency;
        var found = told.Found.Length > 0 ? told.Found[0].Artifact : told.Rejection.Value.Reason.ToString();
        _seen.Add(Name(told.Number) + "=" + found);
        // A frame that nobody came to look at has no stages.
        var stages = told.Stages.Select(one => "\"" + one.Stage + "\": " + Milliseconds(one.Duration / 1e6) + ", ");
        var deliver = passed - told.Stages.Sum(one => one.Duration / 1e6);
        _times.Add(
            "{\"capture\": " + Milliseconds(sent.Read) + ", " + string.Concat(stages)
            + "\"deliver\": " + Milliseconds(deliver) + "}");
    }

    string Name(uint number) => Path.GetFileNameWithoutExtension(_sent[number].File);

    static string Milliseconds(double value) => value.ToString("F2", CultureInfo.InvariantCulture);

    // Width and height as the JPEG's frame header has them (ITU T.81, B.2.2).
    static (ushort, ushort) Jpeg(byte[] data)
    {
        var at = 2;
        while (at + 9 < data.Length)
        {
            var marker = data[at + 1];
            if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC)
            {
                return ((ushort)(data[at + 7] << 8 | data[at + 8]), (ushort)(data[at + 5] << 8 | data[at + 6]));
            }
            at += 2 + (data[at + 2] << 8 | data[at + 3]);
        }
        throw new InvalidDataException("no JPEG");
    }

    void Wait(double seconds)
    {
        var watch = Stopwatch.StartNew();
        Frames(() => watch.Elapsed.TotalSeconds > seconds);
    }

    // Everything sent is taken in and told: the server answers in order.
    void Settle()
    {
        var samples = _client.Clock.Count;
        Frames(() => _client.State == ClientState.Live && _client.Clock.Count >= samples + 2);
    }

    // Frames at about 60 Hz until it is so.
    void Frames(Func<bool> isSo, double seconds = Patience)
    {
        var watch = Stopwatch.StartNew();
        while (!isSo())
        {
            if (watch.Elapsed.TotalSeconds > seconds)
            {
                Fail("waited too long; " + _client.State + " " + _client.LastFailure);
            }
            if (_isMoving)
            {
                _client.SendPose(
                    new VisitorPose { Position = _eye, Orientation = Facing(_target - _eye), Flags = PoseFlags.All });
            }
            _client.Pump();
            Thread.Sleep(15);
        }
    }

    static void Fail(string words)
    {
        Console.WriteLine("{\"failed\": \"" + words.Replace("\"", "'") + "\"}");
        Environment.Exit(1);
    }

    // The turn that looks along a direction: yaw about +Y, then pitch; a view looks along -Z.
    static Quat Facing(Vec3 direction)
    {
        var yaw = Math.Atan2(-direction.X, -direction.Z);
        var pitch = Math.Atan2(direction.Y, Math.Sqrt(direction.X * direction.X + direction.Z * direction.Z));
        return Quat.AboutY((float)yaw) * new Quat((float)Math.Sin(pitch / 2), 0, 0, (float)Math.Cos(pitch / 2));
    }

    void Tell()
    {
        var changes = new List<Change>();
        foreach (var exhibit in _client.World.Exhibits.Values)
        {
            changes.Add(exhibit.ToEnter());
            changes.AddRange(exhibit.Annotations.Values.Select(note => note.ToAdd()));
        }
        var writer = new WireWriter();
        new Snapshot { Sequence = 1, Gallery = "", Placement = "", Changes = changes.ToArray() }.Write(writer);
        Console.WriteLine(
            "{\"token\": \"" + BitConverter.ToString(_client.Welcome.Token).Replace("-", "") + "\", \"world\": \""
            + Convert.ToBase64String(writer.Written.ToArray()) + "\", \"opened\": " + List(_opened)
            + ", \"visited\": " + List(_visited) + ", \"seen\": " + List(_seen) + ", \"answers\": " + List(_answers)
            + ", \"times\": [" + string.Join(", ", _times) + "], \"stray\": " + _client.World.StrayChanges
            + ", \"connections\": " + _client.Counters.Connections + "}");
        Console.Out.Flush();
    }

    static string List(IEnumerable<string> texts) => "[" + string.Join(", ", texts.Select(one => "\"" + one + "\"")) + "]";
}
