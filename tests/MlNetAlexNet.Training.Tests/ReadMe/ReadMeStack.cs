using MlNetAlexNet.Layers;

namespace ReadMeCode;

/// <summary>README's code that builds a stack, as it stands there.</summary>
internal static class ReadMeStack
{
    public static void Run()
    {
        var stack = new Sequential(TensorShape.Image(64, 64, 3))
        {
            new Conv2D(32, 5, activation: Activation.Relu),
            new MaxPooling2D(2),
            new Flatten(),
            new Dense(10, Activation.Softmax),
        };
        Console.Write(ModelSummary.Format(stack.Plan()));
    }
}
