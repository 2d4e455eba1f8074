namespace MlNetAlexNet.Scoring;

/// <summary>
/// Scores pictures that come one by one from many callers, together where they come at the same time: one that finds
/// a core idle is scored at once, those that come while all are busy form the next batch. Nobody waits for others to
/// come.
/// </summary>
/// <param name="score">Scores pictures on one core: their bytes one after the other, and how many they are.</param>
/// <param name="cores">How many batches are scored at the same time.</param>
/// <param name="views">How many views of each picture are scored. Default: one.</param>
internal sealed class MicroBatcher(Func<byte[], int, ImagePrediction[]> score, int cores, int views = 1)
{
    /// <summary>Most pictures of a batch, or views of them: the first should not wait much longer for the last.</summary>
    public const int MaximumSize = 16;

    private readonly Lock _lock = new();
    private readonly Queue<Request> _waiting = [];
    private int _idle = cores;

    /// <summary>Scores one picture.</summary>
    /// <param name="pixels">The picture; must not change until the task ends.</param>
    /// <param name="cancellationToken">Takes the picture out of those that wait.</param>
    public Task<ImagePrediction> ScoreAsync(byte[] pixels, CancellationToken cancellationToken)
    {
        var request = new Request(pixels, cancellationToken);
        bool begins;
        lock (_lock)
        {
            _waiting.Enqueue(request);
            begins = _idle > 0;
            _idle -= begins ? 1 : 0;
        }

        if (begins)
            ThreadPool.UnsafeQueueUserWorkItem(_ => ScoreWaiting(), null);

        return request.Task.WaitAsync(cancellationToken);
    }

    private void ScoreWaiting()
    {
        while (Take() is { Length: > 0 } batch)
        {
            try
            {
                var predictions = score(Together(batch), batch.Length);
                foreach (var (request, prediction) in batch.Zip(predictions))
                    request.SetResult(prediction);
            }
            catch (Exception fault) // theirs to see: each waits for its own picture
            {
                foreach (var request in batch)
                {
                    request.SetException(fault);
                    _ = request.Task.Exception; // seen, also where the caller has given the picture up
                }
            }
        }
    }

    private Request[] Take()
    {
        var batch = new List<Request>();
        lock (_lock)
        {
            while (batch.Count < Math.Max(1, MaximumSize / views) && _waiting.TryDequeue(out var request))
            {
                if (!request.IsCancelled)
                    batch.Add(request);
            }

            _idle += batch.Count == 0 ? 1 : 0;
        }

        return [.. batch];
    }

    private static byte[] Together(Request[] batch)
    {
        if (batch is [var single])
            return single.Pixels;

        var length = batch[0].Pixels.Length;
        var pixels = GC.AllocateUninitializedArray<byte>(batch.Length * length);
        for (var i = 0; i < batch.Length; i++)
            batch[i].Pixels.CopyTo(pixels, i * length);

        return pixels;
    }

    // Continuations run elsewhere: one that takes long must not hold up the others.
    private sealed class Request(byte[] pixels, CancellationToken cancellationToken)
        : TaskCompletionSource<ImagePrediction>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public byte[] Pixels => pixels;

        public bool IsCancelled => cancellationToken.IsCancellationRequested;
    }
}
