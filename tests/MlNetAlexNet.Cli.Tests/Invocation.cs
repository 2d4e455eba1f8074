namespace MlNetAlexNet.Cli.Tests;

/// <summary>What a command line has printed and returned, run in this process.</summary>
internal sealed record Invocation(int ExitCode, string Out, string Error)
{
    /// <summary>What was printed without the places where its lines are broken.</summary>
    public string OutWords => string.Join(' ', Out.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));

    public static Task<Invocation> Of(params string[] arguments) => Of(arguments, default);

    public static async Task<Invocation> Of(string[] arguments, CancellationToken cancellationToken)
    {
        // No test leaves pictures in the user's cache.
        arguments = arguments is [("train" or "pretrain") and var command, .. var rest] ? [command, "--no-pixel-cache", .. rest] : arguments;
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var terminal = new Terminal(output, error, Live: null);
        var exit = await CommandLine.RunAsync(arguments, terminal, cancellationToken);
        return new Invocation(exit, output.ToString(), error.ToString());
    }
}
