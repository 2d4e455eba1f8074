namespace MlNetAlexNet;

/// <summary>
/// Handles progress at once, in order, on the thread that does the work; <see cref="Progress{T}"/> would post it to
/// another one.
/// </summary>
/// <typeparam name="T">What is reported.</typeparam>
/// <param name="handle">Called for each report; the work waits for it.</param>
public sealed class ProgressHandler<T>(Action<T> handle) : IProgress<T>
{
    /// <inheritdoc/>
    public void Report(T value) => handle(value);
}
