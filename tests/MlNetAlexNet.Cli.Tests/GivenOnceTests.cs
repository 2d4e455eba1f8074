using System.Diagnostics;
using System.Net.Sockets;

namespace MlNetAlexNet.Cli.Tests;

/// <summary>Files that give their bytes once, or none: pipes, such as a shell makes of <c>&lt;(cat stack.json)</c>, and sockets.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
public sealed class GivenOnceTests
{
    private static readonly TemporaryFolder Folder = new();
    private static readonly string Stack = SmallStack.WriteTo(Folder);
    private static readonly string Data = Path.Combine(Folder.Path, "data");

    [ClassInitialize]
    public static void Draw(TestContext context) => ColoredPictures.Draw(Data, 10);

    [ClassCleanup]
    public static void Delete() => Folder.Dispose();

    [TestMethod]
    [DataRow("--stack")]
    [DataRow("--model")]
    public async Task Summary_StackInAPipe_IsThatOfTheFile(string flag)
    {
        var file = await Invocation.Of("summary", flag, Stack);

        Assert.AreEqual(file, await OfShell("cat \"$0\"", "summary", flag, "/dev/stdin"));
        Assert.AreEqual(0, file.ExitCode, file.Error);
    }

    // The recipe makes the options a second time.
    [TestMethod]
    [DataRow("plain")]
    [DataRow("small-data")]
    public async Task Train_StackInAPipe_IsTrained(string recipe)
    {
        var result = await OfShell(
            "cat \"$0\"", "train", Data, "--no-pixel-cache", "--stack", "/dev/stdin", "--recipe", recipe, "--epochs", "1",
            "--output", Path.Combine(Folder.Path, recipe));

        Assert.AreEqual(0, result.ExitCode, result.Error);
        Assert.IsTrue(File.Exists(Path.Combine(Folder.Path, recipe, "model.zip")));
    }

    [TestMethod]
    [DataRow("predict")]
    [DataRow("evaluate")]
    public async Task Command_ModelInAPipe_IsRefusedByName(string command)
    {
        var result = await OfShell("head -c 9999 /dev/zero", command, "/dev/stdin", Data);

        Assert.AreEqual((2, "error: '/dev/stdin' is a pipe, and a model is read in more than one go. Write it to a file, and give that.\n"),
            (result.ExitCode, result.Error));
    }

    [TestMethod]
    [DataRow("summary --stack {0}")]
    [DataRow("summary --model {0}")]
    [DataRow("train {1} --stack {0} --output no-such-run")]
    [DataRow("train {1} --model {0} --output no-such-run")]
    [DataRow("train {1} --initial-weights {0} --output no-such-run")]
    [DataRow("predict {0} {1}")]
    [DataRow("predict no-such-model.zip {1} --stack {0}")]
    [DataRow("evaluate {0} {1}")]
    [DataRow("convert {0} no-such.zip")]
    public async Task Command_FileThatCannotBeOpened_IsRefusedByName(string line)
    {
        var path = Path.Combine(Folder.Path, "a.sock");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));

        var result = await Invocation.Of([.. line.Split(' ').Select(word => string.Format(null, word, path, Data))]);

        Assert.AreEqual(2, result.ExitCode, result.Error);
        StringAssert.StartsWith(result.Error, $"error: The file '{path}' cannot be read: ");
    }

    private static async Task<Invocation> OfShell(string source, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            "sh", ["-c", $"{source} | dotnet \"$@\"", Stack, typeof(CommandLine).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new Invocation(process.ExitCode, await output, await error);
    }
}
