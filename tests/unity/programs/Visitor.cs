// A visitor without an engine: `Visitor ADDRESS FOLDER`. Walks from exhibit to exhibit, looks at each and at its
// hotspots until the annotations open, sends the JPEG frames of FOLDER one by one and asks a question at each stop.
// Then it stands still, prints what it holds as one line of JSON, waits for a line of input, and leaves.
using System;
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

    readonly TwinClient _client;
    readonly Queue<string> _frames;
    readonly HashSet<string> _visited = new HashSet<string>();
    readonly Dictionary<uint, string> _sent = new Dictionary<uint, string>();
    readonly List<string> _seen = new List<string>();
    readonly List<string> _answers = new List<string>();
    readonly HashSet<string> _opened = new HashSet<string>();
    Vec3 _eye = new Vec3(0, EyeHeight, 0);

    Visitor(string address, string folder)
    {
        var options = new TwinOptions
        {
            Address = TwinOptions.AddressOf(address), Kind = ClientKind.Headset, Languages = new[] { "en" },
            Capabilities = new[] { "meshopt" }, Consent = new Consent { Camera = true, Gaze = true },
            Software = "museum-twin visitor program",
        };
        _client = new TwinClient(options);
        _frames = new Queue<string>(Directory.GetFiles(folder, "*.jpg").OrderBy(one => one, StringComparer.Ordinal));
        _client.AnnotationAdded += note => _opened.Add(note.Exhibit.Artifact + "/" + note.Name);
        _client.Seen += told => _seen.Add(
            Path.GetFileNameWithoutExtension(_sent[told.Number]) + "="
            + (told.Found.Length > 0 ? told.Found[0].Artifact : told.Rejection.Value.Reason.ToString()));
        _client.FrameLapsed += number => _seen.Add(_sent[number] + "=lapsed");
        _client.Answered += told => _answers.Add(told.Artifact + "=" + told.Statements.Length);
    }

    static int Main(string[] arguments)
    {
        var visitor = new Visitor(arguments[0], arguments[1]);
        visitor.Visit();
        Environment.Exit(0);
        return 0;
    }

    void Visit()
    {
        _client.Start();
        Frames(20, () => _client.World.Exhibits.Count > 0, default);
        // Begin before the first exhibit, wherever the museum put it.
        var first = _client.World.Exhibits.Values.OrderBy(one => one.Artifact, StringComparer.Ordinal).First();
        _eye = new Vec3(first.Position.X, EyeHeight, first.Position.Z + 3);
        while (_visited.Count < Stops)
        {
            var next = Nearest();
            _visited.Add(next.Artifact);
            Walk(next);
            Look(next);
            Film();
            _client.TryAsk("When was it made, and of what?", "en", next.Artifact, out _);
        }
        Frames(20, () => _frames.Count == 0 && _seen.Count == _sent.Count && _answers.Count == Stops, _eye + new Vec3(0, 0, -1));
        // Everything sent is answered, so whatever it changed is told.
        var samples = _client.Clock.Count;
        Frames(20, () => _client.Clock.Count >= samples + 2, _eye + new Vec3(0, 0, -1));
        Tell();
        Frames(60, HasInput(), _eye + new Vec3(0, 0, -1));
        _client.Leave();
        Thread.Sleep(200);
    }

    Exhibit Nearest() => _client.World.Exhibits.Values
        .Where(one => !_visited.Contains(one.Artifact))
        .OrderBy(one => (one.Position - _eye).Length)
        .First();

    static Vec3 Middle(Exhibit exhibit) => exhibit.Position + exhibit.Orientation * exhibit.Center;

    void Walk(Exhibit exhibit)
    {
        var target = Middle(exhibit);
        var near = new Vec3(exhibit.Bounds.X, 0, exhibit.Bounds.Z).Length + 0.7f;
        var watch = Stopwatch.StartNew();
        Frames(20, () =>
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
        }, target);
    }

    void Look(Exhibit exhibit)
    {
        Frames(2, () => false, Middle(exhibit), isPatient: true);
        foreach (var note in exhibit.Annotations.Values.ToList())
        {
            Frames(1.2, () => false, exhibit.Position + exhibit.Orientation * note.Position, isPatient: true);
        }
    }

    void Film()
    {
        if (_frames.Count == 0)
        {
            return;
        }
        var file = _frames.Dequeue();
        var image = File.ReadAllBytes(file);
        Frames(20, () =>
        {
            var frame = new CameraFrame
            {
                Encoding = ImageEncoding.Jpeg, Width = 320, Height = 240, Image = image,
                Pose = new PoseSample { Position = _eye, Orientation = Quat.Identity },
            };
            if (!_client.TrySendFrame(frame, out var number))
            {
                return false;
            }
            _sent[number] = file;
            return true;
        }, _eye + new Vec3(0, 0, -1));
    }

    // Frames at about 60 Hz until it is so; too long is an error unless it was only waited for.
    void Frames(double seconds, Func<bool> isSo, Vec3 target, bool isPatient = false)
    {
        var watch = Stopwatch.StartNew();
        while (!isSo())
        {
            if (watch.Elapsed.TotalSeconds > seconds)
            {
                if (isPatient)
                {
                    return;
                }
                Console.WriteLine("{\"failed\": \"waited too long; " + _client.State + " " + _client.LastFailure + "\"}");
                Environment.Exit(1);
            }
            _client.SendPose(new VisitorPose { Position = _eye, Orientation = Facing(target - _eye), Flags = PoseFlags.All });
            _client.Pump();
            Thread.Sleep(15);
        }
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
        var held = _client.World.Exhibits.Values.OrderBy(one => one.Artifact, StringComparer.Ordinal).ToList();
        var notes = held.SelectMany(one => one.Annotations.Values.Select(note => one.Artifact + "/" + note.Name));
        Console.WriteLine(
            "{\"token\": \"" + BitConverter.ToString(_client.Welcome.Token).Replace("-", "") + "\", \"held\": "
            + List(held.Select(one => one.Artifact + "=" + (int)one.Detail)) + ", \"notes\": "
            + List(notes.OrderBy(one => one, StringComparer.Ordinal)) + ", \"opened\": " + List(_opened)
            + ", \"visited\": " + List(_visited) + ", \"seen\": " + List(_seen) + ", \"answers\": " + List(_answers)
            + ", \"stray\": " + _client.World.StrayChanges.ToString(CultureInfo.InvariantCulture)
            + ", \"connections\": " + _client.Counters.Connections + "}");
        Console.Out.Flush();
    }

    static string List(IEnumerable<string> texts) => "[" + string.Join(", ", texts.Select(one => "\"" + one + "\"")) + "]";

    static Func<bool> HasInput()
    {
        var read = false;
        new Thread(() =>
        {
            Console.ReadLine();
            read = true;
        }) { IsBackground = true }.Start();
        return () => Volatile.Read(ref read);
    }
}
