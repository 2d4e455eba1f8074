namespace MlNetAlexNet.Formats;

/// <summary>What a file says of how its network is trained.</summary>
/// <param name="KernelDecays">Weight decay of the kernels of layers by name, coupled as SGD's is.</param>
/// <param name="Ignored">What is not done here, in words.</param>
internal sealed record TrainingSettings(IReadOnlyDictionary<string, double> KernelDecays, IReadOnlyList<string> Ignored)
{
    public static TrainingSettings None { get; } = new(new Dictionary<string, double>(), []);
}
