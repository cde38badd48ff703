using System;
using MuseumTwin.Protocol;
using NUnit.Framework;

namespace MuseumTwin.Tests
{
    /// <summary>A camera's picture stood upright, and the camera's numbers with it.</summary>
    public class PictureTurnTests
    {
        // A picture of 3 x 2 whose pixels are numbered as one reads: 0 1 2 / 3 4 5.
        [TestCase(0, ExpectedResult = "345/012")]
        [TestCase(1, ExpectedResult = "52/41/30")]
        [TestCase(2, ExpectedResult = "210/543")]
        [TestCase(3, ExpectedResult = "03/14/25")]
        [TestCase(5, ExpectedResult = "52/41/30")]
        [TestCase(-1, ExpectedResult = "03/14/25")]
        public string A_turned_picture_lies_with_its_lowest_row_first(int quarters)
        {
            var pixels = new byte[3 * 2 * 4];
            for (var at = 0; at < pixels.Length; at++)
            {
                pixels[at] = (byte)(at / 4 * 10 + at % 4);
            }
            var turned = new byte[pixels.Length];

            PictureTurn.FromBottom(pixels, 3, 2, quarters, turned);

            var told = "";
            var width = PictureTurn.Width(3, 2, quarters);
            for (var at = 0; at < turned.Length; at += 4)
            {
                told += at > 0 && at / 4 % width == 0 ? "/" : "";
                told += turned[at] / 10;
                Assert.AreEqual(turned[at] + 3, turned[at + 3]);
            }
            return told;
        }

        [Test]
        public void A_pixel_is_seen_in_the_same_direction_of_the_turned_camera()
        {
            var camera = new Intrinsics { Fx = 500, Fy = 480, Cx = 310, Cy = 250 };
            var seen = new Vec3(0.3f, -0.2f, -1);
            for (var quarters = 0; quarters < 4; quarters++)
            {
                var turned = PictureTurn.Turned(camera, 640, 480, quarters);
                // The picture turned clockwise is that of a camera turned counterclockwise about where it looks.
                var half = quarters * Math.PI / 4;
                var turn = new Quat(0, 0, (float)Math.Sin(half), (float)Math.Cos(half));

                var before = Pixel(camera, seen);
                var after = Pixel(turned, turn.Inverse * seen);

                var (x, y) = before;
                for (int step = 0, width = 640, height = 480; step < quarters; step++)
                {
                    (x, y) = (height - y, x);
                    (width, height) = (height, width);
                }
                Assert.AreEqual(x, after.x, 1e-3f, "x after " + quarters);
                Assert.AreEqual(y, after.y, 1e-3f, "y after " + quarters);
            }
        }

        [TestCase(640, 480, true, false, ExpectedResult = 1, TestName = "phone upright")]
        [TestCase(640, 480, true, true, ExpectedResult = 3, TestName = "phone upside down")]
        [TestCase(640, 480, false, false, ExpectedResult = 0, TestName = "phone across, headset")]
        [TestCase(640, 480, false, true, ExpectedResult = 2, TestName = "phone across, the other way")]
        [TestCase(480, 640, true, false, ExpectedResult = 0, TestName = "simulation, upright as the screen")]
        public int How_far_a_picture_is_turned(int width, int height, bool isUpright, bool isReversed) =>
            PictureTurn.Quarters(width, height, isUpright, isReversed);

        [Test]
        public void Arrays_of_another_length_are_refused()
        {
            Assert.Throws<ArgumentException>(() => PictureTurn.FromBottom(new byte[23], 3, 2, 0, new byte[24]));
            Assert.Throws<ArgumentException>(() => PictureTurn.FromBottom(new byte[24], 3, 2, 0, new byte[25]));
        }

        private static (float x, float y) Pixel(Intrinsics camera, Vec3 point) =>
            (camera.Cx + camera.Fx * point.X / -point.Z, camera.Cy - camera.Fy * point.Y / -point.Z);
    }
}
