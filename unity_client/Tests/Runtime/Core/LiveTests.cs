using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using MuseumTwin.Protocol;
using NUnit.Framework;

namespace MuseumTwin.Tests
{
    /// <summary>
    /// Against servers on real sockets. Each test needs the address of its server in an environment variable, and
    /// is skipped without it; the repository's tests/unity/test_live.py starts them all.
    /// </summary>
    public class LiveTests : LiveVisit
    {
        [Test]
        public void The_real_server_welcomes_and_shows_what_stands_here()
        {
            Start("MUSEUM_TWIN_SERVER");

            Until(() => Client.World.Exhibits.Count > 0, "a snapshot");

            Assert.AreEqual(ClientState.Live, Client.State);
            Assert.AreEqual("hall", Client.World.Gallery);
            var bell = Client.World.Exhibits["sample:lai-zhong-bell"];
            Assert.AreEqual("Bell of Lai (Lai zhong)", bell.Text(TextKind.Title));
            Assert.IsNotNull(bell.Geometry());
            Until(() => Client.Clock.Count >= 4, "clock answers");
            Assert.Less(Client.Clock.Delay, 1_000_000_000);
            Assert.AreEqual(0, Client.World.StrayChanges);
        }

        [Test]
        public void The_real_server_answers_a_question_and_a_frame()
        {
            var options = Options("MUSEUM_TWIN_SERVER");
            options.Consent = new Consent { Camera = true };
            Start(options);
            Until(() => Client.World.Exhibits.Count > 0, "a snapshot");
            Answer? answer = null;
            Sightings? sightings = null;
            Client.Answered += told => answer = told;
            Client.Seen += told => sightings = told;

            Assert.IsTrue(Client.TryAsk("Who made it?", "en", "sample:lai-zhong-bell", out var asked));
            var frame = new CameraFrame
            {
                Encoding = ImageEncoding.Gray8, Width = 8, Height = 8, Image = new byte[64],
            };
            Assert.IsTrue(Client.TrySendFrame(frame, out var sent));
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
            Until(() => Client.World.Exhibits.Count > 0, "a snapshot");
            var session = Client.Welcome.Session;
            var entered = 0;
            Client.ExhibitEntered += _ => entered++;

            for (var sleep = 0; sleep < 3; sleep++)
            {
                Client.Pause();
                Assert.AreEqual(ClientState.Paused, Client.State);
                Client.Pump();
                Client.Resume();
                Until(() => Client.State == ClientState.Live, "the session");
            }

            Assert.AreEqual(session, Client.Welcome.Session);
            Assert.AreEqual(3, Client.Counters.Resumes);
            Assert.AreEqual(0, entered, "exhibits told again");
        }

        [Test]
        public void Ten_thousand_edits_over_a_bad_line_leave_the_same_world()
        {
            var options = Options("MUSEUM_TWIN_EDITED");
            options.SilenceDeadline = TimeSpan.FromSeconds(1);
            Client = new TwinClient(options);
            var mirror = new Mirror(Client);
            var asked = new List<uint>();
            var answered = new List<uint>();
            Client.Answered += told => answered.Add(told.Number);
            Client.QuestionLapsed += told => Assert.Fail("question " + told + " lapsed");
            Client.Start();

            Until(
                () =>
                {
                    Client.SendPose(new VisitorPose { Orientation = Quat.Identity, Flags = PoseFlags.All });
                    // A question now and then; the server takes one a second.
                    if (asked.Count < 5 && Client.Counters.Events > 200 * asked.Count
                        && Client.TryAsk("?", "en", "", out var number))
                    {
                        asked.Add(number);
                    }
                    return Client.World.Exhibits.ContainsKey(WorldBytes.TheEnd);
                },
                "the last edit");

            var expected = Client.World.Exhibits[WorldBytes.TheEnd].Text(TextKind.Label);
            Assert.AreEqual(expected, WorldBytes.Digest(Client.World.Exhibits));
            Assert.AreEqual(expected, WorldBytes.Digest(mirror.Exhibits));
            Assert.AreEqual(0, Client.World.StrayChanges);
            Assert.AreEqual(3, Client.Counters.Resumes);
            Assert.AreEqual(4, Client.Counters.Connections);
            CollectionAssert.AllItemsAreUnique(answered);
            Client.Leave();
        }

