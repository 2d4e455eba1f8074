using System.Buffers.Binary;
using System.Text;

namespace MlNetAlexNet.Training.Engine.Native;

/// <summary>
/// TorchSharp asks the system for <c>torch_cpu</c>, by that name first, and would find the LibTorch beside the app under
/// the next one: as a second LibTorch in the process, which ends it. A library that is called <c>torch_cpu.so</c> and
/// needs <c>libtorch_cpu.so</c>, once loaded, is the answer to the first question. The stub <c>libtorch.so</c> of every
/// LibTorch becomes one by another soname, the end of a name that is among its strings already.
/// </summary>
/// <remarks>Offsets and tags: System V ABI, "Object Files" and "Dynamic Section" (64-bit, little-endian).</remarks>
internal static class TorchCpuAlias
{
    public const string Name = "torch_cpu.so";

    private const string Needed = "libtorch_cpu.so";
    private const int SectionTypeDynamic = 6;
    private const long TagSoname = 14;

    /// <summary>The stub under the other name.</summary>
    /// <param name="stub">The file <c>libtorch.so</c>.</param>
    /// <exception cref="BadImageFormatException">It is built otherwise.</exception>
    public static byte[] Make(byte[] stub)
    {
        var file = stub.ToArray();
        var dynamic = Sections(file).FirstOrDefault(section => Int32(file, section + 4) == SectionTypeDynamic, -1);
        if (dynamic < 0)
            throw new BadImageFormatException("'libtorch.so' has no dynamic section.");

        var strings = Sections(file).ElementAt(Int32(file, dynamic + 40));
        var name = file.AsSpan((int)Int64(file, strings + 24), (int)Int64(file, strings + 32))
            .IndexOf(Encoding.ASCII.GetBytes(Needed + "\0"));
        var (start, length) = ((int)Int64(file, dynamic + 24), (int)Int64(file, dynamic + 32));
        for (var entry = start; entry < start + length && name >= 0; entry += 16)
        {
            if (Int64(file, entry) != TagSoname)
                continue;

            BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(entry + 8), name + Needed.Length - Name.Length);
            return file;
        }

        throw new BadImageFormatException("'libtorch.so' does not need 'libtorch_cpu.so', or has no name of its own.");
    }

    // Offsets of the section headers: e_shoff at 40, e_shentsize at 58, e_shnum at 60.
    private static IEnumerable<int> Sections(byte[] file) =>
        Enumerable.Range(0, BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(60)))
            .Select(i => (int)Int64(file, 40) + i * BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(58)));

    private static int Int32(byte[] file, int at) => BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at));

    private static long Int64(byte[] file, int at) => BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(at));
}
