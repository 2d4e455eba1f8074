namespace MlNetAlexNet.Inspection;

/// <summary>What is kept of each picture to find copies: 96 bytes.</summary>
/// <param name="Files">Hash of the file.</param>
/// <param name="Pixels">Hash of the decoded square; 0 of a picture that cannot be decoded.</param>
/// <param name="Looks">What it looks like.</param>
internal sealed record PicturePrints(ulong[] Files, ulong[] Pixels, PictureLook[] Looks)
{
    public PicturePrints(int count) : this(new ulong[count], new ulong[count], new PictureLook[count])
    {
    }

    /// <summary>Of pictures whose files are not known: each counts as one of its own.</summary>
    public static PicturePrints OfSquares(IReadOnlyList<ulong> pixels, PictureLook[] looks) =>
        new([.. Enumerable.Range(0, pixels.Count).Select(row => (ulong)row)], [.. pixels], looks);

    public int Count => Pixels.Length;

    public bool IsDecoded(int row) => Pixels[row] != 0;
}
