using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using static Microsoft.ML.MulticlassClassificationCatalog;

namespace MlNetAlexNet.Training.Trainers;

/// <summary>AlexNet among ML.NET's trainers.</summary>
public static class AlexNetCatalog
{
    /// <summary>A trainer of AlexNet, or of another stack of layers.</summary>
    /// <param name="trainers">As in <c>ml.MulticlassClassification.Trainers</c>.</param>
    /// <param name="options">What is learnt and how. Default: <see cref="TrainingOptions"/> as they are.</param>
    /// <param name="start">From what. Default: <see cref="TrainingStart.FromPreset"/>, <c>keras</c>.</param>
    /// <param name="columns">The columns of the data. Default: <see cref="TrainingColumns"/> as they are.</param>
    /// <param name="observation">How it is observed. Default: only in ML.NET's log.</param>
    public static AlexNetTrainer AlexNet(
        this MulticlassClassificationTrainers trainers,
        TrainingOptions? options = null,
        TrainingStart? start = null,
        TrainingColumns? columns = null,
        TrainingObservation? observation = null)
    {
        ArgumentNullException.ThrowIfNull(trainers);
        return new AlexNetTrainer(
            Environment(Owner(trainers)),
            options ?? new TrainingOptions(),
            start ?? TrainingStart.FromPreset(),
            columns ?? new TrainingColumns(),
            observation ?? new TrainingObservation());
    }

    // ML.NET keeps the way from a catalog to its environment, and so to the user's log, to itself.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Owner")]
    private static extern TrainCatalogBase Owner(TrainCatalogBase.CatalogInstantiatorBase trainers);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Environment")]
    private static extern IHostEnvironment Environment(TrainCatalogBase catalog);
}
