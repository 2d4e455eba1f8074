using MlNetAlexNet.Completion;

namespace MlNetAlexNet.Tests.Completion;

[TestClass]
public sealed class ClassNamesTests
{
    [TestMethod]
    [DataRow("crane,hen,crane", "crane,hen,crane 2", "crane 2")]
    [DataRow("crane 2,crane,crane", "crane 2,crane,crane 3", "crane 3")]
    [DataRow("a,a,a,b,b", "a,a 2,a 3,b,b 2", "a 2, a 3, b 2")]
    [DataRow("a,a,a 2,a 2", "a,a 3,a 2,a 2 2", "a 3, a 2 2")]
    [DataRow("a,a,a,a,a,a,a", "a,a 2,a 3,a 4,a 5,a 6,a 7", "a 2, a 3, a 4, a 5, a 6 and 1 more")]
    public void Number_NamesThatComeAgain_GetNumbersThatAreFree(string given, string numbered, string said)
    {
        var sentences = new List<string>();

        Assert.AreEqual(numbered, string.Join(',', ClassNames.Number(given.Split(','), sentences)));

        Assert.AreEqual($"numbers for classes of one name: {said}", sentences.Single());
    }

    [TestMethod]
    public void Number_NamesThatDiffer_StayAsTheyAre()
    {
        var sentences = new List<string>();

        CollectionAssert.AreEqual(new[] { "a", "A" }, ClassNames.Number(["a", "A"], sentences).ToArray());

        Assert.IsEmpty(sentences);
    }

    [TestMethod]
    public void FindOrder_OwnClassesInAnother_TellsWhereEachIs()
    {
        CollectionAssert.AreEqual(
            new int?[] { 2, 0, 1 }, ClassNames.FindOrder(["a", "b", "c"], ["c", "a", "b"])!.ToArray());
        Assert.IsNull(ClassNames.FindOrder(["a", "b", "c"], ["a", "b", "c"]));
        Assert.IsNull(ClassNames.FindOrder(["a", "b", "c"], ["x", "y", "z"]), "new names");
        Assert.IsNull(ClassNames.FindOrder(["a", "b", "c"], ["a", "y", "c"]), "a new name at its place");
    }

    [TestMethod]
    public void FindOrder_OwnClassesElsewhereBesideOthers_AreRefused() => StringAssert.Contains(
        Assert.ThrowsExactly<AlexNetException>(() => ClassNames.FindOrder(["a", "b", "c"], ["b", "x", "c"])).Message,
        "The class 'b' is number 1 of those given and number 2 of the model's own, which are others: a, b, c.");

    [TestMethod]
    public void Rename_ByOldNames_LeavesTheOthersAndTheOrder() => CollectionAssert.AreEqual(
        (string[])["b", "a", "c"],
        ClassNames.Rename(["a", "b", "c"], new Dictionary<string, string> { ["a"] = "b", ["b"] = "a" }).ToArray());

    [TestMethod]
    [DataRow("x", "y", "RenamedClasses names 'x', which is no class of the file. Known: a, b.")]
    [DataRow("a", "b", "RenamedClasses calls two classes 'b'")]
    [DataRow("a", "", "RenamedClasses calls a class nothing")]
    public void Rename_WithoutNamesThatDiffer_IsRefused(string old, string name, string why) => StringAssert.Contains(
        Assert.ThrowsExactly<AlexNetException>(
            () => ClassNames.Rename(["a", "b"], new Dictionary<string, string> { [old] = name })).Message,
        why);

    [TestMethod]
    public void Rename_WhereTheFileSaysNoNames_IsRefused() => StringAssert.Contains(
        Assert.ThrowsExactly<AlexNetException>(
            () => ClassNames.Rename(own: null, new Dictionary<string, string> { ["a"] = "b" })).Message,
        "the file does not say the names of its classes");
}
