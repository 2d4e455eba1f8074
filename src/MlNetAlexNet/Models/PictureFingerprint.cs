using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MlNetAlexNet.Models;

/// <summary>
/// What a picture's file is told by wherever it lies and whatever it is called: the first 64 bits of the SHA-256
/// (FIPS 180-4) of its bytes, the first byte the lowest. Two different files of a million share one by chance once in
/// 37 million sets (n^2 / 2^65, the birthday bound). A picture that was saved anew has another.
/// </summary>
/// <param name="Value">The 64 bits.</param>
public readonly record struct PictureFingerprint(ulong Value)
{
    /// <summary>Of a file's bytes.</summary>
    public static PictureFingerprint Compute(ReadOnlySpan<byte> file)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(file, hash);
        return Take(hash);
    }

    /// <summary>Of the rest of a stream, which stays open; read in pieces.</summary>
    public static PictureFingerprint Compute(Stream file)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(file, hash);
        return Take(hash);
    }

    /// <summary>The first 16 hexadecimal digits of the SHA-256, as <c>sha256sum</c> prints it.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Value);
        return Convert.ToHexStringLower(bytes);
    }

    private static PictureFingerprint Take(ReadOnlySpan<byte> hash) => new(BinaryPrimitives.ReadUInt64LittleEndian(hash));
}
