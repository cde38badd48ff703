using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using MuseumTwin.Protocol;
using UnityEngine;

namespace MuseumTwin.Unity
{
    /// <summary>
    /// One exhibit in the scene: its model, and its annotations. Of the levels of detail that the server names from
    /// the scan's manifest it shows the coarsest whose stated error cannot be seen from where the visitor stands.
    /// Another level replaces the one that is shown when it is whole; until the first is there, a box stands for it.
    /// </summary>
    [AddComponentMenu("")]
    public sealed class ExhibitView : MonoBehaviour
    {
        /// <summary>
        /// Shader property from 0 (gone) to 1 (there) that models are faded by. A shader that has it should leave
        /// out pixels by a pattern; with others, models change places half-way through the fade.
        /// </summary>
        public const string FadeProperty = "_MuseumTwinFade";

        private const float FadeSeconds = 0.4f;
        private const float JudgeSeconds = 0.5f;
        // A visitor who sways before a limit must not make levels change back and forth.
        private const float Slack = 1.5f;
        private const float Nearest = 0.01f;
        private static readonly int Fade = Shader.PropertyToID(FadeProperty);

        private readonly Dictionary<Annotation, AnnotationView> _annotations = new Dictionary<Annotation, AnnotationView>();
        private MuseumTwinClient _owner;
        private Shown _shown;
        private Shown _leaving;
        private float _faded = 1;
        private string _wanted = "";
        private float _judged;
        private CancellationTokenSource _loading;
        private MaterialPropertyBlock _properties;

        /// <summary>The exhibit.</summary>
        public Exhibit Exhibit { get; private set; }

        /// <summary>Address of the model that is shown; empty for the box.</summary>
        public string Address => _shown == null ? "" : _shown.Address;

        /// <summary>Its annotations in the scene.</summary>
        public IReadOnlyDictionary<Annotation, AnnotationView> Annotations => _annotations;

        /// <summary>Another model is shown, its address.</summary>
        public event Action<string> ModelChanged;

        /// <summary>Its title, or its identifier where it has none.</summary>
        public string Title
        {
            get
            {
                var title = Exhibit.Text(TextKind.Title);
                return title.Length > 0 ? title : Exhibit.Artifact;
            }
        }

        internal void Bind(MuseumTwinClient owner, Exhibit exhibit)
        {
            _owner = owner;
            Exhibit = exhibit;
            _properties = new MaterialPropertyBlock();
            _shown = Box();
            Refresh();
            foreach (var note in exhibit.Annotations.Values)
            {
                Add(note);
            }
        }

        internal void Refresh()
        {
            transform.localPosition = EngineSpace.ToEngine(Exhibit.Position);
            transform.localRotation = EngineSpace.ToEngine(Exhibit.Orientation);
            Judge();
        }

        // A finer level at once, a coarser one only when the visitor is well beyond its limit.
        private void Judge()
        {
            _judged = 0;
            var metres = Math.Max(Nearest, _owner.DistanceTo(transform) - Exhibit.Bounds.Length);
            var address = AddressFrom(metres);
            if (address == _wanted || (_wanted.Length > 0 && AddressFrom(metres / Slack) == _wanted))
            {
                return;
            }
            if (address.Length == 0)
            {
                // Its model no longer fits into what the device can hold: the words stay.
                _loading?.Cancel();
                _wanted = "";
                Replace(Box());
            }
            else if (ModelLoaders.Current != null)
            {
                _wanted = address;
                Load(address);
            }
        }

        private string AddressFrom(float metres)
        {
            var geometry = Exhibit.Geometry(metres, (uint)Math.Max(0, _owner.TrianglesPerExhibit));
            return geometry.HasValue ? geometry.Value.Address : "";
        }

        private void Replace(Shown next)
        {
            LetGo(ref _leaving);
            _leaving = _shown;
            _shown = next;
            _faded = 0;
            ModelChanged?.Invoke(next.Address);
        }

