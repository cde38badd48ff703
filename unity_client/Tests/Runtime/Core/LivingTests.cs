using System;
using System.Linq;
using MuseumTwin.Protocol;
using NUnit.Framework;

namespace MuseumTwin.Tests
{
    /// <summary>The real server over a store that is edited all the while, on a line that is cut.</summary>
    public class LivingTests : LiveVisit
    {
        private const string TheEnd = "living:the-end";

        [Test]
        public void What_a_curator_changes_meanwhile_arrives_exactly()
        {
            Client = new TwinClient(Options("MUSEUM_TWIN_LIVING"));
            var mirror = new Mirror(Client);
            var opened = 0;
            Client.AnnotationAdded += _ => opened++;
            Client.Start();

            var step = 0;
            Until(() => Walk(step++) && Client.World.Exhibits.ContainsKey(TheEnd), "the last edit", 90);
            Until(() => Walk(step++) && HasOpenAnnotations(), "an open annotation");
            // Nobody moves any more; once the time is told twice, all that the last pose changed has come.
            var answers = Client.Clock.Count;
            Until(() => Client.State == ClientState.Live && Client.Clock.Count >= answers + 2, "the last change");

            Assert.AreEqual(0, Client.World.StrayChanges);
            Assert.AreEqual(WorldBytes.Digest(Client.World.Exhibits), WorldBytes.Digest(mirror.Exhibits));
            TestContext.WriteLine("token " + BitConverter.ToString(Client.Welcome.Token).Replace("-", ""));
            TestContext.WriteLine("opened " + opened);
            TestContext.WriteLine("connections " + Client.Counters.Connections);
            TestContext.WriteLine("world " + WorldBytes.Snapshot(Client.World));
        }

        private bool HasOpenAnnotations() => Client.World.Exhibits.Values.Any(one => one.Annotations.Count > 0);

        // Round and round the hall, looking about; standing for a tenth of a second each time, since what is only
        // brushed by a look opens nothing.
        private bool Walk(int step)
        {
            var angle = step / 100 * 0.09f;
            Client.SendPose(new VisitorPose
            {
                Position = new Vec3(4f * (float)Math.Sin(angle), 1.6f, 4f * (float)Math.Cos(angle)),
                Orientation = Quat.AboutY(angle * 1.7f), Flags = PoseFlags.All,
            });
            return true;
        }
    }
}
