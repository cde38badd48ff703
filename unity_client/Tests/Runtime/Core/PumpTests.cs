using System;
using System.Linq;
using MuseumTwin.Protocol;
using NUnit.Framework;

namespace MuseumTwin.Tests
{
    /// <summary>What one frame of the program takes in, and what it leaves to the next.</summary>
    public class PumpTests : ScriptedVisit
    {
        [Test]
        public void A_full_inbox_makes_the_server_wait_and_loses_nothing()
        {
            var server = Live();
            for (uint sequence = 2; sequence <= 200; sequence++)
            {
                server.Delta(sequence, Bowl("jar-" + sequence));
            }

            Until(() => Client.World.Exhibits.Count == 200);

            Assert.AreEqual(0, Client.World.StrayChanges);
        }

        [Test]
        public void A_spent_budget_leaves_the_rest_to_the_next_frame()
        {
            Client.ExhibitEntered += _ => Now += 2_000_000;
            var server = Live();
            server.Delta(2, Bowl("a"), Bowl("b"), Bowl("c"));
            Until(() => Told.Contains("entered a"));
            Assert.IsFalse(Told.Contains("entered b"));
            Client.Pump();
            Assert.IsTrue(Told.Contains("entered b"));
            Assert.IsFalse(Told.Contains("entered c"));
            Client.Pump();
            Assert.IsTrue(Told.Contains("entered c"));
        }

        [Test]
        public void A_listener_that_throws_loses_nothing_of_the_rest()
        {
            Client.ExhibitEntered += one =>
            {
                if (one.Artifact == "b")
                {
                    throw new InvalidOperationException("a listener's fault");
                }
            };
            var server = Live();
            server.Delta(2, Bowl("a"), Bowl("b"), Bowl("c"));

            Assert.Throws<InvalidOperationException>(() => Until(() => Told.Contains("entered c")));
            Client.Pump();

            Assert.Contains("entered c", Told);
            Assert.AreEqual(1, Told.Count(one => one == "entered a"));
            Assert.AreEqual(4, Client.World.Exhibits.Count);
        }
    }
}
