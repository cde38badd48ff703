using System;
using MuseumTwin.Protocol;
using NUnit.Framework;

namespace MuseumTwin.Tests
{
    /// <summary>Both sides write the same bytes, and read them back whole.</summary>
    public class GoldenTests
    {
        private readonly WireWriter _writer = new WireWriter();

        [TestCaseSource(typeof(Golden), nameof(Golden.Messages))]
        public void A_message_is_written_as_the_server_writes_it(object golden)
        {
            var one = (Golden.Case)golden;
            _writer.Clear();

            one.Write(_writer);

            CollectionAssert.AreEqual(Golden.Hex(one.Bytes), _writer.Written.ToArray());
        }

        [TestCaseSource(typeof(Golden), nameof(Golden.Messages))]
        public void A_message_read_and_written_again_is_the_same(object golden)
        {
            var one = (Golden.Case)golden;
            _writer.Clear();

            Golden.Rewrite(Golden.Hex(one.Bytes), _writer);

            CollectionAssert.AreEqual(Golden.Hex(one.Bytes), _writer.Written.ToArray());
        }

        [TestCaseSource(typeof(Golden), nameof(Golden.Newer))]
        public void A_newer_minor_version_is_read_as_far_as_it_is_known(object golden)
        {
            var one = (Golden.NewerCase)golden;
            _writer.Clear();

            if (one.Expected.Length == 0)
            {
                Assert.Throws<WireException>(() => Golden.Rewrite(Golden.Hex(one.Bytes), _writer));
                return;
            }
            Golden.Rewrite(Golden.Hex(one.Bytes), _writer);

            CollectionAssert.AreEqual(Golden.Hex(one.Expected), _writer.Written.ToArray());
        }

        [TestCaseSource(typeof(Golden), nameof(Golden.Poses))]
        public void A_pose_is_written_as_the_server_writes_it(object golden)
        {
            var one = (Golden.PoseCase)golden;
            var bytes = new byte[PoseBytes.Longest];

            var length = PoseBytes.Write(one.Pose, bytes);

            CollectionAssert.AreEqual(Golden.Hex(one.Bytes), bytes.AsSpan(0, length).ToArray());
        }

        [TestCaseSource(typeof(Golden), nameof(Golden.Poses))]
        public void A_pose_is_read_as_the_server_reads_it(object golden)
        {
            var one = (Golden.PoseCase)golden;

            var pose = PoseBytes.Read(Golden.Hex(one.Bytes), one.Pose.Time + 1_000_000);

            Assert.AreEqual(one.Pose.Number, pose.Number);
            Assert.AreEqual(one.Pose.Time, pose.Time);
            Assert.AreEqual(one.Pose.Flags, pose.Flags);
            Assert.AreEqual(one.Pose.Position, pose.Position);
            AssertNear(one.Pose.Orientation, pose.Orientation);
            Assert.AreEqual(one.Pose.Left.HasValue, pose.Left.HasValue);
            Assert.AreEqual(one.Pose.Right.HasValue, pose.Right.HasValue);
            Assert.AreEqual(one.Pose.Gaze.HasValue, pose.Gaze.HasValue);
            if (pose.Right.HasValue)
            {
                Assert.AreEqual(one.Pose.Left.Value.Position, pose.Left.Value.Position);
                Assert.AreEqual(one.Pose.Right.Value.Position, pose.Right.Value.Position);
                Assert.AreEqual(one.Pose.Right.Value.Tracked, pose.Right.Value.Tracked);
                AssertNear(one.Pose.Right.Value.Orientation, pose.Right.Value.Orientation);
            }
            if (pose.Gaze.HasValue)
            {
                Assert.Less((one.Pose.Gaze.Value - pose.Gaze.Value).Length, 1e-6f);
            }
        }

        private static void AssertNear(Quat expected, Quat found)
        {
            Assert.AreEqual(expected.X, found.X, 1e-6f);
            Assert.AreEqual(expected.Y, found.Y, 1e-6f);
            Assert.AreEqual(expected.Z, found.Z, 1e-6f);
            Assert.AreEqual(expected.W, found.W, 1e-6f);
        }
    }
}
