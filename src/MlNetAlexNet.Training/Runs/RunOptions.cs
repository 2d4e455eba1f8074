using System.Text.Json;
using System.Text.Json.Serialization;
using MlNetAlexNet.Images;
using MlNetAlexNet.Inspection;
using MlNetAlexNet.Models;
using MlNetAlexNet.Quantization;
using MlNetAlexNet.Training.Checkpoints;

namespace MlNetAlexNet.Training.Runs;

/// <summary>Everything that decides one training run from a folder of pictures to a run folder. Immutable.</summary>
public sealed record RunOptions
{
    /// <summary>
    /// Folder of pictures: a folder a class, or <c>train</c>, <c>validation</c> and <c>test</c> with a folder a
    /// class in each, or a table, as <see cref="ImageFolder.Open"/> takes it. What the run writes may lie in the folder.
    /// </summary>
    public required string Data { get; init; }

    /// <summary>The columns of a table of <see cref="Data"/>. Default null: found by the usual names.</summary>
    public TableColumns? Columns { get; init; }

    /// <summary>
    /// File that lists those pictures of <see cref="Data"/> that are used, as <see cref="PictureList"/> writes it. Default null: all.
    /// </summary>
    public string? Only { get; init; }

    /// <summary>Folder to write, empty or new. Not in <c>options.json</c>, so that a run can be repeated.</summary>
    [JsonIgnore]
    public string Output { get; init; } = "";

    /// <summary>
    /// Whether a number is put behind the name of <see cref="Output"/>, the first that makes a new folder: <c>runs/flowers</c> becomes
    /// <c>runs/flowers-1</c>, then <c>-2</c>. Runs that begin at once get one each; <see cref="RunResult.Folder"/> names it. Default false.
    /// </summary>
    [JsonIgnore]
    public bool NumberOutput { get; init; }

    /// <summary>
    /// Whether the files of an earlier run in <see cref="Output"/> are replaced; others there are left alone. The earlier
    /// run stays as it is until the model zip of this one is whole: only then does this one write there, and the rest of
    /// the earlier one goes, so that the two are never mixed; its checkpoints go when this one begins to train. Default false.
    /// </summary>
    [JsonIgnore]
    public bool Overwrite { get; init; }

    /// <summary>
    /// Whether the training goes on from the newest whole checkpoint in <see cref="Output"/>, and ends as if it had never been
    /// interrupted; <see cref="FromCheckpoint"/> gives its options. Other options, pictures or classes than the checkpoint's are
    /// refused, with what differs. Default false.
    /// </summary>
    [JsonIgnore]
    public bool Resume { get; init; }

    /// <summary>
    /// Whether it goes on with other options, pictures or classes all the same, such as with more <see cref="TrainingOptions.Epochs"/>;
    /// what the checkpoint has of the network and the optimizer must still fit. Default false.
    /// </summary>
    [JsonIgnore]
    public bool AcceptChanges { get; init; }

    /// <summary>
    /// Minutes from one checkpoint to the next within an epoch, above 0; the end of each epoch has one as well. Writing them never
    /// takes more than a fiftieth of the time: of AlexNet with AdamW one has 700 MB, and 930 MB once an epoch has ended, so there
    /// those of short epochs are left out. The last two are kept, and none once the run has ended. Default 5; null for none.
    /// </summary>
    [JsonIgnore]
    public double? CheckpointMinutes { get; init; } = 5;

    /// <summary>
    /// Folder that keeps decoded pictures for later runs, 192 KiB each of 256x256; over 10 GB the pictures of runs longest ago are
    /// deleted, never those in use. Where it cannot be written, and with null, they are in a temporary file while the run lasts. Default
    /// <see cref="DefaultPixelCache"/>. Not in <c>options.json</c>, as nothing but speed depends on it.
    /// </summary>
    [JsonIgnore]
    public string? PixelCache { get; init; } = DefaultPixelCache;

    /// <summary><c>MlNetAlexNet/pixels</c> in the user's folder for local application data.</summary>
    [JsonIgnore]
    public static string DefaultPixelCache => Path.Combine(
        Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "MlNetAlexNet",
        "pixels");