        internal void Add(Annotation note)
        {
            if (_annotations.ContainsKey(note))
            {
                return;
            }
            var made = new GameObject(note.Name);
            made.transform.SetParent(transform, false);
            var view = made.AddComponent<AnnotationView>();
            _annotations.Add(note, view);
            view.Bind(note);
        }

        internal void Refresh(Annotation note)
        {
            if (_annotations.TryGetValue(note, out var view))
            {
                view.Refresh();
            }
        }

        internal void Remove(Annotation note)
        {
            if (_annotations.TryGetValue(note, out var view))
            {
                _annotations.Remove(note);
                Destroy(view.gameObject);
            }
        }

        private void Update()
        {
            _judged += Time.deltaTime;
            if (_judged >= JudgeSeconds)
            {
                Judge();
            }
            if (_faded >= 1)
            {
                return;
            }
            _faded = Mathf.Clamp01(_faded + Time.deltaTime / FadeSeconds);
            _shown.Show(_faded, _properties, Fade);
            _leaving?.Show(1 - _faded, _properties, Fade);
            if (_faded >= 1)
            {
                LetGo(ref _leaving);
            }
        }

        private void OnDestroy()
        {
            _loading?.Cancel();
            LetGo(ref _leaving);
            LetGo(ref _shown);
        }

        private async void Load(string address)
        {
            _loading?.Cancel();
            var loading = _loading = new CancellationTokenSource();
            var root = new GameObject(address);
            root.transform.SetParent(transform, false);
            root.SetActive(false);
            IModel model = null;
            try
            {
                model = await ModelLoaders.Current.LoadAsync(
                    _owner.Client.Options.Locate(address), root.transform, loading.Token);
            }
            catch (OperationCanceledException)
            {
                // A newer level of detail was named, or the exhibit left.
            }
            catch (Exception error)
            {
                // The exhibit stays with what it shows; the next change of detail tries again.
                Debug.LogException(error, this);
                _wanted = loading == _loading ? "" : _wanted;
            }
            if (model == null || loading.IsCancellationRequested)
            {
                model?.Dispose();
                Destroy(root);
                return;
            }
            root.SetActive(true);
            Replace(new Shown(address, root, model));
        }

        private Shown Box()
        {
            var box = GameObject.CreatePrimitive(PrimitiveType.Cube);
            Destroy(box.GetComponent<Collider>());
            var plain = _owner.BoxMaterial != null ? _owner.BoxMaterial : PlainMaterials.Box;
            if (plain != null)
            {
                box.GetComponent<MeshRenderer>().sharedMaterial = plain;
            }
            box.transform.SetParent(transform, false);
            box.transform.localPosition = EngineSpace.ToEngine(Exhibit.Center);
            box.transform.localScale = EngineSpace.Cast(Exhibit.Bounds * 2);
            return new Shown("", box, null);
        }

        // The model's own resources go after its objects; a mesh that is freed while it is drawn is a hole.
        private static void LetGo(ref Shown shown)
        {
            if (shown != null)
            {
                Destroy(shown.Root);
                shown.Model?.Dispose();
                shown = null;
            }
        }

        private sealed class Shown
        {
            internal readonly string Address;
            internal readonly GameObject Root;
            internal readonly IModel Model;
            private readonly Renderer[] _renderers;
            private readonly bool _canFade;

            internal Shown(string address, GameObject root, IModel model)
            {
                Address = address;
                Root = root;
                Model = model;
                _renderers = root.transform.GetComponentsInChildren<Renderer>();
                _canFade = _renderers.Length > 0;
                foreach (var one in _renderers)
                {
                    _canFade &= one.sharedMaterial != null && one.sharedMaterial.HasProperty(Fade);
                }
            }

            internal void Show(float share, MaterialPropertyBlock properties, int fade)
            {
                if (!_canFade)
                {
                    Root.SetActive(share >= 0.5f);
                    return;
                }
                foreach (var one in _renderers)
                {
                    one.GetPropertyBlock(properties);
                    properties.SetFloat(fade, share);
                    one.SetPropertyBlock(properties);
                }
            }
        }
    }
}
