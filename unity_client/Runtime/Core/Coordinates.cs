namespace MuseumTwin
{
    /// <summary>
    /// The only place where the museum's space and Unity's meet. The museum's is right-handed, a view looks along
    /// -Z; Unity's is left-handed, a view looks along +Z. Both have +Y up and metres.
    /// </summary>
    /// <remarks>
    /// Poses are mirrored in Z, as Unity's own OpenXR plug-in does, so that a device's forward stays forward.
    /// glTFast mirrors meshes in X instead. The two differ by half a turn about Y, so a model it made stands under
    /// a child that is turned by <see cref="ImportedModel"/>. Each mirror is its own inverse.
    /// </remarks>
    public static class Coordinates
    {
        /// <summary>Local turn, in Unity's space, of a model that glTFast imported.</summary>
        public static readonly Quat ImportedModel = new Quat(0, 1, 0, 0);

        /// <summary>A position or direction, from the museum's space to Unity's or back.</summary>
        public static Vec3 Mirror(Vec3 v) => new Vec3(v.X, v.Y, -v.Z);

        /// <summary>An orientation, from the museum's space to Unity's or back.</summary>
        public static Quat Mirror(Quat q) => new Quat(-q.X, -q.Y, q.Z, q.W);

        /// <summary>An angular velocity, which a mirror turns the other way round than a direction.</summary>
        public static Vec3 MirrorSpin(Vec3 v) => new Vec3(-v.X, -v.Y, v.Z);
    }
}
