using System.Globalization;

namespace MlNetAlexNet.Formats;

/// <summary>Numbers that were written in decimals and are kept as 32-bit floats in ONNX.</summary>
internal static class Decimals
{
    /// <summary>The shortest decimal of a float is the number as it was written: 0.1, not 0.10000000149.</summary>
    public static double AsWritten(float value) => Parse(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>15 digits: 0.0001 again after a division, not 0.00010000000000000002.</summary>
    public static double Rounded(double value) => Parse(value.ToString("G15", CultureInfo.InvariantCulture));

    private static double Parse(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
