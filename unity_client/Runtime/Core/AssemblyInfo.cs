using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("MuseumTwin.Core.Tests")]
