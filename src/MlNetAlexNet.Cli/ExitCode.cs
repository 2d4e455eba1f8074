namespace MlNetAlexNet.Cli;

/// <summary>What the process says to its caller.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>A defect of this program; where its trace is kept is printed.</summary>
    public const int Defect = 1;

    /// <summary>The user's input; what to do about it is printed.</summary>
    public const int Input = 2;

    /// <summary>Ctrl-C (128 + SIGINT).</summary>
    public const int Interrupted = 130;
}
