using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using MuseumTwin.Protocol;
using NUnit.Framework;

namespace MuseumTwin.Tests
{
    /// <summary>The client against a connection in memory, with a clock that the test moves.</summary>
    public abstract class ScriptedVisit
    {
        private protected const long Second = 1_000_000_000;
        private protected readonly List<FakeTransport> Transports = new List<FakeTransport>();
        private protected readonly List<string> Told = new List<string>();
        private protected long Now;
        private protected TwinClient Client;

        [SetUp]
        public void Make()
        {
            Transports.Clear();
            Told.Clear();
            Now = 10 * Second;
            var options = new TwinOptions
            {
                Address = new Uri("ws://museum.example/live"), MostAttempts = 4, InboxMessages = 8,
                Consent = new Consent { Camera = true, Gaze = true },
            };
            Client = new TwinClient(options, Next, () => Volatile.Read(ref Now), () => 0);
            Client.StateChanged += state => Told.Add(state.ToString());
            Client.Ended += (reason, words) => Told.Add("ended " + reason);
            Client.ExhibitEntered += one => Told.Add("entered " + one.Artifact);
            Client.ExhibitLeft += one => Told.Add("left " + one.Artifact);
        }

        [TearDown]
        public void Close() => Client.Dispose();

        private protected FakeTransport Last => Transports[Transports.Count - 1];

        private ITransport Next()
        {
            Transports.Add(new FakeTransport());
            return Last;
        }

        private protected FakeTransport Live()
        {
            Client.Start();
            Last.ExpectHelloFrom(Client);
            Last.Welcome();
            Last.Snapshot(1, Bowl("bowl"));
            Until(() => Told.Contains("entered bowl"));
            return Last;
        }

        private protected Hello Again()
        {
            var count = Transports.Count;
            Client.Pump();
            Assert.AreEqual(count + 1, Transports.Count);
            return Last.ExpectHelloFrom(Client);
        }

        private protected uint Acknowledged()
        {
            var reader = new WireReader(Last.Expect(Acknowledge.Code));
            return Acknowledge.Read(ref reader).Sequence;
        }

        // Time goes on, and the server answers what it is asked.
        private protected void Breathe(long time)
        {
            Now += time;
            Client.Pump();
            Last.Send(new ClockAnswer { ClientSent = Now, ServerReceived = 1, ServerSent = 1 }.Write);
            var received = Client.Counters.MessagesReceived;
            Until(() => Client.Counters.MessagesReceived > received);
        }

        private protected void Until(Func<bool> isSo)
        {
            var watch = Stopwatch.StartNew();
            while (!isSo())
            {
                Assert.Less(watch.Elapsed.TotalSeconds, 10, string.Join(", ", Told) + "; " + Client.LastFailure);
                Client.Pump();
                Thread.Yield();
            }
        }

        private protected static VisitorPose Pose(float x) => new VisitorPose
        {
            Position = new Vec3(x, 0, 0), Orientation = Quat.Identity, Flags = PoseFlags.All,
        };

        private protected static CameraFrame Frame() => new CameraFrame
        {
            Encoding = ImageEncoding.Jpeg, Width = 8, Height = 8, Image = new byte[16],
        };

        private protected static ArtifactEnter Bowl(string artifact) => new ArtifactEnter
        {
            Artifact = artifact, Orientation = Quat.Identity, Detail = Detail.Label,
        };
    }

    internal static class FakeTransportExtensions
    {
        // Frames go on while the test waits for the hello.
        internal static Hello ExpectHelloFrom(this FakeTransport transport, TwinClient client)
        {
            var watch = Stopwatch.StartNew();
            while (transport.FromClient.Count == 0 && watch.Elapsed.TotalSeconds < 5)
            {
                client.Pump();
                Thread.Yield();
            }
            return transport.ExpectHello();
        }
    }
}
