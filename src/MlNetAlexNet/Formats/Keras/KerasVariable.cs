namespace MlNetAlexNet.Formats.Keras;

/// <summary>One variable of a Keras layer.</summary>
/// <param name="Place">Where the layer is.</param>
/// <param name="Name">
/// <c>kernel</c>, <c>bias</c>, <c>gamma</c>, <c>beta</c>, <c>moving_mean</c>, <c>moving_variance</c> and the like.
/// </param>
/// <param name="Index">Its place among the layer's variables.</param>
/// <param name="Dimensions">In Keras' order.</param>
/// <param name="Layout">Where each value goes.</param>
internal sealed record KerasVariable(
    KerasPlace Place, string Name, int Index, IReadOnlyList<int> Dimensions, KerasLayout Layout)
{
    private const int BlockValues = 4 << 20; // 16 MB

    /// <summary>Values in it.</summary>
    public long Elements => Dimensions.Aggregate(1L, (product, side) => product * side);

    /// <summary>
    /// The rows of its <see cref="Layout"/> in blocks that fit into memory beside all weights; a convolution's kernel
    /// is one block.
    /// </summary>
    public IEnumerable<(int FirstRow, int Rows)> Blocks
    {
        get
        {
            var rows = Dimensions.Count == 2 ? Math.Clamp(BlockValues / Layout.Third, 1, Layout.Rows) : Layout.Rows;
            for (var first = 0; first < Layout.Rows; first += rows)
                yield return (first, Math.Min(rows, Layout.Rows - first));
        }
    }

    /// <summary>The name shown to the user.</summary>
    public override string ToString() => $"{Place.Name}/{Name}";
}

/// <summary>The variables of a file.</summary>
internal interface IKerasVariables
{
    /// <summary>The variable's dimensions in the file; null if the file lacks it.</summary>
    IReadOnlyList<int>? Dimensions(KerasVariable variable);

    /// <summary>Fills a block as long as its rows; called only when the dimensions are as expected.</summary>
    void Read(KerasVariable variable, int firstRow, float[] block);
}
