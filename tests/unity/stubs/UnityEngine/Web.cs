// Web requests and JSON. Signatures only: see ../README.md.
using System;

namespace UnityEngine
{
    public class JsonUtility
    {
        public static T FromJson<T>(string json) => throw null;
    }

    public class AsyncOperation
    {
        public event Action<AsyncOperation> completed;
    }
}

namespace UnityEngine.Networking
{
    public partial class UnityWebRequest : IDisposable
    {
        public static UnityWebRequest Get(Uri uri) => throw null;
        public UnityWebRequestAsyncOperation SendWebRequest() => throw null;
        public int timeout { get; set; }
        public Result result => throw null;
        public string error => throw null;
        public DownloadHandler downloadHandler { get; set; }
        public void Dispose() => throw null;
    }

    public class DownloadHandler
    {
        public string text => throw null;
    }
}
