using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.Onnx;

/// <summary>
/// <see cref="AdaptiveAveragePooling2D"/>, for which ONNX has no operator: the mean over the rows of each cell is a
/// matrix product from the left, over its columns one from the right.
/// </summary>
internal static class OnnxGridMeans
{
    public static string Add(OnnxGraph graph, PlannedLayer layer, string input)
    {
        var (rows, columns) = (layer.Input.Height, layer.Input.Width);
        var (down, across) = (layer.Output.Height, layer.Output.Width);
        var left = graph.Constant($"{layer.Name}/rows", Means(rows, down), down, rows);
        var right = graph.Constant($"{layer.Name}/columns", Transpose(Means(columns, across), across), columns, across);
        var value = graph.Add($"{layer.Name}/row_means", "MatMul", [left, input]);   // N x C x down x columns
        return graph.Add(layer.Name, "MatMul", [value, right]);                      // N x C x down x across
    }

    // A row for each cell: 1 / length where it covers a place, 0 elsewhere.
    private static float[] Means(int places, int cells)
    {
        var means = new float[cells * places];
        for (var cell = 0; cell < cells; cell++)
        {
            var start = (int)((long)cell * places / cells);
            var end = (int)(((cell + 1L) * places + cells - 1) / cells);
            means.AsSpan(cell * places + start, end - start).Fill(1f / (end - start));
        }

        return means;
    }

    private static float[] Transpose(float[] matrix, int rows)
    {
        var columns = matrix.Length / rows;
        return [.. Enumerable.Range(0, matrix.Length).Select(i => matrix[i % rows * columns + i / rows])];
    }
}
