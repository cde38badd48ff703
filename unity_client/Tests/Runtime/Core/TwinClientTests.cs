using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using MuseumTwin.Protocol;
using NUnit.Framework;

namespace MuseumTwin.Tests
{
    /// <summary>The client against a connection in memory, with a clock that the test moves.</summary>
    public class TwinClientTests
    {
        private const long Second = 1_000_000_000;
        private readonly List<FakeTransport> _transports = new List<FakeTransport>();
        private readonly List<string> _told = new List<string>();
        private long _now;
        private TwinClient _client;

        [SetUp]
        public void Make()
        {
            _transports.Clear();
            _told.Clear();
            _now = 10 * Second;
            var options = new TwinOptions
            {
                Address = new Uri("ws://museum.example/live"), MostAttempts = 4, InboxMessages = 8,
                Consent = new Consent { Camera = true, Gaze = true },
            };
            _client = new TwinClient(options, Next, () => Volatile.Read(ref _now), () => 0);
            _client.StateChanged += state => _told.Add(state.ToString());
            _client.Ended += (reason, words) => _told.Add("ended " + reason);
            _client.ExhibitEntered += one => _told.Add("entered " + one.Artifact);
            _client.ExhibitLeft += one => _told.Add("left " + one.Artifact);
        }

        [TearDown]
        public void Close() => _client.Dispose();

        [Test]
        public void A_hello_is_answered_by_welcome_and_snapshot()
        {
            var server = Live();

            Assert.AreEqual("bowl", _client.World.Exhibits.Keys.Single());
            Assert.AreEqual(1_000_000 + Second, _client.Clock.At(_now + Second));
            CollectionAssert.AreEqual(new[] { "Connecting", "Live", "entered bowl" }, _told);
            Assert.IsFalse(server.IsAborted);
        }

        [Test]
        public void Messages_that_come_in_single_bytes_are_put_together()
        {
            _client.Start();
            Last.LongestPiece = 1;
            Last.ExpectHelloFrom(_client);
            Last.Welcome();
            Last.Snapshot(1, Bowl("bowl"));

            Until(() => _client.World.Exhibits.Count == 1);
        }

        [Test]
        public void An_event_that_comes_again_is_left_out()
        {
            var server = Live();
            server.Delta(2, Bowl("jar"));
            server.Delta(2, Bowl("jar"));
            server.Delta(1, Bowl("jug"));
            server.Delta(3, new ArtifactLeave { Artifact = "bowl" });

            Until(() => _told.Contains("left bowl"));

            Assert.AreEqual(2, _client.Counters.Duplicates);
            Assert.AreEqual("jar", _client.World.Exhibits.Keys.Single());
        }

        [Test]
        public void An_artifact_that_enters_again_replaces_what_was_told_of_it()
        {
            var server = Live();
            server.Delta(2, new AnnotationAdd { Artifact = "bowl", Annotation = "rim" });
            server.Delta(3, Bowl("bowl"));
            server.Delta(4, new AnnotationAdd { Artifact = "bowl", Annotation = "foot" });

            Until(() => _client.Counters.Events == 4);

            Assert.AreEqual("foot", _client.World.Exhibits["bowl"].Annotations.Keys.Single());
            Assert.AreEqual(1, _told.Count(one => one == "entered bowl"));
        }

        [Test]
        public void A_snapshot_in_between_keeps_what_stays_and_removes_what_is_gone()
        {
            var server = Live();
            server.Delta(
                2, Bowl("jar"), new AnnotationAdd { Artifact = "bowl", Annotation = "rim" },
                new AnnotationAdd { Artifact = "bowl", Annotation = "foot" });
            Until(() => _client.Counters.Events == 2);
            var bowl = _client.World.Exhibits["bowl"];
            var rim = bowl.Annotations["rim"];

            server.Snapshot(3, Bowl("bowl"), new AnnotationAdd { Artifact = "bowl", Annotation = "rim" }, Bowl("jug"));
            Until(() => _client.Counters.Events == 3);

            Assert.AreSame(bowl, _client.World.Exhibits["bowl"]);
            Assert.AreSame(rim, bowl.Annotations.Values.Single());
            CollectionAssert.AreEquivalent(new[] { "bowl", "jug" }, _client.World.Exhibits.Keys);
            _client.Pump();
            Assert.Contains("left jar", _told);
        }

