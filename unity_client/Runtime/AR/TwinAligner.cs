using System;
using System.Collections.Generic;
using MuseumTwin.Protocol;
using UnityEngine;
using UnityEngine.Events;
using UnityEngine.XR.ARFoundation;

namespace MuseumTwin.Unity
{
    /// <summary>
    /// Lays the twin over the real museum: where a sighting tells how an artifact stands before the camera, or its
    /// corners, and the twin knows its place, the client's transform is turned and shifted so that both are one. Each
    /// further sighting corrects it a little. An anchor holds it where the device found it, for which the scene needs
    /// an ARAnchorManager.
    /// </summary>
    [AddComponentMenu("Museum Twin/Twin Aligner")]
    public sealed class TwinAligner : MonoBehaviour
    {
        private const float LeastScore = 0.8f;
        private const float MostJump = 1.5f;
        private const float MostPixels = 6f;
        // What is nearer than this is left: a new anchor for each trembling of a pose would be many.
        private const float LeastMetres = 0.005f;
        private const float LeastTurn = 0.002f;

        [Tooltip("Without one, the client of the scene.")]
        [SerializeField] private MuseumTwinClient client;
        [Tooltip("Without one, that of this object.")]
        [SerializeField] private CameraFrameSource frames;
        [Tooltip("Share of a correction that each further sighting makes.")]
        [Range(0.05f, 1f)]
        [SerializeField] private float correction = 0.3f;

        [Header("Events")]
        [SerializeField] private UnityEvent onAligned = new UnityEvent();

        private readonly Dictionary<uint, CameraPicture> _sent = new Dictionary<uint, CameraPicture>();
        private ARAnchor _anchor;
        private TwinClient _listened;

        /// <summary>Whether a sighting has aligned the spaces yet.</summary>
        public bool IsAligned { get; private set; }

        /// <summary>The alignment changed.</summary>
        public event Action<Alignment> Aligned;

        /// <summary>The client whose transform is moved.</summary>
        public MuseumTwinClient Client
        {
            get => client;
            set => client = value;
        }

        /// <summary>Whose frames are answered.</summary>
        public CameraFrameSource Frames
        {
            get => frames;
            set => frames = value;
        }

        private void OnEnable()
        {
            client = client != null ? client : MuseumTwinClient.First;
            frames = frames != null ? frames : GetComponent<CameraFrameSource>();
            if (client == null || frames == null)
            {
                enabled = false;
                throw new InvalidOperationException(
                    "Twin Aligner needs a Museum Twin Client and a Camera Frame Source; name them in the inspector");
            }
            frames.Sent += Remember;
            client.ClientMade += Listen;
            Listen(client.Client);
        }

        private void OnDisable()
        {
            if (client == null || frames == null)
            {
                return;
            }
            frames.Sent -= Remember;
            client.ClientMade -= Listen;
            Listen(null);
        }

        private void Listen(TwinClient twin)
        {
            if (_listened != null)
            {
                _listened.Seen -= Take;
                _listened.FrameLapsed -= Forget;
            }
            _sent.Clear();
            _listened = twin;
            if (twin != null)
            {
                twin.Seen += Take;
                twin.FrameLapsed += Forget;
            }
        }

        private void Remember(uint number, CameraPicture picture) => _sent[number] = picture;

        private void Forget(uint number) => _sent.Remove(number);

        private void Take(Sightings sightings)
        {
            if (!_sent.TryGetValue(sightings.Number, out var picture))
            {
                return;
            }
            _sent.Remove(sightings.Number);
            foreach (var one in sightings.Found)
            {
                if (one.Score >= LeastScore && picture.Intrinsics.HasValue && TryAlign(one, picture))
                {
                    return;
                }
            }
        }

        private bool TryAlign(in Sighting sighting, in CameraPicture picture)
        {
            if (!client.Client.World.Exhibits.TryGetValue(sighting.Artifact, out var exhibit)
                || !TryPlace(sighting, picture, exhibit, out var inCamera, out var turnInCamera, out var inMuseum))
            {
                return false;
            }
            // The device's space is the scene's, told right-handed.
            var camera = EngineSpace.ToMuseum(picture.Position);
            var cameraTurn = EngineSpace.ToMuseum(picture.Rotation);
            var found = Alignment.From(
                camera + cameraTurn * inCamera, cameraTurn * turnInCamera, inMuseum, exhibit.Orientation);
            Move(found, camera);
            return true;
        }

        // By the pose that the server found; else by the corners of the front, the +Z face of the box as glTF has it.
        private static bool TryPlace(
            in Sighting sighting, in CameraPicture picture, Exhibit exhibit,
            out Vec3 inCamera, out Quat turnInCamera, out Vec3 inMuseum)
        {
            if (sighting.Pose is SeenPose pose && pose.Error <= MostPixels)
            {
                inCamera = pose.Position;
                turnInCamera = pose.Orientation;
                inMuseum = exhibit.Position;
                return true;
            }
            var size = exhibit.Bounds * 2;
            var face = exhibit.Center + new Vec3(0, 0, exhibit.Bounds.Z);
            inMuseum = exhibit.Position + exhibit.Orientation * face;
            return PlanarPose.TrySolve(
                sighting.Corners, picture.Intrinsics.Value, size.X, size.Y, out inCamera, out turnInCamera);
        }

        private void Move(Alignment found, Vec3 viewer)
        {
            var museum = client.transform;
            // Read anew: the device moves the anchor, and with it the museum, when it understands the room better.
            var here = Alignment.From(
                EngineSpace.ToMuseum(museum.position), EngineSpace.ToMuseum(museum.rotation), default(Vec3), Quat.Identity);
            var away = (found.ToMuseum(viewer) - here.ToMuseum(viewer)).Length;
            if (IsAligned && away < LeastMetres && Math.Abs((found.ToDevice(here.ToMuseum(Quat.Identity))).Y) < LeastTurn)
            {
                return;
            }
            var next = IsAligned && away <= MostJump ? here.Towards(found, correction, viewer) : found;
            IsAligned = true;
            museum.SetPositionAndRotation(
                EngineSpace.ToEngine(next.ToDevice(default(Vec3))), EngineSpace.ToEngine(next.ToDevice(Quat.Identity)));
            Hold(museum);
            onAligned.Invoke();
            Aligned?.Invoke(next);
        }

        // An anchor is fixed where it is made: a corrected place needs another.
        private void Hold(Transform museum)
        {
            var former = _anchor;
            var made = new GameObject("Museum Twin anchor");
            made.transform.SetPositionAndRotation(museum.position, museum.rotation);
            _anchor = made.AddComponent<ARAnchor>();
            museum.SetParent(made.transform, true);
            if (former != null)
            {
                Destroy(former.gameObject);
            }
        }
    }
}
