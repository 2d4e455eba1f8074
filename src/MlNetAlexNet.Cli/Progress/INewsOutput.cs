namespace MlNetAlexNet.Cli.Progress;

/// <summary>What news is said on, from the first to the last; on any thread, one after the other.</summary>
internal interface INewsOutput : IProgress<News>, IDisposable;
