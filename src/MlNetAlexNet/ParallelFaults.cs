using System.Runtime.ExceptionServices;

namespace MlNetAlexNet;

/// <summary>
/// Work that is spread over threads fails as work of one does: with what one of them has thrown, the user's fault before any
/// other, and not with a list of all.
/// </summary>
internal static class ParallelFaults
{
    /// <summary>Does the work, and throws the first of its faults as it was.</summary>
    public static T Unwrap<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (AggregateException faults) when (Choose(faults) is { } fault)
        {
            ExceptionDispatchInfo.Throw(fault);
            throw;
        }
    }

    /// <inheritdoc cref="Unwrap{T}"/>
    public static void Unwrap(Action work) => Unwrap(() =>
    {
        work();
        return true;
    });

    private static Exception? Choose(AggregateException faults)
    {
        var all = faults.Flatten().InnerExceptions;
        return all.FirstOrDefault(fault => fault is AlexNetException) ?? all.FirstOrDefault();
    }
}
