using MlNetAlexNet.Models;

namespace MlNetAlexNet.Training;

/// <summary>What <see cref="TrainingObservation.Progress"/> receives.</summary>
public abstract record TrainingProgress;

/// <summary>A LibTorch that is not beside the app has been loaded.</summary>
/// <param name="Path">Its folder.</param>
/// <param name="Version">Its version; null if it does not say.</param>
/// <param name="Warning">What may go wrong with that version, in words; null if it is the right one.</param>
public sealed record LibTorchLoaded(string Path, string? Version, string? Warning) : TrainingProgress;

/// <summary>The engine has been chosen and the pictures are read; training begins.</summary>
/// <param name="Device"><c>CPU (2 threads)</c> or <c>CUDA GPU 0</c>.</param>
/// <param name="Precision">The one chosen; never <see cref="Precision.Auto"/>.</param>
/// <param name="PrecisionReason">Why that one, with the measured rates, in one sentence.</param>
/// <param name="Repeatability">Whether one seed gives one result there, in one sentence.</param>
/// <param name="TrainPictures">Pictures trained on.</param>
/// <param name="ValidationPictures">Pictures validated on; 0 without validation.</param>
/// <param name="StepsPerEpoch">Batches of one epoch.</param>
/// <param name="Epochs">Epochs at the most.</param>
/// <param name="Preprocessing">
/// The pictures, the crops that are learnt of them, and mean and deviation, measured or those of the start.
/// </param>
public sealed record TrainingStarted(
    string Device,
    Precision Precision,
    string PrecisionReason,
    string Repeatability,
    int TrainPictures,
    int ValidationPictures,
    int StepsPerEpoch,
    int Epochs,
    ImagePreprocessing Preprocessing) : TrainingProgress
{
    /// <summary>What is changed at random about the pictures. Default as in <see cref="TrainingOptions"/>.</summary>
    public Augmentation Augmentation { get; init; } = new();

    /// <summary>The rate of each dropout layer that is trained behind, by its name. Default: there are none.</summary>
    public IReadOnlyDictionary<string, double> Dropout { get; init; } = new Dictionary<string, double>();

    /// <summary>As in <see cref="TrainingOptions.WeightDecay"/>.</summary>
    public double WeightDecay { get; init; }

    /// <summary>As in <see cref="TrainingOptions.LayerDecays"/>, those of a file among them. Default: none.</summary>
    public IReadOnlyDictionary<string, double> LayerDecays { get; init; } = new Dictionary<string, double>();

    /// <summary>
    /// Pictures and crops in words, such as <c>72x72 pictures, crops of 64x64</c>, and how many views are scored if it is more
    /// than one.
    /// </summary>
    public string Input => FormattableString.Invariant($"{Preprocessing.Form} pictures, ")
        + (Preprocessing.CropSize == Preprocessing.ImageSize
            ? "whole"
            : FormattableString.Invariant($"crops of {Preprocessing.CropSize}x{Preprocessing.CropSize}"))
        + (Preprocessing.Views == ScoringViews.Middle
            ? ""
            : FormattableString.Invariant($"; {Preprocessing.Views.Count()} views are scored"));
}

/// <summary>
/// One batch has been learnt. On a GPU one in four is reported, and the last of an epoch: reading its loss waits for the
/// GPU, which then has nothing to do.
/// </summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Step">Within the epoch, from 1.</param>
/// <param name="Loss">Cross-entropy of the batch before the update, in nats.</param>
/// <param name="LearningRate">Used in this step.</param>
/// <param name="ImagesPerSecond">Pictures of this epoch so far by the seconds they took.</param>
/// <param name="Remaining">Estimated time to the end of the last epoch.</param>
public sealed record StepCompleted(
    int Epoch,
    int Step,
    double Loss,
    double LearningRate,
    double ImagesPerSecond,
    TimeSpan Remaining) : TrainingProgress;

/// <summary>One pass over the training pictures has ended and was validated; a row of <c>history.csv</c>.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="LearningRate">Of the epoch's last step.</param>
/// <param name="TrainLoss">
/// Mean of what is minimised over all the epoch's augmented pictures: the cross-entropy in nats, with a teacher and what is learnt of
/// it; where features are all there is to learn, the mean squared error of features of deviation 1.
/// </param>
/// <param name="TrainAccuracy">Top-1 over the same pictures, 0 to 1; null where there are no classes.</param>
/// <param name="ValidationLoss">Mean cross-entropy of the validation pictures, in nats; null without validation.</param>
/// <param name="ValidationAccuracy">Top-1 of the validation pictures, 0 to 1; null without validation.</param>
/// <param name="IsBest">Whether these weights are the ones kept so far.</param>
/// <param name="Seconds">Duration of the epoch with its validation.</param>
/// <param name="ImagesPerSecond">Training pictures by the seconds of training, validation apart.</param>
public sealed record EpochCompleted(
    int Epoch,
    double LearningRate,
    double TrainLoss,
    double? TrainAccuracy,
    double? ValidationLoss,
    double? ValidationAccuracy,
    bool IsBest,
    double Seconds,
    double ImagesPerSecond) : TrainingProgress
{
    /// <summary>Share of the validation pictures whose class is among the five most probable, 0 to 1; null without validation.</summary>
    public double? ValidationTop5 { get; init; }
}

