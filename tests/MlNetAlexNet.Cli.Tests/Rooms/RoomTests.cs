using System.Xml.Linq;
using ArchUnitNET.Fluent.Extensions;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Training;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace MlNetAlexNet.Cli.Tests.Rooms;

/// <summary>Data flows one way: a room uses only the rooms and packages named here.</summary>
[TestClass]
public sealed class RoomTests(TestContext context)
{
    private static readonly House s_house =
        new(typeof(Layer).Assembly, typeof(TrainingOptions).Assembly, typeof(CommandLine).Assembly);

    private static readonly string[] s_formats =
    [
        "MlNetAlexNet.Formats", "MlNetAlexNet.Formats.Keras", "MlNetAlexNet.Formats.Onnx", "MlNetAlexNet.Formats.Onnx.Graph",
        "MlNetAlexNet.Formats.Onnx.Own", "MlNetAlexNet.Formats.Onnx.Sessions", "MlNetAlexNet.Formats.PyTorch",
        "MlNetAlexNet.Formats.Safetensors", "MlNetAlexNet.Formats.TensorFlowJs",
    ];

    private static readonly string[] s_toScoring =
    [
        "MlNetAlexNet", "MlNetAlexNet.Layers", "MlNetAlexNet.Models", "MlNetAlexNet.Images", .. s_formats,
        "MlNetAlexNet.Completion", "MlNetAlexNet.ModelZips", "MlNetAlexNet.Scoring",
    ];

    private static readonly string[] s_library = [.. s_toScoring, "MlNetAlexNet.Inspection", "MlNetAlexNet.Explanation", "MlNetAlexNet.Evaluation", "MlNetAlexNet.Quantization"];

