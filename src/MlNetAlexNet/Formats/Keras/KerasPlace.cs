namespace MlNetAlexNet.Formats.Keras;

/// <summary>Where a Keras model has a layer, by all the names that files go by.</summary>
/// <param name="Name">The layer's name, such as <c>conv2d_5</c>.</param>
/// <param name="Models">The names of the models inside the model that it lies in, outermost first.</param>
/// <param name="Group">
/// Where Keras 3 keeps it: <c>layers/conv2d_1</c>, in a model inside the model <c>layers/sequential/layers/conv2d_1</c>
/// (see <see cref="KerasSlots"/>).
/// </param>
internal sealed record KerasPlace(string Name, IReadOnlyList<string> Models, string Group)
{
    /// <summary>The layer of the outermost model that it is, or lies in.</summary>
    public string Top => Models.Count > 0 ? Models[0] : Name;

    /// <summary>The names of models and layer, with a '/' between.</summary>
    public string Path => string.Join('/', Models.Append(Name));
}
