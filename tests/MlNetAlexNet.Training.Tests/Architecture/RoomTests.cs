using System.Reflection;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Training.Tests.Architecture;

/// <summary>Data flows one way: a namespace uses only the namespaces and packages named here.</summary>
[TestClass]
public sealed class RoomTests
{
    private static readonly string[] s_netItself = ["System", "netstandard", "mscorlib"];

    private static readonly Dictionary<string, string[]> s_mayUse = new()
    {
        ["MlNetAlexNet"] = [],
        ["MlNetAlexNet.Layers"] = ["MlNetAlexNet"],
        ["MlNetAlexNet.Models"] = ["MlNetAlexNet", "MlNetAlexNet.Layers"],
        ["MlNetAlexNet.Images"] = ["MlNetAlexNet", "MlNetAlexNet.Models", "Microsoft.ML", "SkiaSharp"],
        ["MlNetAlexNet.Formats"] = ["MlNetAlexNet", "MlNetAlexNet.Layers", "MlNetAlexNet.Models", "Google.Protobuf"],
        ["MlNetAlexNet.Formats.Onnx"] =
        [
            "MlNetAlexNet", "MlNetAlexNet.Layers", "MlNetAlexNet.Models", "MlNetAlexNet.Formats",
            "MlNetAlexNet.Formats.Onnx.Foreign", "OnnxSharp", "Google.Protobuf",
        ],
        ["MlNetAlexNet.Formats.Onnx.Foreign"] =
        [
            "MlNetAlexNet", "MlNetAlexNet.Layers", "MlNetAlexNet.Formats", "OnnxSharp", "Google.Protobuf",
        ],
        ["MlNetAlexNet.Formats.Keras"] = ["MlNetAlexNet", "MlNetAlexNet.Layers", "MlNetAlexNet.Formats", "PureHDF"],
        ["MlNetAlexNet.Formats.TensorFlowJs"] =
            ["MlNetAlexNet", "MlNetAlexNet.Layers", "MlNetAlexNet.Formats", "MlNetAlexNet.Formats.Keras"],
        ["MlNetAlexNet.Formats.PyTorch"] =
            ["MlNetAlexNet", "MlNetAlexNet.Layers", "MlNetAlexNet.Models", "MlNetAlexNet.Formats"],
        ["MlNetAlexNet.Formats.Safetensors"] =
            ["MlNetAlexNet", "MlNetAlexNet.Layers", "MlNetAlexNet.Formats", "MlNetAlexNet.Formats.PyTorch"],
        ["MlNetAlexNet.ModelZips"] =
        [
            "MlNetAlexNet", "MlNetAlexNet.Layers", "MlNetAlexNet.Models", "MlNetAlexNet.Images", "MlNetAlexNet.Formats",
            "MlNetAlexNet.Formats.Keras", "MlNetAlexNet.Formats.Onnx", "MlNetAlexNet.Formats.PyTorch",
            "MlNetAlexNet.Formats.Safetensors", "MlNetAlexNet.Formats.TensorFlowJs", "Microsoft.ML",
        ],
        ["MlNetAlexNet.Scoring"] =
        [
            "MlNetAlexNet", "MlNetAlexNet.Models", "MlNetAlexNet.Layers", "MlNetAlexNet.Images",
            "MlNetAlexNet.Formats", "MlNetAlexNet.Formats.Onnx", "MlNetAlexNet.ModelZips",
            "Microsoft.ML", "Microsoft.ML.OnnxRuntime",
        ],
        ["MlNetAlexNet.Evaluation"] = ["MlNetAlexNet", "MlNetAlexNet.Images", "MlNetAlexNet.Scoring"],
        ["MlNetAlexNet.Quantization"] =
        [
            "MlNetAlexNet", "MlNetAlexNet.Layers", "MlNetAlexNet.Models", "MlNetAlexNet.Images", "MlNetAlexNet.Formats",
            "MlNetAlexNet.Formats.Onnx", "MlNetAlexNet.ModelZips", "MlNetAlexNet.Scoring", "MlNetAlexNet.Evaluation",
            "OnnxSharp", "Microsoft.ML.OnnxRuntime",
        ],
    };

    public static IEnumerable<string> Rooms => s_mayUse.Keys;

    [TestMethod]
    [DynamicData(nameof(Rooms))]
    public void Room_OfTheLibrary_UsesOnlyWhatItMay(string room)
    {
        var forbidden =
            from type in typeof(Layer).Assembly.GetTypes()
            where type.Namespace == room
            from used in UsedTypes.Of(type)
            let owner = RoomOf(used)
            where owner != room && !s_netItself.Contains(owner) && !s_mayUse[room].Contains(owner)
            select $"{type} uses {used} of {owner}";

        Assert.AreEqual("", string.Join('\n', forbidden.Distinct()));
    }

    [TestMethod]
    public void Namespace_OfTheLibrary_IsAKnownRoom() => CollectionAssert.IsSubsetOf(
        typeof(Layer).Assembly.GetTypes().Where(type => !IsGenerated(type)).Select(type => type.Namespace)
            .Distinct().ToArray(),
        s_mayUse.Keys.ToArray());

    [TestMethod]
    public void UsedTypes_OfThisTest_SeesCallsInsideLambdas() =>
        Assert.Contains(
            typeof(UsedTypes), typeof(RoomTests).GetNestedTypes(BindingFlags.NonPublic).SelectMany(UsedTypes.Of));

    // A type of this library belongs to its namespace, any other to its package.
    private static string RoomOf(Type type)
    {
        var assembly = type.Assembly.GetName().Name!;
        return type.Assembly == typeof(Layer).Assembly ? IsGenerated(type) ? "System" : type.Namespace!
            : assembly.StartsWith("System.", StringComparison.Ordinal) ? "System"
            : assembly == "Microsoft.ML.OnnxRuntime" ? assembly
            : assembly.StartsWith("Microsoft.ML.", StringComparison.Ordinal) ? "Microsoft.ML"
            : assembly;
    }

    // Types the compiler puts beside ours: attributes, inline arrays, regular expressions.
    private static bool IsGenerated(Type type) => type.Namespace is null
        || type.Namespace.StartsWith("System.", StringComparison.Ordinal)
        || type.Namespace.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal);
}
