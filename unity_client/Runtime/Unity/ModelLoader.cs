using System;
using System.Threading;
using System.Threading.Tasks;
using UnityEngine;

namespace MuseumTwin.Unity
{
    /// <summary>A model in the scene, and what it holds that must be let go when it leaves.</summary>
    public interface IModel : IDisposable
    {
    }

    /// <summary>Loads a model from an address; glTFast does, where the project has it.</summary>
    public interface IModelLoader
    {
        /// <summary>What the server may send for it: <c>meshopt</c>, <c>draco</c>, <c>ktx2</c>.</summary>
        string[] Capabilities { get; }

        /// <summary>Load the model as children of <paramref name="parent"/>, in the museum's proportions.</summary>
        /// <returns>The model, or null where it cannot be loaded; the reason is logged.</returns>
        Task<IModel> LoadAsync(Uri address, Transform parent, CancellationToken cancellation);
    }

    /// <summary>The loader in use. Set <see cref="Current"/> to bring your own.</summary>
    public static class ModelLoaders
    {
        /// <summary>Null where the project has none; then boxes stand for exhibits.</summary>
        public static IModelLoader Current { get; set; }

        /// <summary>What the loader in use can take.</summary>
        public static string[] Capabilities => Current == null ? Array.Empty<string>() : Current.Capabilities;

        // Before any loader registers itself, also where statics outlive a play session.
        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        private static void Forget() => Current = null;
    }
}
