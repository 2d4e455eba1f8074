namespace MlNetAlexNet.Formats.PyTorch;

/// <summary>One of the two containers that <c>torch.save</c> has written.</summary>
internal interface ITorchFile : IDisposable
{
    /// <summary>What was saved, without the numbers.</summary>
    object? Root { get; }

    /// <summary>The numbers of a storage, widened to 32 bits.</summary>
    float[] Load(TorchStorage storage);
}
