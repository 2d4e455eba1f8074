namespace MlNetAlexNet.Training;

/// <summary>How the weights move along their gradients. Default <see cref="Sgd"/>.</summary>
public enum OptimizerKind
{
    /// <summary>Stochastic gradient descent with momentum, every weight decaying (Krizhevsky 2012, section 5).</summary>
    Sgd,

    /// <summary>
    /// Adam with weight decay of its own, on kernels alone (Loshchilov and Hutter 2019, algorithm 2; betas 0.9 and 0.999,
    /// epsilon 1e-8). It takes smaller learning rates and more decay, which are its defaults.
    /// </summary>
    AdamW,
}
