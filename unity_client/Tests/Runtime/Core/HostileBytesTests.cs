using System;
using MuseumTwin.Protocol;
using NUnit.Framework;

namespace MuseumTwin.Tests
{
    /// <summary>Whatever comes, reading ends, with a value or a WireException, and allocates what its bytes allow.</summary>
    public class HostileBytesTests
    {
        private const int Mutations = 20_000;

        [TestCaseSource(typeof(Golden), nameof(Golden.Messages))]
        public void A_message_cut_anywhere_is_refused(object golden)
        {
            var data = Golden.Hex(((Golden.Case)golden).Bytes);

            for (var length = 0; length < data.Length; length++)
            {
                var cut = data.AsSpan(0, length).ToArray();
                Assert.Throws<WireException>(() => Golden.Rewrite(cut, new WireWriter()), "cut at " + length);
            }
        }

        [TestCaseSource(typeof(Golden), nameof(Golden.Messages))]
        public void Bytes_behind_a_message_are_refused(object golden)
        {
            var data = Golden.Hex(((Golden.Case)golden).Bytes + "c0");

            Assert.Throws<WireException>(() => Golden.Rewrite(data, new WireWriter()));
        }

        [Test]
        public void Damaged_messages_are_read_or_refused()
        {
            var random = new Random(20261125);
            int read = 0, refused = 0;

            for (var round = 0; round < Mutations; round++)
            {
                var data = Golden.Hex(Golden.Messages[random.Next(Golden.Messages.Length)].Bytes);
                for (var change = random.Next(1, 5); change > 0; change--)
                {
                    data[random.Next(data.Length)] = (byte)random.Next(256);
                }
                try
                {
                    Golden.Rewrite(data, new WireWriter());
                    read++;
                }
                catch (WireException)
                {
                    refused++;
                }
            }

            Assert.AreEqual(Mutations, read + refused);
            Assert.Greater(read, 100);
            Assert.Greater(refused, 1000);
        }

        [Test]
        public void Damaged_poses_are_read_or_refused()
        {
            var random = new Random(7);
            for (var round = 0; round < Mutations; round++)
            {
                var data = Golden.Hex(Golden.Poses[random.Next(Golden.Poses.Length)].Bytes);
                Array.Resize(ref data, Math.Max(0, data.Length + random.Next(-3, 2)));
                for (var change = random.Next(1, 4); change > 0 && data.Length > 0; change--)
                {
                    data[random.Next(data.Length)] = (byte)random.Next(256);
                }
                try
                {
                    PoseBytes.Read(data, 0);
                }
                catch (WireException)
                {
                }
            }
        }

        // An array that claims 65,535 entries in a few bytes; maps; extensions; an array of 4 billion.
        [TestCase("962101020 3dcffff90")]
        [TestCase("9621010203dcffff")]
        [TestCase("9621010203ddffffffff")]
        [TestCase("962101020381c0c0")]
        [TestCase("9621010203c70100ff")]
        [TestCase("9507a0dbffffffff")]
        [TestCase("930701c1")]
        public void A_claim_that_the_bytes_do_not_keep_is_refused(string hex)
        {
            var data = Golden.Hex(hex.Replace(" ", ""));
            var before = GC.GetTotalMemory(true);

            Assert.Throws<WireException>(() => Golden.Rewrite(data, new WireWriter()));

            Assert.Less(GC.GetTotalMemory(false) - before, 1_000_000);
        }

        [Test]
        public void Arrays_nested_without_end_are_refused()
        {
            var data = new byte[100_000];
            Array.Fill(data, (byte)0x91);
            // A goodbye with a fourth field that this version does not know.
            var head = Golden.Hex("950701a000");
            head.CopyTo(data, 0);

            Assert.Throws<WireException>(() => Golden.Rewrite(data, new WireWriter()));
        }

        [Test]
        public void Text_that_is_not_utf8_is_refused()
        {
            Assert.Throws<WireException>(() => Golden.Rewrite(Golden.Hex("940701a2c32800"), new WireWriter()));
        }

        [Test]
        public void Numbers_that_are_not_finite_are_refused()
        {
            // Gaze with NaN, then with infinity, as its origin's x.
            foreach (var number in new[] { "ca7fc00000", "ca7f800000", "cb7ff8000000000000" })
            {
                var hex = "94110593" + number + "00009300" + "00ff";
                Assert.Throws<WireException>(() => Golden.Rewrite(Golden.Hex(hex), new WireWriter()));
            }
        }

        [Test]
        public void Text_longer_than_its_limit_is_neither_read_nor_written()
        {
            var writer = new WireWriter();
            var message = new Question { Number = 1, Language = "en", Content = new string('x', 1001) };
            Assert.Throws<WireException>(() => message.Write(writer));

            // Characters count, not bytes: a thousand of three bytes each may pass.
            writer.Clear();
            message.Content = new string('鼎', 1000);
            message.Write(writer);
            Golden.Rewrite(writer.Written.ToArray(), new WireWriter());
        }

        [Test]
        public void A_pool_of_texts_stays_bounded_and_right()
        {
            var pool = new TextPool();
            for (var index = 0; index < 10_000; index++)
            {
                var text = "name-" + index;
                var bytes = System.Text.Encoding.UTF8.GetBytes(text);
                Assert.AreEqual(text, pool.Get(bytes));
                Assert.AreSame(pool.Get(bytes), pool.Get(bytes));
            }
            Assert.Less(pool.Count, 2049);
        }
    }
}
