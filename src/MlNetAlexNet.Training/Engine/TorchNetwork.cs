using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.Training.Data;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Dropout = MlNetAlexNet.Layers.Dropout;
using Flatten = MlNetAlexNet.Layers.Flatten;

namespace MlNetAlexNet.Training.Engine;

/// <summary>
/// A plan and its weights as Torch computes them. The final softmax is left to the loss: results are logits. From layer
/// to layer goes one tensor in the computing format, as large as the plan says: N x C x H x W with channels innermost in
/// memory, or N x features once it is flat. The weights are the network's own copies, keyed as in the plan.
/// </summary>
internal sealed class TorchNetwork : IDisposable
{
    private readonly LayerPlan _plan;
    private readonly WeightSet _initial;
    private readonly int _frozen;
    private readonly Dictionary<int, LayerPlan> _plans; // the same stack by the side of its input
    private readonly torch.Device _device;
    private readonly ScalarType _compute;
    private readonly PixelNormalization _pixels;
    private readonly Dictionary<string, TorchParameter> _parameters;
    private readonly Dictionary<string, Tensor> _statistics; // that move in training: C, 32 bits
    private readonly int _end; // the layers from the last one with weights on
    private NormalizationStart? _start; // while it is measured

    /// <param name="plan">The stack.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="preprocessing">Mean and deviation of the pictures.</param>
    /// <param name="device">Where it is computed.</param>
    /// <param name="compute">The format it is computed in.</param>
    /// <param name="frozen">Layers, from the first, whose weights stay.</param>
    /// <param name="rates">Factors of the learning rate by layer; one not named has the whole rate. Default: all.</param>
    /// <param name="decays">Weight decay of kernels by layer, as <see cref="TorchParameter.Decay"/>. Default: none.</param>
    public TorchNetwork(
        LayerPlan plan, WeightSet weights, ImagePreprocessing preprocessing, torch.Device device, ScalarType compute,
        int frozen = 0, IReadOnlyDictionary<string, double>? rates = null, IReadOnlyDictionary<string, double>? decays = null)
    {
        weights.RequireFit(plan);
        (_plan, _initial, _device, _compute, _frozen) = (plan, weights, device, compute, frozen);
        _plans = new() { [plan.Input.Height] = plan };
        _pixels = new PixelNormalization(preprocessing, device, compute);
        _parameters = new(
            from layer in plan
            from shape in layer.Weights
            where shape.IsTrainable
            let key = layer.GetWeightName(shape)
            // Torch normalizes 16-bit values by 32-bit factors.
            let format = layer.Layer is BatchNormalization ? ScalarType.Float32 : compute
            select KeyValuePair.Create(key, new TorchParameter(key, weights[key], device, format)
            {
                RateFactor = rates?.GetValueOrDefault(layer.Name, 1) ?? 1,
                Decay = shape.Name == "kernel" && decays?.TryGetValue(layer.Name, out var decay) == true ? decay : null,
            }));
        _statistics = plan.Weights.Where(weight => !weight.Shape.IsTrainable).ToDictionary(
            weight => weight.Key,
            weight => tensor(weights[weight.Key].Values, device: device).DetachFromDisposeScope());
        var trained = plan.Skip(frozen)
            .SelectMany(layer => layer.Weights.Select(layer.GetWeightName)).ToHashSet();
        Parameters = [.. _parameters.Values.Where(parameter => trained.Contains(parameter.Key))];
        Values = [.. Parameters.Select(parameter => KeyValuePair.Create(parameter.Key, parameter.Master)), .. _statistics
            .Where(statistic => trained.Contains(statistic.Key))];
        _end = plan.Reverse().TakeWhile(layer => layer.Weights.Count == 0).Count() + 1;
    }

    /// <summary>The stack.</summary>
    public LayerPlan Plan => _plan;

    /// <summary>What the optimizer changes, in the order of the plan.</summary>
    public IReadOnlyList<TorchParameter> Parameters { get; }