/// <summary>The training goes on from a checkpoint.</summary>
/// <param name="Path">Of the checkpoint.</param>
/// <param name="Epoch">It goes on in, from 1; beyond the last one if all have ended.</param>
/// <param name="Step">Steps done before, over the whole training.</param>
/// <param name="History">The epochs that had ended.</param>
public sealed record TrainingResumed(string Path, int Epoch, int Step, IReadOnlyList<EpochCompleted> History) : TrainingProgress;

/// <summary>It goes on with other options, pictures or classes, as was asked for.</summary>
/// <param name="Differences">Each in words.</param>
public sealed record ChangesAccepted(IReadOnlyList<string> Differences) : TrainingProgress;

/// <summary>A newer checkpoint is not used, since it is not whole.</summary>
/// <param name="Path">Of the checkpoint.</param>
/// <param name="Reason">Why not, in words.</param>
public sealed record CheckpointDamaged(string Path, string Reason) : TrainingProgress;

/// <summary>A file beside the training could not be written: the training goes on, and what was there before is whole.</summary>
/// <param name="What">A checkpoint, or the history.</param>
/// <param name="Reason">Why not, in words.</param>
public sealed record WritingFailed(string What, string Reason) : TrainingProgress;

/// <summary>A file beside the training cannot be read any more: the training goes on without it.</summary>
/// <param name="What">The decoded pictures.</param>
/// <param name="Reason">Why not, and what is done instead, in words.</param>
public sealed record ReadingFailed(string What, string Reason) : TrainingProgress;

/// <summary>What the pictures are read for before the training.</summary>
public enum PictureStage
{
    /// <summary>Those that an earlier run has decoded are compared with what was written of them.</summary>
    Checking,

    /// <summary>They are decoded, and kept.</summary>
    Decoding,

    /// <summary>Those to train on are read once more, so that they are known again by their bytes.</summary>
    Fingerprinting,
}

/// <summary>One more picture was read before the training.</summary>
/// <param name="Stage">What for.</param>
/// <param name="Done">Pictures of this stage so far.</param>
/// <param name="Total">Pictures of this stage in all; null where ML.NET's data do not say it.</param>
public sealed record PicturesReading(PictureStage Stage, long Done, long? Total) : TrainingProgress;

/// <summary>One more batch of the validation was computed; as <see cref="StepCompleted"/> where there is a GPU.</summary>
/// <param name="Epoch">After which it is, from 1.</param>
/// <param name="Done">Pictures so far.</param>
/// <param name="Total">Pictures in all.</param>
public sealed record PicturesValidating(int Epoch, int Done, int Total) : TrainingProgress;

/// <summary>A teacher is looking at the views of the pictures before the training.</summary>
/// <param name="Done">Views so far.</param>
/// <param name="All">Views of all pictures.</param>
public sealed record TeacherLooking(long Done, long All) : TrainingProgress;

/// <summary>A teacher, which has seen all views, learns the classes.</summary>
/// <param name="Done">Steps so far.</param>
/// <param name="Total">Steps in all.</param>
public sealed record TeacherLearning(int Done, int Total) : TrainingProgress;

/// <summary>A teacher has seen all views of the pictures, and knows the classes.</summary>
/// <param name="Model">As <see cref="TeacherOptions.Model"/> has it.</param>
/// <param name="Features">How many it gives of a picture.</param>
/// <param name="Views">Of each picture.</param>
/// <param name="Accuracy">
/// Top-1 of a view of each training picture with a label, out of fold, 0 to 1; null where only features are learnt.
/// </param>
/// <param name="Seconds">What it took.</param>
public sealed record TeacherReady(string Model, int Features, int Views, double? Accuracy, double Seconds) : TrainingProgress
{
    /// <summary>
    /// Whether mean and deviation of its pictures were taken to be ImageNet's, since <see cref="TeacherOptions"/> do not say them.
    /// Default false.
    /// </summary>
    public bool IsNormalizationAssumed { get; init; }
}
