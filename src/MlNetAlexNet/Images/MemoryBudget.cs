namespace MlNetAlexNet.Images;

/// <summary>
/// Bytes that many threads share. Who finds too few left waits for others to give theirs back, in the order in which they
/// came, so that large demands are not passed over for ever. Who wants more than there are gets all of them, alone.
/// </summary>
internal sealed class MemoryBudget
{
    private readonly Lock _turn = new();
    private readonly LinkedList<Demand> _waiting = [];
    private readonly long _total;
    private long _left;

    /// <param name="total">How many there are.</param>
    public MemoryBudget(long total) => _total = _left = total;

    /// <summary>How many are not in use.</summary>
    public long Left
    {
        get
        {
            lock (_turn)
                return _left;
        }
    }

    /// <summary>Waits for bytes.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>To be disposed once the memory is free again.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was cancelled.</exception>
    public IDisposable Take(long bytes, CancellationToken cancel)
    {
        var demand = new Demand(Math.Min(bytes, _total), this);
        lock (_turn)
        {
            _waiting.AddLast(demand);
            GrantInTurn();
        }

        try
        {
            demand.Granted.Task.Wait(cancel);
            return demand;
        }
        catch (OperationCanceledException)
        {
            demand.Dispose();
            throw;
        }
    }

    private void GrantInTurn()
    {
        while (_waiting.First is { Value: var next } && next.Bytes <= _left)
        {
            _waiting.RemoveFirst();
            _left -= next.Bytes;
            next.Granted.SetResult();
        }
    }

    private sealed class Demand(long bytes, MemoryBudget budget) : IDisposable
    {
        private bool _isOver;

        public long Bytes => bytes;

        // Those who wait for it go on in threads of their own.
        public TaskCompletionSource Granted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Gives the bytes back, or the demand up.</summary>
        public void Dispose()
        {
            lock (budget._turn)
            {
                if (_isOver)
                    return;

                _isOver = true;
                if (!budget._waiting.Remove(this))
                    budget._left += bytes;
                budget.GrantInTurn();
            }
        }
    }
}
