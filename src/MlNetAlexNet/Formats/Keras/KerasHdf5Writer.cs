using System.Reflection;
using MlNetAlexNet.Layers;
using PureHDF;
using PureHDF.Selections;

namespace MlNetAlexNet.Formats.Keras;

/// <summary>Writes HDF5 files group by group as Keras does. Kernels are converted in blocks.</summary>
/// <remarks>
/// PureHDF marks texts as UTF-8 padded by NUL where Keras' are partly ASCII, all ended by NUL, and writes the newer
/// superblock; both are the same to HDF5's own library.
/// </remarks>
internal static class KerasHdf5Writer
{
    /// <summary>The Keras 2 whose layout and configuration are written.</summary>
    public const string Keras2Version = "2.15.0";

    private const string Backend = "tensorflow";
    private static readonly H5WriteOptions s_options = new(PreferCompactDatasetLayout: false);

    /// <summary>Configuration and weights: <c>model.save('x.h5')</c>.</summary>
    public static void WriteModel(KerasExpression model, WeightSet weights, Stream stream)
    {
        var pending = new List<PendingDataset>();
        var file = new H5File { ["model_weights"] = LegacyWeights(model, pending) };
        file.Attributes["backend"] = Backend;
        file.Attributes["keras_version"] = Keras2Version;
        file.Attributes["model_config"] = KerasConfigWriter.Model(model, KerasDialect.Keras2).ToJsonString();
        Write(file, pending, weights, stream);
    }

    /// <summary>Weights alone: Keras 3's <c>save_weights('x.weights.h5')</c>.</summary>
    public static void WriteVariables(KerasExpression model, WeightSet weights, Stream stream)
    {
        var pending = new List<PendingDataset>();
        var slots = new KerasSlots();
        var weighted = KerasArchitecture.Describe(model.Plan).Weighted.ToDictionary(layer => layer.Layer.Name);
        var layers = new H5Group();
        foreach (var (name, className, _) in model.Layers)
        {
            var variables = new H5Group();
            variables.Attributes["name"] = name;
            if (weighted.TryGetValue(name, out var known))
            {
                foreach (var variable in KerasWeights.VariablesOf(known, model.Plan))
                    variables[$"{variable.Index}"] = Pend(known, variable, pending);
            }

            layers[slots.Next(className)] = new H5Group { ["vars"] = variables };
        }

        var own = new H5Group();
        own.Attributes["name"] = KerasConfigWriter.ModelName;
        Write(new H5File { [KerasSavedVariables.Layers] = layers, ["vars"] = own }, pending, weights, stream);
    }

    private static H5Group LegacyWeights(KerasExpression model, List<PendingDataset> pending)
    {
        var weighted = KerasArchitecture.Describe(model.Plan).Weighted.ToDictionary(layer => layer.Layer.Name);
        var root = new H5Group();
        root.Attributes["backend"] = Backend;
        root.Attributes["keras_version"] = Keras2Version;
        root.Attributes["layer_names"] = model.Layers.Select(layer => layer.Name).ToArray();
        foreach (var (name, _, _) in model.Layers)
        {
            var group = new H5Group();
            root[name] = group;
            if (!weighted.TryGetValue(name, out var known))
            {
                group.Attributes["weight_names"] = Array.Empty<double>(); // numpy's type for an empty list
                continue;
            }

            var variables = KerasWeights.VariablesOf(known, model.Plan);
            group.Attributes["weight_names"] = variables.Select(variable => $"{variable}:0").ToArray();
            var inner = new H5Group();
            group[name] = inner;
            foreach (var variable in variables)
                inner[$"{variable.Name}:0"] = Pend(known, variable, pending);
        }

        var top = new H5Group();
        top.Attributes["weight_names"] = Array.Empty<double>();
        root["top_level_model_weights"] = top;
        return root;
    }

    private static H5Dataset<float[]> Pend(
        KerasWeightedLayer layer, KerasVariable variable, List<PendingDataset> pending)
    {
        var dataset = new H5Dataset<float[]>(variable.Dimensions.Select(side => (ulong)side).ToArray());
        pending.Add(new PendingDataset(dataset, layer, variable));
        return dataset;
    }

    private static void Write(
        H5File file, List<PendingDataset> pending, WeightSet weights, Stream stream)
    {
        using var writer = file.BeginWrite(stream, s_options);
        try
        {
            foreach (var (dataset, layer, variable) in pending)
            {
                var values = weights[KerasWeights.KeyOf(layer, variable)].Values;
                foreach (var (firstRow, block) in KerasWeights.ToKeras(variable, values))
                    writer.Write(dataset, block, fileSelection: Rows(variable, firstRow, block.Length));
            }
        }
        catch (TargetInvocationException fault) when (fault.InnerException is IOException cause)
        {
            throw new IOException(cause.Message, cause); // PureHDF writes by reflection
        }
    }

    private static HyperslabSelection? Rows(KerasVariable variable, int firstRow, int values) =>
        variable.Dimensions is [_, var columns]
            ? new HyperslabSelection(2, [(ulong)firstRow, 0], [(ulong)(values / columns), (ulong)columns])
            : null;

    private sealed record PendingDataset(H5Dataset<float[]> Dataset, KerasWeightedLayer Layer, KerasVariable Variable);
}
