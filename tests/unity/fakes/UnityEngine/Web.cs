// Web requests and JSON of the engine, by what .NET has.
using System;
using System.Net;
using System.Runtime.Serialization.Json;
using System.Text;

namespace UnityEngine
{
    public class JsonUtility
    {
        public static T FromJson<T>(string json)
        {
            using (var told = new System.IO.MemoryStream(Encoding.UTF8.GetBytes(json)))
            {
                return (T)new DataContractJsonSerializer(typeof(T)).ReadObject(told);
            }
        }
    }

    public class AsyncOperation
    {
        public event Action<AsyncOperation> completed;

        internal void Complete() => completed?.Invoke(this);
    }
}

namespace UnityEngine.Networking
{
    public partial class UnityWebRequest : IDisposable
    {
        Uri _uri;

        public int timeout { get; set; }

        public Result result { get; private set; }

        public string error { get; private set; }

        public DownloadHandler downloadHandler { get; set; } = new DownloadHandler();

        public static UnityWebRequest Get(Uri uri) => new UnityWebRequest { _uri = uri };

        public UnityWebRequestAsyncOperation SendWebRequest()
        {
            var operation = new UnityWebRequestAsyncOperation();
            Send(operation);
            return operation;
        }

        public void Dispose()
        {
        }

        // The answer comes on the frame's thread, as the caller's context does.
        async void Send(AsyncOperation operation)
        {
            try
            {
                using (var client = new WebClient { Encoding = Encoding.UTF8 })
                {
                    downloadHandler.text = await client.DownloadStringTaskAsync(_uri);
                }
                result = Result.Success;
            }
            catch (WebException problem)
            {
                (result, error) = (Result.ConnectionError, problem.Message);
            }
            operation.Complete();
        }
    }

    public class DownloadHandler
    {
        public string text { get; internal set; } = "";
    }
}
