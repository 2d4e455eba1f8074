using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MlNetAlexNet.Training;
using MlNetAlexNet.Training.Teachers;

namespace MlNetAlexNet.Cli.Tests;

[TestClass]
public sealed class TeacherTests
{
    // The two networks of the package one after the other, a picture at a time, as ML.NET's ResNet18 featurizer runs them.
    [TestMethod]
    public void Compute_ResNet18_GivesWhatThePackagesNetworksGive()
    {
        using var teacher = new TeacherNetwork(new TeacherOptions { Model = "resnet18" });
        Assert.AreEqual((224, 512), (teacher.Side, teacher.Width));
        var squares = new byte[2 * teacher.SquareBytes];
        new Random(1).NextBytes(squares);

        var features = teacher.Compute(squares, 2);

        var folder = Path.Combine(AppContext.BaseDirectory, "DnnImageModels");
        using var preparation = new InferenceSession(Path.Combine(folder, "ResNetPrepOnnx", "ResNetPreprocess.onnx"));
        using var network = new InferenceSession(Path.Combine(folder, "ResNet18Onnx", "ResNet18.onnx"));
        for (var picture = 0; picture < 2; picture++)
        {
            var planes = new DenseTensor<float>([1, 3, 224, 224]);
            for (var place = 0; place < 224 * 224; place++)
            {
                for (var c = 0; c < 3; c++)
                    planes[0, c, place / 224, place % 224] = squares[picture * teacher.SquareBytes + place * 3 + c];
            }

            using var prepared = preparation.Run([NamedOnnxValue.CreateFromTensor("OriginalInput", planes)]);
            using var expected = network.Run([NamedOnnxValue.CreateFromTensor("Input247", prepared[0].AsTensor<float>())]);
            var values = expected[0].AsEnumerable<float>().ToArray();
            Assert.IsTrue(values.Any(value => value > 0.1f));
            for (var i = 0; i < values.Length; i++)
                Assert.AreEqual(values[i], features[picture * 512 + i], 1e-4f);
        }
    }

    [TestMethod]
    public async Task Train_TeacherByName_SaysWhatItKnows()
    {
        using var folder = new TemporaryFolder();
        var data = Path.Combine(folder.Path, "data");
        var more = Path.Combine(folder.Path, "more");
        ColoredPictures.Draw(data, 5);
        ColoredPictures.Draw(more, 7);

        var run = await Invocation.Of(
            "train", data, "--output", Path.Combine(folder.Path, "run"), "--model", SmallStack.WriteTo(folder), "--epochs", "1",
            "--precision", "Float32", "--teacher", "resnet18", "--teacher-views", "1", "--teacher-weight", "0.6", "--unlabelled", more);

        Assert.AreEqual(0, run.ExitCode, run.Error);
        StringAssert.Contains(run.OutWords, " more without a label to train on ");
        StringAssert.Contains(run.OutWords, "Teacher resnet18: 512 features of 1 views a picture in ");
    }

    [TestMethod]
    public async Task Pretrain_FolderOfPictures_WritesWeightsToStartFrom()
    {
        using var folder = new TemporaryFolder();
        var data = Path.Combine(folder.Path, "data");
        var (first, second) = (Path.Combine(folder.Path, "first"), Path.Combine(folder.Path, "second"));
        ColoredPictures.Draw(data, 5);
        var stack = SmallStack.WriteTo(folder);

        var run = await Invocation.Of(
            "pretrain", data, "--output", first, "--model", stack, "--epochs", "1", "--precision", "Float32", "--teacher-views", "1");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        var lines = run.Out.Split('\n');
        Assert.AreEqual("Pictures   15, no labels", lines[0]);
        StringAssert.Contains(run.Out, "Epoch   1  train loss ");
        Assert.IsFalse(run.Out.Contains("accuracy", StringComparison.Ordinal), run.Out);
        Assert.AreEqual($"Model      {Path.Combine(first, "model.zip")}", lines[^3]);

        var tuned = await Invocation.Of(
            "train", data, "--output", second, "--epochs", "1", "--precision", "Float32",
            "--initial-weights", Path.Combine(first, "model-unfolded.onnx"));
        Assert.AreEqual(0, tuned.ExitCode, tuned.Error);

        var refused = await Invocation.Of("pretrain", data, "--quantize");
        Assert.AreEqual(2, refused.ExitCode);
    }

    [TestMethod]
    public async Task Train_TeachingWithoutATeacher_IsRefused()
    {
        var run = await Invocation.Of("train", "nowhere", "--teacher-views", "3");
        Assert.AreEqual(2, run.ExitCode);
        StringAssert.Contains(run.Error, "--teacher-views is for a teacher. Name one with --teacher, such as resnet18.");
    }
}
