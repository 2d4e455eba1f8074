using System.Diagnostics;
using System.Text;

namespace MlNetAlexNet.Cli.Tests.Progress;

/// <summary>The command as a process on a terminal of its own, which <c>script</c> of util-linux makes, with a screen that shows it.</summary>
internal sealed class PseudoTerminal : IDisposable
{
    private readonly Process _script;
    private readonly StringBuilder _sent = new();

    /// <param name="columns">Of the terminal.</param>
    /// <param name="rows">Of the terminal.</param>
    /// <param name="folder">Where the command works.</param>
    /// <param name="environment">What it is told beside; a shell's words.</param>
    /// <param name="arguments">Its command line; a shell's words, also behind it.</param>
    public PseudoTerminal(int columns, int rows, string folder, string environment, string arguments)
    {
        Screen = new(columns, rows);
        var program = $"dotnet {typeof(CommandLine).Assembly.Location}";
        var start = new ProcessStartInfo(
            "script", ["-qefc", $"stty cols {columns} rows {rows} -echo; env {environment} {program} {arguments}", "/dev/null"])
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var variable in (string[])["NO_COLOR", "CI", "TERM_PROGRAM"])
            start.Environment.Remove(variable);
        start.Environment["TERM"] = "xterm-256color";
        start.Environment["LANG"] = "C.UTF-8";
        _script = Process.Start(start)!;
    }

    public Screen Screen { get; }

    /// <summary>All that was sent to the terminal.</summary>
    public string Sent => _sent.ToString();

    /// <summary>Whether there is a program that makes terminals.</summary>
    public static void Require()
    {
        if (!File.Exists("/usr/bin/script"))
            Assert.Inconclusive("Needs 'script' of util-linux.");
    }

    /// <summary>Presses Ctrl-C.</summary>
    public void Interrupt()
    {
        _script.StandardInput.Write('\x03');
        _script.StandardInput.Flush();
    }

    /// <summary>Shows what comes, until the command ends.</summary>
    /// <param name="look">Looks at the screen after each part, and before anything is erased.</param>
    /// <returns>Its exit status.</returns>
    public async Task<int> WatchAsync(Action<Screen>? look = null)
    {
        var (buffer, rest) = (new char[4096], "");
        int read;
        while ((read = await _script.StandardOutput.ReadAsync(buffer)) > 0)
        {
            var text = rest + new string(buffer, 0, read);
            _sent.Append(buffer, 0, read);
            for (var erasure = Find(text, 0); erasure >= 0; erasure = Find(text, 1))
            {
                Assert.AreEqual(erasure, Screen.Write(text[..erasure]));
                look?.Invoke(Screen);
                text = text[erasure..];
            }

            rest = text[Screen.Write(text)..];
            look?.Invoke(Screen);
        }

        await _script.WaitForExitAsync();
        Assert.AreEqual("", rest);
        return _script.ExitCode;
    }

    // What is drawn is looked at before it is erased, though both come at once.
    private static int Find(string text, int from) => text.IndexOf("\r\e[J", Math.Min(from, text.Length), StringComparison.Ordinal);

    public void Dispose()
    {
        if (!_script.HasExited)
            _script.Kill(entireProcessTree: true);
        _script.Dispose();
    }
}
