using System.Security.Cryptography;
using MlNetAlexNet.Images;
using MlNetAlexNet.Models;
using MlNetAlexNet.Promotion;

namespace MlNetAlexNet.Tests.Promotion;

[TestClass]
public sealed class PictureManifestTests
{
    private static readonly DateTimeOffset s_monday = new(2026, 1, 5, 3, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset s_tuesday = s_monday.AddDays(1);

    [TestMethod]
    public void Compare_PicturesAddedRemovedRelabelledAndMoved_TellsEach()
    {
        var before = Collect(null, s_monday, Picture(1, "a"), Picture(2, "a"), Picture(3, "a"), Picture(4, "b"));

        var changes = before.Compare([Picture(1, "a"), Picture(2, "b"), Picture(4, "b", "test"), Picture(5, "b"), Picture(5, "b")]);

        CollectionAssert.AreEqual(new ulong[] { 5 }, Values(changes.Added));
        Assert.AreEqual(new PictureFingerprint(3).ToString(), changes.Removed.Single().Fingerprint);
        CollectionAssert.AreEqual(new ulong[] { 2 }, Values(changes.Relabelled));
        CollectionAssert.AreEqual(new ulong[] { 4 }, Values(changes.Moved));
    }

    [TestMethod]
    public void Compare_RenamedClass_IsNoOtherClass()
    {
        var before = Collect(null, s_monday, Picture(1, "red"), Picture(2, "blue"));
        GatePicture[] today = [Picture(1, "crimson"), Picture(2, "blue")];

        Assert.IsEmpty(before.Compare(today, new Dictionary<string, string> { ["red"] = "crimson" }).Relabelled);
        Assert.HasCount(1, before.Compare(today).Relabelled);
    }

    [TestMethod]
    public void Collect_NextGate_KeepsFirstSeenAndCountsComparisons()
    {
        GatePicture[] monday = [Picture(1, "a"), Picture(2, "a", "test")];
        var first = PictureManifest.Collect(monday, new SplitOptions(), s_monday, null, [monday[1]]);
        GatePicture[] tuesday = [Picture(1, "b"), monday[1], Picture(3, "a", "test")];

        var second = PictureManifest.Collect(tuesday, new SplitOptions(), s_tuesday, first, [tuesday[1], tuesday[2]]);

        CollectionAssert.AreEqual(
            new[] { ("b", s_monday, 0), ("a", s_monday, 2), ("a", s_tuesday, 1) },
            second.Pictures.Select(picture => (picture.Label, picture.FirstSeen, picture.Compared)).ToArray());
    }

    [TestMethod]
    public void Find_WhatWasWritten_IsTheSame()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "model.pictures.json");
        Assert.IsNull(PictureManifest.Find(path));
        var manifest = Collect(null, s_monday, Picture(1, "<b>\"ä\"</b> 🐈"), Picture(ulong.MaxValue, "b")) with { Split = new() { Seed = 7, TestFraction = 0.3 } };

        manifest.Write(path);

        var read = PictureManifest.Find(path)!;
        Assert.AreEqual(manifest with { Pictures = [] }, read with { Pictures = [] });
        CollectionAssert.AreEqual(manifest.Pictures.ToArray(), read.Pictures.ToArray());
    }

    [TestMethod]
    [DataRow("null")]
    [DataRow("[]")]
    [DataRow("{\"time\": 3}")]
    [DataRow("{}")]
    [DataRow("{\"time\":\"2026-01-05T03:00:00Z\",\"split\":null,\"pictures\":[]}")]
    [DataRow("{\"time\":\"2026-01-05T03:00:00Z\",\"split\":{\"testFraction\":2},\"pictures\":[]}")]
    [DataRow("{\"time\":\"2026-01-05T03:00:00Z\",\"split\":{},\"pictures\":[null]}")]
    [DataRow("{\"time\":\"2026-01-05T03:00:00Z\",\"split\":{},\"pictures\":[{}]}")]
    public void Find_SomethingElse_IsRefusedByName(string text)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("a.pictures.json", System.Text.Encoding.UTF8.GetBytes(text));

        var fault = Assert.ThrowsExactly<AlexNetException>(() => PictureManifest.Find(path));

        StringAssert.Contains(fault.Message, path);
    }

    // As a user sees it: sha256sum 1.png | cut -c1-16
    [TestMethod]
    public void Read_Folder_TellsPartLabelNameAndTheStartOfSha256()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in (string[])["train/a/1.png", "train/b/2.png", "test/b/deep/3.png"])
            folder.Write(name, System.Text.Encoding.UTF8.GetBytes(name));

        var pictures = GatePicture.Read(ImageFolder.Open(folder.Path, new SplitOptions { ValidationFraction = 0 }));

        CollectionAssert.AreEqual(
            new[] { ("train", "a", "train/a/1.png"), ("train", "b", "train/b/2.png"), ("test", "b", "test/b/deep/3.png") },
            pictures.Select(picture => (picture.Part, picture.Label, picture.Name)).ToArray());
        foreach (var picture in pictures)
            Assert.AreEqual(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(picture.Path)))[..16], picture.Fingerprint.ToString());
    }

    private static ulong[] Values(IEnumerable<GatePicture> pictures) => [.. pictures.Select(picture => picture.Fingerprint.Value)];

    private static PictureManifest Collect(PictureManifest? before, DateTimeOffset time, params GatePicture[] pictures) =>
        PictureManifest.Collect(pictures, new SplitOptions(), time, before, []);

    private static GatePicture Picture(ulong content, string label, string part = "train") =>
        new($"/{label}/{content}", $"{label}/{content}", label, part, new(content));
}
