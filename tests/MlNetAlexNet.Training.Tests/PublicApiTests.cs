namespace MlNetAlexNet.Training.Tests;

[TestClass]
public sealed class PublicApiTests
{
    [TestMethod]
    public void PublicApi_OfTheTrainer_IsTheApprovedOne() =>
        Approved.Equals("PublicApi.MlNetAlexNet.Training.txt", PublicApi.Of(typeof(TrainingOptions).Assembly));
}
