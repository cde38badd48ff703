namespace MuseumTwin
{
    /// <summary>What the client is doing.</summary>
    public enum ClientState
    {
        /// <summary>Not started.</summary>
        Idle,

        /// <summary>Opening a connection, or waiting for the welcome.</summary>
        Connecting,

        /// <summary>Connected; the world is being kept.</summary>
        Live,

        /// <summary>The connection is lost; waiting to try again.</summary>
        Waiting,

        /// <summary>The device sleeps; the session can be taken up again.</summary>
        Paused,

        /// <summary>Over, see <see cref="TwinClient.Ended"/>.</summary>
        Ended,
    }

    /// <summary>Why a client ended. It does not come back by itself; start it again.</summary>
    public enum EndReason
    {
        /// <summary>The visitor left.</summary>
        Left,

        /// <summary>As many tries as allowed failed in a row.</summary>
        GaveUp,

        /// <summary>The same session goes on from another device or program.</summary>
        Replaced,

        /// <summary>The server found what this client sends faulty; trying again would not help.</summary>
        Refused,
    }
}