    /// <summary>Numbers that the last layer with weights is given of a picture; of an image its channels, the mean over places.</summary>
    public int HiddenWidth => _plan[^_end].Input.Channels;

    /// <summary>
    /// Every master and moving statistic that changes, 32 bits. Who changes a master calls <see cref="RefreshCopies"/>.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, Tensor>> Values { get; }

    /// <summary>What the last of the layers that keep their weights gives; null if there are none.</summary>
    public TensorShape? FrozenOutput => _frozen > 0 ? _plan[_frozen - 1].Output : null;

    public torch.Device Device => _device;

    /// <summary>The computing format.</summary>
    public ScalarType Format => _compute;

    /// <summary>Bytes of squares out of the middles of pictures to normalised values in the computing format.</summary>
    /// <param name="pixels">N x H x W x RGB, height and width at most those of the plan's input.</param>
    /// <returns>N x C x H x W, of the plan's input.</returns>
    public Tensor Normalize(Tensor pixels) => _pixels.Apply(pixels);

    /// <summary>The same of the squares of a batch, wherever they lie in their pictures.</summary>
    public Tensor Normalize(Batch batch) => _pixels.Apply(batch);

    /// <summary>What the frozen layers make of normalised pictures, as in scoring; the pictures if there are none.</summary>
    /// <param name="pictures">N x C x H x W, from <see cref="Normalize(Batch)"/>.</param>
    /// <returns>N x the output of the last frozen layer.</returns>
    public Tensor ApplyFrozen(Tensor pictures)
    {
        using var noGradient = no_grad();
        return _plan.Take(_frozen).Aggregate(pictures, (x, layer) => Apply(layer, x, dropout: null));
    }

    /// <summary>Normalised pictures, or what the frozen layers made of them, to logits.</summary>
    /// <param name="input">
    /// From <see cref="ApplyFrozen"/>; without frozen layers from <see cref="Normalize(Batch)"/>. Of squares of another side than
    /// the plan's, the image before the vector is brought to the plan's size.
    /// </param>
    /// <param name="dropout">
    /// In training, where batch normalization goes by the batch and moves its statistics; null in scoring, where nothing
    /// is dropped or moved.
    /// </param>
    /// <returns>N x classes, 32 bits.</returns>
    public Tensor Forward(Tensor input, DropoutMasks? dropout) => ForwardWithHidden(input, dropout).Logits;

    /// <summary><see cref="Forward"/>, and what the last layer with weights is given, before any dropout.</summary>
    /// <returns>N x <see cref="HiddenWidth"/> in the computing format, and N x classes, 32 bits.</returns>
    public (Tensor Hidden, Tensor Logits) ForwardWithHidden(Tensor input, DropoutMasks? dropout)
    {
        var (x, hidden) = (input, input);
        PlannedLayer[] layers = _frozen > 0 ? [.. _plan.Skip(_frozen)] : [.. PlanFor((int)input.shape[2])];
        foreach (var (index, layer) in layers.Index())
        {
            x = Apply(layer, x, dropout);                          // N x the layer's output, at last N x classes
            if (index < layers.Length - _end && layer.Layer is not Dropout)
                hidden = x;
        }

        return (hidden.dim() == 4 ? hidden.mean([2, 3]) : hidden, x.to(ScalarType.Float32));
    }

    /// <summary>
    /// The 32-bit masters and the moving statistics, copied, and the frozen weights as they were given; keys, dimensions and
    /// order are those of the plan.
    /// </summary>
    public WeightSet ToWeightSet() => new(_plan.SelectMany((layer, index) => layer.Weights.Select(shape =>
    {
        var key = layer.GetWeightName(shape);
        return KeyValuePair.Create(key, index < _frozen ? _initial[key] : Copy(key, shape));
    })));

