using MlNetAlexNet.Training.Engine.Native;

namespace MlNetAlexNet.Training.Tests;

/// <summary>Tests may use Torch in any order, also before the product has made its first use of it.</summary>
[TestClass]
public static class LoadTorch
{
    [AssemblyInitialize]
    public static void BeforeTheFirstTest(TestContext context) => NativeLibTorch.EnsureLoaded();
}
