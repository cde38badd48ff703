using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Security.Cryptography;
using System.Threading;
using MuseumTwin.Protocol;
using NUnit.Framework;

namespace MuseumTwin.Tests
{
    /// <summary>
    /// Against servers on real sockets. Each test needs the address of its server in an environment variable, and
    /// is skipped without it; the repository's tests/unity/test_live.py starts them all.
    /// </summary>
    public class LiveTests
    {
        private const string TheEnd = "the-end";
        private TwinClient _client;

        [TearDown]
        public void Close()
        {
            _client?.Dispose();
            _client = null;
        }

        [Test]
        public void The_real_server_welcomes_and_shows_what_stands_here()
        {
            Start("MUSEUM_TWIN_SERVER");

            Until(() => _client.World.Exhibits.Count > 0, "a snapshot");

            Assert.AreEqual(ClientState.Live, _client.State);
            Assert.AreEqual("hall", _client.World.Gallery);
            var bell = _client.World.Exhibits["sample:lai-zhong-bell"];
            Assert.AreEqual("Bell of Lai (Lai zhong)", bell.Text(TextKind.Title));
            Assert.IsNotNull(bell.Geometry());
            Until(() => _client.Clock.Count >= 4, "clock answers");
            Assert.Less(_client.Clock.Delay, 1_000_000_000);
            Assert.AreEqual(0, _client.World.StrayChanges);
        }

        [Test]
        public void The_real_server_answers_a_question_and_a_frame()
        {
            var options = Options("MUSEUM_TWIN_SERVER");
            options.Consent = new Consent { Camera = true };
            Start(options);
            Until(() => _client.World.Exhibits.Count > 0, "a snapshot");
            Answer? answer = null;
            Sightings? sightings = null;
            _client.Answered += told => answer = told;
            _client.Seen += told => sightings = told;

            Assert.IsTrue(_client.TryAsk("Who made it?", "en", "sample:lai-zhong-bell", out var asked));
            var frame = new CameraFrame
            {
                Encoding = ImageEncoding.Gray8, Width = 8, Height = 8, Image = new byte[64],
            };
            Assert.IsTrue(_client.TrySendFrame(frame, out var sent));
            Until(() => answer.HasValue && sightings.HasValue, "an answer and sightings");

            Assert.AreEqual(asked, answer.Value.Number);
            Assert.AreEqual("sample:lai-zhong-bell", answer.Value.Artifact);
            Assert.AreEqual(sent, sightings.Value.Number);
            Assert.AreEqual(RejectionReason.Unavailable, sightings.Value.Rejection.Value.Reason);
        }

        [Test]
        public void The_device_sleeps_and_the_real_server_takes_the_session_up_again()
        {
            Start("MUSEUM_TWIN_SERVER");
            Until(() => _client.World.Exhibits.Count > 0, "a snapshot");
            var session = _client.Welcome.Session;
            var entered = 0;
            _client.ExhibitEntered += _ => entered++;

            for (var sleep = 0; sleep < 3; sleep++)
            {
                _client.Pause();
                Assert.AreEqual(ClientState.Paused, _client.State);
                _client.Pump();
                _client.Resume();
                Until(() => _client.State == ClientState.Live, "the session");
            }

            Assert.AreEqual(session, _client.Welcome.Session);
            Assert.AreEqual(3, _client.Counters.Resumes);
            Assert.AreEqual(0, entered, "exhibits told again");
        }

        [Test]
        public void Ten_thousand_edits_over_a_bad_line_leave_the_same_world()
        {
            var options = Options("MUSEUM_TWIN_EDITED");
            options.SilenceDeadline = TimeSpan.FromSeconds(1);
            _client = new TwinClient(options);
            var mirror = new Mirror(_client);
            var asked = new List<uint>();
            var answered = new List<uint>();
            _client.Answered += told => answered.Add(told.Number);
            _client.QuestionLapsed += told => Assert.Fail("question " + told + " lapsed");
            _client.Start();

            Until(
                () =>
                {
                    _client.SendPose(new VisitorPose { Orientation = Quat.Identity, Flags = PoseFlags.All });
                    // A question now and then; the server takes one a second.
                    if (asked.Count < 5 && _client.Counters.Events > 200 * asked.Count
                        && _client.TryAsk("?", "en", "", out var number))
                    {
                        asked.Add(number);
                    }
                    return _client.World.Exhibits.ContainsKey(TheEnd);
                },
                "the last edit");

            var expected = _client.World.Exhibits[TheEnd].Text(TextKind.Label);
            Assert.AreEqual(expected, Digest(_client.World));
            Assert.AreEqual(expected, Digest(mirror.Exhibits));
            Assert.AreEqual(0, _client.World.StrayChanges);
            Assert.AreEqual(3, _client.Counters.Resumes);
            Assert.AreEqual(4, _client.Counters.Connections);
            CollectionAssert.AllItemsAreUnique(answered);
            _client.Leave();
        }

