// Written by `python -m server.protocol.csharp` from the protocol's own definition. Change that, not this.

using System;

namespace MuseumTwin.Protocol
{
    /// <summary>What the visitor holds or sits before.</summary>
    public enum ClientKind : ushort
    {
        /// <summary>Other.</summary>
        Other = 0,

        /// <summary>Worn on the head, with or without hands and controllers.</summary>
        Headset = 1,

        /// <summary>A phone or tablet with a camera.</summary>
        Phone = 2,

        /// <summary>A screen with mouse or keyboard.</summary>
        Desktop = 3,

        /// <summary>A scripted visitor of a load test.</summary>
        Mock = 4,
    }

    /// <summary>How much of an artifact the visitor should perceive.</summary>
    public enum Detail : ushort
    {
        /// <summary>Nothing of it.</summary>
        None = 0,

        /// <summary>Title and coarse geometry.</summary>
        Glance = 1,

        /// <summary>The wall label: title, maker, date.</summary>
        Label = 2,

        /// <summary>All texts and annotations.</summary>
        Full = 3,

        /// <summary>Everything, with the finest geometry and media.</summary>
        Media = 4,
    }

    /// <summary>What a text is for.</summary>
    public enum TextKind : ushort
    {
        /// <summary>Other.</summary>
        Other = 0,

        /// <summary>Its name.</summary>
        Title = 1,

        /// <summary>The wall label.</summary>
        Label = 2,

        /// <summary>The full text.</summary>
        Description = 3,

        /// <summary>What a picture or sound is.</summary>
        Caption = 4,

        /// <summary>What is seen, in words.</summary>
        AudioDescription = 5,

        /// <summary>Must be shown wherever the artifact is (IIIF <c>requiredStatement</c>).</summary>
        RequiredStatement = 6,

        /// <summary>License or rights statement.</summary>
        Rights = 7,
    }

    /// <summary>How a camera frame is written.</summary>
    public enum ImageEncoding : ushort
    {
        /// <summary>Other.</summary>
        Other = 0,

        /// <summary>Jpeg.</summary>
        Jpeg = 1,

        /// <summary>Png.</summary>
        Png = 2,

        /// <summary>One byte a pixel, rows from the top, no padding.</summary>
        Gray8 = 3,
    }

    /// <summary>Why a camera frame has no sighting.</summary>
    public enum RejectionReason : ushort
    {
        /// <summary>Other.</summary>
        Other = 0,

        /// <summary>Looked at, and it is none of this museum's artifacts.</summary>
        NotOurs = 1,

        /// <summary>The image could not be decoded, or is larger than stated.</summary>
        Unreadable = 2,

        /// <summary>A newer frame of the same client came before this one was looked at.</summary>
        Superseded = 3,

        /// <summary>The hello did not consent to camera frames.</summary>
        NoConsent = 4,

        /// <summary>No recognizer is running.</summary>
        Unavailable = 5,

        /// <summary>The recognizer did not answer within its deadline.</summary>
        Late = 6,

        /// <summary>Too dark, too blurred or too far to say.</summary>
        Uncertain = 7,
    }

    /// <summary>Named errors. The same number closes the websocket where the error is fatal.</summary>
    public enum ErrorCode : ushort
    {
        /// <summary>The server's own fault; closes with 1011.</summary>
        Internal = 0,

        /// <summary>Not msgpack, or a field that is not what the protocol says.</summary>
        Malformed = 4400,

        /// <summary>A message type this version does not know; the connection goes on.</summary>
        UnknownType = 4404,

        /// <summary>A known message at a time or from a side where it has no place.</summary>
        OutOfOrder = 4405,

        /// <summary>No hello within the handshake time.</summary>
        TooLate = 4408,

        /// <summary>The session goes on over a newer connection with the same token.</summary>
        Replaced = 4409,

        /// <summary>The resume token is not, or no longer, known: a new session starts with a snapshot.</summary>
        UnknownSession = 4410,

