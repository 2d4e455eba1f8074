using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Training.Tests;

/// <summary>Noisy one-colour pictures of 32x32 and a network small enough to learn them in a second.</summary>
internal static class TinyPictures
{
    public const int Size = 32;
    public static readonly string[] Classes = ["red", "green", "blue"];

    public sealed class Row
    {
        [VectorType(Size, Size, 3)]
        public byte[] Pixels { get; set; } = [];

        public string? Label { get; set; }
    }

    /// <summary>Pictures of the classes in turn; their strongest channel is the class.</summary>
    public static List<Row> Rows(int count, int seed, int classes = 3)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(index =>
        {
            var label = index % classes;
            var pixels = new byte[Size * Size * 3];
            for (var i = 0; i < pixels.Length; i++)
            {
                pixels[i] = (byte)(random.Next(60, 140) + (i % 3 == label ? 60 : 0));
            }

            return new Row { Pixels = pixels, Label = Classes[label] };
        })];
    }

    /// <summary>The rows with <c>Label</c> as a key over <see cref="Classes"/>.</summary>
    public static IDataView Data(MLContext ml, IEnumerable<Row> rows)
    {
        var data = ml.Data.LoadFromEnumerable(rows);
        var keys = ml.Data.LoadFromEnumerable(Classes.Select(name => new Row { Label = name }));
        keys = ml.Transforms.SelectColumns("Label").Fit(keys).Transform(keys);
        return ml.Transforms.Conversion.MapValueToKey("Label", keyData: keys).Fit(data).Transform(data);
    }

    public static Sequential Network(int classes, double dropout) => new(TensorShape.Image(28, 28, 3))
    {
        new Conv2D(8, 5, strides: 2, activation: Activation.Relu),  // 12 x 12 x 8
        new MaxPooling2D(3, strides: 2),                            // 5 x 5 x 8
        new Flatten(),                                              // 200
        new Dropout(dropout),
        new Dense(16, Activation.Relu),
        new Dense(classes, Activation.Softmax),
    };

    public static TrainingStart Start { get; } = TrainingStart.FromStack(classes => Network(classes, 0.2));

    /// <summary>The same for a run: the stack as a file in the folder.</summary>
    public static StartOptions StartIn(TemporaryFolder folder, int classes = 3)
    {
        var json = KerasConfig.ToJson(Network(classes, 0.2).Plan());
        return new StartOptions { Stack = folder.Write($"stack-{classes}.json", Encoding.UTF8.GetBytes(json)) };
    }

    public static TrainingOptions Options => new()
    {
        Epochs = 4,
        BatchSize = 8,
        WarmUpSteps = 5,
        Device = Device.Cpu,
        Precision = Precision.Float32,
    };
}
