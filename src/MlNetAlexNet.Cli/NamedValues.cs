namespace MlNetAlexNet.Cli;

/// <summary>What a flag takes that can be given again, as NAME=VALUE.</summary>
internal static class NamedValues
{
    /// <summary>The values by name.</summary>
    /// <param name="flag">Of the values.</param>
    /// <param name="texts">As given.</param>
    /// <param name="what">A name and its value, in words with an example.</param>
    /// <exception cref="AlexNetException">One is no such thing, or a name is there twice.</exception>
    public static Dictionary<string, string> Parse(string flag, IEnumerable<string> texts, string what)
    {
        var values = new Dictionary<string, string>();
        foreach (var text in texts)
        {
            var split = text.LastIndexOf('=');
            if (split <= 0)
                throw new AlexNetException($"{flag} '{text}' is not {what}.");

            if (!values.TryAdd(text[..split], text[(split + 1)..]))
                throw new AlexNetException($"{flag} names '{text[..split]}' twice; give it once.");
        }

        return values;
    }
}
