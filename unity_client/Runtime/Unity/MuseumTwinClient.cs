using System;
using System.Collections.Generic;
using MuseumTwin.Protocol;
using UnityEngine;
using UnityEngine.Events;

namespace MuseumTwin.Unity
{
    /// <summary>
    /// Puts the museum twin into a scene: connects, and keeps an <see cref="ExhibitView"/> for each exhibit as a
    /// child. This transform is the museum's origin. Add it to an empty object, type the address, press play.
    /// </summary>
    [AddComponentMenu("Museum Twin/Museum Twin Client")]
    [DisallowMultipleComponent]
    [DefaultExecutionOrder(-50)]
    public sealed class MuseumTwinClient : MonoBehaviour
    {
        private static readonly List<MuseumTwinClient> AllClients = new List<MuseumTwinClient>();

        [Header("Server")]
        [Tooltip("Host, host:port, ws://… or wss://…; as the server prints it.")]
        [SerializeField] private string address = "localhost:8080";
        [Tooltip("Gallery in which the visit starts; empty: the server chooses.")]
        [SerializeField] private string gallery = "";
        [Tooltip("Connect when this component is enabled.")]
        [SerializeField] private bool connectOnEnable = true;

        [Header("Visitor")]
        [SerializeField] private ClientKind kind = ClientKind.Headset;
        [Tooltip("Wished languages as BCP 47 tags, the dearest first; empty: the device's language, then English.")]
        [SerializeField] private string[] languages = Array.Empty<string>();
        [Tooltip("The visitor agreed that camera frames are looked at. Ask before you switch it on.")]
        [SerializeField] private bool cameraConsent;
        [Tooltip("The visitor agreed that where they look opens annotations.")]
        [SerializeField] private bool gazeConsent;
        [Tooltip("The visitor agreed to be counted in statistics.")]
        [SerializeField] private bool statisticsConsent;

        [Header("Scene")]
        [Tooltip("Where the visitor's head and hands come from; without one, the main camera is the head.")]
        [SerializeField] private PoseSource poseSource;
        [Tooltip("Show exhibits and annotations. Off: listen to the events and show them yourself.")]
        [SerializeField] private bool showExhibits = true;
        [Tooltip("Milliseconds of a frame that messages may take.")]
        [Range(0.1f, 5f)]
        [SerializeField] private float frameBudget = 1f;
        [Tooltip("Most triangles of one exhibit. Of the levels that the server names, the coarsest that looks like the scan is shown.")]
        [SerializeField] private int trianglesPerExhibit = 100_000;

        [Tooltip("Of the box that stands for an exhibit without its model; empty: plain, half transparent gray.")]
        [SerializeField] private Material boxMaterial;

        [Header("Events")]
        [SerializeField] private UnityEvent onConnected = new UnityEvent();
        [SerializeField] private UnityEvent onConnectionLost = new UnityEvent();
        [Tooltip("What the client is doing now.")]
        [SerializeField] private StringEvent onStateChanged = new StringEvent();
        [SerializeField] private StringEvent onEnded = new StringEvent();
        [SerializeField] private StringEvent onGalleryChanged = new StringEvent();
        [Tooltip("The identifier of the artifact that a camera frame shows.")]
        [SerializeField] private StringEvent onArtifactSeen = new StringEvent();
        [SerializeField] private StringEvent onExhibitEntered = new StringEvent();
        [SerializeField] private StringEvent onExhibitChanged = new StringEvent();
        [SerializeField] private StringEvent onExhibitLeft = new StringEvent();
        [Tooltip("The title of the annotation.")]
        [SerializeField] private StringEvent onAnnotationOpened = new StringEvent();
        [SerializeField] private StringEvent onAnnotationChanged = new StringEvent();
        [SerializeField] private StringEvent onAnnotationClosed = new StringEvent();
        [Tooltip("The artifact under the gaze; empty when there is none.")]
        [SerializeField] private StringEvent onFocused = new StringEvent();
        [Tooltip("The first sentence of the answer; empty where the museum does not know.")]
        [SerializeField] private StringEvent onAnswered = new StringEvent();
        [Tooltip("A question got no answer in time.")]
        [SerializeField] private UnityEvent onQuestionLapsed = new UnityEvent();
        [Tooltip("A camera frame got no answer in time.")]
        [SerializeField] private UnityEvent onFrameLapsed = new UnityEvent();
        [SerializeField] private StringEvent onFaulted = new StringEvent();

