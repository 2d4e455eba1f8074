namespace MlNetAlexNet.Cli.Progress;

/// <summary>For whom it is told how it goes.</summary>
internal enum LogFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>For programs: an object a line.</summary>
    Json,
}
