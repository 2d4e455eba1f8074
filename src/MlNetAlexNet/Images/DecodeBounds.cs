namespace MlNetAlexNet.Images;

/// <summary>What ends or refuses a decoding.</summary>
/// <param name="MaximumPixels">As <see cref="PixelLimit"/>.</param>
/// <param name="Cancel">Ends the wait for memory; a decoding under way cannot be ended.</param>
internal readonly record struct DecodeBounds(long MaximumPixels, CancellationToken Cancel = default)
{
    /// <summary>Those of who says nothing.</summary>
    public static DecodeBounds Default => new(PixelLimit.Default);
}
