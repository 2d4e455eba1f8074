using System.Text;
using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Cli.Tests;

/// <summary>
/// A stack small enough to learn <see cref="MlNetAlexNet.Tests.ColoredPictures"/> in seconds, as a file for <c>--model</c>.
/// </summary>
internal static class SmallStack
{
    public static string WriteTo(TemporaryFolder folder, int classes = 3)
    {
        var stack = new Sequential(TensorShape.Image(28, 28, 3))
        {
            new Conv2D(8, 5, strides: 2, activation: Activation.Relu),  // 12 x 12 x 8
            new MaxPooling2D(3, strides: 2),                            // 5 x 5 x 8
            new Flatten(),                                              // 200
            new Dense(16, Activation.Relu),
            new Dense(classes, Activation.Softmax),
        };
        return folder.Write("stack.json", Encoding.UTF8.GetBytes(KerasConfig.ToJson(stack.Plan())));
    }
}
