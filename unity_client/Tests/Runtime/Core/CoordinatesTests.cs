using NUnit.Framework;

namespace MuseumTwin.Tests
{
    /// <summary>The same vectors as in Python and TypeScript.</summary>
    public class CoordinatesTests
    {
        [TestCaseSource(typeof(Golden), nameof(Golden.Vectors))]
        public void Positions_and_orientations_reach_Unity_mirrored_in_z(object vector)
        {
            var one = (Golden.VectorCase)vector;

            AssertNear(one.UnityPosition, Coordinates.Mirror(one.Position));
            AssertNear(one.UnityWorld, Coordinates.Mirror(one.World));
            var turn = Coordinates.Mirror(one.Orientation);
            Assert.AreEqual(one.UnityOrientation.X, turn.X, 1e-6f);
            Assert.AreEqual(one.UnityOrientation.Y, turn.Y, 1e-6f);
            Assert.AreEqual(one.UnityOrientation.Z, turn.Z, 1e-6f);
            Assert.AreEqual(one.UnityOrientation.W, turn.W, 1e-6f);
        }

        [TestCaseSource(typeof(Golden), nameof(Golden.Vectors))]
        public void A_point_of_an_object_is_at_the_same_place_in_both_spaces(object vector)
        {
            var one = (Golden.VectorCase)vector;

            AssertNear(one.World, one.Position + one.Orientation * one.Local);
            var mirrored = Coordinates.Mirror(one.Position)
                + Coordinates.Mirror(one.Orientation) * Coordinates.Mirror(one.Local);
            AssertNear(one.UnityWorld, mirrored);
        }

        [TestCaseSource(typeof(Golden), nameof(Golden.Vectors))]
        public void A_model_that_glTFast_mirrored_in_x_stands_right_under_its_half_turn(object vector)
        {
            var one = (Golden.VectorCase)vector;
            var imported = new Vec3(-one.Local.X, one.Local.Y, one.Local.Z);

            var placed = Coordinates.Mirror(one.Position)
                + Coordinates.Mirror(one.Orientation) * (Coordinates.ImportedModel * imported);

            AssertNear(one.UnityWorld, placed);
        }

        [TestCaseSource(typeof(Golden), nameof(Golden.Vectors))]
        public void A_mirror_is_its_own_inverse(object vector)
        {
            var one = (Golden.VectorCase)vector;

            Assert.AreEqual(one.Position, Coordinates.Mirror(Coordinates.Mirror(one.Position)));
            Assert.AreEqual(one.Orientation, Coordinates.Mirror(Coordinates.Mirror(one.Orientation)));
            Assert.AreEqual(one.Local, Coordinates.MirrorSpin(Coordinates.MirrorSpin(one.Local)));
        }

        [Test]
        public void Forward_on_the_wire_is_forward_in_Unity()
        {
            Assert.AreEqual(new Vec3(0, 0, 1), Coordinates.Mirror(new Vec3(0, 0, -1)));
        }

        private static void AssertNear(Vec3 expected, Vec3 found)
        {
            Assert.Less((expected - found).Length, 2e-6f, expected + " and " + found);
        }
    }
}
