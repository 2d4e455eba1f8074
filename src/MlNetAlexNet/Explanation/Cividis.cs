namespace MlNetAlexNet.Explanation;

/// <summary>
/// The colour map cividis, which people with and without colour vision see alike and whose lightness grows evenly from dark blue
/// over grey to yellow (Nunez, Anderton and Renslow, PLoS ONE 13(7), 2018): ten of its colours, evenly spaced, and straight lines
/// between them.
/// </summary>
internal static class Cividis
{
    private static readonly (float Red, float Green, float Blue)[] s_colours =
    [
        (0x00, 0x22, 0x4E), (0x12, 0x35, 0x70), (0x3B, 0x49, 0x6C), (0x57, 0x5D, 0x6D), (0x70, 0x71, 0x73),
        (0x8A, 0x86, 0x78), (0xA5, 0x9C, 0x74), (0xC3, 0xB3, 0x69), (0xE1, 0xCC, 0x55), (0xFE, 0xE8, 0x38),
    ];

    /// <summary>The colour of a number from -1, dark blue, to 1, yellow; red, green and blue from 0 to 255.</summary>
    public static (float Red, float Green, float Blue) Of(float value)
    {
        var place = (value + 1) / 2 * (s_colours.Length - 1);
        var below = Math.Clamp((int)place, 0, s_colours.Length - 2);
        var (from, to, share) = (s_colours[below], s_colours[below + 1], place - below);
        return (Mix(from.Red, to.Red), Mix(from.Green, to.Green), Mix(from.Blue, to.Blue));

        float Mix(float one, float other) => one + ((other - one) * share);
    }
}