    /// <summary>The key of the first weight that changes in which there is NaN or infinity; null if there is none.</summary>
    public string? FindNotFinite()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return Parameters.Select(parameter => (parameter.Key, Value: parameter.Master))
            .Concat(_statistics.Select(statistic => (statistic.Key, statistic.Value)))
            .Where(value => !value.Value.isfinite().all().item<bool>())
            .Select(value => value.Key)
            .FirstOrDefault();
    }

    /// <summary><see cref="NormalizationStart"/> of every batch normalization, in one pass over pictures.</summary>
    /// <param name="batches">N x H x W x RGB each.</param>
    public void MeasureNormalization(IEnumerable<Tensor> batches)
    {
        using var noGradient = no_grad();
        var start = new NormalizationStart();
        foreach (var pixels in batches)
        {
            using var scope = NewDisposeScope();
            var input = ApplyFrozen(Normalize(pixels));
            _start = start;
            Forward(input, dropout: null);
            _start = null;
        }

        foreach (var planned in _plan.Skip(_frozen))
        {
            if (planned.Layer is BatchNormalization { Center: true, Scale: true } norm)
            {
                start.Settle(
                    planned.Name, norm, StatisticsOf(planned), _parameters[$"{planned.Name}/gamma"].Master,
                    _parameters[$"{planned.Name}/beta"].Master);
            }
        }

        RefreshCopies();
    }

    /// <summary>Makes the computing copies those of their masters.</summary>
    public void RefreshCopies()
    {
        using var noGradient = no_grad();
        foreach (var parameter in Parameters)
            parameter.RefreshCopy();
    }

    public void Dispose()
    {
        foreach (var parameter in _parameters.Values)
        {
            parameter.Dispose();
        }

        foreach (var statistic in _statistics.Values)
        {
            statistic.Dispose();
        }

        _pixels.Dispose();
    }

    private Weight Copy(string key, WeightShape shape) => _parameters.TryGetValue(key, out var parameter)
        ? parameter.ToWeight()
        : new Weight(shape.Dimensions, _statistics[key].cpu().data<float>().ToArray());

    private LayerPlan PlanFor(int side)
    {
        if (!_plans.TryGetValue(side, out var plan))
            _plans[side] = plan = _plan.WithSide(side);
        return plan;
    }

    // N x planned.Input to N x planned.Output. H' and W' are the output's.
    private Tensor Apply(PlannedLayer planned, Tensor x, DropoutMasks? dropout) => planned.Layer switch
    {
        Conv2D conv => Activate(Convolve(planned, conv, x), conv.Activation),                   // N x filters x H' x W'
        MaxPooling2D pool => Pool(planned, pool, x),                                            // N x C x H' x W'
        Flatten => x.flatten(1),                                                                // N x (C H W)
        Dense dense => Activate(Multiply(planned, x), dense.Activation),                        // N x units
        Dropout { Rate: var rate } => dropout is null || rate == 0 ? x : dropout.Drop(x, rate),
        AveragePooling2D pool => Average(planned, pool, x),                                     // N x C x H' x W'
        AdaptiveAveragePooling2D { OutputSize: var size } =>
            functional.adaptive_avg_pool2d(x, [size.Height, size.Width]),                       // N x C x H' x W'
        ZeroPadding2D pad => Pad(x, pad.Sides, 0),                                              // N x C x H' x W'
        LocalResponseNormalization norm => ResponseNormalization.Apply(norm, x),
        BatchNormalization norm => NormalizeBatch(planned, norm, x, isTraining: dropout is not null),
        LeakyReLU { NegativeSlope: var slope } => functional.leaky_relu(x, slope),
        ELU { Alpha: var alpha } => functional.elu(x, alpha),
        // Not in place: x may be what an earlier step keeps for its gradient, such as another ReLU's result.
        ActivationLayer { Activation: Activation.Relu } => functional.relu(x),
        ActivationLayer layer => Activate(x, layer.Activation),
        var layer => throw new NotSupportedException($"The Torch engine does not know the layer {layer.TypeName}."),
    };

    // N x C x H x W and filters x (C / groups) x kernel height x kernel width to N x filters x H' x W'.
    private Tensor Convolve(PlannedLayer planned, Conv2D conv, Tensor x)
    {
        if (SpaceToDepth.Suits(conv, planned.Input))
        {
            return SpaceToDepth.Convolve(planned, x, Weight(planned, "kernel"), Find(planned, "bias"));
        }

        var sides = conv.Padding.Resolve(planned.Input, conv.DilatedKernel, conv.Strides);
        return functional.conv2d(
            sides.IsSymmetric ? x : Pad(x, sides, 0),
            Weight(planned, "kernel"),
            Find(planned, "bias"),
            strides: [conv.Strides.Height, conv.Strides.Width],
            padding: sides.IsSymmetric ? [sides.Top, sides.Left] : [0, 0],
            dilation: [conv.Dilation.Height, conv.Dilation.Width],
            groups: conv.Groups);
    }

    // N x features and units x features to N x units.
    private Tensor Multiply(PlannedLayer planned, Tensor x) =>
        functional.linear(x, Weight(planned, "kernel"), Find(planned, "bias"));

    // N x C x H x W or N x C to the same.
    private Tensor NormalizeBatch(PlannedLayer planned, BatchNormalization norm, Tensor x, bool isTraining)
    {
        var statistics = StatisticsOf(planned);
        var (gamma, beta) = (Find(planned, "gamma"), Find(planned, "beta"));
        if (norm is { Center: true, Scale: true })
            _start?.Add(planned.Name, x);
        return isTraining
            ? statistics.NormalizeByBatch(norm, x, gamma, beta)
            : statistics.Normalize(norm, x, gamma, beta);
    }

    private BatchStatistics StatisticsOf(PlannedLayer planned) => new(
        _statistics[$"{planned.Name}/moving_mean"], _statistics[$"{planned.Name}/moving_variance"]);

    // N x C x H x W to N x C x H' x W'.
    private static Tensor Pool(PlannedLayer planned, MaxPooling2D pool, Tensor x)
    {
        var sides = pool.Padding.Resolve(planned.Input, pool.PoolSize, pool.Strides);
        var padded = sides == default ? x : Pad(x, sides, double.NegativeInfinity); // never the largest
        return functional.max_pool2d(
            padded, [pool.PoolSize.Height, pool.PoolSize.Width], [pool.Strides.Height, pool.Strides.Width]);
    }

    // Torch leaves padded places out of the mean only where opposite sides are equal; this does on any four.
    private static Tensor Average(PlannedLayer planned, AveragePooling2D pool, Tensor x)
    {
        var sides = pool.Padding.Resolve(planned.Input, pool.PoolSize, pool.Strides);
        var places = ones([1, 1, x.shape[2], x.shape[3]], x.dtype, x.device);                   // 1 x 1 x H x W
        return sides == default
            ? Mean(x)                                                                           // N x C x H' x W'
            : Mean(Pad(x, sides, 0)) / Mean(Pad(places, sides, 0));                             // by 1 x 1 x H' x W'

        Tensor Mean(Tensor values) => functional.avg_pool2d(
            values, [pool.PoolSize.Height, pool.PoolSize.Width], [pool.Strides.Height, pool.Strides.Width]);
    }

    // N x C x H x W to N x C x (top + H + bottom) x (left + W + right).
    private static Tensor Pad(Tensor x, PaddingSides sides, double value) =>
        functional.pad(x, [sides.Left, sides.Right, sides.Top, sides.Bottom], value: value);

    private static Tensor Activate(Tensor x, Activation activation) => activation switch
    {
        Activation.Linear or Activation.Softmax => x, // a softmax ends the stack, and the loss contains it
        Activation.Relu => functional.relu(x, inplace: true),
        Activation.Sigmoid => functional.sigmoid(x),
        Activation.Tanh => functional.tanh(x),
        Activation.Elu => functional.elu(x, 1),
        _ => throw new NotSupportedException($"The Torch engine does not know the activation {activation}."),
    };

    private Tensor Weight(PlannedLayer planned, string name) => _parameters[$"{planned.Name}/{name}"].Compute;

    private Tensor? Find(PlannedLayer planned, string name) =>
        _parameters.GetValueOrDefault($"{planned.Name}/{name}")?.Compute;
}
