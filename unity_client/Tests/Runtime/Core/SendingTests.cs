using System.Collections.Generic;
using MuseumTwin.Protocol;
using NUnit.Framework;

namespace MuseumTwin.Tests
{
    /// <summary>What a visitor sends: poses, frames and questions, within consent and limits.</summary>
    public class SendingTests : ScriptedVisit
    {
        [Test]
        public void Of_poses_that_could_not_leave_only_the_newest_does()
        {
            var server = Live();
            server.Line.Reset();
            for (var step = 0; step < 100; step++)
            {
                Now += Second / 100;
                Assert.IsTrue(Client.SendPose(Pose(step)));
            }
            server.Line.Set();

            VisitorPose pose;
            var sent = 0;
            do
            {
                pose = PoseBytes.Read(server.Expect(Wire.Pose), Now);
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
                Now += Second / 1000;
                sent += Client.SendPose(Pose(0)) ? 1 : 0;
            }

            Assert.That(sent, Is.InRange(120, 126));
        }

        [Test]
        public void A_pose_of_a_device_that_lost_track_is_withheld_and_counted()
        {
            Live();
            Now += Second;

            Assert.IsFalse(Client.SendPose(new VisitorPose { Position = new Vec3(float.NaN, 0, 0), Orientation = Quat.Identity }));
            Assert.IsFalse(Client.SendPose(new VisitorPose { Position = new Vec3(600, 0, 0), Orientation = Quat.Identity }));
            Assert.IsFalse(Client.SendPose(new VisitorPose()));

            Assert.AreEqual(3, Client.Counters.PosesWithheld);
        }

        [Test]
        public void No_camera_frame_leaves_without_consent()
        {
            Client.Options.Consent = new Consent();
            Live();

            Assert.IsFalse(Client.TrySendFrame(Frame(), out var number));
            Assert.IsFalse(Client.SendGaze(default, new Vec3(0, 0, -1)));

            Assert.AreEqual(0, number);
            Assert.AreEqual(1, Client.Counters.FramesWithheld);
        }

        [Test]
        public void Consent_given_later_counts_from_the_next_connection_and_taken_back_at_once()
        {
            var all = Client.Options.Consent;
            Client.Options.Consent = new Consent();
            Live();

            Client.Options.Consent = all;
            Assert.IsFalse(Client.TrySendFrame(Frame(), out _));

            Client.Pause();
            Client.Resume();
            Last.ExpectHelloFrom(Client);
            Last.Welcome(resumed: true);
            Until(() => Client.State == ClientState.Live);
            Assert.IsTrue(Client.TrySendFrame(Frame(), out _));

            Client.Options.Consent = new Consent();
            Assert.IsFalse(Client.TrySendFrame(Frame(), out _));
        }

        [Test]
        public void Frames_wait_for_their_answers_and_lapse_without()
        {
            var server = Live();
            var lapsed = new List<uint>();
            Client.FrameLapsed += lapsed.Add;

            Assert.IsTrue(Client.TrySendFrame(Frame(), out var first));
            Assert.IsTrue(Client.TrySendFrame(Frame(), out _));
            Assert.IsFalse(Client.TrySendFrame(Frame(), out _));
            server.Send(new Sightings { Sequence = 2, Number = first }.Write);
            Until(() => Client.Counters.Events == 2);
            Assert.IsTrue(Client.TrySendFrame(Frame(), out _));

            for (var second = 0; second < 21; second++)
            {
                Breathe(Second);
            }
            CollectionAssert.AreEquivalent(new uint[] { 2, 3 }, lapsed);
        }

        [Test]
        public void A_question_beyond_its_limit_is_refused_and_does_not_count_as_asked()
        {
            Live();
            Assert.Throws<WireException>(() => Client.TryAsk(new string('?', 1001), "en", "", out _));
            for (var index = 0; index < 4; index++)
            {
                Assert.IsTrue(Client.TryAsk("?", "", "bowl", out _));
            }
            Assert.IsFalse(Client.TryAsk("?", "", "bowl", out _));
        }
    }
}
