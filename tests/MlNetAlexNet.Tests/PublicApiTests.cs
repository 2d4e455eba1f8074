namespace MlNetAlexNet.Tests;

[TestClass]
public sealed class PublicApiTests
{
    [TestMethod]
    public void PublicApi_OfTheLibrary_IsTheApprovedOne() =>
        Approved.Equals("PublicApi.MlNetAlexNet.txt", PublicApi.Of(typeof(AlexNetException).Assembly));
}