        [Test]
        public void A_gap_between_events_takes_the_session_up_again_from_the_last_one()
        {
            Live().Delta(3, Bowl("jar"));
            Until(() => _client.State == ClientState.Waiting);
            StringAssert.Contains("expected event 2, got event 3", _client.LastFailure);

            _now += Second;
            var hello = Again();

            CollectionAssert.AreEqual(new byte[] { 1, 2, 3 }, hello.Token);
            Assert.AreEqual(1, hello.Received);
            Last.Welcome(resumed: true);
            Last.Delta(2, Bowl("jug"));
            Last.Delta(3, Bowl("jar"));
            Until(() => _client.World.Exhibits.Count == 3);
            Assert.AreEqual(1, _told.Count(one => one == "entered bowl"));
        }

        [Test]
        public void A_session_that_the_server_forgot_begins_anew_and_what_is_gone_leaves()
        {
            Live().Close(1006);
            Until(() => _client.State == ClientState.Waiting);
            _now += Second;
            Again();
            Last.Welcome(resumed: false);
            Last.Snapshot(900, Bowl("jar"));

            Until(() => _client.World.Exhibits.ContainsKey("jar"));

            Assert.AreEqual(1, _client.World.Exhibits.Count);
            Assert.Contains("left bowl", _told);
            Last.Delta(901, Bowl("jug"));
            Until(() => _client.World.Exhibits.Count == 2);
        }

        [Test]
        public void Events_before_the_snapshot_of_a_new_session_are_a_fault()
        {
            _client.Start();
            Last.ExpectHelloFrom(_client);
            Last.Welcome();
            Last.Delta(1, Bowl("jar"));

            Until(() => _client.State == ClientState.Waiting);

            StringAssert.Contains("snapshot", _client.LastFailure);
        }

        [Test]
        public void Waits_grow_and_a_last_failure_ends_it_with_one_event()
        {
            _client.Start();
            for (var attempt = 0; attempt <= 4; attempt++)
            {
                Until(() => _transports.Count == attempt + 1);
                Last.Close(1006);
                Until(() => _client.State != ClientState.Connecting);
                // 0.5, 1, 2 and 4 s: a little less is too early.
                var wait = Second / 2 << attempt;
                _now += wait - 1_000_000;
                _client.Pump();
                Assert.AreEqual(attempt + 1, _transports.Count);
                _now += 2_000_000;
                _client.Pump();
            }

            Assert.AreEqual("ended GaveUp", _told.Last());
            Assert.AreEqual(1, _told.Count(one => one.StartsWith("ended", StringComparison.Ordinal)));
            _now += 100 * Second;
            _client.Pump();
            Assert.AreEqual(5, _transports.Count);
        }

        [Test]
        public void A_connection_that_held_makes_earlier_failures_forgotten()
        {
            _client.Start();
            Last.Close(1006);
            Until(() => _client.State == ClientState.Waiting);
            _now += Second;
            Again();
            Last.Welcome();
            Last.Snapshot(1);
            Until(() => _client.State == ClientState.Live);
            Assert.AreEqual(1, _client.Attempts);

            for (var half = 0; half < 11; half++)
            {
                Breathe(Second / 2);
            }

            Assert.AreEqual(0, _client.Attempts);
        }

        [Test]
        public void A_server_that_falls_silent_is_left_though_nothing_closes()
        {
            Live();
            for (var tenth = 0; tenth < 80 && _client.State == ClientState.Live; tenth++)
            {
                _now += Second / 10;
                _client.Pump();
            }

            Assert.AreEqual(ClientState.Waiting, _client.State);
            StringAssert.Contains("nothing heard for 5 s", _client.LastFailure);
        }

        [Test]
        public void A_hitch_of_the_program_is_not_the_servers_fault()
        {
            Live();
            // The time is asked for, and before the answer is there the program stands still.
            _now += Second / 2;
            _client.Pump();

            _now += 60 * Second;
            _client.Pump();

            Assert.AreEqual(ClientState.Live, _client.State);
        }

        [Test]
        public void A_newer_device_with_the_same_session_ends_this_one()
        {
            var server = Live();
            server.Send(new Error { Kind = ErrorCode.Replaced, Detail = "", Fatal = true }.Write);
            server.Close(4409);

            Until(() => _client.State == ClientState.Ended);

            Assert.AreEqual("ended Replaced", _told.Last());
        }

        [Test]
        public void What_the_server_calls_our_fault_is_not_tried_again()
        {
            Live().Close(4400);

            Until(() => _client.State == ClientState.Ended);

            Assert.AreEqual("ended Refused", _told.Last());
        }

        [Test]
        public void A_server_that_closes_for_a_while_is_given_that_while()
        {
            var server = Live();
            server.Send(new Bye { Reason = ByeReason.ShuttingDown, ReturnAfter = 30 * Second }.Write);
            server.Close(1001);
            Until(() => _client.State == ClientState.Waiting);

            _now += 29 * Second;
            _client.Pump();
            Assert.AreEqual(1, _transports.Count);
            _now += 2 * Second;
            _client.Pump();
            Assert.AreEqual(2, _transports.Count);
        }

