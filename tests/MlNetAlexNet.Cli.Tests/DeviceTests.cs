using System.Diagnostics;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;

namespace MlNetAlexNet.Cli.Tests;

/// <summary><c>--device</c> of the commands that score, where ONNX Runtime has no provider for cards.</summary>
[TestClass]
public sealed class DeviceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;
    private readonly string _pictures;

    public DeviceTests()
    {
        var stack = new Sequential(TensorShape.Image(8, 8, 3)) { new Flatten(), new Dense(3, Activation.Softmax) };
        var plan = stack.Plan();
        var weights = WeightInitializer.HeNormal(plan, new Random(1));
        var preprocessing = new ImagePreprocessing(8, [0, 0, 0], [255, 255, 255]);
        _model = Path.Combine(_folder.Path, "model.onnx");
        ModelFile.Write(new TrainedModel(plan, weights, preprocessing, ColoredPictures.Classes), _model);
        _pictures = Path.Combine(_folder.Path, "pictures");
        ColoredPictures.Draw(_pictures, 2);
    }

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow("predict")]
    [DataRow("evaluate")]
    public async Task Scoring_OnTheProcessorByName_PrintsWhatItPrintsWithout(string command)
    {
        var plain = await Invocation.Of(command, _model, _pictures);

        Assert.AreEqual(0, plain.ExitCode, plain.Error);
        Assert.AreEqual(plain, await Invocation.Of(command, _model, _pictures, "--device", "CPU"));
    }

    [TestMethod]
    [DataRow("predict", "cuda", "cuda:0")]
    [DataRow("evaluate", "cuda:1", "cuda:1")]
    public async Task Scoring_OnACard_IsRefusedInOneLineWithStatus2(string command, string device, string named)
    {
        // A process of its own: ONNX Runtime writes its messages past the writers of this one.
        var start = new ProcessStartInfo(
            "dotnet", [typeof(CommandLine).Assembly.Location, command, _model, _pictures, "--device", device])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.AreEqual(2, process.ExitCode, error);
        Assert.AreEqual("", await output);
        Assert.AreEqual(
            $"error: Device is {named}, but the ONNX Runtime of this build computes on the processor alone. Use cpu, "
            + "or build with the property OnnxRuntime=cuda, which takes the package Microsoft.ML.OnnxRuntime.Gpu. The "
            + "flag for that is --device.",
            error.TrimEnd());
    }
}
