using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Cli.Tests;

/// <summary>What a command line has printed and returned, run in this process with a small network.</summary>
internal sealed record Invocation(int ExitCode, string Out, string Error)
{
    public static Task<Invocation> Of(params string[] arguments) => Of(arguments, default);

    public static async Task<Invocation> Of(string[] arguments, CancellationToken cancellationToken)
    {
        // No test leaves pictures in the user's cache.
        arguments = arguments is ["train", ..] ? [.. arguments, "--no-pixel-cache"] : arguments;
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var terminal = new Terminal(output, error, Live: null);
        var exit = await CommandLine.RunAsync(arguments, terminal, SmallNetwork, cancellationToken);
        return new Invocation(exit, output.ToString(), error.ToString());
    }

    /// <summary>A network small enough to learn <see cref="MlNetAlexNet.Tests.ColoredPictures"/> in seconds.</summary>
    public static Sequential SmallNetwork(int classes, double dropout) => new(TensorShape.Image(28, 28, 3))
    {
        new Conv2D(8, 5, strides: 2, activation: Activation.Relu),  // 12 x 12 x 8
        new MaxPooling2D(3, strides: 2),                            // 5 x 5 x 8
        new Flatten(),                                              // 200
        new Dense(16, Activation.Relu),
        new Dense(classes, Activation.Softmax),
    };
}