        [Test]
        public void The_real_server_over_a_bad_line_loses_nothing()
        {
            var options = Options("MUSEUM_TWIN_BAD_LINE");
            options.SilenceDeadline = TimeSpan.FromSeconds(1);
            Client = new TwinClient(options);
            var mirror = new Mirror(Client);
            Client.Start();

            // Through the rows of a hall, so that exhibits come, unfold, fold and go.
            var step = 0;
            Until(() => Walk(step++) && Client.Counters.Resumes >= 3 && step >= 1000, "three resumes");
            var answers = Client.Clock.Count;
            Until(() => Client.State == ClientState.Live && Client.Clock.Count >= answers + 2, "the last change");

            Assert.AreEqual(0, Client.World.StrayChanges);
            Assert.AreEqual(WorldBytes.Digest(Client.World.Exhibits), WorldBytes.Digest(mirror.Exhibits));
            // What the server thinks that this visitor perceives is compared by who started it.
            var held = Client.World.Exhibits.Values.Select(one => one.Artifact + "=" + (int)one.Detail);
            var notes = Client.World.Exhibits.Values.Where(one => one.Annotations.Count > 0).Select(one => one.Artifact);
            TestContext.WriteLine("token " + BitConverter.ToString(Client.Welcome.Token).Replace("-", ""));
            TestContext.WriteLine("held " + string.Join(" ", held.OrderBy(one => one, StringComparer.Ordinal)));
            TestContext.WriteLine("notes " + string.Join(" ", notes.OrderBy(one => one, StringComparer.Ordinal)));
        }

        [Test]
        public void A_server_of_a_newer_minor_version_is_understood_as_far_as_it_can_be()
        {
            Start("MUSEUM_TWIN_NEWER");

            Until(() => Client.World.Exhibits.Count > 0
                && Client.World.Exhibits["bell"].Annotations.ContainsKey("mouth"), "snapshot and delta");

            Assert.AreEqual(9, Client.Welcome.Minor);
            Assert.AreEqual((Detail)0, Client.World.Exhibits["bell"].Detail);
            Assert.AreEqual(1, Client.Counters.Unknown);
            Assert.AreEqual(0, Client.World.StrayChanges);
        }

        [Test]
        public void A_hostile_server_is_left_and_given_up()
        {
            var options = Options("MUSEUM_TWIN_HOSTILE");
            options.MostAttempts = 5;
            options.LeastWait = options.MostWait = TimeSpan.FromMilliseconds(10);
            Client = new TwinClient(options);
            EndReason? ended = null;
            Client.Ended += (reason, words) => ended = reason;
            var before = GC.GetTotalMemory(true);
            Client.Start();

            Until(() => ended.HasValue, "the end");

            Assert.That(ended, Is.EqualTo(EndReason.GaveUp).Or.EqualTo(EndReason.Refused).Or.EqualTo(EndReason.Replaced));
            Assert.IsNotEmpty(Client.LastFailure);
            Assert.Less(GC.GetTotalMemory(true) - before, 16_000_000);
        }

        [Test]
        public void A_mute_server_is_given_up_in_time_and_leaves_no_thread()
        {
            var options = Options("MUSEUM_TWIN_MUTE");
            options.ConnectDeadline = TimeSpan.FromMilliseconds(100);
            options.LeastWait = options.MostWait = TimeSpan.FromMilliseconds(1);
            options.MostAttempts = 20;
            Client = new TwinClient(options);
            EndReason? ended = null;
            Client.Ended += (reason, words) => ended = reason;
            var threads = Process.GetCurrentProcess().Threads.Count;
            Client.Start();

            Until(() => ended.HasValue, "the end");

            Assert.AreEqual(EndReason.GaveUp, ended);
            StringAssert.Contains("no connection within", Client.LastFailure);
            Assert.AreEqual(21, Client.Counters.Connections);
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
            Client = new TwinClient(options);
            var states = new List<ClientState>();
            Client.StateChanged += states.Add;
            Client.Start();

            Until(() => Client.State == ClientState.Ended, "the end");

            Assert.AreEqual(4, Client.Counters.Connections);
            Assert.AreEqual(3, states.Count(state => state == ClientState.Waiting));
        }

        private bool Walk(int step)
        {
            var x = 1.5f + 1.2f * (float)Math.Sin(step / 90.0);
            var z = 28f - step * 0.025f % 28f;
            return Client.SendPose(new VisitorPose
            {
                Position = new Vec3(x, 1.6f, z), Orientation = Quat.Identity, Flags = PoseFlags.All,
            }) || Client.State == ClientState.Live;
        }
    }
}
