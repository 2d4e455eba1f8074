namespace MlNetAlexNet.Training;

/// <summary>The Torch that a training has run on.</summary>
/// <param name="TorchSharp">Its version.</param>
/// <param name="LibTorch">That of the library it calls.</param>
/// <param name="Threads">With how many it computes on the processor.</param>
internal sealed record TorchBuild(string TorchSharp, string LibTorch, int Threads);