    private static readonly Dictionary<string, string[]> s_mayUse = new()
    {
        ["MlNetAlexNet"] = [],
        ["MlNetAlexNet.Layers"] = ["MlNetAlexNet"],
        ["MlNetAlexNet.Models"] = ["MlNetAlexNet", "MlNetAlexNet.Layers"],
        ["MlNetAlexNet.Images"] = ["MlNetAlexNet", "MlNetAlexNet.Models", "Microsoft.ML", "SkiaSharp", "System.IO.Hashing"],
        ["MlNetAlexNet.Inspection"] =
            ["MlNetAlexNet", "MlNetAlexNet.Models", "MlNetAlexNet.Images", "MlNetAlexNet.Formats", "System.IO.Hashing"],
        ["MlNetAlexNet.Formats"] =
            ["MlNetAlexNet", "MlNetAlexNet.Layers", "MlNetAlexNet.Models", "Google.Protobuf", "System.IO.Hashing"],
        ["MlNetAlexNet.Formats.Onnx.Graph"] =
            ["MlNetAlexNet", "MlNetAlexNet.Layers", "MlNetAlexNet.Formats", "OnnxSharp", "Google.Protobuf"],
        ["MlNetAlexNet.Formats.Onnx.Own"] =
        [
            "MlNetAlexNet", "MlNetAlexNet.Layers", "MlNetAlexNet.Models", "MlNetAlexNet.Formats",
            "MlNetAlexNet.Formats.Onnx.Graph", "OnnxSharp", "Google.Protobuf",
        ],
        ["MlNetAlexNet.Formats.Onnx.Foreign"] =
        [
            "MlNetAlexNet", "MlNetAlexNet.Layers", "MlNetAlexNet.Formats", "MlNetAlexNet.Formats.Onnx.Graph",
            "OnnxSharp", "Google.Protobuf",
        ],
        ["MlNetAlexNet.Formats.Onnx.Sessions"] = ["MlNetAlexNet", "Microsoft.ML.OnnxRuntime"],
        ["MlNetAlexNet.Formats.Onnx.Kept"] =
        [
            "MlNetAlexNet.Formats.Onnx.Sessions",
            "MlNetAlexNet", "MlNetAlexNet.Layers", "MlNetAlexNet.Models", "MlNetAlexNet.Formats", "MlNetAlexNet.Formats.Onnx.Graph",
            "MlNetAlexNet.Formats.Onnx.Own", "MlNetAlexNet.Formats.Onnx.Foreign", "OnnxSharp", "Google.Protobuf",
            "Microsoft.ML.OnnxRuntime",
        ],
        ["MlNetAlexNet.Formats.Onnx"] =
        [
            "MlNetAlexNet", "MlNetAlexNet.Layers", "MlNetAlexNet.Models", "MlNetAlexNet.Formats",
            "MlNetAlexNet.Formats.Onnx.Graph", "MlNetAlexNet.Formats.Onnx.Own", "MlNetAlexNet.Formats.Onnx.Foreign",
            "MlNetAlexNet.Formats.Onnx.Kept", "OnnxSharp", "Google.Protobuf",
        ],
        ["MlNetAlexNet.Formats.Keras"] =
            ["MlNetAlexNet", "MlNetAlexNet.Layers", "MlNetAlexNet.Models", "MlNetAlexNet.Formats", "PureHDF"],
        ["MlNetAlexNet.Formats.TensorFlowJs"] =
        [
            "MlNetAlexNet", "MlNetAlexNet.Layers", "MlNetAlexNet.Models", "MlNetAlexNet.Formats",
            "MlNetAlexNet.Formats.Keras",
        ],
        ["MlNetAlexNet.Formats.PyTorch"] =
        [
            "MlNetAlexNet", "MlNetAlexNet.Layers", "MlNetAlexNet.Models", "MlNetAlexNet.Formats", "System.IO.Hashing",
        ],
        ["MlNetAlexNet.Formats.Safetensors"] =
        [
            "MlNetAlexNet", "MlNetAlexNet.Layers", "MlNetAlexNet.Models", "MlNetAlexNet.Formats",
            "MlNetAlexNet.Formats.PyTorch",
        ],
        ["MlNetAlexNet.Completion"] =
            ["MlNetAlexNet", "MlNetAlexNet.Layers", "MlNetAlexNet.Models", "MlNetAlexNet.Formats", "MlNetAlexNet.Formats.Onnx.Own"],
        ["MlNetAlexNet.ModelZips"] =
        [
            "MlNetAlexNet", "MlNetAlexNet.Layers", "MlNetAlexNet.Models", "MlNetAlexNet.Images", .. s_formats,
            "MlNetAlexNet.Completion", "Microsoft.ML", "System.IO.Hashing",
        ],
        ["MlNetAlexNet.Scoring"] = [.. s_toScoring, "Microsoft.ML", "Microsoft.ML.OnnxRuntime", "System.IO.Hashing"],
        ["MlNetAlexNet.Explanation"] = [.. s_toScoring, "SkiaSharp", "System.IO.Hashing"],
        ["MlNetAlexNet.Evaluation"] = [.. s_toScoring],
        ["MlNetAlexNet.Quantization"] =
            [.. s_toScoring, "MlNetAlexNet.Evaluation", "OnnxSharp", "Microsoft.ML.OnnxRuntime", "System.Numerics.Tensors"],
        ["MlNetAlexNet.Reports.Records"] = ["MlNetAlexNet", "MlNetAlexNet.Models", "MlNetAlexNet.Images", "MlNetAlexNet.Formats", "MlNetAlexNet.Evaluation"],
        ["MlNetAlexNet.Reports.Drawing"] =
        [
            "MlNetAlexNet", "MlNetAlexNet.Layers", "MlNetAlexNet.Models", "MlNetAlexNet.Images", "MlNetAlexNet.Evaluation", "SkiaSharp",
            "System.Numerics.Tensors",
        ],
        ["MlNetAlexNet.Reports.Sections"] =
        [
            "MlNetAlexNet", "MlNetAlexNet.Models", "MlNetAlexNet.ModelZips", "MlNetAlexNet.Evaluation", "MlNetAlexNet.Reports.Records",
            "MlNetAlexNet.Reports.Drawing",
        ],
        ["MlNetAlexNet.Reports"] =
        [
            "MlNetAlexNet", "MlNetAlexNet.Models", "MlNetAlexNet.Formats", "MlNetAlexNet.Evaluation", "MlNetAlexNet.Reports.Records",
            "MlNetAlexNet.Reports.Drawing", "MlNetAlexNet.Reports.Sections",
        ],
        ["MlNetAlexNet.Promotion"] =
        [
            "MlNetAlexNet", "MlNetAlexNet.Layers", "MlNetAlexNet.Models", "MlNetAlexNet.Images", "MlNetAlexNet.Formats",
            "MlNetAlexNet.ModelZips", "MlNetAlexNet.Scoring", "MlNetAlexNet.Evaluation",
        ],
        ["MlNetAlexNet.Training"] =
        [
            "MlNetAlexNet", "MlNetAlexNet.Layers", "MlNetAlexNet.Models", "MlNetAlexNet.Images", "MlNetAlexNet.Formats",
            "MlNetAlexNet.Completion", "Microsoft.Extensions.Logging.Abstractions",
        ],
        ["MlNetAlexNet.Training.Data"] =
        [
            "MlNetAlexNet", "MlNetAlexNet.Models", "MlNetAlexNet.Training", "MlNetAlexNet.Images", "MlNetAlexNet.Inspection",
            "MlNetAlexNet.Formats", "Microsoft.ML", "TorchSharp", "System.IO.Hashing",
        ],
        ["MlNetAlexNet.Training.Teachers"] =
        [
            "MlNetAlexNet", "MlNetAlexNet.Models", "MlNetAlexNet.Formats.Onnx.Graph", "MlNetAlexNet.Formats.Onnx.Sessions", "MlNetAlexNet.Training",
            "MlNetAlexNet.Training.Data", "TorchSharp", "OnnxSharp", "Google.Protobuf", "Microsoft.ML.OnnxRuntime",
        ],
        ["MlNetAlexNet.Training.Engine.Native"] = ["MlNetAlexNet"],
        ["MlNetAlexNet.Training.Checkpoints"] =
        [
            "MlNetAlexNet", "MlNetAlexNet.Layers", "MlNetAlexNet.Formats", "MlNetAlexNet.Formats.PyTorch", "MlNetAlexNet.Formats.Safetensors",
            "MlNetAlexNet.Training",
        ],
        ["MlNetAlexNet.Training.Engine"] =
        [
            "MlNetAlexNet", "MlNetAlexNet.Layers", "MlNetAlexNet.Models", "MlNetAlexNet.Training",
            "MlNetAlexNet.Training.Data", "MlNetAlexNet.Training.Teachers", "MlNetAlexNet.Training.Engine.Native",
            "MlNetAlexNet.Training.Checkpoints", "TorchSharp",
        ],
        ["MlNetAlexNet.Training.Trainers"] =
        [
            .. s_library, "MlNetAlexNet.Training", "MlNetAlexNet.Training.Data", "MlNetAlexNet.Training.Teachers", "MlNetAlexNet.Training.Engine",
            "MlNetAlexNet.Training.Engine.Native", "MlNetAlexNet.Training.Checkpoints", "Microsoft.ML",
            "Microsoft.Extensions.Logging.Abstractions",
        ],
        ["MlNetAlexNet.Training.Datasets"] = ["MlNetAlexNet", "MlNetAlexNet.Training", "SkiaSharp"],
        ["MlNetAlexNet.Training.Runs"] =
        [
            .. s_library, "MlNetAlexNet.Reports", "MlNetAlexNet.Reports.Records", "MlNetAlexNet.Training", "MlNetAlexNet.Training.Data",
            "MlNetAlexNet.Training.Teachers", "MlNetAlexNet.Training.Trainers", "MlNetAlexNet.Training.Checkpoints", "Microsoft.ML",
        ],
        ["MlNetAlexNet.Cli.Progress"] = ["Spectre.Console"],
        ["MlNetAlexNet.Cli"] =
        [
            .. s_library, "MlNetAlexNet.Reports", "MlNetAlexNet.Cli.Progress", "MlNetAlexNet.Training", "MlNetAlexNet.Training.Datasets", "MlNetAlexNet.Training.Runs",
            "Spectre.Console", "System.CommandLine", "System.Console",
        ],
    };

