using MuseumTwin.Protocol;
using MuseumTwin.Unity;
using UnityEngine;

namespace MuseumTwin.Samples
{
    /// <summary>
    /// The shortest visit: put this on an empty object in an empty scene with a camera, press play, hold the right
    /// mouse button, look and walk. On a headset the XR camera does both.
    /// </summary>
    public sealed class GalleryVisit : MonoBehaviour
    {
        [SerializeField] private string address = "localhost:8080";
        [Tooltip("What Ask asks of what the visitor looks at.")]
        [SerializeField] private string question = "Who made it?";

        private MuseumTwinClient _museum;

        /// <summary>Ask about what lies under the gaze; wire a button to it.</summary>
        public void Ask()
        {
            var client = _museum.Client;
            if (client == null || !client.TryAsk(question, "", client.Focus.Artifact, out _))
            {
                Debug.LogWarning("not asked: not connected, or four questions are open", this);
            }
        }

        private void Awake()
        {
            // Made inactive, so that the address is there before it connects.
            var museum = new GameObject("Museum");
            museum.SetActive(false);
            _museum = museum.AddComponent<MuseumTwinClient>();
            _museum.Address = address;
            _museum.ClientMade += Listen;
            museum.SetActive(true);
        }

        private void Listen(TwinClient client)
        {
            client.Focused += focus => Debug.Log("You look at " + focus.Artifact + " " + focus.Annotation, this);
            client.Answered += Tell;
            client.Faulted += fault => Debug.LogWarning(fault.Kind + ": " + fault.Detail, this);
            client.Ended += (reason, words) => Debug.Log("The visit is over (" + reason + "): " + words, this);
        }

        private void Tell(Answer answer)
        {
            foreach (var one in answer.Statements)
            {
                Debug.Log(one.Content + " (" + one.Source + ")", this);
            }
            if (answer.Statements.Length == 0)
            {
                Debug.Log("The museum does not know.", this);
            }
        }
    }
}