        private readonly Dictionary<Exhibit, ExhibitView> _views = new Dictionary<Exhibit, ExhibitView>();
        private TwinClient _client;
        private bool _isPaused;

        /// <summary>All that are enabled.</summary>
        public static IReadOnlyList<MuseumTwinClient> All => AllClients;

        /// <summary>The one that has been enabled longest; null where there is none.</summary>
        public static MuseumTwinClient First => AllClients.Count > 0 ? AllClients[0] : null;

        /// <summary>The connection, from <see cref="Connect"/> on; its events tell everything. Null before.</summary>
        public TwinClient Client => _client;

        /// <summary>A new <see cref="Client"/> was made and is about to start: the time to listen to its events.</summary>
        public event Action<TwinClient> ClientMade;

        /// <summary>A view of an exhibit was added to the scene.</summary>
        public event Action<ExhibitView> ViewMade;

        /// <summary>The server as a person types it. Takes effect with the next <see cref="Connect"/>.</summary>
        public string Address
        {
            get => address;
            set => address = value;
        }

        /// <summary>What the visitor agreed to. Taken back it counts at once, given with the next connection.</summary>
        public Consent Consent
        {
            get => new Consent { Camera = cameraConsent, Gaze = gazeConsent, Statistics = statisticsConsent };
            set
            {
                cameraConsent = value.Camera;
                gazeConsent = value.Gaze;
                statisticsConsent = value.Statistics;
                if (_client != null)
                {
                    _client.Options.Consent = value;
                }
            }
        }

        /// <summary>Most triangles of one exhibit.</summary>
        public int TrianglesPerExhibit => trianglesPerExhibit;

        /// <summary>Of the box that stands for an exhibit without its model; null: a plain one.</summary>
        public Material BoxMaterial
        {
            get => boxMaterial;
            set => boxMaterial = value;
        }

        /// <summary>Views in the scene by exhibit.</summary>
        public IReadOnlyDictionary<Exhibit, ExhibitView> Views => _views;

        /// <summary>Connect, anew where connected already.</summary>
        /// <exception cref="FormatException">The address is none.</exception>
        public void Connect()
        {
            Disconnect();
            _client = new TwinClient(Options());
            Listen(_client);
            ClientMade?.Invoke(_client);
            _client.Start();
        }

        /// <summary>Leave the museum: the session is over, the scene empty.</summary>
        public void Disconnect()
        {
            if (_client == null)
            {
                return;
            }
            _client.Leave();
            _client.Dispose();
            _client = null;
            foreach (var view in _views.Values)
            {
                Destroy(view.gameObject);
            }
            _views.Clear();
        }

        // With "Enter Play Mode Options" statics outlive a play session.
        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        private static void ForgetAll() => AllClients.Clear();

        private void OnEnable()
        {
            AllClients.Add(this);
            if (poseSource == null)
            {
                poseSource = GetComponent<PoseSource>();
            }
            if (poseSource == null)
            {
                poseSource = gameObject.AddComponent<PoseSource>();
            }
            if (connectOnEnable)
            {
                try
                {
                    Connect();
                }
                catch (FormatException error)
                {
                    Debug.LogException(error, this);
                }
            }
        }

        private void OnDisable()
        {
            AllClients.Remove(this);
            Disconnect();
        }

        private void Update()
        {
            if (_client == null || _isPaused)
            {
                return;
            }
            if (poseSource.TryRead(transform, out var pose))
            {
                _client.SendPose(pose);
            }
            // A listener's exception is Unity's to log; the client tells the rest in the next frame.
            _client.Pump((long)(frameBudget * 1e6f));
        }