    public static IEnumerable<string> Rooms => s_mayUse.Keys;

    [TestMethod]
    [DynamicData(nameof(Rooms))]
    public void Room_OfAnyProject_UsesOnlyWhatItMay(string room)
    {
        string[] mayUse = ["", room, .. s_mayUse[room]];
        // OnlyDependOn would see the types of these projects alone.
        var rule = Types().That().ResideInNamespace(room).Should().NotDependOnAny(
            Types(includeReferenced: true).That().FollowCustomPredicate(
                type => !mayUse.Contains(s_house.RoomOf(type)), $"{room} may not use"));

        Assert.IsTrue(rule.HasNoViolations(s_house.Architecture), rule.Evaluate(s_house.Architecture).ToErrorMessage());
    }

    [TestMethod]
    public void Rooms_OfAllProjects_FormNoCircle()
    {
        context.WriteLine(s_house.ToString());

        Assert.AreEqual("", s_house.Circles);
    }

    // Else nobody would notice a pattern that matches nothing.
    [TestMethod]
    public void House_OfTwoRoomsThatUseEachOther_HasACircle() => StringAssert.Contains(
        new House(typeof(First.Here).Assembly).Circles, $"{typeof(First.Here)} -> {typeof(Second.There)}");

    // The rules rest on it: XDocument stands in a lambda alone.
    [TestMethod]
    public void House_OfALambda_CountsItForTheTypeAround() => Assert.Contains(
        dependency => dependency.Target.Name == nameof(XDocument),
        new House(typeof(RoomTests).Assembly).Architecture.Types
            .Single(type => type.FullName == typeof(RoomTests).FullName).Dependencies);

    [TestMethod]
    public void Rooms_OfAllProjects_AreThoseOfTheTable() =>
        CollectionAssert.AreEquivalent(s_mayUse.Keys.ToArray(), s_house.Rooms.ToArray());

    // A package nobody names in code would still be copied beside an app that only scores.
    [TestMethod]
    public void TorchSharp_Package_IsReferencedByTheTrainerAlone()
    {
        var source = Path.Combine(Repository.Root, "src");
        var projects =
            from path in Directory.EnumerateFiles(source, "*.csproj", SearchOption.AllDirectories)
            from reference in XDocument.Load(path).Descendants("PackageReference")
            where reference.Attribute("Include")!.Value.StartsWith("TorchSharp", StringComparison.Ordinal)
            select Path.GetFileNameWithoutExtension(path);

        CollectionAssert.AreEqual((string[])["MlNetAlexNet.Training"], projects.Distinct().ToArray());
    }
}
