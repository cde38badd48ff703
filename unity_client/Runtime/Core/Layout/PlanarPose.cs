using System;
using MuseumTwin.Protocol;

namespace MuseumTwin
{
    /// <summary>
    /// The pose of a flat thing of known size from its four corners in one camera frame: the homography between
    /// the plane and the picture, taken apart by the camera's intrinsics (Zhang, "A Flexible New Technique for
    /// Camera Calibration", 2000, section 3.1). Good for paintings and the faces of boxes seen not too slantwise.
    /// </summary>
    public static class PlanarPose
    {
        /// <summary>Solve for the face's pose in the camera's space (right-handed, looking along -Z).</summary>
        /// <param name="corners">x, y pairs in pixels, clockwise from the face's top left.</param>
        /// <param name="camera">Focal lengths and principal point in pixels of the same frame.</param>
        /// <param name="width">Of the face, metres.</param>
        /// <param name="height">Of the face, metres.</param>
        /// <param name="position">The face's middle.</param>
        /// <param name="turn">The face's turn: it looks along its own +Z, +Y up.</param>
        /// <returns>False where the corners are no picture of a rectangle before the camera.</returns>
        public static bool TrySolve(
            float[] corners, Intrinsics camera, float width, float height, out Vec3 position, out Quat turn)
        {
            position = default;
            turn = Quat.Identity;
            if (corners == null || corners.Length != 8 || !(width > 0) || !(height > 0) || !(camera.Fx > 0))
            {
                return false;
            }
            var rows = new double[8, 9];
            for (var corner = 0; corner < 4; corner++)
            {
                var x = (corner == 1 || corner == 2 ? 0.5 : -0.5) * width;
                var y = (corner < 2 ? 0.5 : -0.5) * height;
                // Rays of a camera that looks along -Z with +Y up; pictures count from the top.
                var u = (corners[2 * corner] - camera.Cx) / camera.Fx;
                var v = -(corners[2 * corner + 1] - camera.Cy) / camera.Fy;
                Fill(rows, 2 * corner, x, y, u, true);
                Fill(rows, 2 * corner + 1, x, y, v, false);
            }
            return Eliminate(rows) && TakeApart(rows, out position, out turn);
        }

        // u (h7 x + h8 y + 1) = h1 x + h2 y + h3, likewise for v: two rows a corner.
        private static void Fill(double[,] rows, int row, double x, double y, double ray, bool isFirst)
        {
            var at = isFirst ? 0 : 3;
            rows[row, at] = x;
            rows[row, at + 1] = y;
            rows[row, at + 2] = 1;
            rows[row, 6] = -ray * x;
            rows[row, 7] = -ray * y;
            rows[row, 8] = ray;
        }

        // Gauss and Jordan with the largest pivot.
        private static bool Eliminate(double[,] rows)
        {
            for (var column = 0; column < 8; column++)
            {
                var pivot = column;
                for (var row = column + 1; row < 8; row++)
                {
                    pivot = Math.Abs(rows[row, column]) > Math.Abs(rows[pivot, column]) ? row : pivot;
                }
                if (!(Math.Abs(rows[pivot, column]) > 1e-9))
                {
                    return false;
                }
                for (var entry = 0; entry < 9; entry++)
                {
                    (rows[column, entry], rows[pivot, entry]) = (rows[pivot, entry], rows[column, entry]);
                }
                for (var row = 0; row < 8; row++)
                {
                    if (row != column)
                    {
                        var factor = rows[row, column] / rows[column, column];
                        for (var entry = column; entry < 9; entry++)
                        {
                            rows[row, entry] -= factor * rows[column, entry];
                        }
                    }
                }
            }
            for (var row = 0; row < 8; row++)
            {
                rows[row, 8] /= rows[row, row];
            }
            return true;
        }

        // The homography's columns are the face's x and y axes and its middle, up to one scale. With u = -X/Z
        // (the camera looks along -Z) the third row tells of -Z.
        private static bool TakeApart(double[,] rows, out Vec3 position, out Quat turn)
        {
            double a1 = rows[0, 8], a2 = rows[3, 8], a3 = -rows[6, 8];
            double b1 = rows[1, 8], b2 = rows[4, 8], b3 = -rows[7, 8];
            var lengthA = Math.Sqrt(a1 * a1 + a2 * a2 + a3 * a3);
            var lengthB = Math.Sqrt(b1 * b1 + b2 * b2 + b3 * b3);
            var scale = 2 / (lengthA + lengthB);
            position = new Vec3((float)(rows[2, 8] * scale), (float)(rows[5, 8] * scale), (float)-scale);
            turn = Quat.Identity;
            if (!(lengthA > 0) || !(lengthB > 0) || double.IsInfinity(scale) || lengthA / lengthB > 1.5
                || lengthB / lengthA > 1.5)
            {
                return false;
            }
            a1 /= lengthA;
            a2 /= lengthA;
            a3 /= lengthA;
            var along = a1 * b1 + a2 * b2 + a3 * b3;
            b1 -= along * a1;
            b2 -= along * a2;
            b3 -= along * a3;
            var rest = Math.Sqrt(b1 * b1 + b2 * b2 + b3 * b3);
            if (!(rest > 1e-6))
            {
                return false;
            }
            b1 /= rest;
            b2 /= rest;
            b3 /= rest;
            turn = FromAxes(
                a1, a2, a3, b1, b2, b3, a2 * b3 - a3 * b2, a3 * b1 - a1 * b3, a1 * b2 - a2 * b1);
            // The face must look at the camera.
            var normal = turn * new Vec3(0, 0, 1);
            return normal.X * position.X + normal.Y * position.Y + normal.Z * position.Z < 0;
        }

        // Columns x, y, z of a rotation, as a quaternion (Shepperd's method: the largest part first).
        private static Quat FromAxes(
            double xx, double xy, double xz, double yx, double yy, double yz, double zx, double zy, double zz)
        {
            var trace = xx + yy + zz;
            if (trace > 0)
            {
                var s = Math.Sqrt(trace + 1) * 2;
                return new Quat((float)((yz - zy) / s), (float)((zx - xz) / s), (float)((xy - yx) / s), (float)(s / 4));
            }
            if (xx > yy && xx > zz)
            {
                var s = Math.Sqrt(1 + xx - yy - zz) * 2;
                return new Quat((float)(s / 4), (float)((yx + xy) / s), (float)((zx + xz) / s), (float)((yz - zy) / s));
            }
            if (yy > zz)
            {
                var s = Math.Sqrt(1 + yy - xx - zz) * 2;
                return new Quat((float)((yx + xy) / s), (float)(s / 4), (float)((zy + yz) / s), (float)((zx - xz) / s));
            }
            var t = Math.Sqrt(1 + zz - xx - yy) * 2;
            return new Quat((float)((zx + xz) / t), (float)((zy + yz) / t), (float)(t / 4), (float)((xy - yx) / t));
        }
    }
}
