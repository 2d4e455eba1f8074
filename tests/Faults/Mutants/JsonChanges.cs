using System.Text;
using System.Text.Json.Nodes;

namespace MlNetAlexNet.Faults.Mutants;

/// <summary>Changes of the values and names of a JSON object.</summary>
internal static class JsonChanges
{
    private static readonly string[] s_values =
    [
        "0", "-1", "2147483648", "-9223372036854775809", "1e308", "1e999", "-0.0", "null", "true", "\"\"", "\"x\"", "[]", "{}",
        $"\"{new string('x', 2_000_000)}\"", new string('[', 100_000), "{\"a\":" + new string('{', 1000), "NaN", "\"\\u0000\"",
        "\"\\ud800\"", $"1{new string('0', 10_000)}",
    ];

    public static byte[] Apply(byte[] whole, Random random)
    {
        var root = JsonNode.Parse(whole)!;
        var (owner, name) = Choose(root.AsObject(), random);
        switch (random.Next(4))
        {
            case 0:
                owner.Remove(name);
                break;
            case 1:
                owner[name.ToUpperInvariant() + "2"] = 1;
                break;
            default: // text, as most of the values are no JSON
                owner[name] = "\u0001";
                var twice = random.Next(4) == 0 ? $", \"{name}\": {Value()}" : "";
                return Encoding.UTF8.GetBytes(root.ToJsonString().Replace("\"\\u0001\"", Value() + twice, StringComparison.Ordinal));
        }

        return Encoding.UTF8.GetBytes(root.ToJsonString());

        string Value() => s_values[random.Next(s_values.Length)];
    }

    private static (JsonObject Owner, string Name) Choose(JsonObject from, Random random)
    {
        while (true)
        {
            var (name, value) = from.ElementAt(random.Next(from.Count));
            if (value is not JsonObject { Count: > 0 } inner || random.Next(4) == 0)
                return (from, name);

            from = inner;
        }
    }
}