        [Test]
        public void Of_poses_that_could_not_leave_only_the_newest_does()
        {
            var server = Live();
            server.Line.Reset();
            for (var step = 0; step < 100; step++)
            {
                _now += Second / 100;
                Assert.IsTrue(_client.SendPose(Pose(step)));
            }
            server.Line.Set();

            VisitorPose pose;
            var sent = 0;
            do
            {
                pose = PoseBytes.Read(server.Expect(Wire.Pose), _now);
                sent++;
            }
            while (pose.Number != 100);
            Assert.AreEqual(new Vec3(99, 0, 0), pose.Position);
            Assert.Less(sent, 4);
        }

        [Test]
        public void Poses_are_kept_to_the_rate_that_the_server_takes()
        {
            Live();
            var sent = 0;
            for (var step = 0; step < 1000; step++)
            {
                _now += Second / 1000;
                sent += _client.SendPose(Pose(0)) ? 1 : 0;
            }

            Assert.That(sent, Is.InRange(120, 126));
        }

        [Test]
        public void A_pose_of_a_device_that_lost_track_is_withheld_and_counted()
        {
            Live();
            _now += Second;

            Assert.IsFalse(_client.SendPose(new VisitorPose { Position = new Vec3(float.NaN, 0, 0), Orientation = Quat.Identity }));
            Assert.IsFalse(_client.SendPose(new VisitorPose { Position = new Vec3(600, 0, 0), Orientation = Quat.Identity }));
            Assert.IsFalse(_client.SendPose(new VisitorPose()));

            Assert.AreEqual(3, _client.Counters.PosesWithheld);
        }

        [Test]
        public void No_camera_frame_leaves_without_consent()
        {
            _client.Options.Consent = new Consent();
            Live();

            Assert.IsFalse(_client.TrySendFrame(Frame(), out var number));
            Assert.IsFalse(_client.SendGaze(default, new Vec3(0, 0, -1)));

            Assert.AreEqual(0, number);
            Assert.AreEqual(1, _client.Counters.FramesWithheld);
        }

        [Test]
        public void Frames_wait_for_their_answers_and_lapse_without()
        {
            var server = Live();
            var lapsed = new List<uint>();
            _client.FrameLapsed += lapsed.Add;

            Assert.IsTrue(_client.TrySendFrame(Frame(), out var first));
            Assert.IsTrue(_client.TrySendFrame(Frame(), out _));
            Assert.IsFalse(_client.TrySendFrame(Frame(), out _));
            server.Send(new Sightings { Sequence = 2, Number = first }.Write);
            Until(() => _client.Counters.Events == 2);
            Assert.IsTrue(_client.TrySendFrame(Frame(), out _));

            for (var second = 0; second < 21; second++)
            {
                Breathe(Second);
            }
            CollectionAssert.AreEquivalent(new uint[] { 2, 3 }, lapsed);
        }

        [Test]
        public void Events_are_acknowledged_by_number_and_at_the_latest_after_a_second()
        {
            _client.Start();
            Last.ExpectHelloFrom(_client);
            Last.Welcome(acknowledgeEvery: 4);
            Last.Snapshot(1);
            Last.Delta(2);
            Until(() => _client.Counters.Events == 2);
            _client.Pump();
            Assert.AreEqual(2, Acknowledged());

            Last.Delta(3);
            Until(() => _client.Counters.Events == 3);
            Breathe(Second + 1);
            Assert.AreEqual(3, Acknowledged());
        }

        [Test]
        public void A_full_inbox_makes_the_server_wait_and_loses_nothing()
        {
            var server = Live();
            for (uint sequence = 2; sequence <= 200; sequence++)
            {
                server.Delta(sequence, Bowl("jar-" + sequence));
            }

            Until(() => _client.World.Exhibits.Count == 200);

            Assert.AreEqual(0, _client.World.StrayChanges);
        }

        [Test]
        public void A_spent_budget_leaves_the_rest_to_the_next_frame()
        {
            _client.ExhibitEntered += _ => _now += 2_000_000;
            var server = Live();
            server.Delta(2, Bowl("a"), Bowl("b"), Bowl("c"));
            Until(() => _told.Contains("entered a"));
            Assert.IsFalse(_told.Contains("entered b"));
            _client.Pump();
            Assert.IsTrue(_told.Contains("entered b"));
            Assert.IsFalse(_told.Contains("entered c"));
            _client.Pump();
            Assert.IsTrue(_told.Contains("entered c"));
        }

