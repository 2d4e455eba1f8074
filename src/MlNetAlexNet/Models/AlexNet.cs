using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Models;

/// <summary>The AlexNet stacks by name. <see cref="Presets"/> adds to each what its training starts from.</summary>
public static partial class AlexNet
{
    /// <summary>
    /// The reference stack as it is written in Keras: eleven layers and a flatten, 227x227x3 in, 58,322,314 parameters
    /// with 10 classes, 62,378,344 with 1,000. Filters, kernels and strides as Krizhevsky, Sutskever and Hinton 2012,
    /// section 3.5; unlike the paper it has no groups and no response normalization.
    /// </summary>
    /// <param name="classes">Units of the last layer.</param>
    /// <param name="dropout">
    /// Rate of the dropout before the first two dense layers, 0.5 in the paper (section 4.2). Default 0: no dropout
    /// layers, the reference stack.
    /// </param>
    /// <exception cref="AlexNetException">
    /// <paramref name="classes"/> is below 1 or <paramref name="dropout"/> out of range.
    /// </exception>
    public static Sequential Keras(int classes, double dropout = 0) => Stack(
        227,
        new Conv2D(96, 11, strides: 4, activation: Activation.Relu),                     // 55 x 55 x 96
        new MaxPooling2D(3, strides: 2),                                                 // 27 x 27 x 96
        new Conv2D(256, 5, padding: Padding.Same, activation: Activation.Relu),          // 27 x 27 x 256
        new MaxPooling2D(3, strides: 2),                                                 // 13 x 13 x 256
        new Conv2D(384, 3, padding: Padding.Same, activation: Activation.Relu),          // 13 x 13 x 384
        new Conv2D(384, 3, padding: Padding.Same, activation: Activation.Relu),          // 13 x 13 x 384
        new Conv2D(256, 3, padding: Padding.Same, activation: Activation.Relu),          // 13 x 13 x 256
        new MaxPooling2D(3, strides: 2),                                                 // 6 x 6 x 256
        new Flatten(),                                                                   // 9216
        Drop(dropout),
        new Dense(4096, Activation.Relu),
        Drop(dropout),
        new Dense(4096, Activation.Relu),
        new Dense(classes, Activation.Softmax));

    /// <summary>
    /// Krizhevsky, Sutskever and Hinton 2012, section 3.5 and figure 2: 227x227x3 in, 60,965,224 parameters with 1,000
    /// classes. Convolutions 2, 4 and 5 have two groups, the paper's two GPUs; response normalization (section 3.3)
    /// follows the first two convolutions and pooling follows it; dropout follows the first two dense layers. The paper
    /// says 224 pixels, but its 55x55 places need 227.
    /// </summary>
    /// <param name="classes">Units of the last layer.</param>
    /// <param name="dropout">Rate of the dropout; 0 for no dropout layers. Default 0.5 (section 4.2).</param>
    /// <inheritdoc cref="Keras" path="/exception"/>
    public static Sequential Paper(int classes, double dropout = 0.5) =>
        Grouped(classes, dropout, new LocalResponseNormalization(), new MaxPooling2D(3, strides: 2));

    /// <summary>
    /// Caffe's replication of the paper (BVLC AlexNet, caffe/models/bvlc_alexnet). Unlike <see cref="Paper"/> it
    /// normalizes with k = 1 and a fifth of the paper's alpha, since Caffe divides its 1e-4 by the size of 5.
    /// </summary>
    /// <inheritdoc cref="Paper" path="/param"/>
    /// <inheritdoc cref="Keras" path="/exception"/>
    public static Sequential Caffe(int classes, double dropout = 0.5) =>
        Grouped(classes, dropout, s_caffeNormalization, new MaxPooling2D(3, strides: 2));

    /// <summary>
    /// CaffeNet (caffe/models/bvlc_reference_caffenet): <see cref="Caffe"/> with pooling before normalization.
    /// </summary>
    /// <inheritdoc cref="Paper" path="/param"/>
    /// <inheritdoc cref="Keras" path="/exception"/>
    public static Sequential CaffeNet(int classes, double dropout = 0.5) =>
        Grouped(classes, dropout, new MaxPooling2D(3, strides: 2), s_caffeNormalization);

