namespace MlNetAlexNet.Faults;

/// <summary>How the reading of a mutant ended.</summary>
/// <param name="Index">Which mutant.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Growth">MiB that the process has grown by since the first ones.</param>
/// <param name="Text">One of the two below; else what went wrong.</param>
internal sealed record Outcome(int Index, int Milliseconds, int Growth, string Text)
{
    public const string Accepted = "accepted";
    public const string Refused = "refused";

    public bool IsFault => Text is not (Accepted or Refused);
}
