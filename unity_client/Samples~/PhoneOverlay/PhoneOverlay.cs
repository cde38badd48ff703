using MuseumTwin.Protocol;
using MuseumTwin.Unity;
using UnityEngine;

namespace MuseumTwin.Samples
{
    /// <summary>
    /// A phone held before the real thing: it asks for consent, sends camera frames, and when the server recognizes
    /// an artifact, lays the twin over it. Needs an AR session with an ARCameraManager, and on the camera
    /// ArCameraPictures and CameraFrameSource; TwinAligner moves the museum, for which the XR Origin has an
    /// ARAnchorManager.
    /// </summary>
    public sealed class PhoneOverlay : MonoBehaviour
    {
        [SerializeField] private MuseumTwinClient museum;
        [SerializeField] private TwinAligner aligner;

        private TwinClient _listened;
        private string _seen = "";

        /// <summary>Wire it to the "I agree" of your consent screen; nothing is sent before.</summary>
        public void AgreeToCamera()
        {
            var consent = museum.Consent;
            consent.Camera = true;
            museum.Consent = consent;
            // Consent is part of the hello: connect anew. Until then nothing is sent.
            museum.Connect();
        }

        private void OnEnable()
        {
            museum.ClientMade += Listen;
            aligner.Aligned += Tell;
            // It may have connected before this was enabled.
            Listen(museum.Client);
        }

        private void OnDisable()
        {
            museum.ClientMade -= Listen;
            aligner.Aligned -= Tell;
            Listen(null);
        }

        private void Listen(TwinClient client)
        {
            if (_listened != null)
            {
                _listened.Seen -= Tell;
            }
            _listened = client;
            if (client != null)
            {
                client.Seen += Tell;
            }
        }

        private void Tell(Sightings sightings)
        {
            if (sightings.Found.Length > 0 && sightings.Found[0].Artifact != _seen)
            {
                _seen = sightings.Found[0].Artifact;
                Debug.Log("Recognized " + _seen + " (" + sightings.Found[0].Score + ")", this);
            }
        }

        private void Tell(Alignment alignment) => Debug.Log("The twin lies over the museum now", this);
    }
}