        // A headset that is taken off, a phone whose app goes to the background.
        private void OnApplicationPause(bool isPaused)
        {
            _isPaused = isPaused;
            if (isPaused)
            {
                _client?.Pause();
            }
            else
            {
                _client?.Resume();
            }
        }

        // From the visitor's head, in metres; 0 where there is none.
        internal float DistanceTo(Transform place)
        {
            var head = poseSource == null ? null : poseSource.Head;
            return head == null ? 0 : (EngineSpace.Plain(head.position) - EngineSpace.Plain(place.position)).Length;
        }

        private TwinOptions Options() => new TwinOptions
        {
            Address = TwinOptions.AddressOf(address),
            Kind = kind,
            Gallery = gallery,
            Languages = languages.Length > 0 ? languages : DeviceLanguages.Wished(),
            Consent = Consent,
            Capabilities = ModelLoaders.Capabilities,
            Software = "museum-twin-unity " + Package.Version + " in " + Application.version,
        };

        private void Listen(TwinClient client)
        {
            client.StateChanged += Tell;
            client.Ended += (reason, words) => onEnded.Invoke(reason + ": " + words);
            client.GalleryChanged += onGalleryChanged.Invoke;
            client.Seen += Tell;
            client.ExhibitEntered += exhibit => onExhibitEntered.Invoke(exhibit.Artifact);
            client.ExhibitChanged += exhibit => onExhibitChanged.Invoke(exhibit.Artifact);
            client.ExhibitLeft += exhibit => onExhibitLeft.Invoke(exhibit.Artifact);
            client.AnnotationAdded += note => onAnnotationOpened.Invoke(note.Text(TextKind.Title));
            client.AnnotationChanged += note => onAnnotationChanged.Invoke(note.Text(TextKind.Title));
            client.AnnotationRemoved += note => onAnnotationClosed.Invoke(note.Text(TextKind.Title));
            client.Focused += focus => onFocused.Invoke(focus.Artifact);
            client.Answered += told => onAnswered.Invoke(told.Statements.Length > 0 ? told.Statements[0].Content : "");
            client.QuestionLapsed += _ => onQuestionLapsed.Invoke();
            client.FrameLapsed += _ => onFrameLapsed.Invoke();
            client.Faulted += fault => onFaulted.Invoke(fault.Detail);
            if (!showExhibits)
            {
                return;
            }
            client.ExhibitEntered += Show;
            client.ExhibitChanged += exhibit => Find(exhibit)?.Refresh();
            client.ExhibitLeft += Hide;
            client.AnnotationAdded += note => Find(note.Exhibit)?.Add(note);
            client.AnnotationChanged += note => Find(note.Exhibit)?.Refresh(note);
            client.AnnotationRemoved += note => Find(note.Exhibit)?.Remove(note);
        }

        private void Tell(ClientState state)
        {
            onStateChanged.Invoke(state.ToString());
            if (state == ClientState.Live)
            {
                onConnected.Invoke();
            }
            else if (state == ClientState.Waiting)
            {
                onConnectionLost.Invoke();
            }
        }

        private void Tell(Sightings sightings)
        {
            if (sightings.Found.Length > 0)
            {
                onArtifactSeen.Invoke(sightings.Found[0].Artifact);
            }
        }

        private ExhibitView Find(Exhibit exhibit) => _views.TryGetValue(exhibit, out var view) ? view : null;

        private void Show(Exhibit exhibit)
        {
            var made = new GameObject(exhibit.Artifact);
            made.transform.SetParent(transform, false);
            var view = made.AddComponent<ExhibitView>();
            _views.Add(exhibit, view);
            view.Bind(this, exhibit);
            ViewMade?.Invoke(view);
        }

        private void Hide(Exhibit exhibit)
        {
            var view = Find(exhibit);
            if (view != null)
            {
                _views.Remove(exhibit);
                Destroy(view.gameObject);
            }
        }

        /// <summary>An event with a text, for the inspector.</summary>
        [Serializable]
        public sealed class StringEvent : UnityEvent<string>
        {
        }
    }
}
