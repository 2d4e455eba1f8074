namespace MlNetAlexNet.Formats.Keras;

/// <summary>The rows of Keras' three kinds of file.</summary>
internal static class KerasFormat
{
    /// <summary>Keras 3's own.</summary>
    public static ModelFormat Archive { get; } = new(
        "Keras 3 archive",
        [".keras"],
        recognizes: look => KerasArchive.Recognizes(look.ZipEntries),
        read: (path, known) => KerasFile.Read(path, known.CustomLayers),
        write: (content, path, _) => WholeFile.Write(path, file =>
            KerasArchive.Write(KerasExport.Express(content), content.Weights, file, TimeProvider.System)))
    {
        EmbedsNormalization = true,
    };

    /// <summary>Weights alone.</summary>
    public static ModelFormat WeightsAlone { get; } = new(
        "Keras weights",
        [".weights.h5"],
        recognizes: look => Hdf5Stream.Recognizes(look.Start.Span) && !KerasFile.HasConfiguration(look.Path),
        read: (path, known) =>
            known.KerasConfiguration is { } configuration
                ? KerasFile.ReadWeights(path, configuration, known.CustomLayers)
            : known.Stack is { } stack ? KerasFile.ReadWeights(path, stack)
            : KerasFile.Read(path),
        write: (content, path, _) => WholeFile.Write(path, file => // as it is: weights need no layers of Keras' own
            KerasHdf5Writer.WriteVariables(new KerasExpression(content.Plan), content.Weights, file)))
    {
        Stack = StackHeld.Never,
    };

    /// <summary>Keras 2's, which Keras 3 reads.</summary>
    public static ModelFormat Hdf5 { get; } = new(
        "Keras HDF5",
        [".h5", ".hdf5"],
        recognizes: look => Hdf5Stream.Recognizes(look.Start.Span),
        read: (path, known) => KerasFile.Read(path, known.CustomLayers),
        write: (content, path, _) => WholeFile.Write(path, file =>
            KerasHdf5Writer.WriteModel(KerasExport.Express(content), content.Weights, file)))
    {
        EmbedsNormalization = true,
    };

    /// <summary>All of them, in the order in which a file is looked at.</summary>
    public static FormatTable Rows { get; } = new(Archive, WeightsAlone, Hdf5);
}
