using System.Linq;
using MuseumTwin.Protocol;
using NUnit.Framework;

namespace MuseumTwin.Tests
{
    /// <summary>A session's events against a connection in memory: numbered, whole, in order, once.</summary>
    public class SessionTests : ScriptedVisit
    {
        [Test]
        public void A_hello_is_answered_by_welcome_and_snapshot()
        {
            var server = Live();

            Assert.AreEqual("bowl", Client.World.Exhibits.Keys.Single());
            Assert.AreEqual(1_000_000 + Second, Client.Clock.At(Now + Second));
            CollectionAssert.AreEqual(new[] { "Connecting", "Live", "entered bowl" }, Told);
            Assert.IsFalse(server.IsAborted);
        }

        [Test]
        public void Messages_that_come_in_single_bytes_are_put_together()
        {
            Client.Start();
            Last.LongestPiece = 1;
            Last.ExpectHelloFrom(Client);
            Last.Welcome();
            Last.Snapshot(1, Bowl("bowl"));

            Until(() => Client.World.Exhibits.Count == 1);
        }

        [Test]
        public void An_event_that_comes_again_is_left_out()
        {
            var server = Live();
            server.Delta(2, Bowl("jar"));
            server.Delta(2, Bowl("jar"));
            server.Delta(1, Bowl("jug"));
            server.Delta(3, new ArtifactLeave { Artifact = "bowl" });

            Until(() => Told.Contains("left bowl"));

            Assert.AreEqual(2, Client.Counters.Duplicates);
            Assert.AreEqual("jar", Client.World.Exhibits.Keys.Single());
        }

        [Test]
        public void An_artifact_that_enters_again_replaces_what_was_told_of_it()
        {
            var server = Live();
            server.Delta(2, new AnnotationAdd { Artifact = "bowl", Annotation = "rim" });
            server.Delta(3, Bowl("bowl"));
            server.Delta(4, new AnnotationAdd { Artifact = "bowl", Annotation = "foot" });

            Until(() => Client.Counters.Events == 4);

            Assert.AreEqual("foot", Client.World.Exhibits["bowl"].Annotations.Keys.Single());
            Assert.AreEqual(1, Told.Count(one => one == "entered bowl"));
        }

        [Test]
        public void A_snapshot_in_between_keeps_what_stays_and_removes_what_is_gone()
        {
            var server = Live();
            server.Delta(
                2, Bowl("jar"), new AnnotationAdd { Artifact = "bowl", Annotation = "rim" },
                new AnnotationAdd { Artifact = "bowl", Annotation = "foot" });
            Until(() => Client.Counters.Events == 2);
            var bowl = Client.World.Exhibits["bowl"];
            var rim = bowl.Annotations["rim"];

            server.Snapshot(3, Bowl("bowl"), new AnnotationAdd { Artifact = "bowl", Annotation = "rim" }, Bowl("jug"));
            Until(() => Client.Counters.Events == 3);

            Assert.AreSame(bowl, Client.World.Exhibits["bowl"]);
            Assert.AreSame(rim, bowl.Annotations.Values.Single());
            CollectionAssert.AreEquivalent(new[] { "bowl", "jug" }, Client.World.Exhibits.Keys);
            Client.Pump();
            Assert.Contains("left jar", Told);
        }

        [Test]
        public void A_gap_between_events_takes_the_session_up_again_from_the_last_one()
        {
            Live().Delta(3, Bowl("jar"));
            Until(() => Client.State == ClientState.Waiting);
            StringAssert.Contains("expected event 2, got event 3", Client.LastFailure);

            Now += Second;
            var hello = Again();

            CollectionAssert.AreEqual(new byte[] { 1, 2, 3 }, hello.Token);
            Assert.AreEqual(1, hello.Received);
            Last.Welcome(resumed: true);
            Last.Delta(2, Bowl("jug"));
            Last.Delta(3, Bowl("jar"));
            Until(() => Client.World.Exhibits.Count == 3);
            Assert.AreEqual(1, Told.Count(one => one == "entered bowl"));
        }

        [Test]
        public void A_session_that_the_server_forgot_begins_anew_and_what_is_gone_leaves()
        {
            Live().Close(1006);
            Until(() => Client.State == ClientState.Waiting);
            Now += Second;
            Again();
            Last.Welcome(resumed: false);
            Last.Snapshot(900, Bowl("jar"));

            Until(() => Client.World.Exhibits.ContainsKey("jar"));

            Assert.AreEqual(1, Client.World.Exhibits.Count);
            Assert.Contains("left bowl", Told);
            Last.Delta(901, Bowl("jug"));
            Until(() => Client.World.Exhibits.Count == 2);
        }

        [Test]
        public void Events_before_the_snapshot_of_a_new_session_are_a_fault()
        {
            Client.Start();
            Last.ExpectHelloFrom(Client);
            Last.Welcome();
            Last.Delta(1, Bowl("jar"));

            Until(() => Client.State == ClientState.Waiting);

            StringAssert.Contains("snapshot", Client.LastFailure);
        }

        [Test]
        public void Events_are_acknowledged_by_number_and_at_the_latest_after_a_second()
        {
            Client.Start();
            Last.ExpectHelloFrom(Client);
            Last.Welcome(acknowledgeEvery: 4);
            Last.Snapshot(1);
            Last.Delta(2);
            Until(() => Client.Counters.Events == 2);
            Client.Pump();
            Assert.AreEqual(2, Acknowledged());

            Last.Delta(3);
            Until(() => Client.Counters.Events == 3);
            Breathe(Second + 1);
            Assert.AreEqual(3, Acknowledged());
        }
    }
}
