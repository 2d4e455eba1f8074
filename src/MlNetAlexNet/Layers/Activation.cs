namespace MlNetAlexNet.Layers;

/// <summary>The function a layer applies to its result. Default <see cref="Linear"/>, as in Keras.</summary>
public enum Activation
{
    /// <summary>The result as it is.</summary>
    Linear,

    /// <summary>max(0, x) (Krizhevsky 2012, section 3.1).</summary>
    Relu,

    /// <summary>exp(x) divided by its sum over the units: class probabilities. Only for the last layer.</summary>
    Softmax,

    /// <summary>1 / (1 + exp(-x)).</summary>
    Sigmoid,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary>x, and exp(x) - 1 below 0: <see cref="ELU"/> with its default.</summary>
    Elu,
}