    /// <summary>
    /// Folder with more pictures to train on, of any depth, that have no labels: the teacher says what they are, so there
    /// must be one. Those that are among <see cref="Data"/> are left out. Default null: none.
    /// </summary>
    public string? Unlabelled { get; init; }

    /// <summary>
    /// Whether a teacher's features are all there is to learn, of all pictures below <see cref="Data"/>, whatever its folders are called
    /// (He et al. 2022, "Knowledge Distillation as Efficient Pre-training", but for their principal components and roots, which align
    /// widths: here the network has as many outputs as there are features): no labels, no split, no test. The model's last layer then has an output for each of the teacher's features,
    /// and a training that starts from it gets one for its classes. Default false.
    /// </summary>
    public bool Pretrain { get; init; }

    /// <summary>How the pictures are split where there are no folders for it.</summary>
    public SplitOptions Split { get; init; } = new();

    /// <summary>
    /// Whether pictures that cannot be decoded are left out; otherwise they end the run before training. Default false.
    /// </summary>
    public bool SkipBadImages { get; init; }

    /// <summary>The most pixels of a picture that is decoded (<see cref="PixelLimit"/>). Default 100 million.</summary>
    public long MaximumPixels { get; init; } = PixelLimit.Default;

    /// <summary>
    /// Side of the square pictures, in pixels, out of which the crops are taken that the network learns. Default null: that
    /// of the model to start from, else 256 for crops of 224 to 227 pixels and in the same ratio for others
    /// (<see cref="ImagePreprocessing.ChooseImageSize"/>).
    /// </summary>
    public int? ImageSize { get; init; }

    /// <summary>
    /// How pictures become squares. Default null: as for the model to start from, else <see cref="ImageResizeMode.Crop"/>.
    /// </summary>
    public ImageResizeMode? ResizeMode { get; init; }

    /// <summary>What the training starts from.</summary>
    public StartOptions Start { get; init; } = new();

    /// <summary>Whether a zip quantized to 8 bits is made beside the float32 one. Default false.</summary>
    public bool Quantize { get; init; }

    /// <summary>The training itself.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>The options of a run that was interrupted, to go on with it: those of its newest whole checkpoint.</summary>
    /// <param name="folder">The run folder.</param>
    /// <exception cref="AlexNetException">There is no checkpoint that could be used.</exception>
    public static RunOptions FromCheckpoint(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
            throw new AlexNetException($"There is no run folder '{folder}'.");

        var run = new CheckpointFolder(new RunFolder(folder).Checkpoints).FindNewest().Run;
        try
        {
            return OptionsFile.Parse(run.Options.ToJsonString())! with { Output = folder, Resume = true };
        }
        catch (JsonException fault)
        {
            throw new AlexNetException($"The options in the checkpoint of '{folder}' cannot be used: {fault.Message}", fault);
        }
    }

    /// <summary>
    /// These options with those of a recipe for <see cref="Training"/>, and its preset and bias where <see cref="Start"/> names
    /// no other network and no file; the dropout of a file is that which it has.
    /// </summary>
    public RunOptions WithRecipe(Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        var isPreset = Start is { Stack: null, InitialWeights: null };
        return this with
        {
            Training = isPreset ? recipe.Training : recipe.Training with { Dropout = null },
            Start = isPreset && (Start.Preset ?? recipe.Preset) == recipe.Preset
                ? Start with { Preset = recipe.Preset, InitialBias = Start.InitialBias ?? recipe.InitialBias }
                : Start,
        };
    }

