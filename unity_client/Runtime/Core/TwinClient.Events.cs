using System;
using MuseumTwin.Protocol;

namespace MuseumTwin
{
    // What a client tells, and how it is told.
    public sealed partial class TwinClient
    {
        /// <summary>The state changed.</summary>
        public event Action<ClientState> StateChanged;

        /// <summary>The client is over and why, with words for a log. Told once for each start.</summary>
        public event Action<EndReason, string> Ended;

        /// <summary>An exhibit is to be perceived.</summary>
        public event Action<Exhibit> ExhibitEntered;

        /// <summary>Its level of detail, texts, files or place changed.</summary>
        public event Action<Exhibit> ExhibitChanged;

        /// <summary>It need not be perceived any more; its annotations leave with it.</summary>
        public event Action<Exhibit> ExhibitLeft;

        /// <summary>An annotation can be perceived.</summary>
        public event Action<Annotation> AnnotationAdded;

        /// <summary>Its texts or place changed.</summary>
        public event Action<Annotation> AnnotationChanged;

        /// <summary>It is gone while its exhibit stays.</summary>
        public event Action<Annotation> AnnotationRemoved;

        /// <summary>The visitor is in another gallery.</summary>
        public event Action<string> GalleryChanged;

        /// <summary>What a camera frame showed, or why it showed nothing.</summary>
        public event Action<Sightings> Seen;

        /// <summary>The answer to a question.</summary>
        public event Action<Answer> Answered;

        /// <summary>What lies under the visitor's gaze changed.</summary>
        public event Action<Focus> Focused;

        /// <summary>The server found something wrong.</summary>
        public event Action<Error> Faulted;

        /// <summary>A question (its number) got no answer in time.</summary>
        public event Action<uint> QuestionLapsed;

        /// <summary>A camera frame (its number) got no answer in time.</summary>
        public event Action<uint> FrameLapsed;

        // Tell what changed, until the budget is spent. A notice counts as told before its listener is called.
        private bool Tell(long start, long budget)
        {
            while (_told < _notices.Count)
            {
                if (_clock() - start > budget)
                {
                    return false;
                }
                Tell(_notices[_told++]);
            }
            _notices.Clear();
            _told = 0;
            return _clock() - start <= budget;
        }

        private void Tell(in Notice notice)
        {
            switch (notice.Kind)
            {
                case NoticeKind.ExhibitEntered:
                    ExhibitEntered?.Invoke(notice.Exhibit);
                    break;
                case NoticeKind.ExhibitChanged:
                    ExhibitChanged?.Invoke(notice.Exhibit);
                    break;
                case NoticeKind.ExhibitLeft:
                    ExhibitLeft?.Invoke(notice.Exhibit);
                    break;
                case NoticeKind.AnnotationAdded:
                    AnnotationAdded?.Invoke(notice.Annotation);
                    break;
                case NoticeKind.AnnotationChanged:
                    AnnotationChanged?.Invoke(notice.Annotation);
                    break;
                case NoticeKind.AnnotationRemoved:
                    AnnotationRemoved?.Invoke(notice.Annotation);
                    break;
                case NoticeKind.GalleryChanged:
                    GalleryChanged?.Invoke(World.Gallery);
                    break;
                case NoticeKind.Sightings:
                    Seen?.Invoke(notice.Sightings);
                    break;
                case NoticeKind.Answer:
                    Answered?.Invoke(notice.Answer);
                    break;
                case NoticeKind.Focus:
                    Focused?.Invoke(_session.Focus);
                    break;
                case NoticeKind.Error:
                    Faulted?.Invoke(notice.Error);
                    break;
                case NoticeKind.FrameLapsed:
                    FrameLapsed?.Invoke(notice.Number);
                    break;
                default:
                    QuestionLapsed?.Invoke(notice.Number);
                    break;
            }
        }
    }
}
