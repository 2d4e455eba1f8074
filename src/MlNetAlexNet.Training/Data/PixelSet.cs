namespace MlNetAlexNet.Training.Data;

/// <summary>Decoded pictures with their class. A picture goes by its row, from 0, the same in both.</summary>
/// <param name="Pictures">The pictures.</param>
/// <param name="Labels">The class of each picture, from 0.</param>
internal sealed record PixelSet(PixelFile Pictures, IReadOnlyList<int> Labels) : IDisposable
{
    public void Dispose() => Pictures.Dispose();
}
