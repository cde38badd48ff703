// Written by `python -m server.protocol.csharp` from the protocol's own definition. Change that, not this.

using System;

namespace MuseumTwin.Protocol
{
    /// <summary>Numbers and names of this version of the protocol.</summary>
    public static class Wire
    {
        /// <summary>Asked for in the websocket handshake; carries the major version.</summary>
        public const string Subprotocol = "museum-twin.v1";

        /// <summary>Minor version: grows with every field or message added.</summary>
        public const ushort Minor = 0;

        /// <summary>First byte of a pose, which is not msgpack.</summary>
        public const byte Pose = 16;
    }
}
