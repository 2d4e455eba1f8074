using System.Text.RegularExpressions;
using Microsoft.ML;
using MlNetAlexNet.Images;
using MlNetAlexNet.Layers;
using MlNetAlexNet.ModelZips;
using ReadMeCode;
using SkiaSharp;

namespace MlNetAlexNet.Training.Tests.ReadMe;

/// <summary>The C# in README compiles, because it stands in the files beside this one, and does what README says.</summary>
[TestClass]
public sealed partial class ReadMeTests
{
    private static readonly string s_readMe = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    [TestMethod]
    public void Code_OfReadMe_IsTheCodeBesideThisTest() => CollectionAssert.AreEqual(
        (string[])[CodeOf("ReadMeTrain.cs"), CodeOf("ReadMeStack.cs"), CodeOf("ReadMeNetwork.cs"), CodeOf("ReadMeClasses.cs")],
        CodeBlock().Matches(s_readMe).Select(block => block.Groups["code"].Value).ToArray());

    [TestMethod]
    public void Training_OfReadMe_EndsInAZipAndTheClassOfATestPicture()
    {
        var lines = Output(ReadMeTrain.Run).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.MatchesRegex(@"^test accuracy \d+\.\d%$", lines[^2]);
        Assert.Contains(lines[^1], (string[])["rose", "sunflower"]);
    }

    [TestMethod]
    public void Stack_OfReadMe_PrintsItsSummary() =>
        Assert.Contains("conv2d_1 (Conv2D)            (None, 60, 60, 32)        2432", Output(ReadMeStack.Run));

    [TestMethod]
    public void Network_OfReadMe_TellsItsEpochs() => Assert.MatchesRegex(
        @"\rstep 1 of epoch 3, 00:00:\d\d left epoch 3: \d+\.\d%\n$",
        Output(() => ReadMeNetwork.Run(
            new MLContext(seed: 1),
            new Sequential(TensorShape.Image(64, 64, 3)) { new Flatten(), new Dense(2, Activation.Softmax) },
            ImageFolder.Open("flowers", new SplitOptions { ValidationFraction = 0 }))));

    [TestMethod]
    public void Classes_OfReadMe_AreRenamed() => Output(() =>
    {
        ReadMeTrain.Run();
        ReadMeClasses.Run();
        CollectionAssert.AreEqual((string[])["Rosa", "sunflower"], ModelZip.Read("flowers-renamed.zip").Classes.ToArray());
    });

    // The usings that README shows, then what is between the braces of Run.
    private static string CodeOf(string file)
    {
        var text = File.ReadAllText(Path.Combine(
            Repository.Root, "tests", "MlNetAlexNet.Training.Tests", "ReadMe", file));
        var usings = Usings().Match(text).Value;
        var body = Body().Match(text).Groups["code"].Value.Replace("\n        ", "\n")[8..];
        return file == "ReadMeTrain.cs" ? $"{usings}\n{body}" : body;
    }

    /// <summary>What <paramref name="program"/> prints when it runs in a folder with two classes of pictures.</summary>
    private static string Output(Action program)
    {
        var (folder, here, console) = (Directory.CreateTempSubdirectory(), Environment.CurrentDirectory, Console.Out);
        using var output = new StringWriter();
        try
        {
            Draw(folder.FullName, "rose", SKColors.Crimson);
            Draw(folder.FullName, "sunflower", SKColors.Gold);
            Environment.CurrentDirectory = folder.FullName;
            Console.SetOut(output);
            program();
        }
        finally
        {
            Console.SetOut(console);
            Environment.CurrentDirectory = here;
            folder.Delete(recursive: true);
        }

        return output.ToString();
    }

    private static void Draw(string folder, string name, SKColor colour)
    {
        Directory.CreateDirectory(Path.Combine(folder, "flowers", name));
        for (var i = 0; i < 4; i++)
        {
            using var bitmap = new SKBitmap(256, 256);
            using var canvas = new SKCanvas(bitmap);
            using var paint = new SKPaint { Color = colour };
            canvas.DrawCircle(128, 128, 40 + 20 * i, paint);
            using var png = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
            using var file = File.Create(Path.Combine(folder, "flowers", name, $"{i}.png"));
            png.SaveTo(file);
        }
    }

    [GeneratedRegex("^```csharp\n(?<code>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("^(using [^\n]*\n)+")]
    private static partial Regex Usings();

    [GeneratedRegex("void Run\\([^)]*\\)\n    {\n(?<code>.*?)^    }", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Body();
}
