using System;
using MuseumTwin.Protocol;
using NUnit.Framework;

namespace MuseumTwin.Tests
{
    /// <summary>Panels, texts and the device's space, which need no engine.</summary>
    public class LayoutTests
    {
        private static readonly Random Draw = new Random(11);

        [Test]
        public void A_panel_is_never_behind_or_within_its_exhibit_and_faces_the_viewer()
        {
            for (var round = 0; round < 5000; round++)
            {
                var center = Near(5);
                var radius = 0.05f + 2 * (float)Draw.NextDouble();
                var eye = center + Unit() * (radius + 0.57f + 10 * (float)Draw.NextDouble());
                var hotspot = center + Unit() * (radius * (float)Draw.NextDouble());

                var panel = PanelLayout.Of(eye, hotspot, center, radius, Draw.Next(1, 8));

                // A plane that the whole exhibit lies behind; the eye is before it.
                var toEye = (eye - center) * (1 / (eye - center).Length);
                var depth = Dot(panel.Position - center, toEye);
                Assert.Greater(depth, radius - 1e-3f);
                Assert.Less(depth, (eye - center).Length - 0.49f);
                Assert.AreEqual(1, panel.ToViewer.Length, 1e-3f);
                Assert.Greater(Dot(panel.ToViewer, eye - panel.Position), 0);
            }
        }

        [Test]
        public void From_the_front_a_panel_stands_before_the_exhibit_and_above_the_hotspot()
        {
            var panel = PanelLayout.Of(new Vec3(0, 1.6f, 3), new Vec3(0.2f, 1.5f, 0.3f), new Vec3(0, 1.6f, 0), 0.5f, 3);

            Assert.AreEqual(0.56f, panel.Position.Z, 1e-3f);
            Assert.AreEqual(0.2f, panel.Position.X, 1e-3f);
            Assert.Greater(panel.Position.Y, 1.5f);
        }

        [Test]
        public void Text_is_as_large_to_the_eye_near_and_far_within_bounds()
        {
            Assert.AreEqual(PanelLayout.LineAngle, PanelLayout.Line(1) / 1, 1e-6f);
            Assert.AreEqual(PanelLayout.LineAngle, PanelLayout.Line(3) / 3, 1e-6f);
            Assert.AreEqual(PanelLayout.LeastLine, PanelLayout.Line(0.1f));
            Assert.AreEqual(PanelLayout.MostLine, PanelLayout.Line(50));
        }

        [Test]
        public void A_panel_does_not_come_nearer_to_the_eye_than_it_can_be_read()
        {
            var panel = PanelLayout.Of(new Vec3(0, 0, 0.9f), new Vec3(0, 0, 0.4f), default, 1.2f, 1);

            Assert.Greater((panel.Position - new Vec3(0, 0, 0.9f)).Length, 0.49f);
        }

        [TestCase("A bronze bell of the Zhou", 10, 9, ExpectedResult = "A bronze\nbell of\nthe Zhou")]
        [TestCase("青銅鼎於西周早期", 8, 9, ExpectedResult = "青銅鼎於\n西周早期")]
        [TestCase("Donaudampfschiff", 6, 9, ExpectedResult = "Donaud\nampfsc\nhiff")]
        [TestCase("one two three four", 5, 2, ExpectedResult = "one\ntwo…")]
        [TestCase("", 5, 2, ExpectedResult = "")]
        public string Text_breaks_at_spaces_and_between_characters_that_have_none(string text, int columns, int most) =>
            TextWrap.Wrap(text, columns, most, out _);

        [Test]
        public void No_line_is_longer_than_its_columns()
        {
            var words = new[] { "bell", "bronze", "青銅鼎", "a", "κρατήρ", "extraordinarily" };
            for (var round = 0; round < 500; round++)
            {
                var text = "";
                for (var word = 0; word < 20; word++)
                {
                    text += words[Draw.Next(words.Length)] + " ";
                }
                var wrapped = TextWrap.Wrap(text, 12, 1000, out var lines);
                var split = wrapped.Split('\n');
                Assert.AreEqual(split.Length, lines);
                foreach (var line in split)
                {
                    Assert.LessOrEqual(line.TrimEnd().Length, 12, wrapped);
                }
                Assert.AreEqual(
                    text.Replace(" ", ""), wrapped.Replace("\n", "").Replace(" ", ""));
            }
        }

        [TestCase("", ExpectedResult = 1)]
        [TestCase("a bell\nbronze", ExpectedResult = 6)]
        [TestCase("青銅\nabc", ExpectedResult = 4)]
        public int The_widest_line_gives_the_panel_its_width(string text) => TextWrap.Widest(text);