    /// <summary>The pictures by part: those of <see cref="Only"/> of <see cref="Data"/>, split as <see cref="Split"/> says.</summary>
    /// <param name="cancellationToken">Ends the draw.</param>
    /// <exception cref="AlexNetException">As <see cref="ImageFolder.Open"/> and <see cref="PictureList.Read"/>.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public ImageFolder OpenData(CancellationToken cancellationToken = default) => ImageFolder.OpenBesideOutputs(
        Data, Split, Only is { } list ? PictureList.Read(list) : null, Columns, new OutputFolders([Output, PixelCache]), cancellationToken);

    /// <summary>
    /// The parts that <see cref="Data"/> has pictures of its own for, of <c>train</c>, <c>validation</c> and <c>test</c>; the others are
    /// drawn as <see cref="Split"/> says. Empty where all are. The pictures are listed and not read.
    /// </summary>
    /// <exception cref="AlexNetException">As <see cref="ImageFolder.Open"/>.</exception>
    public IReadOnlyList<string> ListOwnParts() =>
        [.. LabeledParts.Open(Data, Columns, new OutputFolders([Output, PixelCache]), mayLack: _ => true).Pictures.Keys.Where(part => part != "")];

    /// <summary>How the model is quantized, where <see cref="Quantize"/> says so.</summary>
    internal QuantizationOptions Quantization => new()
    {
        Model = new RunFolder(Output).Model,
        Output = new RunFolder(Output).QuantizedModel,
        MaximumPixels = MaximumPixels,
        Seed = Training.Seed,
    };

    /// <summary>The faults of all its options that can be told before the pictures are known.</summary>
    internal IEnumerable<string> ListFaults() =>
    [
        .. Output == "" ? [$"{nameof(Output)} is empty; it must be the folder to write."] : Array.Empty<string>(),
        .. CheckpointMinutes is not (null or (> 0 and < 1e6))
            ? [FormattableString.Invariant($"{nameof(CheckpointMinutes)} is {CheckpointMinutes}; it must be above 0, or null for no checkpoints.")]
            : Array.Empty<string>(),
        .. AcceptChanges && !Resume
            ? [$"{nameof(AcceptChanges)} is for a training that is resumed; leave it out."]
            : Array.Empty<string>(),
        .. PixelCache == "" ? [$"{nameof(PixelCache)} is empty; it must be a folder, or null for none."] : Array.Empty<string>(),
        .. PixelLimit.ListFaults(MaximumPixels),
        .. ImageSize is < 1 or > ImagePreprocessing.MaximumImageSize
            ? [$"{nameof(ImageSize)} is {ImageSize}; it must be at least 1 and at most {ImagePreprocessing.MaximumImageSize}."]
            : Array.Empty<string>(),
        .. ResizeMode is { } mode && !Enum.IsDefined(mode)
            ? [$"{nameof(ResizeMode)} is {mode}; it must be one of {string.Join(", ", Enum.GetNames<ImageResizeMode>())}."]
            : Array.Empty<string>(),
        .. Training.ListFaults(hasValidation: true),
        .. Start.ListFaults(),
        .. Pretrain ? ListPretrainingFaults() : ListClassFaults(),
    ];

    private IEnumerable<string> ListClassFaults() =>
    [
        .. Unlabelled is not null && Training.Teacher is null
            ? [$"{nameof(Unlabelled)} is '{Unlabelled}', and there is no teacher to say what these pictures are. Name one, such as resnet18."]
            : Array.Empty<string>(),
        .. Split.ListFaults(),
        .. Quantize ? Quantization.ListFaults() : [],
    ];

    private IEnumerable<string> ListPretrainingFaults()
    {
        if (Training.Teacher is null)
            yield return "There is no teacher whose features could be learnt. Name one, such as resnet18.";

        foreach (var (name, isGiven, what) in new[]
        {
            (nameof(Training.LabelSmoothing), Training.LabelSmoothing > 0, "labels"),
            (nameof(Training.ClassWeights), Training.ClassWeights is { Count: > 0 }, "classes"),
            (nameof(Training.BalancedClasses), Training.BalancedClasses, "classes"),
            (nameof(Unlabelled), Unlabelled is not null, "pictures beside those with labels"),
            (nameof(Only), Only is not null, "folders of classes"),
            (nameof(Quantize), Quantize, "a model that knows classes"),
            (nameof(Training.EarlyStoppingEpochs), Training.EarlyStoppingEpochs is not null, "validation pictures"),
            ($"{nameof(Training.Schedule)} {Training.Schedule}", Training.Schedule == LearningRateSchedule.ReduceOnPlateau, "validation pictures"),
        })
        {
            if (isGiven)
                yield return $"{name} needs {what}, and pretraining has none; leave it out.";
        }
    }
}
