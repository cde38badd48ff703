// The window and the scene view of the editor: an address is typed and tested, put into the scene, and drawn.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using MuseumTwin.Editor;
using MuseumTwin.Unity;
using UnityEditor;
using UnityEngine;

sealed class EditorRun
{
    const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic;
    readonly string _address;
    readonly ConnectionWindow _window = new ConnectionWindow();

    internal EditorRun(string address)
    {
        _address = address;
    }

    internal void Run()
    {
        Application.isPlaying = false;
        Call("OnEnable");
        FakeEditor.Typed = "http://[";
        Press("Test connection");
        FakeEditor.Pass(Draw);
        var wrong = FakeEditor.Drawn.First(one => one.StartsWith("Error"));
        FakeEditor.Typed = _address;
        Press("Test connection");
        EngineRun.Until("the connection's words", () => Words("State=Live") && !Words("Galleries=0") && !Words("Round trip="));
        var told = FakeEditor.Drawn.ToArray();
        Press("Require Internet Access");
        Press("Allow downloads over HTTP");
        Press("Disconnect");
        Press("Use in the open scene");
        Press("Use in the open scene");
        FakeEditor.Pass(Draw);
        var rest = FakeEditor.Drawn.ToArray();
        Call("OnDisable");
        var client = FakeEngine.Objects.Single(one => one.GetComponent<MuseumTwinClient>() != null).GetComponent<MuseumTwinClient>();
        EngineRun.Print(
            ("wrong", wrong), ("told", told), ("rest", rest), ("undo", FakeEditor.Undone), ("address", client.Address),
            ("listens", EditorApplication.update == null ? 0 : 1),
            ("internet", PlayerSettings.Android.forceInternetPermission), ("http", PlayerSettings.insecureHttpOption.ToString()));

        Application.isPlaying = true;
        client.gameObject.SetActive(false);
        client.transform.SetPositionAndRotation(new Vector3(100, 0, 0), Quaternion.Euler(0, 90, 0));
        client.gameObject.SetActive(true);
        var head = new GameObject("head");
        Camera.main = head.AddComponent<Camera>();
        head.transform.position = client.transform.TransformPoint(new Vector3(-1, 1.4f, -2));
        head.transform.rotation = client.transform.rotation;
        EngineRun.Until("exhibits", () => client.Views.Count == 2);
        Gizmos.Drawn.Clear();
        var draw = typeof(ConnectionWindow).Assembly.GetTypes().SelectMany(type => type.GetMethods(Hidden))
            .Single(method => method.GetCustomAttribute<DrawGizmo>() != null);
        draw.Invoke(null, new object[] { client, GizmoType.NonSelected });
        EngineRun.Print(
            ("drawn", Gizmos.Drawn), ("gallery", client.Client.World.Gallery),
            ("logged", string.Join(" | ", FakeEngine.Logged)));
    }

    bool Words(string wanted)
    {
        EditorApplication.update?.Invoke();
        FakeEditor.Pass(Draw);
        return FakeEditor.Drawn.Contains(wanted);
    }

    void Press(string button) => FakeEditor.Pass(Draw, button);

    void Draw() => Call("OnGUI");

    void Call(string name)
    {
        try
        {
            typeof(ConnectionWindow).GetMethod(name, Hidden).Invoke(_window, null);
        }
        catch (TargetInvocationException error)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(error.InnerException).Throw();
        }
    }
}
