// Signatures of glTFast (com.unity.cloud.gltfast 6) that the package uses; see README.md.
using System;
using System.Threading;
using System.Threading.Tasks;
using UnityEngine;

namespace GLTFast
{
    public interface IDeferAgent
    {
        bool ShouldDefer();
        bool ShouldDefer(float duration);
        Task BreakPoint();
        Task BreakPoint(float duration);
    }

    public class TimeBudgetPerFrameDeferAgent : MonoBehaviour, IDeferAgent
    {
        public bool ShouldDefer() => throw null;
        public bool ShouldDefer(float duration) => throw null;
        public Task BreakPoint() => throw null;
        public Task BreakPoint(float duration) => throw null;
        public void SetFrameBudget(float newFrameBudget = 0.5f) => throw null;
    }

    public interface IMaterialGenerator
    {
    }

    public interface IInstantiator
    {
    }

    public class GltfImport : IDisposable
    {
        public GltfImport(Loading.IDownloadProvider downloadProvider = null, IDeferAgent deferAgent = null, Materials.IMaterialGenerator materialGenerator = null, Logging.ICodeLogger logger = null) => throw null;
        public Task<bool> Load(Uri url, ImportSettings importSettings = null, CancellationToken cancellationToken = default) => throw null;
        public Task<bool> InstantiateMainSceneAsync(Transform parent, CancellationToken cancellationToken = default) => throw null;
        public void Dispose() => throw null;
    }
}