        /// <summary>A message longer than its type allows.</summary>
        TooLarge = 4413,

        /// <summary>Arrays nested deeper than the limit.</summary>
        TooDeep = 4414,

        /// <summary>More messages of a type than its rate allows; they are dropped, and if it goes on, it closes.</summary>
        TooFast = 4429,

        /// <summary>More questions or frames under way than the limit; the newest is dropped.</summary>
        TooManyUnanswered = 4430,

        /// <summary>Nothing heard for the idle time.</summary>
        Idle = 4431,

        /// <summary>The client does not read what it is sent.</summary>
        TooSlow = 4432,

        /// <summary>The server has as many visitors as it may have.</summary>
        Full = 4433,

        /// <summary>The server is going down; come back after the time stated in bye.</summary>
        ShuttingDown = 4503,
    }

    /// <summary>Why the session ends.</summary>
    public enum ByeReason : ushort
    {
        /// <summary>Other.</summary>
        Other = 0,

        /// <summary>The visitor leaves: the session is over and its token worthless.</summary>
        Leaving = 1,

        /// <summary>The device sleeps: the session stays resumable.</summary>
        Pausing = 2,

        /// <summary>The error sent just before is fatal.</summary>
        Fault = 3,

        /// <summary>The server goes down.</summary>
        ShuttingDown = 4,

        /// <summary>The session goes on over a newer connection.</summary>
        Replaced = 5,
    }

    /// <summary>A number that this version does not know reads as member 0.</summary>
    internal static class Choices
    {
        internal static ClientKind ReadClientKind(ref WireReader reader)
        {
            var number = reader.ReadShort();
            switch (number)
            {
                case 0:
                case 1:
                case 2:
                case 3:
                case 4:
                    return (ClientKind)number;
                default:
                    return (ClientKind)0;
            }
        }

        internal static Detail ReadDetail(ref WireReader reader)
        {
            var number = reader.ReadShort();
            switch (number)
            {
                case 0:
                case 1:
                case 2:
                case 3:
                case 4:
                    return (Detail)number;
                default:
                    return (Detail)0;
            }
        }

        internal static TextKind ReadTextKind(ref WireReader reader)
        {
            var number = reader.ReadShort();
            switch (number)
            {
                case 0:
                case 1:
                case 2:
                case 3:
                case 4:
                case 5:
                case 6:
                case 7:
                    return (TextKind)number;
                default:
                    return (TextKind)0;
            }
        }

        internal static ImageEncoding ReadImageEncoding(ref WireReader reader)
        {
            var number = reader.ReadShort();
            switch (number)
            {
                case 0:
                case 1:
                case 2:
                case 3:
                    return (ImageEncoding)number;
                default:
                    return (ImageEncoding)0;
            }
        }

        internal static RejectionReason ReadRejectionReason(ref WireReader reader)
        {
            var number = reader.ReadShort();
            switch (number)
            {
                case 0:
                case 1:
                case 2:
                case 3:
                case 4:
                case 5:
                case 6:
                case 7:
                    return (RejectionReason)number;
                default:
                    return (RejectionReason)0;
            }
        }

        internal static ErrorCode ReadErrorCode(ref WireReader reader)
        {
            var number = reader.ReadShort();
            switch (number)
            {
                case 0:
                case 4400:
                case 4404:
                case 4405:
                case 4408:
                case 4409:
                case 4410:
                case 4413:
                case 4414:
                case 4429:
                case 4430:
                case 4431:
                case 4432:
                case 4433:
                case 4503:
                    return (ErrorCode)number;
                default:
                    return (ErrorCode)0;
            }
        }

        internal static ByeReason ReadByeReason(ref WireReader reader)
        {
            var number = reader.ReadShort();
            switch (number)
            {
                case 0:
                case 1:
                case 2:
                case 3:
                case 4:
                case 5:
                    return (ByeReason)number;
                default:
                    return (ByeReason)0;
            }
        }
    }
}
