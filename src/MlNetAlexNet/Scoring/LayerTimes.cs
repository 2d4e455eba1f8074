using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Onnx.Own;
using MlNetAlexNet.Formats.Onnx.Sessions;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Scoring;

/// <summary>
/// What each layer of a network takes where it scores one picture on all cores, by ONNX Runtime's own profile. What that computes in
/// one step counts for the first layer of it.
/// </summary>
internal static class LayerTimes
{
    private const int Runs = 5; // after one that is not counted: it lays the weights out
    private const string Kernel = "_kernel_time";
    private const string Fused = "fused ";
    private const string Blocked = "_nchwc";

    /// <summary>Measures.</summary>
    /// <param name="model">The network.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="AlexNetException">It cannot be measured here.</exception>
    /// <returns>Milliseconds of each layer that takes any, the median of several pictures; what belongs to none is called <c>""</c>.</returns>
    public static IReadOnlyDictionary<string, double> Measure(TrainedModel model, CancellationToken cancel)
    {
        var form = model.Preprocessing.Form;
        var profile = TemporaryFiles.NewPath(); // to which ONNX Runtime adds the time
        try
        {
            return Read(File.ReadAllBytes(Profile(OnnxExport.Create(model).ToArray(), form, profile, cancel)), model.Plan);
        }
        catch (Exception fault) when (fault is OnnxRuntimeException or IOException or UnauthorizedAccessException or JsonException)
        {
            throw new AlexNetException($"The time of the layers cannot be measured: {fault.Message}", fault);
        }
        finally
        {
            foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(profile)!, Path.GetFileName(profile) + "*"))
                File.Delete(file);
        }
    }

    private static string Profile(byte[] onnx, PictureForm form, string profile, CancellationToken cancel)
    {
        using var options = OnnxRuntimeSession.CreateOptions(Environment.ProcessorCount);
        options.ProfileOutputPathPrefix = profile; // before the switch, which takes it as it is then
        options.EnableProfiling = true;
        using var session = new InferenceSession(onnx, options);
        using var input = OrtValue.CreateTensorValueFromMemory(new byte[form.Bytes], [1, form.Side, form.Side, 3]);
        using var run = new RunOptions();
        for (var i = 0; i <= Runs; i++)
        {
            cancel.ThrowIfCancellationRequested();
            session.Run(run, session.InputNames, [input], [OnnxNames.Score]).Dispose();
        }

        return session.EndProfiling();
    }

    // Chrome's trace events: microseconds of each node of each run, in the order of the runs.
    private static Dictionary<string, double> Read(byte[] profile, LayerPlan plan)
    {
        using var events = JsonDocument.Parse(profile);
        var nodes = events.RootElement.EnumerateArray()
            .Where(one => one.GetProperty("cat").ValueEquals("Node"))
            .Select(one => (Name: one.GetProperty("name").GetString()!, Microseconds: one.GetProperty("dur").GetInt64()))
            .Where(node => node.Name.EndsWith(Kernel, StringComparison.Ordinal))
            .GroupBy(node => node.Name[..^Kernel.Length]);
        return nodes
            .GroupBy(node => LayerOf(node.Key, plan), node => node.Skip(1).Select(one => one.Microseconds).Order().ElementAt(Runs / 2) / 1000.0)
            .ToDictionary(layer => layer.Key, layer => layer.Sum());
    }

    // ONNX Runtime calls a node as the graph does, and what it makes of it "fused NAME" or "NAME_nchwc", its blocked layout.
    private static string LayerOf(string node, LayerPlan plan)
    {
        var name = node.StartsWith(Fused, StringComparison.Ordinal) ? node[Fused.Length..] : node;
        name = name.EndsWith(Blocked, StringComparison.Ordinal) ? name[..^Blocked.Length] : name;
        return plan.FirstOrDefault(layer => name == layer.Name || name.StartsWith($"{layer.Name}/", StringComparison.Ordinal))?.Name ?? "";
    }
}
