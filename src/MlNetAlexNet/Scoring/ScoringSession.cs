using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.OnnxRuntime;
using MlNetAlexNet.Formats.Onnx.Own;
using MlNetAlexNet.Formats.Onnx.Sessions;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Scoring;

/// <summary>The network of a model zip, loaded. All threads may score at once; they share it.</summary>
internal sealed class ScoringSession : IDisposable
{
    private static readonly string[] Outputs = [OnnxNames.Score, OnnxNames.TopLabels, OnnxNames.TopScores];

    // Held to read by calls under way and to write by Dispose, which must not take the network from under them.
    [SuppressMessage("Usage", "CA2213", Justification = "Calls that come after Dispose take it to see that they are late.")]
    private readonly ReaderWriterLockSlim _use = new();
    private readonly InferenceSession _session;
    private readonly ScoringDevice _device;
    private readonly string[] _input;
    private readonly Dictionary<string, string> _composed; // of classes whose names the network has in another form
    private bool _isDisposed;

    /// <param name="onnx">The network as <see cref="OnnxExport"/> writes it; not needed afterwards.</param>
    /// <param name="threads">Cores that work on one call. Default 1.</param>
    /// <param name="device">What computes. Default: the processor.</param>
    /// <exception cref="AlexNetException">It is another program's, or the device cannot be used.</exception>
    public ScoringSession(byte[] onnx, int threads = 1, ScoringDevice device = default)
    {
        _device = device;
        _session = Open(onnx, threads, device);
        try
        {
            _input = [.. _session.InputNames];
            var side = RequireEnds(_session);

            // A zip from before the names were noted has them among its nodes; that takes longer.
            var metadata = _session.ModelMetadata.CustomMetadataMap;
            Form = new PictureForm(side, OnnxMetadata.ReadResizeMode(metadata));
            Views = OnnxMetadata.ReadViews(metadata);
            TrainedOn = OnnxMetadata.ReadTrainedOn(metadata);
            var names = OnnxMetadata.ReadClasses(metadata) ?? OnnxImport.Read(new MemoryStream(onnx)).Classes;
            Classes = CanonicalForms.Compose(names);
            _composed = names.Zip(Classes).Where(name => name.First != name.Second).ToDictionary(name => name.First, name => name.Second);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The version of ONNX Runtime.</summary>
    public static string RuntimeVersion => OnnxRuntimeSession.Runtime.GetVersionString();

    /// <summary>Class names in the order of the scores.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The square pictures it takes, and how pictures become these, as the network itself says.</summary>
    public PictureForm Form { get; }

    /// <summary>The views that it scores of each.</summary>
    public ScoringViews Views { get; }

    /// <summary>As in <see cref="TrainedModel"/>.</summary>
    public PictureFingerprints TrainedOn { get; }

    /// <summary>Scores pictures together.</summary>
    /// <param name="pixels">The pictures one after the other, each the bytes of <see cref="Form"/>.</param>
    /// <param name="pictures">How many there are; the rest of <paramref name="pixels"/> is left alone.</param>
    /// <exception cref="AlexNetException">
    /// The card cannot compute them, as where its memory is full, the network was changed so that it fits itself no longer, or
    /// gives no probabilities.
    /// </exception>
    public ImagePrediction[] Score(byte[] pixels, int pictures)
    {
        var predictions = Run(pixels, pictures);
        foreach (var prediction in predictions)
            RequireFinite(prediction.Score);
        return predictions;
    }

    /// <summary>Scores a black picture: only that shows whether all parts of a network fit each other.</summary>
    /// <exception cref="AlexNetException">They do not.</exception>
    public void RequireRuns() => Run(new byte[Form.Bytes], 1);

    private ImagePrediction[] Run(byte[] pixels, int pictures)
    {
        _use.EnterReadLock();
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(ImageClassifier));
            var length = Form.Bytes;
            using var input = OrtValue.CreateTensorValueFromMemory(
                OrtMemoryInfo.DefaultInstance,
                new Memory<byte>(pixels, 0, pictures * length),
                [pictures, Form.Side, Form.Side, 3]);
            using var run = new RunOptions();
            using var outputs = _session.Run(run, _input, [input], Outputs);
            return Split(outputs[0], outputs[1], outputs[2], pictures);
        }
        catch (OnnxRuntimeException fault)
        {
            throw _device != ScoringDevice.Cpu ? CudaProvider.Refused(_device, fault) : new AlexNetException(
                $"The network cannot score {pictures} pictures together: it was changed or damaged ({fault.Message.ReplaceLineEndings(" ").TrimEnd('.')}). Use the file as it was written.",
                fault);
        }
        finally
        {
            _use.ExitReadLock();
        }
    }

    /// <summary>Waits for calls under way, then lets go of the network.</summary>
    public void Dispose()
    {
        _use.EnterWriteLock();
        try
        {
            _isDisposed = true;
            _session.Dispose();
        }
        finally
        {
            _use.ExitWriteLock();
        }
    }

    private static InferenceSession Open(byte[] onnx, int threads, ScoringDevice device)
    {
        if (device != ScoringDevice.Cpu)
            return CudaProvider.Open(onnx, threads, device);

        return OnnxRuntimeSession.Open(onnx, threads);
    }

    // Weights that are finite, but so large that a sum is not, come to this.
    private void RequireFinite(ReadOnlySpan<float> scores)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            if (!float.IsFinite(scores[i]))
            {
                throw new AlexNetException(FormattableString.Invariant(
                    $"The network gives {scores[i]} as the probability of '{Classes[i % Classes.Count]}': its weights are too large to compute with. ")
                    + "Take those of an earlier epoch, or train again with a lower learning rate.");
            }
        }
    }

    private ImagePrediction[] Split(OrtValue score, OrtValue topLabels, OrtValue topScores, int pictures)
    {
        var scores = score.GetTensorDataAsSpan<float>();
        var labels = topLabels.GetStringTensorAsArray();
        for (var i = 0; _composed.Count > 0 && i < labels.Length; i++)
            labels[i] = _composed.GetValueOrDefault(labels[i], labels[i]);
        var best = topScores.GetTensorDataAsSpan<float>();
        var (classes, top) = (scores.Length / pictures, best.Length / pictures);
        var predictions = new ImagePrediction[pictures];
        for (var i = 0; i < pictures; i++)
        {
            predictions[i] = new ImagePrediction
            {
                PredictedLabel = labels[i * top],
                Score = scores.Slice(i * classes, classes).ToArray(),
                TopLabels = labels[(i * top)..((i + 1) * top)],
                TopScores = best.Slice(i * top, top).ToArray(),
            };
        }

        return predictions;
    }

    private static int RequireEnds(InferenceSession session)
    {
        if (Outputs.FirstOrDefault(output => !session.OutputMetadata.ContainsKey(output)) is { } missing)
            throw new AlexNetException($"its network has no output '{missing}'");

        return session.InputMetadata.Values.ToArray() is [{ IsTensor: true, Dimensions: [_, var height, var width, 3] } input]
            && input.ElementType == typeof(byte) && height == width && height is > 0 and <= ImagePreprocessing.MaximumImageSize
            ? height
            : throw new AlexNetException($"its network does not take bytes of square pictures of at most {ImagePreprocessing.MaximumImageSize} pixels");
    }
}
