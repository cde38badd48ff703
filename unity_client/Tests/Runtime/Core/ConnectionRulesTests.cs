using System;
using NUnit.Framework;

namespace MuseumTwin.Tests
{
    /// <summary>Rules that need no connection.</summary>
    public class ConnectionRulesTests
    {
        [Test]
        public void Waits_double_up_to_the_most_and_begin_anew_after_success()
        {
            var backoff = new Backoff(100, 1000, () => 0);

            Assert.AreEqual(100, backoff.Next());
            Assert.AreEqual(200, backoff.Next());
            Assert.AreEqual(400, backoff.Next());
            Assert.AreEqual(800, backoff.Next());
            for (var index = 0; index < 100; index++)
            {
                Assert.AreEqual(1000, backoff.Next());
            }
            Assert.AreEqual(104, backoff.Attempts);
            backoff.Reset();
            Assert.AreEqual(100, backoff.Next());
        }

        [Test]
        public void Chance_takes_at_most_half_of_a_wait()
        {
            var random = new Random(3);
            var backoff = new Backoff(1000, 1000, random.NextDouble);
            long least = long.MaxValue, most = 0;
            for (var index = 0; index < 1000; index++)
            {
                var wait = backoff.Next();
                least = Math.Min(least, wait);
                most = Math.Max(most, wait);
            }

            Assert.That(least, Is.InRange(500, 520));
            Assert.That(most, Is.InRange(980, 1000));
        }

        [Test]
        public void The_clock_trusts_the_sample_with_the_smallest_delay()
        {
            var clock = new ServerClock();
            clock.Start(1000, 0);
            Assert.AreEqual(1000, clock.Offset);

            // The server is 500 ahead; the way there takes long, the way back none: 40 of error.
            clock.Add(sent: 100, serverReceived: 680, serverSent: 680, received: 180);
            Assert.AreEqual(540, clock.Offset);
            clock.Add(sent: 200, serverReceived: 710, serverSent: 720, received: 230);
            Assert.AreEqual(500, clock.Offset);
            Assert.AreEqual(20, clock.Delay);
            clock.Add(sent: 300, serverReceived: 900, serverSent: 900, received: 400);
            Assert.AreEqual(500, clock.Offset);
        }

        [Test]
        public void A_good_sample_is_forgotten_after_eight_others()
        {
            var clock = new ServerClock();
            clock.Start(0, 0);
            clock.Add(0, 105, 105, 10);
            for (var index = 0; index < 8; index++)
            {
                clock.Add(1000, 1250, 1250, 1100);
            }

            Assert.AreEqual(200, clock.Offset);
        }

        [Test]
        public void An_answer_from_before_the_question_is_left_out()
        {
            var clock = new ServerClock();
            clock.Start(7, 0);
            clock.Add(100, 0, 1_000_000, 110);

            Assert.AreEqual(7, clock.Offset);
            Assert.AreEqual(0, clock.Count);
        }

        [TestCase("museum.example", ExpectedResult = "wss://museum.example/live")]
        [TestCase("192.168.1.20:8080", ExpectedResult = "ws://192.168.1.20:8080/live")]
        [TestCase("localhost:8080", ExpectedResult = "ws://localhost:8080/live")]
        [TestCase("https://museum.example", ExpectedResult = "wss://museum.example/live")]
        [TestCase("http://museum.example:8080/", ExpectedResult = "ws://museum.example:8080/live")]
        [TestCase("wss://museum.example/twin/live", ExpectedResult = "wss://museum.example/twin/live")]
        [TestCase(" [::1]:8080 ", ExpectedResult = "ws://[::1]:8080/live")]
        public string An_address_is_read_as_people_type_it(string typed) => TwinOptions.AddressOf(typed).ToString();

        [TestCase("")]
        [TestCase("   ")]
        [TestCase(null)]
        [TestCase("ftp://museum.example")]
        [TestCase("ws://")]
        public void What_is_no_address_is_told(string typed)
        {
            Assert.Throws<FormatException>(() => TwinOptions.AddressOf(typed));
        }

        [TestCase("/assets/0f1e", ExpectedResult = "https://museum.example:8443/assets/0f1e")]
        [TestCase("https://other.example/a.glb", ExpectedResult = "https://other.example/a.glb")]
        public string A_file_is_fetched_from_the_server_or_where_it_says(string address) =>
            new TwinOptions { Address = TwinOptions.AddressOf("wss://museum.example:8443/live") }.Locate(address).ToString();

        [TestCase("file:///etc/passwd")]
        [TestCase("javascript:alert(1)")]
        public void A_file_is_fetched_from_nowhere_else(string address)
        {
            var options = new TwinOptions { Address = TwinOptions.AddressOf("localhost") };
            Assert.Throws<FormatException>(() => options.Locate(address));
        }
    }
}
