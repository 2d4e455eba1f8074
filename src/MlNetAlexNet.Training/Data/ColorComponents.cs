using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Data;

/// <summary>The principal components of colours, each as long as the deviation along it.</summary>
internal sealed class ColorComponents
{
    private readonly double[,] _vectors; // a component a column

    private ColorComponents(double[,] vectors) => _vectors = vectors;

    /// <summary>Colour channels: three, or one of grey values.</summary>
    public int Channels => _vectors.GetLength(0);

    /// <param name="covariance">Of the channels.</param>
    public static ColorComponents Create(double[,] covariance)
    {
        using var scope = NewDisposeScope();
        var channels = covariance.GetLength(0);
        var (values, vectors) = linalg.eigh(tensor(covariance));
        var vector = (vectors * values.clamp_min(0).sqrt()).data<double>().ToArray(); // a flat colour has none below 0
        var columns = new double[channels, channels];
        Buffer.BlockCopy(vector, 0, columns, 0, vector.Length * sizeof(double));
        return new ColorComponents(columns);
    }

    /// <summary>What is added to each pixel's values, 0 to 255.</summary>
    /// <param name="lighting">Along each component, the least first; of one channel the first number counts.</param>
    /// <param name="shift">A number a channel.</param>
    public void Shift(Lighting lighting, Span<float> shift)
    {
        ReadOnlySpan<double> along = [lighting.First, lighting.Second, lighting.Third];
        for (var channel = 0; channel < Channels; channel++)
        {
            var sum = 0.0;
            for (var component = 0; component < Channels; component++)
                sum += _vectors[channel, component] * along[component];
            shift[channel] = (float)sum;
        }
    }
}
