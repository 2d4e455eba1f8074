namespace MlNetAlexNet.Cli;

/// <summary>What is wrong with what was given, however deep within what was thrown.</summary>
internal static class UserFault
{
    /// <summary>The first fault of the user's in an exception, of loops over many threads as well; null for a defect.</summary>
    public static Exception? Find(Exception thrown) => thrown switch
    {
        AlexNetException or IOException or UnauthorizedAccessException => thrown,
        AggregateException many => many.InnerExceptions.Select(Find).FirstOrDefault(fault => fault is not null),
        { InnerException: { } inner } => Find(inner),
        _ => null,
    };
}
