namespace MlNetAlexNet.Formats.PyTorch;

/// <summary>Writes tensors as <c>torch.save</c> writes a state dict (torch/serialization.py, <c>_save</c>).</summary>
internal static class StateDictWriter
{
    public static void Write(Stream stream, IReadOnlyList<WrittenTensor> tensors)
    {
        var zip = new AlignedZip(stream);
        zip.Add("archive/data.pkl", Pickle(tensors));
        zip.Add("archive/.format_version", "1"u8);
        zip.Add("archive/.storage_alignment", "64"u8);
        zip.Add("archive/byteorder", "little"u8);
        for (var i = 0; i < tensors.Count; i++)
            zip.Add($"archive/data/{i}", tensors[i].Bytes.Span);
        zip.Add("archive/version", "3\n"u8);
        zip.Finish();
    }

    private static byte[] Pickle(IReadOnlyList<WrittenTensor> tensors)
    {
        var pickle = new PickleOutput().Code(0x80, 2);
        OrderedDict(pickle).Code((byte)'(');
        for (var i = 0; i < tensors.Count; i++)
        {
            var (name, dimensions, format, bytes) = tensors[i];
            var storage = format == NumberFormat.Int64 ? "LongStorage" : "FloatStorage";
            pickle.Text(name).Global("torch._utils", "_rebuild_tensor_v2").Code((byte)'(');
            pickle.Code((byte)'(').Text("storage").Global("torch", storage).Text($"{i}").Text("cpu")
                .Number(bytes.Length / format.Bytes).Code((byte)'t', (byte)'Q');
            pickle.Number(0).Tuple(dimensions).Tuple(Strides(dimensions)).Code(0x89); // needs no gradient
            OrderedDict(pickle).Code((byte)'t', (byte)'R'); // no hooks
        }

        return pickle.Code((byte)'u', (byte)'.').ToArray();
    }

    private static PickleOutput OrderedDict(PickleOutput pickle) =>
        pickle.Global("collections", "OrderedDict").Code((byte)')', (byte)'R');

    private static int[] Strides(IReadOnlyList<int> dimensions)
    {
        var strides = new int[dimensions.Count];
        var stride = 1;
        for (var d = strides.Length - 1; d >= 0; d--)
        {
            strides[d] = stride;
            stride *= dimensions[d];
        }

        return strides;
    }
}
