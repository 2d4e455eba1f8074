using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace MlNetAlexNet.Tests;

/// <summary>
/// An array that numpy saved: <c>numpy.save</c>, version 1 of its format, in C order
/// (numpy/lib/format.py). Values are read as they stand.
/// </summary>
internal sealed partial record NpyFile(int[] Shape, byte[] Bytes)
{
    public static NpyFile Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var headerLength = BitConverter.ToUInt16(bytes, 8);
        var header = Encoding.ASCII.GetString(bytes, 10, headerLength);
        StringAssert.Contains(header, "'fortran_order': False");
        Assert.IsTrue(header.Contains("'|u1'", StringComparison.Ordinal) || header.Contains("'<f4'", StringComparison.Ordinal), header);
        var shape = ShapeOf().Match(header).Groups[1].Value
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new NpyFile([.. shape.Select(int.Parse)], bytes[(10 + headerLength)..]);
    }

    /// <summary>The values of an array of <c>float32</c>.</summary>
    public float[] Floats => MemoryMarshal.Cast<byte, float>(Bytes).ToArray();

    [GeneratedRegex(@"'shape': \(([^)]*)\)")]
    private static partial Regex ShapeOf();
}
