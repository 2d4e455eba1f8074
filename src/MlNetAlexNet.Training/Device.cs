using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MlNetAlexNet.Training;

/// <summary>
/// Where the network is trained. Default <see cref="Auto"/>. As text, in <c>options.json</c> as well, it is
/// <c>Auto</c>, <c>Cpu</c>, <c>Cuda</c> or <c>Cuda:1</c>.
/// </summary>
[JsonConverter(typeof(Json))]
public readonly record struct Device
{
    private readonly Kind _kind;

    private Device(Kind kind, int? index = null) => (_kind, Index) = (kind, index);

    private enum Kind
    {
        Auto,
        Cpu,
        Cuda,
    }

    /// <summary>The first CUDA GPU if there is one, else the CPU.</summary>
    public static Device Auto => default;

    /// <summary>The CPU.</summary>
    public static Device Cpu => new(Kind.Cpu);

    /// <summary>The first CUDA GPU; an error where there is none.</summary>
    public static Device Cuda => new(Kind.Cuda);

    /// <summary>Which of several GPUs, from 0, as CUDA counts them; null where none is named.</summary>
    public int? Index { get; }

    internal bool IsCuda => _kind == Kind.Cuda;

    /// <summary>A certain CUDA GPU; an error where there is none of that number.</summary>
    /// <param name="index">From 0, as CUDA counts them.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is below 0.</exception>
    public static Device GetCuda(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return new Device(Kind.Cuda, index);
    }

    /// <summary>The device of a text such as <c>Cpu</c> or <c>cuda:1</c>, in upper or lower case.</summary>
    /// <exception cref="AlexNetException">There is none of that name.</exception>
    public static Device Parse(string text) => TryParse(text, out var device)
        ? device
        : throw new AlexNetException(
            $"Device is '{text}'; it must be Auto, Cpu, Cuda, or Cuda and the number of a GPU, from 0, such as "
            + "Cuda:1.");

    /// <summary>Whether the text names a device, as for <see cref="Parse"/>, and which.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Device device)
    {
        var (name, number) = text?.Split(':', 2) is [var before, var after] ? (before, after) : (text, null);
        var isKnown = Enum.GetNames<Kind>().Contains(name, StringComparer.OrdinalIgnoreCase);
        var kind = isKnown ? Enum.Parse<Kind>(name!, ignoreCase: true) : default;
        var index = 0;
        var isIndexed = number is not null;
        isKnown &= !isIndexed || (kind == Kind.Cuda
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out index));
        device = isKnown ? new Device(kind, isIndexed ? index : null) : default;
        return isKnown;
    }

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString() => Index is { } index
        ? string.Create(CultureInfo.InvariantCulture, $"{_kind}:{index}")
        : _kind.ToString();

    private sealed class Json : JsonConverter<Device>
    {
        public override Device Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var text = reader.TokenType == JsonTokenType.String ? reader.GetString()! : reader.TokenType.ToString();
            try
            {
                return Parse(text);
            }
            catch (AlexNetException fault)
            {
                throw new JsonException(fault.Message, fault);
            }
        }

        public override void Write(Utf8JsonWriter writer, Device value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
