using System.Collections.Generic;
using MuseumTwin.Protocol;

namespace MuseumTwin
{
    /// <summary>What the visitor should perceive: a snapshot, and every change since, applied in order.</summary>
    public sealed class TwinWorld
    {
        private readonly Dictionary<string, Exhibit> _exhibits = new Dictionary<string, Exhibit>();
        private readonly List<Exhibit> _leaving = new List<Exhibit>();
        private int _generation;

        /// <summary>Exhibits by their artifact's identifier.</summary>
        public IReadOnlyDictionary<string, Exhibit> Exhibits => _exhibits;

        /// <summary>Where the visitor is.</summary>
        public string Gallery { get; private set; } = "";

        /// <summary>Version of the placement of exhibits.</summary>
        public string Placement { get; private set; } = "";

        /// <summary>Server time (ns) at which all this was true.</summary>
        public long Time { get; private set; }

        /// <summary>Number of the newest pose that the server took into account.</summary>
        public ushort Pose { get; private set; }

        /// <summary>Changes that named an exhibit or annotation that is not here. 0 with a faultless server.</summary>
        public long StrayChanges { get; private set; }

        internal void Apply(in Snapshot told, List<Notice> notices)
        {
            _generation++;
            Time = told.Time;
            Placement = told.Placement;
            Walk(told.Gallery, notices);
            foreach (var change in told.Changes)
            {
                Apply(change, notices);
            }
            RemoveOlder(notices);
        }

        internal void Apply(in Delta told, List<Notice> notices)
        {
            Time = told.Time;
            Pose = told.Pose;
            foreach (var change in told.Changes)
            {
                Apply(change, notices);
            }
        }

        // A snapshot replaces everything: exhibits that stay keep their object, and so their model in the scene.
        private void RemoveOlder(List<Notice> notices)
        {
            _leaving.Clear();
            foreach (var exhibit in _exhibits.Values)
            {
                if (exhibit.Generation != _generation)
                {
                    _leaving.Add(exhibit);
                }
                else
                {
                    exhibit.RemoveAnnotationsBefore(_generation, notices);
                }
            }
            foreach (var exhibit in _leaving)
            {
                _exhibits.Remove(exhibit.Artifact);
                notices.Add(Notice.Of(NoticeKind.ExhibitLeft, exhibit));
            }
            _leaving.Clear();
        }

        private void Apply(Change change, List<Notice> notices)
        {
            switch (change)
            {
                case ArtifactEnter enter:
                    Enter(enter, notices);
                    break;
                case ArtifactLeave leave:
                    Leave(leave, notices);
                    break;
                case ArtifactDetail detail when Find(detail.Artifact) is Exhibit exhibit:
                    exhibit.Take(detail);
                    notices.Add(Notice.Of(NoticeKind.ExhibitChanged, exhibit));
                    break;
                case AnnotationAdd add when Find(add.Artifact) is Exhibit exhibit:
                    Annotate(exhibit, add, notices);
                    break;
                case AnnotationChange other when Find(other.Artifact)?.Find(other.Annotation) is Annotation annotation:
                    annotation.Take(other);
                    notices.Add(Notice.Of(NoticeKind.AnnotationChanged, annotation));
                    break;
                case AnnotationRemove gone when Find(gone.Artifact)?.Find(gone.Annotation) is Annotation annotation:
                    annotation.Exhibit.Remove(gone.Annotation);
                    notices.Add(Notice.Of(NoticeKind.AnnotationRemoved, annotation));
                    break;
                case GalleryEnter entered:
                    Walk(entered.Gallery, notices);
                    break;
                default:
                    StrayChanges++;
                    break;
            }
        }

        private void Walk(string gallery, List<Notice> notices)
        {
            if (gallery != Gallery)
            {
                Gallery = gallery;
                notices.Add(new Notice { Kind = NoticeKind.GalleryChanged });
            }
        }

        private void Enter(ArtifactEnter told, List<Notice> notices)
        {
            var exhibit = Find(told.Artifact);
            var kind = NoticeKind.ExhibitChanged;
            if (exhibit == null)
            {
                exhibit = new Exhibit(told.Artifact);
                _exhibits.Add(told.Artifact, exhibit);
                kind = NoticeKind.ExhibitEntered;
            }
            else if (exhibit.Generation == _generation)
            {
                exhibit.RemoveAnnotationsBefore(-1, notices);
            }
            exhibit.Generation = _generation;
            exhibit.Take(told);
            notices.Add(Notice.Of(kind, exhibit));
        }

        private void Leave(ArtifactLeave told, List<Notice> notices)
        {
            var exhibit = Find(told.Artifact);
            if (exhibit == null)
            {
                StrayChanges++;
                return;
            }
            _exhibits.Remove(told.Artifact);
            notices.Add(Notice.Of(NoticeKind.ExhibitLeft, exhibit));
        }

        private void Annotate(Exhibit exhibit, AnnotationAdd told, List<Notice> notices)
        {
            var annotation = exhibit.Find(told.Annotation);
            var kind = annotation == null ? NoticeKind.AnnotationAdded : NoticeKind.AnnotationChanged;
            annotation = annotation ?? exhibit.Add(told.Annotation);
            annotation.Generation = _generation;
            annotation.Take(told);
            notices.Add(Notice.Of(kind, annotation));
        }

        private Exhibit Find(string artifact) => _exhibits.TryGetValue(artifact, out var found) ? found : null;
    }
}
