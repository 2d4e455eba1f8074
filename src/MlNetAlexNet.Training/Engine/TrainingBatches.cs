using MlNetAlexNet.Training.Data;
using TorchSharp;

namespace MlNetAlexNet.Training.Engine;

/// <summary>Batches as the device of a training takes them.</summary>
internal static class TrainingBatches
{
    /// <param name="pictures">At least one.</param>
    /// <param name="crop">Side cut out of each picture, in pixels.</param>
    /// <param name="options">Of the training.</param>
    /// <param name="observation">Of the training.</param>
    /// <param name="components">Of the colours, where they move. Default null: they do not.</param>
    public static BatchSource Create(
        PixelRows pictures, int crop, TrainingOptions options, TrainingObservation observation,
        ColorComponents? components = null)
    {
        var device = TorchDevice.Resolve(options.Device);
        return new BatchSource(
            pictures,
            options.BatchSize,
            crop,
            observation.LoadingThreads,
            device.type == DeviceType.CPU || !options.Augmentation.KeepsPixels ? null : device,
            TorchDevice.CountStepsPerReading(device),
            components);
    }
}
