using System.Reflection;
using Microsoft.ML.Data;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Tests.Scoring;

/// <summary>
/// A classifier that is disposed refuses whatever it is asked, whether or not its second session was loaded.
/// </summary>
[TestClass]
public sealed class DisposedClassifierTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    // Of a file that is missing: that it is disposed is said first.
    private static readonly (string Method, Func<ImageClassifier, object> Call)[] s_calls =
    [
        ("Classify(String)", classifier => classifier.Classify("missing.png")),
        ("Classify(Stream)", classifier => classifier.Classify(Stream.Null)),
        ("Classify(MLImage)", classifier =>
        {
            using var image = MLImage.CreateFromPixels(1, 1, MLPixelFormat.Bgra32, new byte[4]);
            return classifier.Classify(image);
        }),
        ("Classify(ReadOnlyMemory`1)", classifier => classifier.Classify(Array.Empty<byte>())),
        ("ClassifyAsync(String)", classifier => classifier.ClassifyAsync("missing.png")),
        ("ClassifyAsync(Stream)", classifier => classifier.ClassifyAsync(Stream.Null)),
        ("ClassifyAsync(ReadOnlyMemory`1)", classifier => classifier.ClassifyAsync(Array.Empty<byte>())),
        ("ClassifyMany(String)", classifier => classifier.ClassifyMany(Array.Empty<string>())),
        ("ClassifyMany(Stream)", classifier => classifier.ClassifyMany(Array.Empty<Stream>())),
        ("ClassifyMany(Byte[])", classifier => classifier.ClassifyMany(Array.Empty<byte[]>())),
        ("ClassifyManyAsync(String)", classifier => classifier.ClassifyManyAsync(Array.Empty<string>())),
        ("ClassifyManyAsync(Stream)", classifier => classifier.ClassifyManyAsync(Array.Empty<Stream>())),
        ("ClassifyManyAsync(Byte[])", classifier => classifier.ClassifyManyAsync(Array.Empty<byte[]>())),
        ("TryClassifyMany(String)", classifier => classifier.TryClassifyMany(Array.Empty<string>())),
        ("TryClassifyMany(Stream)", classifier => classifier.TryClassifyMany(Array.Empty<Stream>())),
        ("TryClassifyMany(Byte[])", classifier => classifier.TryClassifyMany(Array.Empty<byte[]>())),
        ("TryClassifyManyAsync(String)", classifier => classifier.TryClassifyManyAsync(Array.Empty<string>())),
        ("TryClassifyManyAsync(Stream)", classifier => classifier.TryClassifyManyAsync(Array.Empty<Stream>())),
        ("TryClassifyManyAsync(Byte[])", classifier => classifier.TryClassifyManyAsync(Array.Empty<byte[]>())),
    ];

    public static IEnumerable<object[]> Cases =>
        from call in s_calls
        from isZip in (bool[])[true, false]
        from hasScoredMany in (bool[])[true, false]
        select (object[])[call.Method, isZip, hasScoredMany];

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public async Task Call_AfterDispose_IsRefused(string method, bool isZip, bool hasScoredMany)
    {
        var classifier = Classifier(isZip, hasScoredMany, out _);
        classifier.Dispose();
        classifier.Dispose();

        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(async () =>
        {
            if (s_calls.Single(call => call.Method == method).Call(classifier) is Task later)
                await later;
        });
    }

    [TestMethod]
    public void Calls_OfTheseTests_AreAllThereAre() => CollectionAssert.AreEquivalent(
        typeof(ImageClassifier).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(method => !method.IsSpecialName && method.Name != nameof(IDisposable.Dispose))
            .Select(method => $"{method.Name}({NameOf(method.GetParameters()[0].ParameterType)})").ToArray(),
        s_calls.Select(call => call.Method).ToArray());

    [TestMethod]
    [DataRow(true, true)]
    [DataRow(true, false)]
    [DataRow(false, true)]
    [DataRow(false, false)]
    public async Task Predictions_AskedForBeforeAndTakenAfterDispose_AreRefused(bool isZip, bool hasScoredMany)
    {
        var classifier = Classifier(isZip, hasScoredMany, out var pictures);
        var (many, manyAsync) = (classifier.ClassifyMany(pictures), classifier.ClassifyManyAsync(pictures));
        var (tried, triedAsync) = (classifier.TryClassifyMany(pictures), classifier.TryClassifyManyAsync(pictures));
        classifier.Dispose();

        Assert.ThrowsExactly<ObjectDisposedException>(() => many.First());
        Assert.ThrowsExactly<ObjectDisposedException>(() => tried.First());
        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(() => manyAsync.FirstAsync().AsTask());
        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(() => triedAsync.FirstAsync().AsTask());
    }

    // Of many pictures, what each of them is.
    private static string NameOf(Type type) =>
        type.IsInterface && type.IsGenericType ? type.GenericTypeArguments[0].Name : type.Name;

    private ImageClassifier Classifier(bool isZip, bool hasScoredMany, out string[] pictures)
    {
        var images = ColourModel.Draw(_folder.Path);
        pictures = [.. images.Select(image => image.ImagePath)];
        var classifier = isZip
            ? ImageClassifier.Load(ColourModel.Save(_folder.Path, images))
            : ImageClassifier.Load(ColourModel.Create());
        if (hasScoredMany)
            Assert.HasCount(pictures.Length, classifier.ClassifyMany(pictures).ToList());

        return classifier;
    }
}
