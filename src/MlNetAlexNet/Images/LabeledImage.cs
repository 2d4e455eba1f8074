namespace MlNetAlexNet.Images;

/// <summary>A picture on disk and its class: a row for <c>ml.Data.LoadFromEnumerable</c>.</summary>
public sealed record LabeledImage
{
    /// <summary>Full path of the picture: column <c>ImagePath</c>, text.</summary>
    public string ImagePath { get; init; } = "";

    /// <summary>Name of the class folder: column <c>Label</c>, text.</summary>
    public string Label { get; init; } = "";
}
