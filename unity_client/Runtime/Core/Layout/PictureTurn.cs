using System;
using MuseumTwin.Protocol;

namespace MuseumTwin
{
    /// <summary>
    /// Stands a camera's picture upright. A phone's picture comes as its sensor lies, and the sensor does not turn with
    /// the screen; what recognizes it, and the pose that it tells, take the picture to stand as the camera does.
    /// </summary>
    public static class PictureTurn
    {
        private const int Channels = 4;

        /// <summary>Quarter turns clockwise after which a picture of that size stands as the screen does.</summary>
        /// <param name="width">Of the picture as it came.</param>
        /// <param name="height">Of the picture as it came.</param>
        /// <param name="isUpright">The screen is held upright.</param>
        /// <param name="isReversed">It is upside down or, across, lies the other way than the sensor.</param>
        /// <remarks>
        /// Sensors lie as a phone does that was tipped over its left side. A picture that is upright already, as in the
        /// editor's simulation, needs no turn for an upright screen.
        /// </remarks>
        public static int Quarters(int width, int height, bool isUpright, bool isReversed) =>
            (isUpright && width > height ? 1 : 0) + (isReversed ? 2 : 0);

        /// <summary>Width of the picture after the turn.</summary>
        public static int Width(int width, int height, int quarters) => (quarters & 1) == 0 ? width : height;

        /// <summary>The camera's focal lengths and principal point in the turned picture.</summary>
        /// <param name="told">In pixels of the picture as it came.</param>
        /// <param name="width">Of the picture as it came, pixels.</param>
        /// <param name="height">Of the picture as it came, pixels.</param>
        /// <param name="quarters">Quarter turns clockwise, any number.</param>
        public static Intrinsics Turned(Intrinsics told, int width, int height, int quarters)
        {
            switch (quarters & 3)
            {
                case 1:
                    return new Intrinsics { Fx = told.Fy, Fy = told.Fx, Cx = height - told.Cy, Cy = told.Cx };
                case 2:
                    return new Intrinsics { Fx = told.Fx, Fy = told.Fy, Cx = width - told.Cx, Cy = height - told.Cy };
                case 3:
                    return new Intrinsics { Fx = told.Fy, Fy = told.Fx, Cx = told.Cy, Cy = width - told.Cx };
                default:
                    return told;
            }
        }

        /// <summary>Turn four-byte pixels in rows from the top into rows from the bottom, as Unity keeps pictures.</summary>
        /// <param name="pixels">Rows from the top.</param>
        /// <param name="width">Of the picture as it came, pixels.</param>
        /// <param name="height">Of the picture as it came, pixels.</param>
        /// <param name="quarters">Quarter turns clockwise, any number.</param>
        /// <param name="target">As long as the picture: the turned one, its lowest row first.</param>
        /// <exception cref="ArgumentException">An array is not as long as the picture.</exception>
        public static void FromBottom(byte[] pixels, int width, int height, int quarters, byte[] target)
        {
            var length = width * height * Channels;
            if (pixels.Length != length || target.Length != length)
            {
                throw new ArgumentException(
                    "a picture of " + width + " x " + height + " has " + length + " bytes, not " + pixels.Length
                    + " and " + target.Length);
            }
            // Where the first pixel goes, and how far in the target one step right and one step down leads.
            int first, right, down;
            switch (quarters & 3)
            {
                case 1:
                    (first, right, down) = ((width - 1) * height + height - 1, -height, -1);
                    break;
                case 2:
                    (first, right, down) = (width - 1, -1, width);
                    break;
                case 3:
                    (first, right, down) = (0, height, 1);
                    break;
                default:
                    (first, right, down) = ((height - 1) * width, 1, -width);
                    break;
            }
            var from = 0;
            for (var y = 0; y < height; y++)
            {
                var to = (first + y * down) * Channels;
                for (var x = 0; x < width; x++)
                {
                    target[to] = pixels[from];
                    target[to + 1] = pixels[from + 1];
                    target[to + 2] = pixels[from + 2];
                    target[to + 3] = pixels[from + 3];
                    from += Channels;
                    to += right * Channels;
                }
            }
        }
    }
}
