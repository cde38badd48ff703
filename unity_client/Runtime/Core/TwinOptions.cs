using System;
using MuseumTwin.Protocol;

namespace MuseumTwin
{
    /// <summary>How a visitor connects and what they wish. Read when a connection begins.</summary>
    public sealed class TwinOptions
    {
        /// <summary>The server, as <c>ws://host:port/live</c> or <c>wss://…</c>; see <see cref="AddressOf"/>.</summary>
        public Uri Address { get; set; }

        /// <summary>What the visitor holds.</summary>
        public ClientKind Kind { get; set; } = ClientKind.Other;

        /// <summary>What this client can use: <c>meshopt</c>, <c>ktx2</c>, <c>draco</c>.</summary>
        public string[] Capabilities { get; set; } = Array.Empty<string>();

        /// <summary>Wished languages as BCP 47 tags, the dearest first.</summary>
        public string[] Languages { get; set; } = { "en" };

        /// <summary>Wishes that change what is sent.</summary>
        public Accessibility Accessibility { get; set; } = Accessibility.Default;

        /// <summary>What the visitor agreed to. Nothing, until they say so.</summary>
        public Consent Consent { get; set; } = Consent.Default;

        /// <summary>Where the visit starts; empty: the server chooses.</summary>
        public string Gallery { get; set; } = "";

        /// <summary>Most bytes per second the server may send; 0: no wish.</summary>
        public uint ByteBudget { get; set; }

        /// <summary>Name and version of the program, for the server's log.</summary>
        public string Software { get; set; } = "museum-twin-csharp " + Package.Version;

        /// <summary>Longest wait for the connection itself.</summary>
        public TimeSpan ConnectDeadline { get; set; } = TimeSpan.FromSeconds(5);

        /// <summary>Longest wait from the hello to the welcome.</summary>
        public TimeSpan WelcomeDeadline { get; set; } = TimeSpan.FromSeconds(10);

        /// <summary>Longest silence, though asked for the time, before a connection counts as dead.</summary>
        public TimeSpan SilenceDeadline { get; set; } = TimeSpan.FromSeconds(5);

        /// <summary>Longest time for a goodbye.</summary>
        public TimeSpan CloseDeadline { get; set; } = TimeSpan.FromSeconds(1);

        /// <summary>Longest wait for the answer to a question or frame before it is told as lapsed.</summary>
        public TimeSpan AnswerDeadline { get; set; } = TimeSpan.FromSeconds(20);

        /// <summary>Shortest wait before trying again.</summary>
        public TimeSpan LeastWait { get; set; } = TimeSpan.FromSeconds(0.5);

        /// <summary>Longest wait before trying again.</summary>
        public TimeSpan MostWait { get; set; } = TimeSpan.FromSeconds(30);

        /// <summary>Tries in a row that may fail before the client gives up; 0: it never does.</summary>
        public int MostAttempts { get; set; } = 20;

        /// <summary>How long a connection must hold before earlier failures are forgotten.</summary>
        public TimeSpan Settled { get; set; } = TimeSpan.FromSeconds(5);

        /// <summary>Shortest time between two poses; the server takes 144 a second.</summary>
        public TimeSpan PoseInterval { get; set; } = TimeSpan.FromSeconds(1.0 / 125);

        /// <summary>Camera frames that may be without an answer at once; the server takes 4.</summary>
        public int UnansweredFrames { get; set; } = 2;

        /// <summary>Longest message taken from the server, bytes.</summary>
        public int LongestMessage { get; set; } = 4 * 1024 * 1024;

        /// <summary>Messages that may wait for the frame; then the server waits.</summary>
        public int InboxMessages { get; set; } = 128;

        /// <summary>Messages that may wait to be sent, beside the newest pose, gaze and frame.</summary>
        public int OutboxMessages { get; set; } = 16;

        /// <summary>
        /// The live address from what a person types: <c>museum.example</c>, <c>192.168.1.20:8080</c>,
        /// <c>https://museum.example</c>. Without a scheme, a name is taken for wss, an address for ws.
        /// </summary>
        /// <exception cref="FormatException">It is no address.</exception>
        public static Uri AddressOf(string typed)
        {
            var text = (typed ?? "").Trim();
            if (text.IndexOf("://", StringComparison.Ordinal) < 0)
            {
                var isNear = text.StartsWith("localhost", StringComparison.OrdinalIgnoreCase)
                    || Uri.CheckHostName(HostOf(text)) != UriHostNameType.Dns;
                text = (isNear ? "ws://" : "wss://") + text;
            }
            if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
            {
                throw new FormatException("\"" + typed + "\" is no address; expected a host, or ws://host:port");
            }
            var scheme = uri.Scheme == "https" || uri.Scheme == "wss" ? "wss"
                : uri.Scheme == "http" || uri.Scheme == "ws" ? "ws"
                : throw new FormatException("\"" + uri.Scheme + "\" is not ws, wss, http or https");
            var path = uri.AbsolutePath == "/" ? "/live" : uri.AbsolutePath;
            return new Uri(scheme + "://" + uri.Authority + path);
        }

        /// <summary>Where a file of <see cref="Protocol.Derivative"/> is fetched: a path is one on the server.</summary>
        /// <exception cref="FormatException">It is neither a path nor an http or https address.</exception>
        public Uri Locate(string address)
        {
            var scheme = Address.Scheme == "wss" ? "https" : "http";
            var here = new Uri(scheme + "://" + Address.Authority + "/");
            if (Uri.TryCreate(here, address, out var found) && (found.Scheme == "http" || found.Scheme == "https"))
            {
                return found;
            }
            throw new FormatException("\"" + address + "\" is no address of a file");
        }

        private static string HostOf(string text)
        {
            var end = text.IndexOfAny(new[] { '/', ':' });
            return text.StartsWith("[", StringComparison.Ordinal) ? "::1" : end < 0 ? text : text.Substring(0, end);
        }
    }
}
