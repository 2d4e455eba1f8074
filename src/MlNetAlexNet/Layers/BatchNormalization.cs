namespace MlNetAlexNet.Layers;

/// <summary>
/// gamma (x - mean) / sqrt(variance + epsilon) + beta for each channel of an image or each unit of a vector, as Keras'
/// <c>BatchNormalization</c> over the last axis (Ioffe and Szegedy 2015, algorithms 1 and 2). In training mean and
/// variance are those of the batch; in scoring the moving ones, which each batch moves a little:
/// moving = <see cref="Momentum"/> x moving + (1 - momentum) x batch. The batch's variance is there the one it was divided
/// by, as in Keras 3, of one value 0. PyTorch, and Keras 2 for images, move by the unbiased one, n / (n - 1) times as
/// large for n values of a channel in a batch.
/// </summary>
public sealed record BatchNormalization : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="momentum">What the moving statistics keep at a batch. Default 0.99, Keras'; 1 minus Torch's.</param>
    /// <param name="epsilon">Added to the variance. Default 1e-3, Keras'; Torch's is 1e-5.</param>
    /// <param name="center">Whether beta is there; else it is 0.</param>
    /// <param name="scale">Whether gamma is there; else it is 1.</param>
    /// <exception cref="AlexNetException">A number is out of range.</exception>
    public BatchNormalization(double momentum = 0.99, double epsilon = 1e-3, bool center = true, bool scale = true) =>
        (Momentum, Epsilon, Center, Scale) = (momentum, epsilon, center, scale);

    /// <summary>What the moving statistics keep at a batch, from 0 to 1.</summary>
    /// <exception cref="AlexNetException">It is out of range.</exception>
    public double Momentum
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw Unfit(nameof(Momentum), value, "it must be from 0 to 1");
    }

    /// <summary>Added to the variance.</summary>
    /// <exception cref="AlexNetException">It is negative or not a finite number.</exception>
    public double Epsilon { get; init => field = NotNegative(value); }

    /// <summary>Whether beta is there.</summary>
    public bool Center { get; init; }

    /// <summary>Whether gamma is there.</summary>
    public bool Scale { get; init; }

    /// <inheritdoc/>
    public override TensorShape ComputeOutputShape(TensorShape input) => input;

    /// <summary>
    /// <c>gamma</c> and <c>beta</c>, as far as they are there, and <c>moving_mean</c> and <c>moving_variance</c>, which
    /// are not trained; a value for each channel or unit. Keras' names and order.
    /// </summary>
    public override IReadOnlyList<WeightShape> ListWeights(TensorShape input) =>
    [
        .. Scale ? [new WeightShape("gamma", [input.Channels])] : Array.Empty<WeightShape>(),
        .. Center ? [new WeightShape("beta", [input.Channels])] : Array.Empty<WeightShape>(),
        new WeightShape("moving_mean", [input.Channels]) { IsTrainable = false },
        new WeightShape("moving_variance", [input.Channels]) { IsTrainable = false },
    ];
}
