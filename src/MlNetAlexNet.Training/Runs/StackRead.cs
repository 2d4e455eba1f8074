namespace MlNetAlexNet.Training.Runs;

/// <summary>The stack that is trained from random weights was read.</summary>
/// <param name="Path">The file.</param>
/// <param name="Assumed">What was made of its end, such as a softmax after logits, in words.</param>
public sealed record StackRead(string Path, IReadOnlyList<string> Assumed) : TrainingProgress
{
    /// <summary>What the file says of its training and is not done here, such as a constraint, in words. Default: nothing.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];
}
