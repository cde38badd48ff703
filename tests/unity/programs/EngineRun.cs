// OnEnable, a thousand frames, OnDisable, with the fake engine against a real server: `EngineRun ADDRESS`.
// In the middle the device sleeps. Prints one line of JSON for the test to judge.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using MuseumTwin;
using MuseumTwin.Unity;
using UnityEngine;

static class EngineRun
{
    const int Frames = 1000;

    // Fetches the model's bytes as glTFast would, and keeps count of what was let go.
    sealed class Loader : IModelLoader
    {
        internal int Loaded;
        internal int Disposed;
        internal long Bytes;

        public string[] Capabilities => new[] { "meshopt" };

        public async Task<IModel> LoadAsync(Uri address, Transform parent, CancellationToken cancellation)
        {
            using (var http = new WebClient())
            {
                var data = await http.DownloadDataTaskAsync(address);
                Bytes += data.Length;
            }
            cancellation.ThrowIfCancellationRequested();
            var part = new GameObject("mesh");
            part.AddComponent<MeshRenderer>().sharedMaterial = new Material(null);
            part.transform.SetParent(parent, false);
            Loaded++;
            return new Model(this);
        }

        sealed class Model : IModel
        {
            readonly Loader _loader;

            internal Model(Loader loader)
            {
                _loader = loader;
            }

            public void Dispose() => _loader.Disposed++;
        }
    }

    static int Main(string[] arguments)
    {
        SynchronizationContext.SetSynchronizationContext(FakeEngine.Context);
        var loader = new Loader();
        ModelLoaders.Current = loader;
        var head = new GameObject("head");
        Camera.main = head.AddComponent<Camera>();
        var museum = new GameObject("museum");
        // A museum that is not at the scene's origin, nor turned as the scene is.
        museum.transform.SetPositionAndRotation(new Vector3(10, 0, -4), Quaternion.Euler(0, 90, 0));
        museum.SetActive(false);
        var twin = museum.AddComponent<MuseumTwinClient>();
        twin.Address = arguments[0];
        int made = 0, models = 0;
        twin.ViewMade += view =>
        {
            made++;
            view.ModelChanged += _ => models++;
        };

        museum.SetActive(true);
        var client = twin.Client;
        var annotations = 0;
        client.AnnotationAdded += _ => annotations++;
        for (var frame = 0; frame < Frames; frame++)
        {
            // Up to the first exhibit, which stands at x = -1, and back; the museum's -Z is the scene's +Z.
            var near = 2.2f - 1.2f * (float)Math.Sin(frame * Math.PI / Frames);
            head.transform.position = museum.transform.TransformPoint(new Vector3(-1, 1.4f, -near));
            head.transform.rotation = museum.transform.rotation;
            FakeEngine.Frame(1f / 72);
            if (frame == Frames / 2)
            {
                FakeEngine.Send("OnApplicationPause", true);
                FakeEngine.Frame(1f / 72);
                FakeEngine.Send("OnApplicationPause", false);
            }
            Thread.Sleep(3);
        }
        var exhibits = client.World.Exhibits.Values.OrderBy(one => one.Artifact).ToList();
        var views = twin.Views.Count;
        var errors = exhibits.Select(one => Error(twin, one)).DefaultIfEmpty(-1).Max();
        var panels = twin.Views.Values.Sum(view => view.Annotations.Count);
        var legible = twin.Views.Values.SelectMany(view => view.Annotations.Values).All(IsLegible);
        var state = client.State.ToString();
        var resumes = client.Counters.Resumes;
        var poses = client.Counters.MessagesSent;

        museum.SetActive(false);
        FakeEngine.Frame(1f / 72);
        FakeEngine.Frame(1f / 72);

        Console.WriteLine(
            "{\"state\": \"" + state + "\", \"after\": \"" + client.State + "\", \"made\": " + made + ", \"views\": " + views
            + ", \"models\": " + models + ", \"loaded\": " + loader.Loaded + ", \"disposed\": " + loader.Disposed
            + ", \"bytes\": " + loader.Bytes + ", \"annotations\": " + annotations + ", \"panels\": " + panels
            + ", \"legible\": " + (legible ? "true" : "false") + ", \"resumes\": " + resumes + ", \"sent\": " + poses
            + ", \"place_error_mm\": " + (int)(errors * 1000) + ", \"events\": " + UnityEngine.Events.UnityEvent.Invoked
            + ", \"left\": " + FakeEngine.Objects.Count + ", \"clients\": " + MuseumTwinClient.All.Count
            + ", \"logged\": \"" + string.Join(" | ", FakeEngine.Logged).Replace("\\", "/").Replace("\"", "'").Replace("\n", " ").Replace("\r", "") + "\"}");
        Environment.Exit(0);
        return 0;
    }

    // How far a view stands from where the museum says, in metres.
    static float Error(MuseumTwinClient twin, Exhibit exhibit)
    {
        var place = twin.Views[exhibit].transform.position;
        var wanted = twin.transform.TransformPoint(
            new Vector3(exhibit.Position.X, exhibit.Position.Y, -exhibit.Position.Z));
        return (EngineSpace.Plain(place) - EngineSpace.Plain(wanted)).Length;
    }

    static bool IsLegible(AnnotationView view)
    {
        var text = view.transform.GetComponentsInChildren<TextMesh>().Single();
        return text.text.Length > 0 && text.characterSize > 0;
    }
}
