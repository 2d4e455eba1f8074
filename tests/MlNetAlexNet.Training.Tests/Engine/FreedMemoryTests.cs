using System.Globalization;
using MlNetAlexNet.Training.Engine;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Tests.Engine;

[TestClass]
public sealed class FreedMemoryTests
{
    private const int Megabytes = 64;

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Keep_WhileItLives_TensorsReuseTheirPages()
    {
        var without = Faults();
        long with;
        using (FreedMemory.Keep())
        using (FreedMemory.Keep())
        {
            _ = Faults();
            with = Faults();
        }

        Assert.IsLessThan(without / 2, with);
        Assert.IsGreaterThan(without / 2, Faults());
    }

    // Pages the system had to supply while large tensors come and go.
    private static long Faults()
    {
        var before = Minor();
        for (var i = 0; i < 10; i++)
            ones(Megabytes << 18).Dispose();

        return Minor() - before;
    }

    // Field 10 of proc(5)'s stat; the name in field 2 is in brackets.
    private static long Minor() => long.Parse(
        File.ReadAllText("/proc/self/stat").Split(')')[^1].Split(' ')[8], CultureInfo.InvariantCulture);
}
