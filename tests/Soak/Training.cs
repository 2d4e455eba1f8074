using Microsoft.ML;
using MlNetAlexNet.Images;
using MlNetAlexNet.Layers;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Training;
using MlNetAlexNet.Training.Trainers;

namespace MlNetAlexNet.Soak;

/// <summary>Steps of one training with all that keeps tensors: batch normalization, dropout, averages, mixing, clipping.</summary>
internal static class Training
{
    private const int Batch = 16;

    public static bool Run(string pictures, string zip, int steps)
    {
        var ml = new MLContext(seed: 1);
        var data = ml.Data.LoadFromEnumerable(ImageFolder.ListLabeled(pictures));
        var pixels = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.Transforms.LoadPixels(36)).Fit(data);
        var rows = pixels.Transform(data);
        var stepsPerEpoch = 0;
        var done = 0;
        Watch? watch = null;
        var options = new TrainingOptions
        {
            BatchSize = Batch,
            BatchNormalization = true,
            Optimizer = OptimizerKind.AdamW,
            LearningRate = 5e-4,
            AveragingDecay = 0.99,
            GradientClipNorm = 1,
            Epochs = steps, // ended by the count of steps
            Augmentation = new() { SmallestArea = 0.5, RandomErasing = 0.2, Mixup = 0.2, CutMix = 1 },
        };
        using var cancel = new CancellationTokenSource();
        var trainer = ml.MulticlassClassification.Trainers.AlexNet(
            options,
            TrainingStart.FromStack(Network),
            observation: new TrainingObservation
            {
                CancellationToken = cancel.Token,
                Progress = new ProgressHandler<TrainingProgress>(progress =>
                {
                    if (progress is TrainingStarted started)
                    {
                        stepsPerEpoch = started.StepsPerEpoch;
                        watch = new Watch("steps of training", steps);
                    }
                    else if (progress is StepCompleted step)
                    {
                        done = ((step.Epoch - 1) * stepsPerEpoch) + step.Step;
                        watch!.Reach(done);
                        if (done >= steps)
                            cancel.Cancel();
                    }
                }),
            });
        using var model = (IDisposable)pixels.Append(trainer.Fit(rows));
        ModelZip.Save(ml, (ITransformer)model, data.Schema, zip);
        return watch!.Report();
    }

    private static Sequential Network(int classes) => new(TensorShape.Image(32, 32, 3))
    {
        new Conv2D(16, 5, strides: 2, activation: Activation.Relu),    // 14 x 14 x 16
        new MaxPooling2D(2),                                           // 7 x 7 x 16
        new Flatten(),                                                 // 784
        new Dropout(0.5),
        new Dense(64, Activation.Relu),
        new Dense(classes, Activation.Softmax),
    };
}
