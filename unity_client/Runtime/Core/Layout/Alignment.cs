using System;

namespace MuseumTwin
{
    /// <summary>
    /// How a device's own space lies in the museum's: both have +Y up by gravity, so a turn about Y and a shift.
    /// A device starts its space wherever it was switched on; one pose known in both tells the rest.
    /// </summary>
    public readonly struct Alignment
    {
        /// <summary>The two spaces are one.</summary>
        public static readonly Alignment None = new Alignment(0, default);

        private readonly float _turn;
        private readonly Vec3 _shift;

        /// <summary>An alignment by its parts.</summary>
        /// <param name="turn">Radians about +Y, applied first.</param>
        /// <param name="shift">Metres, applied second.</param>
        public Alignment(float turn, Vec3 shift)
        {
            _turn = turn;
            _shift = shift;
        }

        /// <summary>Radians about +Y from the device's space to the museum's.</summary>
        public float Turn => _turn;

        /// <summary>The device's origin in the museum's space.</summary>
        public Vec3 Shift => _shift;

        /// <summary>From one thing's pose in both spaces, right-handed both.</summary>
        public static Alignment From(Vec3 device, Quat deviceTurn, Vec3 museum, Quat museumTurn)
        {
            var between = museumTurn * deviceTurn.Inverse;
            // The turn about Y that is nearest to it: what is left is an error of gravity, and not ours to add.
            var turn = 2 * (float)Math.Atan2(between.Y, between.W);
            return new Alignment(turn, museum - Quat.AboutY(turn) * device);
        }

        /// <summary>A position of the device's space, in the museum's.</summary>
        public Vec3 ToMuseum(Vec3 device) => Quat.AboutY(_turn) * device + _shift;

        /// <summary>A turn of the device's space, in the museum's.</summary>
        public Quat ToMuseum(Quat device) => Quat.AboutY(_turn) * device;

        /// <summary>A position of the museum's space, in the device's.</summary>
        public Vec3 ToDevice(Vec3 museum) => Quat.AboutY(-_turn) * (museum - _shift);

        /// <summary>A turn of the museum's space, in the device's.</summary>
        public Quat ToDevice(Quat museum) => Quat.AboutY(-_turn) * museum;

        /// <summary>This moved by <paramref name="share"/> (0 to 1) towards <paramref name="other"/>.</summary>
        /// <remarks>Measured where the viewer is, so that a correction far away does not swing the near.</remarks>
        public Alignment Towards(Alignment other, float share, Vec3 viewerOnDevice)
        {
            var turn = _turn + Wrapped(other._turn - _turn) * share;
            var here = ToMuseum(viewerOnDevice);
            var there = other.ToMuseum(viewerOnDevice);
            var museum = here + (there - here) * share;
            return new Alignment(turn, museum - Quat.AboutY(turn) * viewerOnDevice);
        }

        private static float Wrapped(float angle)
        {
            var turns = Math.Round(angle / (2 * Math.PI));
            return (float)(angle - turns * 2 * Math.PI);
        }
    }
}
