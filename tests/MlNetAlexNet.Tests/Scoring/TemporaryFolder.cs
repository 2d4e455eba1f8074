namespace MlNetAlexNet.Tests.Scoring;

/// <summary>An empty folder that goes with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("mlnetalexnet-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
