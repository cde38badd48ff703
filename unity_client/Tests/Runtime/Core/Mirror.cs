using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;

namespace MuseumTwin.Tests
{
    /// <summary>What a scene would show: built from what is told alone. Anything told twice or not at all shows here.</summary>
    internal sealed class Mirror
    {
        private readonly Dictionary<string, Exhibit> _exhibits = new Dictionary<string, Exhibit>();
        private readonly HashSet<Annotation> _annotations = new HashSet<Annotation>();

        internal Mirror(TwinClient client)
        {
            client.ExhibitEntered += one => _exhibits.Add(one.Artifact, one);
            client.ExhibitChanged += one => Assert.AreSame(one, _exhibits[one.Artifact]);
            client.ExhibitLeft += one =>
            {
                Assert.IsTrue(_exhibits.Remove(one.Artifact), one.Artifact + " left before it entered");
                _annotations.RemoveWhere(note => note.Exhibit == one);
            };
            client.AnnotationAdded += one => Assert.IsTrue(_annotations.Add(one), one.Name + " was added twice");
            client.AnnotationChanged += one => Assert.IsTrue(_annotations.Contains(one), one.Name + " is not here");
            client.AnnotationRemoved += one => Assert.IsTrue(_annotations.Remove(one), one.Name + " is not here");
        }

        internal IReadOnlyDictionary<string, Exhibit> Exhibits
        {
            get
            {
                Assert.AreEqual(
                    _exhibits.Values.SelectMany(one => one.Annotations.Values).Count(), _annotations.Count);
                return _exhibits;
            }
        }
    }
}
