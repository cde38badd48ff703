// A phone before an exhibit that the server knows: consent, frames, alignment, and the panel of the annotation. The
// server answers each frame by a script; after each answer a line tells where the museum stands in the scene.
using System;
using System.Linq;
using System.Reflection;
using MuseumTwin;
using MuseumTwin.Protocol;
using MuseumTwin.Unity;
using UnityEngine;
using UnityEngine.XR.ARFoundation;
using UnityEngine.XR.ARSubsystems;

sealed class CameraRun
{
    // The lens sits in the scene as if the phone had been switched on somewhere else than at the museum's origin.
    static readonly Vector3 Lens = new Vector3(0.4f, 1.5f, -0.3f);
    static readonly Quaternion LensTurn = Quaternion.Euler(10, 30, 5);
    readonly GameObject _head = new GameObject("head");
    readonly GameObject _museum = new GameObject("museum");
    readonly MuseumTwinClient _twin;
    readonly ARCameraManager _manager;
    readonly CameraFrameSource _source;
    readonly TwinAligner _aligner;
    int _sent, _answered, _aligned;

    internal CameraRun(string address)
    {
        FakeEngine.Play(typeof(MuseumTwinClient).Assembly);
        _head.transform.SetPositionAndRotation(Lens, LensTurn);
        Camera.main = _head.AddComponent<Camera>();
        _museum.SetActive(false);
        _twin = _museum.AddComponent<MuseumTwinClient>();
        _twin.Address = address;
        _twin.ClientMade += client => client.Seen += _ => _answered++;
        _museum.SetActive(true);
        // Nothing is named in the inspector: each finds what it needs.
        _manager = _head.AddComponent<ARCameraManager>();
        _head.AddComponent<ArCameraPictures>();
        _source = _head.AddComponent<CameraFrameSource>();
        _source.Sent += (_, picture) => _sent++;
        _aligner = _head.AddComponent<TwinAligner>();
        _aligner.Aligned += _ => _aligned++;
    }

    internal void Run()
    {
        EngineRun.Until("the exhibit", () => _twin.Views.Count == 1);
        EngineRun.Frames(72);
        // Consent counts from the next connection on.
        _twin.Consent = new Consent { Camera = true };
        EngineRun.Frames(72);
        EngineRun.Print(("taken_before", _manager.Taken));
        Hold(ScreenOrientation.Portrait);
        _twin.Connect();
        Answer(1);
        var orientations = new[]
        {
            ScreenOrientation.LandscapeLeft, ScreenOrientation.Portrait, ScreenOrientation.LandscapeRight,
            ScreenOrientation.PortraitUpsideDown,
        };
        for (var at = 0; at < orientations.Length; at++)
        {
            Hold(orientations[at]);
            Slip(new Vector3(3, 0, 0));
            Answer(at + 2);
        }
        Hold(ScreenOrientation.LandscapeLeft);
        Slip(new Vector3(0.1f, 0, 0));
        Answer(6);
        Slip(new Vector3(3, 0, 0));
        Answer(7);
        EngineRun.Print(("panels", Panels()));
        Rate();
    }

    // The device understands the room anew: what it anchored moves.
    void Slip(Vector3 by) => _museum.transform.parent.position = _museum.transform.parent.position + by;

    void Answer(int number)
    {
        _source.enabled = true;
        EngineRun.Until("frame " + number, () => _sent == number);
        _source.enabled = false;
        EngineRun.Until("answer " + number, () => _answered == number);
        EngineRun.Frames(1);
        EngineRun.Print(
            ("answer", _answered), ("aligned", _aligned), ("place", _museum.transform.position),
            ("turn", _museum.transform.rotation), ("anchors", Anchors()), ("open", XRCpuImage.Open),
            ("logged", string.Join(" | ", FakeEngine.Logged)));
    }

    static int Anchors() => FakeEngine.Objects.Count(one => one.GetComponent<ARAnchor>() != null);

    static void Hold(ScreenOrientation orientation)
    {
        var isUpright = orientation == ScreenOrientation.Portrait || orientation == ScreenOrientation.PortraitUpsideDown;
        (Screen.width, Screen.height) = isUpright ? (1080, 2400) : (2400, 1080);
        Screen.orientation = orientation;
    }

    // From several places: how large a line is to the eye, how squarely it faces, how far before the exhibit's ball,
    // how far the line's end is from the hotspot, how far its beginning below the middle of the panel.
    System.Collections.Generic.IEnumerable<float> Panels()
    {
        var view = _twin.Views.Values.Single();
        var panel = view.Annotations.Values.Single();
        var note = panel.Annotation;
        var center = view.transform.TransformPoint(EngineSpace.ToEngine(note.Exhibit.Center));
        var hotspot = view.transform.TransformPoint(EngineSpace.ToEngine(note.Position));
        foreach (var metres in new[] { 1.2f, 2, 3, 3.5f, 20 })
        {
            _head.transform.position = center + view.transform.rotation * new Vector3(0.6f, 0.2f, -0.77f) * metres;
            EngineRun.Frames(1);
            var eye = EngineSpace.Plain(_head.transform.position);
            var at = EngineSpace.Plain(panel.transform.position);
            var toEye = eye - EngineSpace.Plain(center);
            var text = panel.transform.GetComponentsInChildren<TextMesh>().Single();
            var line = panel.GetComponent<LineRenderer>();
            yield return metres;
            yield return text.characterSize * text.fontSize / 10;
            yield return (eye - at).Length;
            yield return Dot(EngineSpace.Plain(panel.transform.forward), at - eye) / (eye - at).Length;
            yield return Dot(at - EngineSpace.Plain(center), toEye) / toEye.Length - note.Exhibit.Bounds.Length;
            yield return (EngineSpace.Plain(line.At(1)) - EngineSpace.Plain(hotspot)).Length;
            var start = EngineSpace.Plain(line.At(0)) - at;
            yield return start.Y < 0 ? start.Length : -1;
            // Each is drawn by a material that it was given, the text above its panel.
            yield return panel.transform.GetComponentsInChildren<Renderer>().Count(one => one.sharedMaterial != null);
            yield return text.GetComponent<MeshRenderer>().sortingOrder;
        }
    }

    // As often as the inspector can be made to say: still five a second at most, and none while one is written.
    void Rate()
    {
        _source.enabled = true;
        typeof(CameraFrameSource).GetField("perSecond", BindingFlags.Instance | BindingFlags.NonPublic)
            .SetValue(_source, 1000f);
        var (taken, began) = (_manager.Taken, FakeEngine.Now);
        EngineRun.Until("pictures", () => _manager.Taken - taken >= 6);
        var seconds = FakeEngine.Now - began;
        _twin.Consent = new Consent();
        taken = _manager.Taken;
        var sent = _sent;
        EngineRun.Frames(72);
        EngineRun.Print(
            ("seconds_for_six", seconds), ("taken_after", _manager.Taken - taken), ("sent_after", _sent - sent),
            ("logged", string.Join(" | ", FakeEngine.Logged)));
    }

    static float Dot(Vec3 a, Vec3 b) => a.X * b.X + a.Y * b.Y + a.Z * b.Z;
}