        [Test]
        public void The_real_server_over_a_bad_line_loses_nothing()
        {
            var options = Options("MUSEUM_TWIN_BAD_LINE");
            options.SilenceDeadline = TimeSpan.FromSeconds(1);
            _client = new TwinClient(options);
            var mirror = new Mirror(_client);
            _client.Start();

            // Through the rows of a hall, so that exhibits come, unfold, fold and go.
            var step = 0;
            Until(() => Walk(step++) && _client.Counters.Resumes >= 3 && step >= 1000, "three resumes");
            var answers = _client.Clock.Count;
            Until(() => _client.State == ClientState.Live && _client.Clock.Count >= answers + 2, "the last change");

            Assert.AreEqual(0, _client.World.StrayChanges);
            Assert.AreEqual(Digest(_client.World), Digest(mirror.Exhibits));
            // What the server thinks that this visitor perceives is compared by who started it.
            var held = _client.World.Exhibits.Values.Select(one => one.Artifact + "=" + (int)one.Detail);
            var notes = _client.World.Exhibits.Values.Where(one => one.Annotations.Count > 0).Select(one => one.Artifact);
            TestContext.WriteLine("token " + BitConverter.ToString(_client.Welcome.Token).Replace("-", ""));
            TestContext.WriteLine("held " + string.Join(" ", held.OrderBy(one => one, StringComparer.Ordinal)));
            TestContext.WriteLine("notes " + string.Join(" ", notes.OrderBy(one => one, StringComparer.Ordinal)));
        }

        private bool Walk(int step)
        {
            var x = 1.5f + 1.2f * (float)Math.Sin(step / 90.0);
            var z = 28f - step * 0.025f % 28f;
            return _client.SendPose(new VisitorPose
            {
                Position = new Vec3(x, 1.6f, z), Orientation = Quat.Identity, Flags = PoseFlags.All,
            }) || _client.State == ClientState.Live;
        }

        [Test]
        public void A_server_of_a_newer_minor_version_is_understood_as_far_as_it_can_be()
        {
            Start("MUSEUM_TWIN_NEWER");

            Until(() => _client.World.Exhibits.Count > 0
                && _client.World.Exhibits["bell"].Annotations.ContainsKey("mouth"), "snapshot and delta");

            Assert.AreEqual(9, _client.Welcome.Minor);
            Assert.AreEqual((Detail)0, _client.World.Exhibits["bell"].Detail);
            Assert.AreEqual(1, _client.Counters.Unknown);
            Assert.AreEqual(0, _client.World.StrayChanges);
        }

        [Test]
        public void A_hostile_server_is_left_and_given_up()
        {
            var options = Options("MUSEUM_TWIN_HOSTILE");
            options.MostAttempts = 5;
            options.LeastWait = options.MostWait = TimeSpan.FromMilliseconds(10);
            _client = new TwinClient(options);
            EndReason? ended = null;
            _client.Ended += (reason, words) => ended = reason;
            var before = GC.GetTotalMemory(true);
            _client.Start();

            Until(() => ended.HasValue, "the end");

            Assert.That(ended, Is.EqualTo(EndReason.GaveUp).Or.EqualTo(EndReason.Refused).Or.EqualTo(EndReason.Replaced));
            Assert.IsNotEmpty(_client.LastFailure);
            Assert.Less(GC.GetTotalMemory(true) - before, 16_000_000);
        }

        [Test]
        public void A_mute_server_is_given_up_in_time_and_leaves_no_thread()
        {
            var options = Options("MUSEUM_TWIN_MUTE");
            options.ConnectDeadline = TimeSpan.FromMilliseconds(100);
            options.LeastWait = options.MostWait = TimeSpan.FromMilliseconds(1);
            options.MostAttempts = 20;
            _client = new TwinClient(options);
            EndReason? ended = null;
            _client.Ended += (reason, words) => ended = reason;
            var threads = Process.GetCurrentProcess().Threads.Count;
            _client.Start();

            Until(() => ended.HasValue, "the end");

            Assert.AreEqual(EndReason.GaveUp, ended);
            StringAssert.Contains("no connection within", _client.LastFailure);
            Assert.AreEqual(21, _client.Counters.Connections);
            // Twenty-one abandoned connections; a thread each would show. The pool itself may have grown.
            Assert.Less(Process.GetCurrentProcess().Threads.Count, threads + 12);
        }

