using System.Buffers.Binary;
using System.Text;

namespace MlNetAlexNet.Training.Engine.Native;

/// <summary>
/// Lets TorchSharp's native binding be linked with C++ libraries from GCC 4.4 on. GCC 13 wrote one symbol of version
/// <c>GLIBCXX_3.4.32</c> into it, <see cref="MissingSymbol"/>, which is never called: needing it makes the linker
/// initialise iostreams first. The constructor of <c>std::ios_base::Init</c>, <c>GLIBCXX_3.4</c>, is as good for that,
/// so the name is overwritten with that one's and the version with its.
/// </summary>
/// <remarks>
/// Offsets and constants: System V ABI, "Object Files" (64-bit, little-endian), and Linux Standard Base 5.0 core,
/// section 10.7, "Symbol Versioning".
/// </remarks>
internal static class LibTorchSharpPatch
{
    /// <summary><c>std::ios_base_library_init()</c>, in GCC's C++ library since version 13.</summary>
    internal const string MissingSymbol = "_ZSt21ios_base_library_initv";

    /// <summary><c>std::ios_base::Init::Init()</c>, in every C++ library of GCC since 3.4; the shorter name.</summary>
    internal const string PresentSymbol = "_ZNSt8ios_base4InitC1Ev";

    internal const string MissingVersion = "GLIBCXX_3.4.32";
    internal const string PresentVersion = "GLIBCXX_3.4";

    private const int SectionTypeVersionNeeds = 0x6ffffffe;

    /// <summary>The patched file; a file that does not need <see cref="MissingSymbol"/> comes back as it is.</summary>
    /// <exception cref="BadImageFormatException">Not a 64-bit little-endian ELF file with version needs.</exception>
    internal static byte[] Apply(byte[] library)
    {
        var file = library.ToArray();
        if (file.Length < 64 || !file.AsSpan(0, 6).SequenceEqual("\u007fELF\u0002\u0001"u8))
        {
            throw new BadImageFormatException("TorchSharp's native library is not a 64-bit little-endian ELF file.");
        }

        // Version needs name the section that holds their strings, which is the one of the dynamic symbols.
        var needs = Sections(file).FirstOrDefault(section => Int32(file, section + 4) == SectionTypeVersionNeeds, -1);
        if (needs < 0)
        {
            throw new BadImageFormatException("TorchSharp's native library has no version needs.");
        }

        var strings = Sections(file).ElementAt(Int32(file, needs + 40));
        var names = file.AsSpan((int)Int64(file, strings + 24), (int)Int64(file, strings + 32));
        var symbol = names.IndexOf(Terminated(MissingSymbol));
        if (symbol < 0)
        {
            return file;
        }

        Terminated(PresentSymbol).CopyTo(names[symbol..]);
        var versions = VersionNeeds(file, (int)Int64(file, needs + 24)).ToLookup(need => Name(file, strings, need));
        var present = versions[PresentVersion].First();
        foreach (var missing in versions[MissingVersion])
        {
            file.AsSpan(present, 4).CopyTo(file.AsSpan(missing));          // vna_hash
            file.AsSpan(present + 8, 4).CopyTo(file.AsSpan(missing + 8));  // vna_name
        }

        return file;
    }

    /// <summary>The names of the versions the file needs of other libraries.</summary>
    internal static IReadOnlyList<string> NeededVersions(byte[] file)
    {
        var needs = Sections(file).First(section => Int32(file, section + 4) == SectionTypeVersionNeeds);
        var strings = Sections(file).ElementAt(Int32(file, needs + 40));
        return [.. VersionNeeds(file, (int)Int64(file, needs + 24)).Select(need => Name(file, strings, need))];
    }

    // Offsets of the section headers: e_shoff at 40, e_shentsize at 58, e_shnum at 60.
    private static IEnumerable<int> Sections(byte[] file) =>
        Enumerable.Range(0, Int16(file, 60)).Select(i => (int)Int64(file, 40) + (i * Int16(file, 58)));

    // Offsets of every Vernaux: libraries (vn_aux at 8, vn_next at 12), and versions in each (vna_next at 12).
    private static IEnumerable<int> VersionNeeds(byte[] file, int library)
    {
        for (var next = -1; next != 0; library += next)
        {
            var version = library + Int32(file, library + 8);
            for (var following = -1; following != 0; version += following)
            {
                yield return version;
                following = Int32(file, version + 12);
            }

            next = Int32(file, library + 12);
        }
    }

    private static string Name(byte[] file, int strings, int need)
    {
        var name = file.AsSpan((int)Int64(file, strings + 24) + Int32(file, need + 8));
        return Encoding.ASCII.GetString(name[..name.IndexOf((byte)0)]);
    }

    private static byte[] Terminated(string name) => Encoding.ASCII.GetBytes(name + "\0");

    private static int Int16(byte[] file, int at) => BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at));

    private static int Int32(byte[] file, int at) => BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at));

    private static long Int64(byte[] file, int at) => BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(at));
}
