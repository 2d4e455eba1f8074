using MlNetAlexNet.Training.Data;
using MlNetAlexNet.Training.Teachers;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Engine;

/// <summary>
/// What the trained layers take of pictures: the normalised pictures, or what the frozen layers make of them. That is
/// computed once a view and kept in the computing format, so that it is the same, bit for bit, when it is read again.
/// </summary>
internal sealed class NetworkInputs : IDisposable
{
    /// <summary>The view of a picture that is its middle; those of <see cref="ViewOf"/> are from 1.</summary>
    public const int Middle = 0;

    private const int DefaultViews = 4;

    private readonly TorchNetwork _network;
    private readonly int? _views;
    private readonly FeatureFile? _kept;
    private readonly long[] _sides = []; // of what is kept of a picture: H x W x C, or units

    /// <param name="network">The network.</param>
    /// <param name="pictures">The pictures.</param>
    /// <param name="options">Of the training.</param>
    /// <param name="isLearnt">Whether more than the middles are taken.</param>
    public NetworkInputs(TorchNetwork network, BatchSource pictures, TrainingOptions options, bool isLearnt)
    {
        _network = network;
        if (network.FrozenOutput is not { } output)
            return;

        _views = options.CountViews(options.FrozenViews ?? options.Teacher?.Views ?? DefaultViews);
        _sides = output.IsFlat ? [output.Channels] : [output.Height, output.Width, output.Channels];
        _kept = new FeatureFile(
            pictures.Rows,
            views: isLearnt ? 1 + _views.Value : 1,
            bytes: checked(output.Elements * (network.Format == ScalarType.BFloat16 ? sizeof(ushort) : sizeof(float))),
            options.Teacher is null ? nameof(TrainingOptions.FrozenViews) : TeacherViews.Option);
    }

    /// <summary>The view that an epoch takes; without frozen layers its own.</summary>
    public int ViewOf(int epoch) => _views is { } views ? TrainingOptions.ChooseView(epoch, views) : epoch;

    /// <summary>Whether the pixels are needed to get a view of pictures. Safe for many threads.</summary>
    public bool NeedsPixels(IReadOnlyList<int> rows, int view) => _kept is null || !_kept.Has(rows, view);

    /// <summary>What <see cref="TorchNetwork.Forward"/> takes of a batch.</summary>
    /// <param name="batch">Its pixels are those of the view, where they are needed.</param>
    /// <param name="view">From <see cref="ViewOf"/>, or <see cref="Middle"/>.</param>
    /// <returns>N x C x side x side, or N x the output of the last frozen layer.</returns>
    public Tensor Get(Batch batch, int view)
    {
        if (_kept is null)
            return _network.Normalize(batch);

        return batch.HasPixels ? Compute(batch, view, _kept) : Read(batch, view, _kept);
    }

    /// <summary>
    /// Computes what was computed of the frozen layers before a training was resumed, in the same batches: in others the last bits
    /// could differ.
    /// </summary>
    /// <param name="pictures">Those that are learnt.</param>
    /// <param name="options">Of the training.</param>
    /// <param name="epoch">Under way, from 1.</param>
    /// <param name="batches">Of that epoch that were learnt.</param>
    public void Replay(BatchSource pictures, TrainingOptions options, int epoch, int batches)
    {
        if (_kept is null)
            return;

        for (var before = 1; before <= epoch; before++)
        {
            var view = ViewOf(before);
            foreach (var batch in pictures
                .Shuffle(options.Seed, before, options.Augmentation, view: view, needsPixels: rows => NeedsPixels(rows, view))
                .Take(before < epoch ? pictures.Steps : batches))
            {
                using var scope = NewDisposeScope();
                if (batch.HasPixels)
                    Compute(batch, view, _kept);
            }
        }
    }

    public void Dispose() => _kept?.Dispose();

    private Tensor Compute(Batch batch, int view, FeatureFile kept)
    {
        var features = _network.ApplyFrozen(_network.Normalize(batch)); // N x C x H x W, or N x units
        var memory = ChannelsLast.ToMemoryOrder(features).cpu();               // N x H x W x C, or N x units
        for (var i = 0; i < batch.Count; i++)
            kept.Write(batch.Rows[i], view, BytesOf(memory, i));
        return features;
    }

    private Tensor Read(Batch batch, int view, FeatureFile kept)
    {
        var memory = empty([batch.Count, .. _sides], _network.Format);         // N x H x W x C, or N x units
        for (var i = 0; i < batch.Count; i++)
            kept.Read(batch.Rows[i], view, BytesOf(memory, i));
        var features = memory.to(_network.Device);
        return _sides.Length == 1 ? features : features.permute(0, 3, 1, 2);   // N x C x H x W, or N x units
    }

    // One at a time: a span over all would end at 2 GiB.
    private static Span<byte> BytesOf(Tensor features, int index)
    {
        using var one = features.narrow(0, index, 1);
        return one.bytes;
    }
}
