// A scene from the press on Play to its end, twice in one process as without a domain reload: a thousand frames with a
// sleep in the middle, then a desktop visitor with a mouse.
using System;
using System.Linq;
using GLTFast;
using MuseumTwin;
using MuseumTwin.Unity;
using UnityEngine;
using UnityEngine.InputSystem;

sealed class SceneRun
{
    const int Frames = 1000;
    readonly string _address;
    GameObject _head;
    GameObject _museum;
    MuseumTwinClient _twin;
    int _made, _models;

    internal SceneRun(string address)
    {
        _address = address;
    }

    internal void Run()
    {
        Play();
        var client = _twin.Client;
        for (var frame = 0; frame < Frames; frame++)
        {
            // Up to the first exhibit and back.
            Stand(2.2f - 1.2f * (float)Math.Sin(frame * Math.PI / Frames));
            EngineRun.Frames(1);
            if (frame == Frames / 2)
            {
                EngineRun.Until("models before the sleep", () => GltfImport.Loaded == 2);
                FakeEngine.Send("OnApplicationPause", true);
                EngineRun.Frames(1);
                FakeEngine.Send("OnApplicationPause", false);
                EngineRun.Until("awake again", () => client.Counters.Resumes >= 1 && client.State == ClientState.Live);
            }
        }
        var tracked = "";
        _museum.GetComponent<PoseSource>().TrackingChanged += isTracked => tracked += isTracked ? "found " : "lost ";
        foreach (var isTracked in new[] { true, false, true })
        {
            UnityEngine.XR.InputDevice.IsTracked = isTracked;
            EngineRun.Frames(2);
        }
        var errors = client.World.Exhibits.Values.Select(Error).DefaultIfEmpty(-1).Max();
        var turned = _twin.Views.Values.All(IsTurned);
        var (state, resumes, sent) = (client.State, client.Counters.Resumes, client.Counters.MessagesSent);
        var views = _twin.Views.Count;
        Stop();
        EngineRun.Print(
            ("state", state.ToString()), ("after", client.State.ToString()), ("made", _made), ("views", views),
            ("models", _models), ("loaded", GltfImport.Loaded), ("disposed", GltfImport.Disposed),
            ("bytes", GltfImport.Bytes), ("resumes", resumes), ("sent", sent), ("turned", turned), ("tracked", tracked),
            ("place_error_mm", (int)(errors * 1000)), ("events", UnityEngine.Events.UnityEvent.Invoked),
            ("left", FakeEngine.Objects.Count), ("clients", MuseumTwinClient.All.Count),
            ("logged", string.Join(" | ", FakeEngine.Logged)));
        Again();
    }

    // The second play session of the process, at a desk.
    void Again()
    {
        var left = FakeEngine.Objects.ToArray();
        foreach (var one in left)
        {
            // With its scene the session's objects are gone; statics still name some of them.
            UnityEngine.Object.DestroyImmediate(one);
        }
        UnityEngine.XR.InputDevice.IsWorn = false;
        Mouse.current = new Mouse();
        Keyboard.current = new Keyboard();
        Play();
        EngineRun.Until("models of the second session", () => GltfImport.Loaded == 4);
        var (views, clients) = (_twin.Views.Count, MuseumTwinClient.All.Count);
        Mouse.current.rightButton.isPressed = true;
        Mouse.current.delta.Value = new Vector2(10, 0);
        EngineRun.Frames(45);
        Mouse.current.delta.Value = new Vector2(0, 0);
        Keyboard.current.wKey.isPressed = true;
        var before = _head.transform.position;
        for (var frame = 0; frame < 72; frame++)
        {
            EngineRun.Frames(1);
        }
        var walked = _head.transform.position - before;
        Application.isMobilePlatform = true;
        EngineRun.Frames(10);
        var still = _head.transform.position - before - walked;
        var looks = _head.transform.forward;
        Stop();
        EngineRun.Print(
            ("views", views), ("clients", clients), ("disposed", GltfImport.Disposed), ("looks", looks),
            ("walked", walked), ("still", still), ("logged", string.Join(" | ", FakeEngine.Logged)));
    }

    void Play()
    {
        FakeEngine.Play(typeof(MuseumTwinClient).Assembly, typeof(GltfModelLoader).Assembly);
        _head = new GameObject("head");
        Camera.main = _head.AddComponent<Camera>();
        _museum = new GameObject("museum");
        // A museum that is not at the scene's origin, nor turned as the scene is.
        _museum.transform.SetPositionAndRotation(new Vector3(10, 0, -4), Quaternion.Euler(0, 90, 0));
        Stand(2.2f);
        _museum.SetActive(false);
        _twin = _museum.AddComponent<MuseumTwinClient>();
        _twin.Address = _address;
        _twin.ViewMade += view =>
        {
            _made++;
            view.ModelChanged += _ => _models++;
        };
        _museum.SetActive(true);
        EngineRun.Until("exhibits", () => _twin.Views.Count == 2);
    }

    // So many metres before the first exhibit, which stands at x = -1; the museum's -Z is the scene's +Z.
    void Stand(float metres)
    {
        _head.transform.position = _museum.transform.TransformPoint(new Vector3(-1, 1.4f, -metres));
        _head.transform.rotation = _museum.transform.rotation;
    }

    void Stop()
    {
        _museum.SetActive(false);
        EngineRun.Frames(2);
    }

    // How far a view stands from where the museum says, in metres.
    float Error(Exhibit exhibit)
    {
        var place = _twin.Views[exhibit].transform.position;
        var wanted = _twin.transform.TransformPoint(
            new Vector3(exhibit.Position.X, exhibit.Position.Y, -exhibit.Position.Z));
        return (EngineSpace.Plain(place) - EngineSpace.Plain(wanted)).Length;
    }

    // glTFast mirrors in X, the museum's space is mirrored in Z: half a turn about Y lies between them.
    static bool IsTurned(ExhibitView view)
    {
        var model = view.transform.GetComponentsInChildren<MeshRenderer>().Single(one => one.gameObject.name == "mesh");
        var turn = model.transform.parent.localRotation;
        return Math.Abs(turn.y) == 1 && turn.x == 0 && turn.z == 0 && turn.w == 0;
    }
}
