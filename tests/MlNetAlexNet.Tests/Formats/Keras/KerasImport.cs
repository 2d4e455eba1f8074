using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Keras;
using PureHDF;

namespace MlNetAlexNet.Tests.Formats.Keras;

/// <summary>Files that Keras wrote, weights alone with the configuration of the network's <c>.h5</c>.</summary>
internal static class KerasImport
{
    public static ModelFileContent Read(string file) => Read(Expected.Keras(file), file);

    /// <summary>The same from another path.</summary>
    public static ModelFileContent Read(string path, string file) =>
        file.EndsWith(".weights.h5", StringComparison.Ordinal)
            ? KerasFile.ReadWeights(
                path, ConfigurationOf($"{KerasNetworks.NameOf(file)}.h5"), KerasNetworks.CustomLayers)
            : KerasFile.Read(path, KerasNetworks.CustomLayers);

    public static string ConfigurationOf(string file)
    {
        using var hdf5 = H5File.OpenRead(Expected.Keras(file));
        return hdf5.Attribute("model_config").Read<string>();
    }
}
