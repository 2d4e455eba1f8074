using Microsoft.Extensions.Logging;

namespace MlNetAlexNet.Training;

/// <summary>How a training is observed and ended; nothing that is learnt depends on it. Immutable.</summary>
public sealed record TrainingObservation
{
    /// <summary>Receives what happens, as it does, on the thread that does the work. Default null.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>Ends the training after the step under way; the best weights so far are kept. Default: never.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Measures seconds and images/s. Default <see cref="TimeProvider.System"/>.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// Receives start and epochs as lines, as ML.NET's own log (<c>MLContext.Log</c>) does. Default null.
    /// </summary>
    public ILogger? Log { get; init; }

    /// <summary>
    /// Threads that read and cut the pictures of the next batches, at least 1; any number of them gives the same
    /// weights. Default 2.
    /// </summary>
    public int LoadingThreads { get; init; } = 2;

    /// <summary>
    /// A LibTorch on this machine to train with in place of the one beside the app: the folder that has
    /// <c>lib/libtorch_cpu.so</c>, such as <c>torch</c> in the site-packages of a Python that has PyTorch. Every training of
    /// a process uses the one that the first has loaded. Linux alone. Default: the variable <c>LIBTORCH</c> of the
    /// environment; null or empty for the one beside the app.
    /// </summary>
    public string? LibTorch { get; init; } = Environment.GetEnvironmentVariable("LIBTORCH");

    /// <summary>Is told each step of writing a checkpoint before it is made; tests end the process there.</summary>
    internal Action<string>? BeforeFileStep { get; init; }

    /// <summary>
    /// The time from one checkpoint to the next is at least so many times what the first took; tests have more of them. Default 50:
    /// they take a fiftieth of the time at most.
    /// </summary>
    internal int CheckpointShare { get; init; } = 50;

    /// <summary>A number out of range.</summary>
    internal IEnumerable<string> ListFaults() =>
        LoadingThreads < 1 ? [$"LoadingThreads is {LoadingThreads}; it must be at least 1."] : [];
}