    /// <summary>
    /// torchvision's AlexNet (torchvision/models/alexnet.py), after Krizhevsky 2014, "One weird trick for parallelizing
    /// convolutional neural networks", but for 256 instead of 384 filters in the fourth convolution: 224x224x3 in,
    /// 61,100,840 parameters with 1,000 classes. Unlike the paper of 2012 it has fewer filters at first, no groups, no
    /// response normalization, and dropout before instead of after the first two dense layers.
    /// </summary>
    /// <param name="classes">Units of the last layer.</param>
    /// <param name="dropout">Rate of the dropout; 0 for no dropout layers. Default 0.5.</param>
    /// <inheritdoc cref="Keras" path="/exception"/>
    public static Sequential Torchvision(int classes, double dropout = 0.5) => Stack(
        224,
        new Conv2D(64, 11, strides: 4, Padding.Explicit(2, 2, 2, 2), Activation.Relu),   // 55 x 55 x 64
        new MaxPooling2D(3, strides: 2),                                                 // 27 x 27 x 64
        new Conv2D(192, 5, padding: Padding.Explicit(2, 2, 2, 2), activation: Activation.Relu), // 27 x 27 x 192
        new MaxPooling2D(3, strides: 2),                                                 // 13 x 13 x 192
        new Conv2D(384, 3, padding: Padding.Explicit(1, 1, 1, 1), activation: Activation.Relu), // 13 x 13 x 384
        new Conv2D(256, 3, padding: Padding.Explicit(1, 1, 1, 1), activation: Activation.Relu), // 13 x 13 x 256
        new Conv2D(256, 3, padding: Padding.Explicit(1, 1, 1, 1), activation: Activation.Relu), // 13 x 13 x 256
        new MaxPooling2D(3, strides: 2),                                                 // 6 x 6 x 256
        new AdaptiveAveragePooling2D(6),                                                 // 6 x 6 x 256
        new Flatten(),                                                                   // 9216
        Drop(dropout),
        new Dense(4096, Activation.Relu),
        Drop(dropout),
        new Dense(4096, Activation.Relu),
        new Dense(classes, Activation.Softmax));

    // Caffe's own alpha and k: caffe/src/caffe/layers/lrn_layer.cpp, caffe.proto.
    private static readonly LocalResponseNormalization s_caffeNormalization = new(5, alpha: 1e-4 / 5, beta: 0.75, k: 1);

    private static Sequential Grouped(int classes, double dropout, Layer first, Layer second) => Stack(
        227,
        new Conv2D(96, 11, strides: 4, activation: Activation.Relu),                             // 55 x 55 x 96
        first,
        second,                                                                                  // 27 x 27 x 96
        new Conv2D(256, 5, padding: Padding.Same, activation: Activation.Relu, groups: 2),       // 27 x 27 x 256
        first,
        second,                                                                                  // 13 x 13 x 256
        new Conv2D(384, 3, padding: Padding.Same, activation: Activation.Relu),                  // 13 x 13 x 384
        new Conv2D(384, 3, padding: Padding.Same, activation: Activation.Relu, groups: 2),       // 13 x 13 x 384
        new Conv2D(256, 3, padding: Padding.Same, activation: Activation.Relu, groups: 2),       // 13 x 13 x 256
        new MaxPooling2D(3, strides: 2),                                                         // 6 x 6 x 256
        new Flatten(),                                                                           // 9216
        new Dense(4096, Activation.Relu),
        Drop(dropout),
        new Dense(4096, Activation.Relu),
        Drop(dropout),
        new Dense(classes, Activation.Softmax));

    private static Dropout? Drop(double rate) => rate == 0 ? null : new Dropout(rate);

    private static Sequential Stack(int side, params IEnumerable<Layer?> layers) =>
        new(TensorShape.Image(side, side, 3), layers.OfType<Layer>());
}