        [Test]
        public void Nobody_there_is_told_as_a_refused_connection_and_tried_again()
        {
            var options = Options("MUSEUM_TWIN_SERVER");
            options.Address = new Uri("ws://127.0.0.1:1/live");
            options.LeastWait = options.MostWait = TimeSpan.FromMilliseconds(5);
            options.MostAttempts = 3;
            _client = new TwinClient(options);
            var states = new List<ClientState>();
            _client.StateChanged += states.Add;
            _client.Start();

            Until(() => _client.State == ClientState.Ended, "the end");

            Assert.AreEqual(4, _client.Counters.Connections);
            Assert.AreEqual(3, states.Count(state => state == ClientState.Waiting));
        }

        private static TwinOptions Options(string variable)
        {
            var address = Environment.GetEnvironmentVariable(variable);
            if (string.IsNullOrEmpty(address))
            {
                Assert.Ignore("no server: set " + variable + " to its address");
            }
            return new TwinOptions
            {
                Address = TwinOptions.AddressOf(address),
                Kind = ClientKind.Headset,
                LeastWait = TimeSpan.FromMilliseconds(20),
                MostWait = TimeSpan.FromMilliseconds(100),
            };
        }

        private void Start(string variable) => Start(Options(variable));

        private void Start(TwinOptions options)
        {
            _client = new TwinClient(options);
            _client.Ended += (reason, words) => Assert.AreEqual(EndReason.Left, reason, words);
            _client.Start();
        }

        // Frames of a millisecond, until it is so; half a minute at most.
        private void Until(Func<bool> isSo, string awaited)
        {
            var watch = Stopwatch.StartNew();
            while (!isSo())
            {
                Assert.Less(
                    watch.Elapsed.TotalSeconds, 45,
                    "waited for " + awaited + "; the client is " + _client.State + ", " + _client.LastFailure
                    + ", events " + _client.Counters.Events + ", connections " + _client.Counters.Connections);
                _client.Pump();
                Thread.Sleep(1);
            }
        }

        private static string Digest(TwinWorld world) => Digest(world.Exhibits);

        private static string Digest(IReadOnlyDictionary<string, Exhibit> exhibits)
        {
            var writer = new WireWriter();
            using (var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
            {
                foreach (var name in exhibits.Keys.Where(one => one != TheEnd).OrderBy(one => one, StringComparer.Ordinal))
                {
                    var exhibit = exhibits[name];
                    Append(hash, writer, exhibit.ToEnter());
                    foreach (var note in exhibit.Annotations.Keys.OrderBy(one => one, StringComparer.Ordinal))
                    {
                        Append(hash, writer, exhibit.Annotations[note].ToAdd());
                    }
                }
                return BitConverter.ToString(hash.GetHashAndReset()).Replace("-", "").ToLowerInvariant();
            }
        }

        private static void Append(IncrementalHash hash, WireWriter writer, Change change)
        {
            writer.Clear();
            new Delta { Changes = new[] { change } }.Write(writer);
            hash.AppendData(writer.Written.ToArray());
        }

        // What a scene would show: built from what is told alone. Anything told twice or not at all shows here.
        private sealed class Mirror
        {
            private readonly Dictionary<string, Exhibit> _exhibits = new Dictionary<string, Exhibit>();
            private readonly HashSet<Annotation> _annotations = new HashSet<Annotation>();

            internal Mirror(TwinClient client)
            {
                client.ExhibitEntered += one => _exhibits.Add(one.Artifact, one);
                client.ExhibitChanged += one => Assert.AreSame(one, _exhibits[one.Artifact]);
                client.ExhibitLeft += one =>
                {
                    Assert.IsTrue(_exhibits.Remove(one.Artifact), one.Artifact + " left before it entered");
                    _annotations.RemoveWhere(note => note.Exhibit == one);
                };
                client.AnnotationAdded += one => Assert.IsTrue(_annotations.Add(one), one.Name + " was added twice");
                client.AnnotationChanged += one => Assert.IsTrue(_annotations.Contains(one), one.Name + " is not here");
                client.AnnotationRemoved += one => Assert.IsTrue(_annotations.Remove(one), one.Name + " is not here");
            }

            internal IReadOnlyDictionary<string, Exhibit> Exhibits
            {
                get
                {
                    Assert.AreEqual(
                        _exhibits.Values.SelectMany(one => one.Annotations.Values).Count(), _annotations.Count);
                    return _exhibits;
                }
            }
        }
    }
}
