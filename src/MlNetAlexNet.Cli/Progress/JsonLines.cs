using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MlNetAlexNet.Cli.Progress;

/// <summary>
/// A log for programs: an object a line for each event, with <c>time</c>, <c>event</c> and its figures. Of events that come often
/// one a second is told; where half a minute has none, what is under way.
/// </summary>
internal sealed class JsonLines : INewsOutput
{
    private static readonly TimeSpan s_often = TimeSpan.FromSeconds(1);

    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(), new FiniteNumber() },
    };

    private readonly TextWriter _output;
    private readonly bool _isQuiet;
    private readonly TimeProvider _clock;
    private readonly WorkClock _work;
    private readonly Heartbeat _heartbeat;
    private readonly Lock _writing = new();
    private long _told;
    private bool _isClosed;

    /// <param name="output">Where to.</param>
    /// <param name="isQuiet">Whether how it goes is not told.</param>
    /// <param name="clock">The time.</param>
    public JsonLines(TextWriter output, bool isQuiet, TimeProvider clock)
    {
        (_output, _isQuiet, _clock) = (output, isQuiet, clock);
        (_work, _told) = (new WorkClock(clock), clock.GetTimestamp());
        _heartbeat = new Heartbeat(clock, Beat);
    }

    /// <summary>One event by itself.</summary>
    public static void Write(TextWriter output, TimeProvider clock, News news) => output.WriteLine(Format(clock, news));

    /// <inheritdoc/>
    public void Report(News value)
    {
        lock (_writing)
        {
            _work.Follow(value.Work);
            if (((_isQuiet || _isClosed) && value.Kind == NewsKind.Progress) || (value.IsFrequent && _clock.GetElapsedTime(_told) < s_often))
                return;

            try
            {
                Tell(value);
            }
            catch (IOException) when (value.Kind != NewsKind.Result)
            {
                _isClosed = true; // a log that is full does not end the work
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_writing)
            _isClosed = true;
        _heartbeat.Dispose();
    }

    private static string Format(TimeProvider clock, News news)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = s_json.Encoder }))
        {
            json.WriteStartObject();
            json.WriteString("time", clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("event", news.Event);
            foreach (var figure in JsonSerializer.SerializeToElement(news.Figures ?? new { }, s_json).EnumerateObject())
                figure.WriteTo(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private void Beat()
    {
        lock (_writing)
        {
            if (_isClosed || _isQuiet)
                return;

            try
            {
                if (_work.Work is { } work)
                {
                    Tell(new News("underway", new
                    {
                        Work = work.Name, Share = work.Bars is [var whole, ..] ? whole.Share : null, Seconds = _work.Elapsed.TotalSeconds, SecondsLeft = _work.Left?.TotalSeconds,
                    }));
                }

                _heartbeat.Restart();
            }
            catch (IOException)
            {
                _isClosed = true; // nobody would catch it here, and it would end the work
            }
        }
    }

    private void Tell(News news)
    {
        Write(_output, _clock, news);
        _told = _clock.GetTimestamp();
        if (!_isClosed)
            _heartbeat.Restart();
    }

    // JSON has no word for what is not finite.
    private sealed class FiniteNumber : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
                writer.WriteNumberValue(value);
            else
                writer.WriteNullValue();
        }
    }
}
