using System;
using System.Diagnostics;
using System.Threading;
using MuseumTwin.Protocol;
using NUnit.Framework;

namespace MuseumTwin.Tests
{
    /// <summary>
    /// A client on a real socket. Each test needs the address of its server in an environment variable, and is
    /// skipped without it; the repository's tests/unity/test_live.py and test_living.py start them all.
    /// </summary>
    public abstract class LiveVisit
    {
        /// <summary>The client of the test that runs.</summary>
        protected TwinClient Client { get; set; }

        [TearDown]
        public void Close()
        {
            Client?.Dispose();
            Client = null;
        }

        protected static TwinOptions Options(string variable)
        {
            var address = Environment.GetEnvironmentVariable(variable);
            if (string.IsNullOrEmpty(address))
            {
                Assert.Ignore("no server: set " + variable + " to its address");
            }
            return new TwinOptions
            {
                Address = TwinOptions.AddressOf(address),
                Kind = ClientKind.Headset,
                LeastWait = TimeSpan.FromMilliseconds(20),
                MostWait = TimeSpan.FromMilliseconds(100),
            };
        }

        protected void Start(string variable) => Start(Options(variable));

        protected void Start(TwinOptions options)
        {
            Client = new TwinClient(options);
            Client.Ended += (reason, words) => Assert.AreEqual(EndReason.Left, reason, words);
            Client.Start();
        }

        // Frames of a millisecond, until it is so.
        protected void Until(Func<bool> isSo, string awaited, double seconds = 45)
        {
            var watch = Stopwatch.StartNew();
            while (!isSo())
            {
                Assert.Less(
                    watch.Elapsed.TotalSeconds, seconds,
                    "waited for " + awaited + "; the client is " + Client.State + ", " + Client.LastFailure
                    + ", events " + Client.Counters.Events + ", connections " + Client.Counters.Connections);
                Client.Pump();
                Thread.Sleep(1);
            }
        }
    }
}
