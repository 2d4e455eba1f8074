namespace MlNetAlexNet.Images;

/// <summary>A part of a picture's file, as much of it as there is.</summary>
/// <param name="type">Four letters.</param>
/// <param name="content">What it holds.</param>
internal readonly ref struct PictureChunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
{
    /// <summary>Four letters.</summary>
    public ReadOnlySpan<byte> Type { get; } = type;

    /// <summary>What it holds.</summary>
    public ReadOnlySpan<byte> Content { get; } = content;

    /// <summary>Whether it is of that type.</summary>
    public bool Is(ReadOnlySpan<byte> type) => Type.SequenceEqual(type);
}
