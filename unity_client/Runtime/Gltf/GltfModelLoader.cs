using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using GLTFast;
using UnityEngine;

namespace MuseumTwin.Unity
{
    /// <summary>Loads models with glTFast, within a share of each frame. In use by itself where the project has it.</summary>
    public sealed class GltfModelLoader : IModelLoader
    {
        private const float FrameShare = 0.15f;
        private IDeferAgent _agent;

        /// <inheritdoc/>
        public string[] Capabilities { get; } = Known();

        /// <inheritdoc/>
        public async Task<IModel> LoadAsync(Uri address, Transform parent, CancellationToken cancellation)
        {
            var import = new GltfImport(null, Agent());
            try
            {
                if (!await import.Load(address, null, cancellation))
                {
                    throw new InvalidOperationException("glTFast could not load " + address + "; its log says why");
                }
                cancellation.ThrowIfCancellationRequested();
                // glTFast mirrors in X, the museum's space is mirrored in Z; half a turn lies between them.
                var turned = new GameObject("model");
                turned.transform.SetParent(parent, false);
                var turn = Coordinates.ImportedModel;
                turned.transform.localRotation = new Quaternion(turn.X, turn.Y, turn.Z, turn.W);
                if (!await import.InstantiateMainSceneAsync(turned.transform, cancellation))
                {
                    throw new InvalidOperationException("glTFast could not place " + address + "; its log says why");
                }
                return new Model(import);
            }
            catch
            {
                import.Dispose();
                throw;
            }
        }

        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.BeforeSceneLoad)]
        private static void Register()
        {
            if (ModelLoaders.Current == null)
            {
                ModelLoaders.Current = new GltfModelLoader();
            }
        }

        private static string[] Known()
        {
            var known = new List<string>();
#if MUSEUMTWIN_MESHOPT
            known.Add("meshopt");
#endif
#if MUSEUMTWIN_DRACO
            known.Add("draco");
#endif
#if MUSEUMTWIN_KTX
            known.Add("ktx2");
#endif
            return known.ToArray();
        }

        private IDeferAgent Agent()
        {
            if (_agent is UnityEngine.Object known && known)
            {
                return _agent;
            }
            var made = new GameObject("Museum Twin loading").AddComponent<TimeBudgetPerFrameDeferAgent>();
            // A load that is under way goes on when its scene leaves.
            UnityEngine.Object.DontDestroyOnLoad(made.gameObject);
            made.SetFrameBudget(FrameShare);
            return _agent = made;
        }

        // Holds the import as long as its meshes and textures are in the scene.
        private sealed class Model : IModel
        {
            private readonly GltfImport _import;

            internal Model(GltfImport import)
            {
                _import = import;
            }

            public void Dispose() => _import.Dispose();
        }
    }
}
