// What a frame of the client costs in steady state: `FrameCost ADDRESS FRAMES`. Each frame sends a pose and
// pumps; the server answers with focus and clock messages. Prints one line of JSON: bytes of garbage of the
// frame's thread and of the whole process, and how long frames took, in microseconds of the thread's own work.
using System;
using System.Diagnostics;
using System.Globalization;
using System.Threading;
using MuseumTwin;
using MuseumTwin.Protocol;

static class FrameCost
{
    const int WarmUp = 3000;

    static int Main(string[] arguments)
    {
        var frames = int.Parse(arguments[1], CultureInfo.InvariantCulture);
        var options = new TwinOptions
        {
            Address = TwinOptions.AddressOf(arguments[0]), PoseInterval = TimeSpan.Zero,
            Consent = new Consent { Gaze = true },
        };
        var client = new TwinClient(options);
        var focused = 0;
        client.Focused += _ => focused++;
        client.Start();
        var watch = Stopwatch.StartNew();
        while (client.World.Exhibits.Count == 0)
        {
            if (watch.Elapsed.TotalSeconds > 20)
            {
                Console.WriteLine("no snapshot: " + client.LastFailure);
                return 1;
            }
            client.Pump();
            Thread.Sleep(1);
        }
        var ofThread = Counter("GetAllocatedBytesForCurrentThread");
        var ofProcess = Total();
        var times = new long[frames];
        for (var frame = 0; frame < WarmUp; frame++)
        {
            Frame(client, frame);
        }
        // Twice, so that what the counters and this loop themselves need first is there.
        long thread = 0, process = 0;
        for (var round = 0; round < 2; round++)
        {
            var count = round == 0 ? 100 : frames;
            var processBefore = ofProcess();
            var threadBefore = ofThread();
            for (var frame = 0; frame < count; frame++)
            {
                times[frame] = Frame(client, frame);
            }
            thread = ofThread() - threadBefore;
            process = ofProcess() - processBefore;
        }
        Array.Sort(times);
        var micro = 1e6 / Stopwatch.Frequency;
        Console.WriteLine(
            "{\"frames\": " + frames + ", \"state\": \"" + client.State + "\", \"thread_bytes\": " + thread
            + ", \"process_bytes\": " + process + ", \"focuses\": " + focused
            + ", \"sent\": " + client.Counters.MessagesSent + ", \"received\": " + client.Counters.MessagesReceived
            + ", \"p50_us\": " + Number(times[frames / 2] * micro) + ", \"p99_us\": "
            + Number(times[frames * 99 / 100] * micro) + ", \"worst_us\": " + Number(times[frames - 1] * micro) + "}");
        client.Leave();
        Thread.Sleep(100);
        Environment.Exit(0);
        return 0;
    }

    static long Frame(TwinClient client, int frame)
    {
        var start = Stopwatch.GetTimestamp();
        var angle = frame * 0.001f;
        client.SendPose(new VisitorPose
        {
            Position = new Vec3(angle, 1.6f, 0), Orientation = Quat.AboutY(angle), Flags = PoseFlags.All,
            Left = new HandPose { Position = new Vec3(angle, 1.2f, 0), Orientation = Quat.Identity, Tracked = true },
            Gaze = new Vec3(0, 0, -1),
        });
        client.Pump();
        var took = Stopwatch.GetTimestamp() - start;
        Thread.Sleep(frame % 4 == 0 ? 1 : 0);
        return took;
    }

    // Counters of .NET that are not part of .NET Standard; mono has the first.
    static Func<long> Counter(string name)
    {
        var method = typeof(GC).GetMethod(name, Type.EmptyTypes);
        return method == null ? () => -1 : (Func<long>)Delegate.CreateDelegate(typeof(Func<long>), method);
    }

    static Func<long> Total()
    {
        var method = typeof(GC).GetMethod("GetTotalAllocatedBytes", new[] { typeof(bool) });
        if (method == null)
        {
            return () => -1;
        }
        var total = (Func<bool, long>)Delegate.CreateDelegate(typeof(Func<bool, long>), method);
        return () => total(true);
    }

    static string Number(double value) => value.ToString("F1", CultureInfo.InvariantCulture);
}
