// Types of glTFast without a member, shared by its signatures and its fake; see stubs/README.md.
namespace GLTFast
{
    public class ImportSettings
    {
    }
}

namespace GLTFast.Loading
{
    public interface IDownloadProvider
    {
    }
}

namespace GLTFast.Materials
{
    public interface IMaterialGenerator
    {
    }
}

namespace GLTFast.Logging
{
    public interface ICodeLogger
    {
    }
}
