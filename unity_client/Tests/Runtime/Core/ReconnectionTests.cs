using System;
using System.Linq;
using MuseumTwin.Protocol;
using NUnit.Framework;

namespace MuseumTwin.Tests
{
    /// <summary>Connections that are refused, lost, silent, paused or taken over, with a clock that the test moves.</summary>
    public class ReconnectionTests : ScriptedVisit
    {
        [Test]
        public void Waits_grow_and_a_last_failure_ends_it_with_one_event()
        {
            Client.Start();
            for (var attempt = 0; attempt <= 4; attempt++)
            {
                Until(() => Transports.Count == attempt + 1);
                Last.Close(1006);
                Until(() => Client.State != ClientState.Connecting);
                // 0.5, 1, 2 and 4 s: a little less is too early.
                var wait = Second / 2 << attempt;
                Now += wait - 1_000_000;
                Client.Pump();
                Assert.AreEqual(attempt + 1, Transports.Count);
                Now += 2_000_000;
                Client.Pump();
            }

            Assert.AreEqual("ended GaveUp", Told.Last());
            Assert.AreEqual(1, Told.Count(one => one.StartsWith("ended", StringComparison.Ordinal)));
            Now += 100 * Second;
            Client.Pump();
            Assert.AreEqual(5, Transports.Count);
        }

        [Test]
        public void A_connection_that_held_makes_earlier_failures_forgotten()
        {
            Client.Start();
            Last.Close(1006);
            Until(() => Client.State == ClientState.Waiting);
            Now += Second;
            Again();
            Last.Welcome();
            Last.Snapshot(1);
            Until(() => Client.State == ClientState.Live);
            Assert.AreEqual(1, Client.Attempts);

            for (var half = 0; half < 11; half++)
            {
                Breathe(Second / 2);
            }

            Assert.AreEqual(0, Client.Attempts);
        }

        [Test]
        public void A_server_that_falls_silent_is_left_though_nothing_closes()
        {
            Live();
            for (var tenth = 0; tenth < 80 && Client.State == ClientState.Live; tenth++)
            {
                Now += Second / 10;
                Client.Pump();
            }

            Assert.AreEqual(ClientState.Waiting, Client.State);
            StringAssert.Contains("nothing heard for 5 s", Client.LastFailure);
        }

        [Test]
        public void A_hitch_of_the_program_is_not_the_servers_fault()
        {
            Live();
            // The time is asked for, and before the answer is there the program stands still.
            Now += Second / 2;
            Client.Pump();

            Now += 60 * Second;
            Client.Pump();

            Assert.AreEqual(ClientState.Live, Client.State);
        }

        [Test]
        public void A_newer_device_with_the_same_session_ends_this_one()
        {
            var server = Live();
            server.Send(new Error { Kind = ErrorCode.Replaced, Detail = "", Fatal = true }.Write);
            server.Close(4409);

            Until(() => Client.State == ClientState.Ended);

            Assert.AreEqual("ended Replaced", Told.Last());
        }

        [Test]
        public void What_the_server_calls_our_fault_is_not_tried_again()
        {
            Live().Close(4400);

            Until(() => Client.State == ClientState.Ended);

            Assert.AreEqual("ended Refused", Told.Last());
        }

        [Test]
        public void A_server_that_closes_for_a_while_is_given_that_while()
        {
            var server = Live();
            server.Send(new Bye { Reason = ByeReason.ShuttingDown, ReturnAfter = 30 * Second }.Write);
            server.Close(1001);
            Until(() => Client.State == ClientState.Waiting);

            Now += 29 * Second;
            Client.Pump();
            Assert.AreEqual(1, Transports.Count);
            Now += 2 * Second;
            Client.Pump();
            Assert.AreEqual(2, Transports.Count);
        }

        [Test]
        public void Leaving_says_goodbye_and_ends_it()
        {
            var server = Live();

            Client.Leave();

            var reader = new WireReader(server.Expect(Bye.Code));
            Assert.AreEqual(ByeReason.Leaving, Bye.Read(ref reader).Reason);
            Assert.AreEqual("ended Left", Told.Last());
            Client.Start();
            Assert.IsEmpty(Last.ExpectHelloFrom(Client).Token);
        }

        [Test]
        public void A_paused_client_comes_back_at_once_with_its_token()
        {
            var server = Live();
            Client.Pause();
            var reader = new WireReader(server.Expect(Bye.Code));
            Assert.AreEqual(ByeReason.Pausing, Bye.Read(ref reader).Reason);
            Now += 3600 * Second;
            Client.Pump();
            Assert.AreEqual(1, Transports.Count);

            Client.Resume();

            CollectionAssert.AreEqual(new byte[] { 1, 2, 3 }, Last.ExpectHelloFrom(Client).Token);
        }

        [Test]
        public void A_welcome_that_does_not_come_is_not_waited_for_without_end()
        {
            Client.Start();
            Last.ExpectHelloFrom(Client);

            Now += 16 * Second;
            Client.Pump();

            Assert.AreEqual(ClientState.Waiting, Client.State);
            Until(() => Transports[0].IsDisposed);
        }

        [Test]
        public void Starting_twice_or_without_address_is_told_with_its_remedy()
        {
            var idle = new TwinClient(new TwinOptions());
            StringAssert.Contains("AddressOf", Assert.Throws<InvalidOperationException>(idle.Start).Message);
            Client.Start();
            Assert.Throws<InvalidOperationException>(Client.Start);
        }
    }
}