        [Test]
        public void A_pose_known_in_both_spaces_aligns_all_others()
        {
            for (var round = 0; round < 200; round++)
            {
                var truth = new Alignment((float)(Draw.NextDouble() * 6 - 3), Near(20));
                var device = Near(3);
                var turn = Quat.AboutY((float)Draw.NextDouble()) * new Quat(0.2f, 0.1f, -0.1f, 0.9695f);

                var found = Alignment.From(device, turn, truth.ToMuseum(device), truth.ToMuseum(turn));

                var elsewhere = Near(5);
                Assert.Less((found.ToMuseum(elsewhere) - truth.ToMuseum(elsewhere)).Length, 2e-3f);
                Assert.Less((found.ToDevice(found.ToMuseum(elsewhere)) - elsewhere).Length, 1e-4f);
            }
        }

        [Test]
        public void A_correction_is_taken_in_steps_and_reached()
        {
            var from = new Alignment(3.0f, new Vec3(1, 0, 0));
            var to = new Alignment(-3.0f, new Vec3(2, 0, 1));
            var viewer = new Vec3(0.5f, 1.6f, 0.5f);

            var half = from.Towards(to, 0.5f, viewer);
            var near = from;
            for (var step = 0; step < 60; step++)
            {
                near = near.Towards(to, 0.2f, viewer);
            }

            // The short way round: 0.28 rad, not 6.
            Assert.AreEqual(3.1416f, Math.Abs(half.Turn), 0.01f);
            Assert.Less((near.ToMuseum(viewer) - to.ToMuseum(viewer)).Length, 1e-3f);
        }

        [Test]
        public void The_corners_of_a_painting_tell_its_pose()
        {
            var camera = new Intrinsics { Fx = 500, Fy = 510, Cx = 320, Cy = 240 };
            for (var round = 0; round < 500; round++)
            {
                var width = 0.3f + (float)Draw.NextDouble();
                var height = 0.3f + (float)Draw.NextDouble();
                var turn = Quat.AboutY((float)(Draw.NextDouble() * 1.6 - 0.8))
                    * new Quat((float)Math.Sin(0.15 * Draw.NextDouble()), 0, 0, 1);
                turn = Normal(turn);
                var middle = new Vec3((float)Draw.NextDouble() - 0.5f, (float)Draw.NextDouble() - 0.5f, -2 - 2 * (float)Draw.NextDouble());
                var corners = new float[8];
                for (var corner = 0; corner < 4; corner++)
                {
                    var point = middle + turn * new Vec3(
                        (corner == 1 || corner == 2 ? 0.5f : -0.5f) * width, (corner < 2 ? 0.5f : -0.5f) * height, 0);
                    corners[2 * corner] = camera.Cx + camera.Fx * point.X / -point.Z;
                    corners[2 * corner + 1] = camera.Cy - camera.Fy * point.Y / -point.Z;
                }

                Assert.IsTrue(PlanarPose.TrySolve(corners, camera, width, height, out var position, out var found));

                Assert.Less((position - middle).Length, 0.01f);
                Assert.Less((found * new Vec3(0, 0, 1) - turn * new Vec3(0, 0, 1)).Length, 0.01f);
                Assert.Less((found * new Vec3(0, 1, 0) - turn * new Vec3(0, 1, 0)).Length, 0.01f);
            }
        }

        [Test]
        public void Corners_of_nothing_are_refused()
        {
            var camera = new Intrinsics { Fx = 500, Fy = 500, Cx = 320, Cy = 240 };
            Assert.IsFalse(PlanarPose.TrySolve(null, camera, 1, 1, out _, out _));
            Assert.IsFalse(PlanarPose.TrySolve(new float[6], camera, 1, 1, out _, out _));
            Assert.IsFalse(PlanarPose.TrySolve(new float[8], camera, 1, 1, out _, out _));
            // A line, and a rectangle seen from behind (its corners run the other way round).
            Assert.IsFalse(PlanarPose.TrySolve(new float[] { 0, 0, 9, 0, 20, 0, 30, 0 }, camera, 1, 1, out _, out _));
            Assert.IsFalse(PlanarPose.TrySolve(new float[] { 400, 100, 200, 100, 200, 300, 400, 300 }, camera, 1, 1, out _, out _));
        }

        private static float Dot(Vec3 a, Vec3 b) => a.X * b.X + a.Y * b.Y + a.Z * b.Z;

        private static Vec3 Near(float most) => new Vec3(
            (float)(Draw.NextDouble() * 2 - 1) * most, (float)Draw.NextDouble() * most, (float)(Draw.NextDouble() * 2 - 1) * most);

        private static Vec3 Unit()
        {
            var v = new Vec3((float)Draw.NextDouble() - 0.5f, ((float)Draw.NextDouble() - 0.5f) * 0.5f, (float)Draw.NextDouble() - 0.5f);
            return v.Length > 0.05f ? v * (1 / v.Length) : new Vec3(0, 0, 1);
        }

        private static Quat Normal(Quat q)
        {
            var length = (float)Math.Sqrt(q.X * q.X + q.Y * q.Y + q.Z * q.Z + q.W * q.W);
            return new Quat(q.X / length, q.Y / length, q.Z / length, q.W / length);
        }
    }
}
