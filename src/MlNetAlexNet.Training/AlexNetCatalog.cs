using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using static Microsoft.ML.MulticlassClassificationCatalog;

namespace MlNetAlexNet.Training;

/// <summary>AlexNet among ML.NET's trainers.</summary>
public static class AlexNetCatalog
{
    /// <summary>A trainer of <see cref="TrainingOptions.Preset"/>, or of <see cref="TrainingOptions.Network"/>.</summary>
    /// <param name="trainers">As in <c>ml.MulticlassClassification.Trainers</c>.</param>
    /// <param name="options">How to train. Default: <see cref="TrainingOptions"/> as they are.</param>
    public static AlexNetTrainer AlexNet(this MulticlassClassificationTrainers trainers, TrainingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(trainers);
        return new AlexNetTrainer(Environment(Owner(trainers)), options ?? new TrainingOptions());
    }

    // ML.NET keeps the way from a catalog to its environment, and so to the user's log, to itself.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Owner")]
    private static extern TrainCatalogBase Owner(TrainCatalogBase.CatalogInstantiatorBase trainers);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Environment")]
    private static extern IHostEnvironment Environment(TrainCatalogBase catalog);
}
