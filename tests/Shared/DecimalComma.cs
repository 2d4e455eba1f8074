using System.Globalization;

namespace MlNetAlexNet.Tests;

/// <summary>Until disposed, numbers of the current culture are written as in Germany: 1.234,5.</summary>
internal sealed class DecimalComma : IDisposable
{
    private readonly CultureInfo _before = CultureInfo.CurrentCulture;

    public DecimalComma()
    {
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone(); // the app's cultures are all the invariant one
        (comma.NumberFormat.NumberDecimalSeparator, comma.NumberFormat.NumberGroupSeparator) = (",", ".");
        CultureInfo.CurrentCulture = comma;
    }

    public void Dispose() => CultureInfo.CurrentCulture = _before;
}
