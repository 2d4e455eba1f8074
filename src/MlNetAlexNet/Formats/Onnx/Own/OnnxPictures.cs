using MlNetAlexNet.Formats.Onnx.Graph;
using MlNetAlexNet.Models;
using static MlNetAlexNet.Formats.Onnx.Graph.OnnxGraph;
using DataType = Onnx.TensorProto.Types.DataType;

namespace MlNetAlexNet.Formats.Onnx.Own;

/// <summary>
/// What a graph does to pictures before the first layer. They are cut and turned as bytes, before they become floats, four
/// times their size; but for a mean image, which is subtracted of the square before the crop is cut.
/// </summary>
internal static class OnnxPictures
{
    /// <summary>The middle of the picture in the channels of the network, as bytes; all of it where a mean image is subtracted.</summary>
    public static string AddBytes(OnnxGraph graph, string pixels, ImagePreprocessing preprocessing)
    {
        var value = preprocessing.MeanImage is null
            ? AddCrop(graph, pixels, preprocessing, axes: [1, 2])                              // N x crop x crop x 3
            : pixels;
        value = graph.Add(
            OnnxNames.ChannelsFirst, "Transpose", [value], Attribute("perm", 0, 3, 1, 2));     // N x 3 x H x W
        return preprocessing.Mean.Count == 1 ? OnnxGrey.Add(graph, value) : value;
    }

    /// <summary>Those bytes to floats of mean 0 and deviation 1, N x C x crop x crop.</summary>
    public static string AddNormalisation(OnnxGraph graph, string bytes, ImagePreprocessing preprocessing)
    {
        var value = graph.Add(OnnxNames.ToFloat, "Cast", [bytes], Attribute("to", (long)DataType.Float));
        if (preprocessing.MeanImage is { } image)
        {
            var (channels, side) = (preprocessing.Mean.Count, preprocessing.ImageSize);
            value = graph.Add(OnnxNames.Centred, "Sub",
                [value, graph.Constant(OnnxNames.MeanImage, [.. image], channels, side, side)]); // N x C x H x W
            value = AddCrop(graph, value, preprocessing, axes: [2, 3]);                        // N x C x crop x crop
        }
        else
        {
            value = graph.Add(OnnxNames.Centred, "Sub", [value, AddChannels(OnnxNames.Mean, preprocessing.Mean)]);
        }

        return graph.Add(OnnxNames.Normalised, "Div",
            [value, AddChannels(OnnxNames.StandardDeviation, preprocessing.StandardDeviation)]);

        string AddChannels(string name, IReadOnlyList<float> values) => graph.Constant(name, [.. values], values.Count, 1, 1);
    }

    private static string AddCrop(OnnxGraph graph, string pictures, ImagePreprocessing preprocessing, long[] axes)
    {
        var start = preprocessing.CropOffset;
        var end = start + preprocessing.CropSize;
        return graph.Add(OnnxNames.Crop, "Slice",
        [
            pictures,
            graph.Constant(OnnxNames.CropStarts, start, start),
            graph.Constant(OnnxNames.CropEnds, end, end),
            graph.Constant($"{OnnxNames.Crop}/axes", axes),
        ]);
    }
}