        [Test]
        public void A_listener_that_throws_loses_nothing_of_the_rest()
        {
            _client.ExhibitEntered += one =>
            {
                if (one.Artifact == "b")
                {
                    throw new InvalidOperationException("a listener's fault");
                }
            };
            var server = Live();
            server.Delta(2, Bowl("a"), Bowl("b"), Bowl("c"));

            Assert.Throws<InvalidOperationException>(() => Until(() => _told.Contains("entered c")));
            _client.Pump();

            Assert.Contains("entered c", _told);
            Assert.AreEqual(1, _told.Count(one => one == "entered a"));
            Assert.AreEqual(4, _client.World.Exhibits.Count);
        }

        [Test]
        public void Leaving_says_goodbye_and_ends_it()
        {
            var server = Live();

            _client.Leave();

            var reader = new WireReader(server.Expect(Bye.Code));
            Assert.AreEqual(ByeReason.Leaving, Bye.Read(ref reader).Reason);
            Assert.AreEqual("ended Left", _told.Last());
            _client.Start();
            Assert.IsEmpty(Last.ExpectHelloFrom(_client).Token);
        }

        [Test]
        public void A_paused_client_comes_back_at_once_with_its_token()
        {
            var server = Live();
            _client.Pause();
            var reader = new WireReader(server.Expect(Bye.Code));
            Assert.AreEqual(ByeReason.Pausing, Bye.Read(ref reader).Reason);
            _now += 3600 * Second;
            _client.Pump();
            Assert.AreEqual(1, _transports.Count);

            _client.Resume();

            CollectionAssert.AreEqual(new byte[] { 1, 2, 3 }, Last.ExpectHelloFrom(_client).Token);
        }

        [Test]
        public void A_welcome_that_does_not_come_is_not_waited_for_without_end()
        {
            _client.Start();
            Last.ExpectHelloFrom(_client);

            _now += 16 * Second;
            _client.Pump();

            Assert.AreEqual(ClientState.Waiting, _client.State);
            Until(() => _transports[0].IsDisposed);
        }

        [Test]
        public void Starting_twice_or_without_address_is_told_with_its_remedy()
        {
            var idle = new TwinClient(new TwinOptions());
            StringAssert.Contains("AddressOf", Assert.Throws<InvalidOperationException>(idle.Start).Message);
            _client.Start();
            Assert.Throws<InvalidOperationException>(_client.Start);
        }

        [Test]
        public void A_question_beyond_its_limit_is_refused_and_does_not_count_as_asked()
        {
            Live();
            Assert.Throws<WireException>(() => _client.TryAsk(new string('?', 1001), "en", "", out _));
            for (var index = 0; index < 4; index++)
            {
                Assert.IsTrue(_client.TryAsk("?", "", "bowl", out _));
            }
            Assert.IsFalse(_client.TryAsk("?", "", "bowl", out _));
        }

        private FakeTransport Last => _transports[_transports.Count - 1];

        private ITransport Next()
        {
            _transports.Add(new FakeTransport());
            return Last;
        }

        private FakeTransport Live()
        {
            _client.Start();
            Last.ExpectHelloFrom(_client);
            Last.Welcome();
            Last.Snapshot(1, Bowl("bowl"));
            Until(() => _told.Contains("entered bowl"));
            return Last;
        }

        private Hello Again()
        {
            var count = _transports.Count;
            _client.Pump();
            Assert.AreEqual(count + 1, _transports.Count);
            return Last.ExpectHelloFrom(_client);
        }

        private uint Acknowledged()
        {
            var reader = new WireReader(Last.Expect(Acknowledge.Code));
            return Acknowledge.Read(ref reader).Sequence;
        }

        // Time goes on, and the server answers what it is asked.
        private void Breathe(long time)
        {
            _now += time;
            _client.Pump();
            Last.Send(new ClockAnswer { ClientSent = _now, ServerReceived = 1, ServerSent = 1 }.Write);
            var received = _client.Counters.MessagesReceived;
            Until(() => _client.Counters.MessagesReceived > received);
        }

        private void Until(Func<bool> isSo)
        {
            var watch = Stopwatch.StartNew();
            while (!isSo())
            {
                Assert.Less(watch.Elapsed.TotalSeconds, 10, string.Join(", ", _told) + "; " + _client.LastFailure);
                _client.Pump();
                Thread.Yield();
            }
        }

        private static VisitorPose Pose(float x) => new VisitorPose
        {
            Position = new Vec3(x, 0, 0), Orientation = Quat.Identity, Flags = PoseFlags.All,
        };

        private static CameraFrame Frame() => new CameraFrame
        {
            Encoding = ImageEncoding.Jpeg, Width = 8, Height = 8, Image = new byte[16],
        };

        private static ArtifactEnter Bowl(string artifact) => new ArtifactEnter
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
