namespace MuseumTwin
{
    /// <summary>This package.</summary>
    public static class Package
    {
        /// <summary>Its version, the same as in package.json.</summary>
        public const string Version = "1.0.0-pre.1";
    }
}
