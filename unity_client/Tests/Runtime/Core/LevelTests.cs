using MuseumTwin.Protocol;
using NUnit.Framework;

namespace MuseumTwin.Tests
{
    /// <summary>Which level of detail is shown: by what the scan's manifest says of each, never by guessing.</summary>
    public class LevelTests
    {
        [TestCase(20f, "thumb")]
        [TestCase(4f, "coarse")]
        [TestCase(1f, "fine")]
        [TestCase(0.2f, "master")]
        [TestCase(0f, "master")]
        public void The_coarsest_level_whose_error_cannot_be_seen_from_there_is_shown(float metres, string expected)
        {
            Assert.AreEqual(expected, Statue().Geometry(metres).Value.Address);
        }

        [Test]
        public void The_device_draws_no_more_triangles_than_it_can()
        {
            Assert.AreEqual("coarse", Statue().Geometry(0.2f, 5_000).Value.Address);
            Assert.AreEqual("thumb", Statue().Geometry(0.2f, 10).Value.Address);
        }

        [Test]
        public void Pictures_and_files_of_other_kinds_are_no_geometry()
        {
            var exhibit = new Exhibit("vase");
            exhibit.Take(new ArtifactEnter
            {
                Artifact = "vase", Derivatives = new[]
                {
                    new Derivative { Address = "picture", MediaType = "image/png", Usage = "image" },
                    new Derivative { Address = "apple", MediaType = "model/vnd.usdz+zip", Usage = "geometry" },
                },
            });

            Assert.IsNull(exhibit.Geometry());
        }

        // Coarsest first, errors in millimetres, as a manifest of a built scan has them.
        private static Exhibit Statue()
        {
            var statue = new Exhibit("statue");
            statue.Take(new ArtifactEnter
            {
                Artifact = "statue", Derivatives = new[]
                {
                    Level("thumb", 1_000, 8f), Level("coarse", 5_000, 2f), Level("fine", 50_000, 0.4f),
                    Level("master", 900_000, 0f),
                },
            });
            return statue;
        }

        private static Derivative Level(string address, uint triangles, float error) => new Derivative
        {
            Address = address, MediaType = "model/gltf-binary", Usage = "geometry", Triangles = triangles, Error = error,
        };
    }
}
