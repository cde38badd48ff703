namespace MuseumTwin
{
    /// <summary>What went over the connection and what was done with it, since the client was made.</summary>
    public sealed class Counters
    {
        /// <summary>Messages received.</summary>
        public long MessagesReceived { get; internal set; }

        /// <summary>Bytes of them.</summary>
        public long BytesReceived { get; internal set; }

        /// <summary>Messages sent.</summary>
        public long MessagesSent { get; internal set; }

        /// <summary>Bytes of them.</summary>
        public long BytesSent { get; internal set; }

        /// <summary>Numbered events taken in.</summary>
        public long Events { get; internal set; }

        /// <summary>Numbered events that came again and were left out.</summary>
        public long Duplicates { get; internal set; }

        /// <summary>Messages of a newer version that were ignored.</summary>
        public long Unknown { get; internal set; }

        /// <summary>Poses, gazes, frames and focuses that a newer one replaced before they went on.</summary>
        public long Replaced { get; internal set; }

        /// <summary>Camera frames not sent: no consent, no recognizer, or too many unanswered.</summary>
        public long FramesWithheld { get; internal set; }

        /// <summary>Poses not sent: not finite, without orientation, or over 512 m from the museum's origin.</summary>
        public long PosesWithheld { get; internal set; }

        /// <summary>Connections tried.</summary>
        public long Connections { get; internal set; }

        /// <summary>Connections that took an earlier session up again.</summary>
        public long Resumes { get; internal set; }
    }
}
