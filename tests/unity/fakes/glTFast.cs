// An importer that fetches the model's bytes and makes one mesh of them; it keeps count of what was let go.
using System;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using UnityEngine;

namespace GLTFast
{
    public interface IDeferAgent
    {
    }

    public class TimeBudgetPerFrameDeferAgent : MonoBehaviour, IDeferAgent
    {
        public void SetFrameBudget(float newFrameBudget = 0.5f)
        {
        }
    }

    public class GltfImport : IDisposable
    {
        public static int Loaded;
        public static int Disposed;
        public static long Bytes;

        public GltfImport(
            Loading.IDownloadProvider downloadProvider = null, IDeferAgent deferAgent = null,
            Materials.IMaterialGenerator materialGenerator = null, Logging.ICodeLogger logger = null)
        {
        }

        public async Task<bool> Load(
            Uri url, ImportSettings importSettings = null, CancellationToken cancellationToken = default)
        {
            using (var http = new WebClient())
            {
                var data = await http.DownloadDataTaskAsync(url);
                Bytes += data.Length;
            }
            return true;
        }

        public Task<bool> InstantiateMainSceneAsync(Transform parent, CancellationToken cancellationToken = default)
        {
            var part = new GameObject("mesh");
            part.AddComponent<MeshRenderer>().sharedMaterial = new Material(null);
            part.transform.SetParent(parent, false);
            Loaded++;
            return Task.FromResult(true);
        }

        public void Dispose() => Disposed++;
    }
}
