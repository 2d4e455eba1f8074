using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Data;

/// <summary>Pictures and their classes in buffers that are used again and again.</summary>
internal abstract class Batch : IDisposable
{
    /// <summary>The pictures in it, by their rows in the set, at most as many as it has room for.</summary>
    public IReadOnlyList<int> Rows { get; set; } = [];

    /// <summary>Pictures in it; those behind them in the buffers are of a batch before.</summary>
    public int Count => Rows.Count;

    /// <summary>Whether <see cref="Pixels"/> are those of the pictures; false where they were not asked for.</summary>
    public bool HasPixels { get; set; }

    /// <summary>Side of the squares that are learnt, in pixels; at most as many as it has room for.</summary>
    public int Side { get; set; }

    /// <summary>
    /// The squares that are learnt, where they are learnt: N x side x side x RGB bytes. Valid until the batch is filled
    /// again.
    /// </summary>
    public abstract Tensor Pixels { get; }

    /// <summary>
    /// Where the squares lie in their pictures, where they are learnt: N x 3 whole numbers, top, left, 1 if mirrored; of no
    /// meaning where pixels are computed. Valid until the batch is filled again.
    /// </summary>
    public abstract Tensor Places { get; }

    /// <summary>What is added to the values of each picture, 0 to 255: N x channels, one after the other; empty for nothing.</summary>
    public float[] Shifts { get; set; } = [];

    /// <summary>The classes, where they are learnt: N. Valid until the batch is filled again.</summary>
    public abstract Tensor Labels { get; }

    /// <summary>What is kept here of picture number <paramref name="index"/> of the batch: rows of RGB bytes.</summary>
    public abstract Span<byte> Picture(int index);

    /// <summary>Reads a picture as number <paramref name="index"/> of the batch. Safe for many threads.</summary>
    /// <param name="index">Within the batch, from 0.</param>
    /// <param name="pictures">The pictures.</param>
    /// <param name="row">Which of them.</param>
    /// <param name="view">What is learnt of it.</param>
    public abstract void Load(int index, PixelFile pictures, int row, View view);

    /// <summary>Sets the class, from 0, of picture number <paramref name="index"/> of the batch.</summary>
    public abstract void SetLabel(int index, int label);

    public abstract void Dispose();
}
