using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Models;

/// <summary>The AlexNet stacks by name.</summary>
public static class AlexNet
{
    /// <summary>
    /// The reference stack as it is written in Keras: eleven layers and a flatten, 227x227x3 in, 58,322,314 parameters
    /// with 10 classes, 62,378,344 with 1,000. Filters, kernels and strides as Krizhevsky, Sutskever and Hinton 2012,
    /// section 3.5; unlike the paper it has no groups and no response normalisation.
    /// </summary>
    /// <param name="classes">Units of the last layer.</param>
    /// <param name="dropout">
    /// Rate of the dropout before the first two dense layers, 0.5 in the paper (section 4.2). Default 0: no dropout
    /// layers, the reference stack.
    /// </param>
    /// <exception cref="AlexNetException">
    /// <paramref name="classes"/> is below 1 or <paramref name="dropout"/> out of range.
    /// </exception>
    public static Sequential Keras(int classes, double dropout = 0)
    {
        var stack = new Sequential(TensorShape.Image(227, 227, 3))
        {
            new Conv2D(96, 11, strides: 4, activation: Activation.Relu),                     // 55 x 55 x 96
            new MaxPooling2D(3, strides: 2),                                                 // 27 x 27 x 96
            new Conv2D(256, 5, padding: Padding.Same, activation: Activation.Relu),          // 27 x 27 x 256
            new MaxPooling2D(3, strides: 2),                                                 // 13 x 13 x 256
            new Conv2D(384, 3, padding: Padding.Same, activation: Activation.Relu),          // 13 x 13 x 384
            new Conv2D(384, 3, padding: Padding.Same, activation: Activation.Relu),          // 13 x 13 x 384
            new Conv2D(256, 3, padding: Padding.Same, activation: Activation.Relu),          // 13 x 13 x 256
            new MaxPooling2D(3, strides: 2),                                                 // 6 x 6 x 256
            new Flatten(),                                                                   // 9216
        };

        foreach (var units in (int[])[4096, 4096])
        {
            if (dropout != 0)
            {
                stack.Add(new Dropout(dropout));
            }

            stack.Add(new Dense(units, Activation.Relu));
        }

        stack.Add(new Dense(classes, Activation.Softmax));
        return stack;
    }
}
