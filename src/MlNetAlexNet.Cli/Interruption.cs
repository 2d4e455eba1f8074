using System.Runtime.InteropServices;

namespace MlNetAlexNet.Cli;

/// <summary>Ctrl-C and SIGTERM: the first lets what is under way end well, the second ends at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _signals;

    private readonly Action _end;

    /// <param name="end">Called before the second ends the process.</param>
    public Interruption(Action end)
    {
        _end = end;
        _signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
        ];
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        // Not cancelled, the signal ends the process as if it were not handled.
        context.Cancel = !_source.IsCancellationRequested;
        if (context.Cancel)
            _source.Cancel();
        else
            _end();
    }
}
