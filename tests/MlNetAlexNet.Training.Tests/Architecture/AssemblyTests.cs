using System.Reflection;
using System.Xml.Linq;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Training.Tests.Architecture;

[TestClass]
public sealed class AssemblyTests
{
    [TestMethod]
    public void Library_References_HoldNoTorch() =>
        CollectionAssert.DoesNotContain(References(typeof(Layer).Assembly), "TorchSharp");

    [TestMethod]
    [DataRow(typeof(Layer))]
    [DataRow(typeof(TrainingOptions))]
    public void Libraries_References_HoldNoConsole(Type ofTheLibrary)
    {
        foreach (var console in (string[])["System.Console", "Spectre.Console", "System.CommandLine"])
        {
            CollectionAssert.DoesNotContain(References(ofTheLibrary.Assembly), console);
        }
    }

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

    private static string[] References(Assembly assembly) =>
        [.. assembly.GetReferencedAssemblies().Select(reference => reference.Name!)];
}
