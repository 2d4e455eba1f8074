using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Images;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Scoring;

/// <summary>The ML.NET model zip that training gives: Microsoft's own transformers, the network one of them.</summary>
public static class ModelZip
{
    /// <summary>
    /// Saves the model as <c>ml.Model.Save</c> does, but whole or not at all: what stood at <paramref name="path"/>
    /// stays until the new zip is complete. Folders are created.
    /// </summary>
    /// <param name="ml">The context of the model.</param>
    /// <param name="model">A fitted pipeline.</param>
    /// <param name="input">The schema of the data it was fitted on.</param>
    /// <param name="path">The zip to write.</param>
    /// <exception cref="AlexNetException">The place cannot be written to.</exception>
    public static void Save(MLContext ml, ITransformer model, DataViewSchema input, string path)
    {
        ArgumentNullException.ThrowIfNull(ml);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var target = Path.GetFullPath(path);
        var unfinished = $"{target}.{Path.GetRandomFileName()}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target) ?? target);
            ml.Model.Save(model, input, unfinished);
            File.Move(unfinished, target, overwrite: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new AlexNetException($"The model cannot be written to '{path}': {fault.Message}", fault);
        }
        finally
        {
            if (File.Exists(unfinished))
                File.Delete(unfinished);
        }
    }

    /// <summary>
    /// Loads a model zip as <c>ml.Model.Load</c> does. The caller disposes it as <see cref="IDisposable"/>: until then
    /// ML.NET keeps the network, 233 MB for AlexNet, in a temporary file as well, and leaves it there if it is not.
    /// </summary>
    /// <exception cref="AlexNetException">The file is missing or no model zip.</exception>
    public static ITransformer Load(MLContext ml, string path)
    {
        ArgumentNullException.ThrowIfNull(ml);
        using (var zip = Open(path))
            NetworkOf(zip, path);

        return ml.Model.Load(path, out _);
    }

    /// <summary>Reads the network out of a model zip: what further training starts from.</summary>
    /// <exception cref="AlexNetException">The file is missing, no model zip, or not of this library.</exception>
    public static TrainedModel Read(string path)
    {
        using var zip = Open(path);
        using var network = NetworkOf(zip, path).Open();
        network.ReadExactly(new byte[sizeof(int)]); // ML.NET writes the length before the bytes
        try
        {
            return OnnxImport.Read(network);
        }
        catch (AlexNetException fault)
        {
            throw new AlexNetException($"The network in '{path}' cannot be read. {fault.Message}", fault);
        }
    }

    /// <summary>
    /// The model for pictures in memory: instead of <c>ImagePath</c> it takes a column <c>Image</c> of
    /// <see cref="MLImage"/>, upright and of any size. It has no <c>Label</c>.
    /// </summary>
    /// <param name="model">A fitted or loaded pipeline with <c>LoadPixels</c>. The two share the network.</param>
    /// <exception cref="AlexNetException">The model does not load pictures from files.</exception>
    public static ITransformer ForImagesInMemory(ITransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var stages = Flatten(model).ToList();
        if (stages.RemoveAll(stage => stage is ImageLoadingTransformer or UprightImageTransformer) == 0)
            throw new AlexNetException("The model has no stage that loads pictures from files to leave out.");

        stages.RemoveAll(stage => stage is ValueToKeyMappingTransformer); // the label's
        return new TransformerChain<ITransformer>([.. stages]);
    }

    private static ZipArchive Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        try
        {
            return ZipFile.OpenRead(path);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new AlexNetException($"The model '{path}' does not exist.", fault);
        }
        catch (Exception fault) when (fault is InvalidDataException)
        {
            throw new AlexNetException($"'{path}' is no model: it is not a zip, or a part of one.", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new AlexNetException($"The model '{path}' cannot be read: {fault.Message}", fault);
        }
    }

    private static ZipArchiveEntry NetworkOf(ZipArchive zip, string path) =>
        zip.Entries.FirstOrDefault(entry => entry.Name == "OnnxModel") ?? throw new AlexNetException(
            $"'{path}' is a zip without a network. Give the model.zip of a training run.");

    private static IEnumerable<ITransformer> Flatten(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.SelectMany(Flatten) : [model];
}
