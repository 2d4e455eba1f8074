using MlNetAlexNet.Formats.PyTorch;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Tests.Formats.PyTorch;

/// <summary>Files for tests, in the zip that PyTorch writes.</summary>
internal static class StateDictFile
{
    /// <summary>A state dict with these tensors; the values count up from 1 through all of them.</summary>
    public static string Write(TemporaryFolder folder, params (string Name, int[] Dimensions)[] tensors)
    {
        var next = 1f;
        using var stream = new MemoryStream();
        StateDictWriter.Write(stream, [.. tensors.Select(tensor => WrittenTensor.Of(tensor.Name, new Weight(tensor.Dimensions, Count(tensor.Dimensions))))]);
        return folder.Write("weights.pth", stream.ToArray());

        float[] Count(int[] dimensions) =>
            [.. Enumerable.Range(0, dimensions.Aggregate(1, (product, side) => product * side)).Select(_ => next++)];
    }

    /// <summary>A file with this pickle and these storages.</summary>
    public static string Write(TemporaryFolder folder, byte[] pickle, params byte[][] storages)
    {
        using var stream = new MemoryStream();
        var zip = new AlignedZip(stream);
        zip.Add("archive/data.pkl", pickle);
        for (var i = 0; i < storages.Length; i++)
            zip.Add($"archive/data/{i}", storages[i]);
        zip.Finish();
        return folder.Write("pickle.pth", stream.ToArray());
    }

    /// <summary>What <c>torch._utils._rebuild_tensor_v2</c> is called with, for storage 0.</summary>
    public static PickleOutput Tensor(this PickleOutput pickle, string storage, int count, int offset, int[] size, int[] strides)
    {
        pickle.Global("torch._utils", "_rebuild_tensor_v2").Code((byte)'(');
        pickle.Code((byte)'(').Text("storage").Global("torch", storage).Text("0").Text("cpu").Number(count).Code((byte)'t', (byte)'Q');
        return pickle.Number(offset).Tuple(size).Tuple(strides).Code(0x89, (byte)'N', (byte)'t', (byte)'R');
    }
}
