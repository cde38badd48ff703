using MuseumTwin.Protocol;

namespace MuseumTwin
{
    internal enum NoticeKind
    {
        ExhibitEntered,
        ExhibitChanged,
        ExhibitLeft,
        AnnotationAdded,
        AnnotationChanged,
        AnnotationRemoved,
        GalleryChanged,
        Sightings,
        Answer,
        Focus,
        Error,
        FrameLapsed,
        QuestionLapsed,
    }

    // What the client's owner is still to be told: the world has it already. Kept as data, so that a listener
    // that throws loses nothing: the rest is told in the next frame.
    internal struct Notice
    {
        internal NoticeKind Kind;
        internal Exhibit Exhibit;
        internal Annotation Annotation;
        internal Sightings Sightings;
        internal Answer Answer;
        internal Error Error;
        internal uint Number;

        internal static Notice Of(NoticeKind kind, Exhibit exhibit) => new Notice { Kind = kind, Exhibit = exhibit };

        internal static Notice Of(NoticeKind kind, Annotation annotation) =>
            new Notice { Kind = kind, Exhibit = annotation.Exhibit, Annotation = annotation };
    }
}
