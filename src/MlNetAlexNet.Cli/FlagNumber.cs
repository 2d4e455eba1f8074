using System.Globalization;

namespace MlNetAlexNet.Cli;

/// <summary>
/// Numbers as every flag takes them, alone, in lists and behind a name, wherever the command runs: digits with a point
/// before the decimals, perhaps a sign and an exponent. No commas, no blanks, nothing infinite: <c>0,1</c> would else be
/// taken for 1 in one country and for a tenth in another.
/// </summary>
internal static class FlagNumber
{
    private const NumberStyles Whole = NumberStyles.AllowLeadingSign;
    private const NumberStyles Decimal = Whole | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>What to write in place of a number that is refused.</summary>
    public const string Example = "such as 0.1";

    public static bool TryParse(string text, out double number) =>
        double.TryParse(text, Decimal, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    public static bool TryParse(string text, out float number) =>
        float.TryParse(text, Decimal, CultureInfo.InvariantCulture, out number) && float.IsFinite(number);

    public static bool TryParse(string text, out int number) =>
        int.TryParse(text, Whole, CultureInfo.InvariantCulture, out number);

    public static bool TryParse(string text, out long number) =>
        long.TryParse(text, Whole, CultureInfo.InvariantCulture, out number);
}
