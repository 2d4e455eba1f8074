using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace MlNetAlexNet.Training.Engine.Native;

/// <summary>
/// A shared library of Linux (System V ABI, "Object Files"; 64 bits, little-endian). The system's loader maps a file that
/// is cut short without a word, and the first use of a page that is not there ends the process; so it is looked at before.
/// </summary>
internal static class ElfFile
{
    private const int HeaderBytes = 64;
    private const int Loadable = 1;

    /// <summary>What keeps the file from being loaded here, in words; null if nothing that its headers show.</summary>
    public static string? FaultOf(string path)
    {
        using var file = File.OpenRead(path);
        var header = Read(file, 0, HeaderBytes);
        if (header is null || !header.AsSpan(0, 4).SequenceEqual("\u007fELF"u8))
            return header is null ? "is cut short" : "is no library of Linux";

        var (sixtyFour, littleEndian, machine) = (header[4] == 2, header[5] == 1, Int16(header, 18));
        if (!sixtyFour || !littleEndian || machine != Machine)
            return $"is of another processor (ELF machine {machine}; this one is {Machine})";

        // Every part that is mapped, and the table of sections, which is written last.
        var parts = Read(file, Int64(header, 32), Int16(header, 54) * Int16(header, 56));
        var end = Int64(header, 40) + Int16(header, 58) * Int16(header, 60);
        for (var part = 0; parts is not null && part < parts.Length; part += Int16(header, 54))
        {
            if (BinaryPrimitives.ReadInt32LittleEndian(parts.AsSpan(part)) == Loadable)
                end = Math.Max(end, Int64(parts, part + 8) + Int64(parts, part + 32)); // p_offset + p_filesz
        }

        return parts is null || end > file.Length ? $"is cut short: it has {file.Length} bytes of {end}" : null;
    }

    // e_machine: EM_X86_64 and EM_AARCH64.
    private static int Machine => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 183 : 62;

    private static byte[]? Read(FileStream file, long offset, int count)
    {
        if (offset < 0 || count < 0 || offset > file.Length - count)
            return null;

        var bytes = new byte[count];
        file.Position = offset;
        file.ReadExactly(bytes);
        return bytes;
    }

    private static int Int16(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static long Int64(byte[] bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));
}
