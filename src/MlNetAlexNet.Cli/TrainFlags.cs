using System.CommandLine;
using System.CommandLine.Parsing;
using MlNetAlexNet.Images;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Training;
using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Cli;

/// <summary>
/// The flags of <c>train</c> that end up in <c>options.json</c>. Only flags that were given change anything, so the
/// rest comes from <c>--options</c>, or from the defaults that the help shows.
/// </summary>
internal sealed class TrainFlags
{
    private const string Balanced = "balanced";

    // Of labels, of a split, or of what is done with a model that knows classes.
    private static readonly HashSet<string> OfClasses =
    [
        "--label-smoothing", "--class-weight", "--teacher-weight", "--teacher-temperature", "--teacher-feature-weight", "--unlabelled", OnlyFlag.Name,
        "--early-stopping-epochs", "--top-k", "--validation-fraction", "--test-fraction", "--quantize", "--rename-class",
        .. ViewFlags.All.Select(flag => flag.Name),
    ];

    private readonly Command _command;
    private readonly bool _hasClasses;
    private readonly List<Func<ParseResult, RunOptions, RunOptions>> _changes = [];
    private readonly List<Option> _augmenting = [];
    private readonly Option _stack;
    private readonly Option _weights;

    // Texts by file, null of a model. Options are made more than once, and a pipe is read once.
    private readonly Dictionary<string, string?> _stacks = [];

    /// <param name="command">Which gets them.</param>
    /// <param name="defaults">What the help shows. Default: the default options.</param>
    /// <param name="hasClasses">Whether there is anything to learn but a teacher's features.</param>
    public TrainFlags(Command command, TrainingOptions? defaults = null, bool hasClasses = true)
    {
        (_command, _hasClasses) = (command, hasClasses);
        var training = defaults ?? new TrainingOptions();
        var augmentation = training.Augmentation;
        var split = new SplitOptions();
        var standard = training.Teacher ?? new TeacherOptions { Model = "" };

        var preset = Run("--preset", "NAME",
            $"Network to train, with its initial weights and preprocessing: {SummaryCommand.Presets}.",
            AlexNet.DefaultPreset, (o, v) => o with { Start = o.Start with { Preset = v, Stack = null, StackJson = null, InitialBias = null } });
        Run("--initial-bias", "B", "What the biases start at that the preset starts above 0, such as 0.1 for paper.",
            (double?)null, (o, v) => o with { Start = o.Start with { InitialBias = v } });
        Training("--epochs", "N", "Passes over the training pictures.",
            training.Epochs, (o, v) => o with { Epochs = v });
        Training("--batch-size", "N", "Pictures a step.", training.BatchSize, (o, v) => o with { BatchSize = v });
        Choice("--optimizer", "How the weights move along their gradients; another than before brings its own rates.",
            training.Optimizer, (o, v) => o.WithOptimizer(v));
        Training("--learning-rate", "RATE", "Learning rate after the warm-up. Default: 0.01 of Sgd, 0.001 of AdamW.",
            (double?)null, (o, v) => v is { } rate ? o with { LearningRate = rate } : o);
        Training("--warm-up-steps", "N", "Steps over which the learning rate rises from 0.",
            training.WarmUpSteps, (o, v) => o with { WarmUpSteps = v });
        Choice("--schedule", "How the learning rate goes on.", training.Schedule, (o, v) => o.WithSchedule(v));
        Training("--decay-factor", "F", "Factor of the schedules Step and ReduceOnPlateau.",
            training.DecayFactor, (o, v) => o with { DecayFactor = v });
        Training("--decay-epochs", "N", "Epochs of the schedules Step and ReduceOnPlateau.",
            training.DecayEpochs, (o, v) => o with { DecayEpochs = v });
        Training("--momentum", "M", "Momentum of SGD.", training.Momentum, (o, v) => o with { Momentum = v });
        Training("--nesterov", null, "SGD that looks ahead along its momentum.",
            false, (o, v) => o with { Nesterov = v });
        Training("--weight-decay", "W",
            "Weight decay per step, also of kernels for which a Keras file has a regularizer. Default: 0.0005 of Sgd, 0.05 of AdamW, "
            + "and of a file's kernel_regularizer L2 twice its l2.",
            (double?)null, (o, v) => v is { } decay ? o with { WeightDecay = decay } : o);
        Training("--layer-decay", "NAME=W",
            "Weight decay of a layer's kernel, in place of the others' and of what a file says: so much of each weight is added to "
            + "its gradient, with any optimizer. Can be given again.",
            (string[]?)null, (o, v) => o with { LayerDecays = Numbers("--layer-decay", v, "a layer and its decay, such as dense_1=0.001") });
        Training("--dropout", "RATE",
            "Rate of every dropout layer; 0 for none. Default: 0.5 at two dense layers of a preset, else what the stack or the model has.",
            training.Dropout, (o, v) => o with { Dropout = v });
        Training("--batch-normalization", null,
            "Normalize each batch between the layers and their activations; folded away where the model is written.",
            false, (o, v) => o with { BatchNormalization = v });
        Training("--averaging-decay", "D",
            "What a moving average of the weights keeps at a step, such as 0.998; the average is what is validated and kept.",
            training.AveragingDecay, (o, v) => o with { AveragingDecay = v });
        Training("--label-smoothing", "S", "Share of the target spread over all classes.",
            training.LabelSmoothing, (o, v) => o with { LabelSmoothing = v });
        Training("--class-weight", "NAME=W|balanced",
            "Weight of a class in the loss; the others count 1. Can be given again. Or balanced: as if all classes had as many "
            + "pictures, n / (k n_c) of n pictures of k classes.",
            (string[]?)null, SetClassWeights);
        Training("--teacher", "MODEL",
            "Learn from a trained network, too: resnet18, or the file of an ONNX network that takes pictures.",
            training.Teacher?.Model, (o, v) => o with { Teacher = v is null ? null : (o.Teacher ?? standard) with { Model = v } });
        Teach("--teacher-views", "N", "Random views of each picture that the teacher sees, once, before the training.",
            standard.Views, (o, v) => o with { Views = v });
        Teach("--teacher-weight", "W", "Share of the cost that is of the teacher's probabilities; the rest is of the labels.",
            standard.PredictionWeight, (o, v) => o with { PredictionWeight = v });
        Teach("--teacher-temperature", "T", "By what both logits are divided before they are compared.",
            standard.Temperature, (o, v) => o with { Temperature = v });
        Teach("--teacher-feature-weight", "W", "Weight of the squared errors of the teacher's features.",
            standard.FeatureWeight, (o, v) => o with { FeatureWeight = v });
        Teach("--teacher-output", "NAME", "The value of an ONNX file's graph to learn. Default: what goes into its last matrix product, else its output.",
            (string?)null, (o, v) => o with { Output = v });
        Teach("--teacher-mean", "R,G,B", "Mean of the values, 0 to 255, that an ONNX file's pictures have taken away. Default: ImageNet's.",
            (string?)null, (o, v) => o with { Mean = ModelFlags.Numbers(v, "--teacher-mean") });
        Teach("--teacher-std", "R,G,B", "Standard deviation of the same values. Default: ImageNet's.",
            (string?)null, (o, v) => o with { StandardDeviation = ModelFlags.Numbers(v, "--teacher-std") });
        Run("--unlabelled", "DIR", "Folder with more pictures to train on, of any depth: the teacher says what they are.",
            (string?)null, (o, v) => o with { Unlabelled = v });
        Training("--gradient-clip-norm", "NORM",
            "Scale a longer gradient down to this length. Not clipped if not given.",
            training.GradientClipNorm, (o, v) => o with { GradientClipNorm = v });
        var rate = Training("--initial-weights-rate", "F",
            "Factor of the learning rate for the layers of --initial-weights; a last layer with new classes has the whole rate.",
            training.InitialWeightsRate, (o, v) => o with { InitialWeightsRate = v, LayerRates = null });
        var layerRate = Training("--layer-rate", "NAME=F",
            "Factor of the learning rate for a layer and those before it, back to the one named before. Can be given again.",
            (string[]?)null,
            (o, v) => o with
            {
                LayerRates = Numbers("--layer-rate", v, "a layer and its factor, such as conv2d_5=0.1"),
                InitialWeightsRate = 1,
            });
        layerRate.Aliases.Add("--layer-rates");
        command.Validators.Add(result => result.RefuseBoth(rate, layerRate));
        Training("--freeze-until", "LAYER",
            "Keep the weights of this layer and all before it; what they make of a view of a picture is computed once.",
            training.FreezeUntil, (o, v) => o with { FreezeUntil = v });
        Training("--frozen-views", "K",
            "Views of each picture that are drawn with --freeze-until; the epochs take them in turn. Default: 4.",
            training.FrozenViews, (o, v) => o with { FrozenViews = v });
        var plain = Training("--no-augment", null, "Middle crops only: nothing random about the pictures.",
            false, (o, v) => v ? o with { Augmentation = Augmentation.None } : o);
        Augment("--no-flip", null, "Mirror no pictures: for arrows, hands, letters.", false, (o, v) => o with { Flip = !v });
        Augment("--smallest-area", "A",
            "Scale rectangles of at least this share of a picture's area to the square, such as 0.35. Default: squares as they are.",
            augmentation.SmallestArea, (o, v) => o with { SmallestArea = v });
        Augment("--color-jitter", "S", "Change brightness, contrast and saturation by up to this share, such as 0.2.",
            augmentation.ColorJitter, (o, v) => o with { ColorJitter = v });
        Augment("--lighting", "S", "Move the colours of each picture along their principal components, such as 0.1.",
            augmentation.Lighting, (o, v) => o with { Lighting = v });
        Augment("--trivial-augment", null, "Make one change of fourteen to each picture.",
            false, (o, v) => o with { TrivialAugment = v });
        Augment("--random-erasing", "P", "Share of pictures in which a rectangle is covered with noise.",
            augmentation.RandomErasing, (o, v) => o with { RandomErasing = v });
        Augment("--mixup", "ALPHA", "Mix pictures of a batch, and their classes, such as 0.2.",
            augmentation.Mixup, (o, v) => o with { Mixup = v });
        Augment("--cutmix", "ALPHA", "Put rectangles of pictures of a batch into others, such as 1.",
            augmentation.CutMix, (o, v) => o with { CutMix = v });
        Augment("--mixing-probability", "P", "Share of batches that --mixup and --cutmix mix.",
            augmentation.MixingProbability, (o, v) => o with { MixingProbability = v });
        foreach (var augment in _augmenting)
            command.Validators.Add(result => result.RefuseBoth(plain, augment));
        Training("--mean-image", null, "Subtract the mean of the training pictures at every pixel, in place of a mean colour.",
            false, (o, v) => o with { MeanImage = v });
        Training("--initial-crop-share", "S",
            "Side of the squares in the first epoch as a share of the network's, to which it grows. Default: the network's throughout.",
            training.InitialCropShare, (o, v) => o with { InitialCropShare = v });
        Training("--early-stopping-epochs", "N", "Stop after so many epochs without a better validation accuracy.",
            training.EarlyStoppingEpochs, (o, v) => o with { EarlyStoppingEpochs = v });
        Training("--top-k", "N", "Classes in the model's columns TopLabels and TopScores.",
            training.TopK, (o, v) => o with { TopK = v });
        ViewFlags.RefuseTwo(command,
        [
            .. ViewFlags.All.Select(flag => Training(flag.Name, null, flag.Description, false,
                (o, v) => v ? o with { Views = flag.Views } : o)),
        ]);
        Training("--device", "Auto|Cpu|Cuda|Cuda:N", "Where to train; N is the number of a GPU, from 0.",
            training.Device, (o, v) => o with { Device = v }).CustomParser = ParseDevice;
        Choice("--precision", "Number format of the forward and backward pass.",
            training.Precision, (o, v) => o with { Precision = v });
        Run("--seed", "N", "Source of all randomness: weights, split, order, crops.", training.Seed, (o, v) => o with
        {
            Training = o.Training with { Seed = v },
            Split = o.Split with { Seed = v },
        });
        Run("--validation-fraction", "F", "Share of each class for validation, where there is no validation folder.",
            split.ValidationFraction, (o, v) => o with { Split = o.Split with { ValidationFraction = v } });
        Run("--test-fraction", "F", "Share of each class for the test, where there is no test folder.",
            split.TestFraction, (o, v) => o with { Split = o.Split with { TestFraction = v } });
        Run(OnlyFlag.Name, OnlyFlag.HelpName, OnlyFlag.Description, (string?)null, (o, v) => o with { Only = v });
        Run("--skip-bad-images", null, "Leave pictures out that cannot be decoded.",
            false, (o, v) => o with { SkipBadImages = v });
        Run(PixelLimitFlag.Name, PixelLimitFlag.HelpName, PixelLimitFlag.Description,
            PixelLimit.Default, (o, v) => o with { MaximumPixels = v });
        Run("--image-size", "N",
            "Side of the square pictures that crops are taken out of, in pixels. Default: the model's; else 256 for networks "
            + "of 224 to 227 pixels, and in that ratio for others.",
            (int?)null, (o, v) => o with { ImageSize = v });
        RunChoice("--resize-mode",
            "How pictures become squares: the middle of them, all of them with other proportions, or all of them with black "
            + "beside. Default: the model's, else Crop.",
            (ImageResizeMode?)null, (o, v) => o with { ResizeMode = v });
        Run("--quantize", null, "Also write model-int8.zip: a quarter of the size, several times as fast.",
            false, (o, v) => o with { Quantize = v });
        var cache = Run("--pixel-cache", "DIR", "Folder that keeps decoded pictures for later runs; over 10 GB, those of the runs longest ago are deleted, "
            + "never those in use. Default: MlNetAlexNet/pixels in the folder for local application data.",
            (string?)null, (o, v) => o with { PixelCache = v });
        var noCache = Run("--no-pixel-cache", null, "Decode the pictures anew, into a temporary file.",
            false, (o, v) => v ? o with { PixelCache = null } : o);
        command.Validators.Add(result => result.RefuseBoth(cache, noCache));
        var stack = Run("--stack", "STACK.json|MODEL",
            "Stack to train in place of a preset: the configuration of a sequential Keras model. A model with weights is started from, "
            + "as with --initial-weights.",
            (string?)null, (o, v) => o with { Start = StartFrom(v!, o.Start) });
        stack.Aliases.Add("--model"); // the word for a model, of whatever kind
        command.Validators.Add(result => result.RefuseBoth(preset, stack));
        var weights = Run("--initial-weights", "FILE",
            "Model to start from: a zip, ONNX, PyTorch, safetensors, Keras or TensorFlow.js file. "
            + "Its classes keep their units of the last layer; others get new ones.",
            (string?)null, (o, v) => o with { Start = o.Start with { InitialWeights = v } });
        (_stack, _weights) = (stack, weights);
        Run("--rename-class", "OLD=NEW", ModelFlags.RenameClass, (string[]?)null,
            (o, v) => o with { Start = o.Start with { RenamedClasses = ModelFlags.ParseRenamed(v) } })
            .Aliases.Add("--rename");
    }

    /// <summary>The options with the changes of the flags that were given.</summary>
    /// <exception cref="AlexNetException">A flag is none of its kind, or was given where it does nothing.</exception>
    public RunOptions Apply(ParseResult parsed, RunOptions options)
    {
        var changed = _changes.Aggregate(options, (changed, change) => change(parsed, changed));
        if (_stacks.ContainsValue(null) && parsed.CommandResult.FindBoth(_stack, _weights) is { } both)
            throw new AlexNetException(both);

        var isDecayOfFile = changed.Training.LayerDecays is not null || changed.Start is not { Stack: null, InitialWeights: null };
        return isDecayOfFile && IsGiven(parsed, "--weight-decay") && !IsGiven(parsed, "--layer-decay")
            ? changed with { Training = changed.Training with { LayerDecays = new Dictionary<string, double>() } }
            : changed;
    }

    private StartOptions StartFrom(string file, StartOptions start)
    {
        if (!_stacks.TryGetValue(file, out var json))
            _stacks.Add(file, json = ModelFile.ReadStack(file));
        return json is null
            ? start with { InitialWeights = file, Stack = null, StackJson = null, Preset = null }
            : start with { Stack = file, StackJson = json, Preset = null };
    }

    /// <summary>Whether a flag was given.</summary>
    public static bool IsGiven(ParseResult parsed, string flag) =>
        parsed.CommandResult.Command.Options.FirstOrDefault(option => option.Name == flag) is { } option
        && parsed.GetResult(option) is { Implicit: false };

    private Option<T> Training<T>(
        string name, string? value, string description, T standard, Func<TrainingOptions, T, TrainingOptions> set) =>
        Run(name, value, description, standard, (run, v) => run with { Training = set(run.Training, v) });

    private void Choice<T>(
        string name, string description, T standard, Func<TrainingOptions, T, TrainingOptions> set) =>
        RunChoice(name, description, standard, (run, v) => run with { Training = set(run.Training, v) });

    private void Augment<T>(
        string name, string? value, string description, T standard, Func<Augmentation, T, Augmentation> set) =>
        _augmenting.Add(Training(name, value, description, standard, (o, v) => o with { Augmentation = set(o.Augmentation, v) }));

    private void Teach<T>(
        string name, string value, string description, T standard, Func<TeacherOptions, T, TeacherOptions> set) =>
        Training(name, value, description, standard, (o, v) => o with
        {
            Teacher = set(o.Teacher ?? throw new AlexNetException($"{name} is for a teacher. Name one with --teacher, such as resnet18."), v),
        });

    // T is an enumeration, or one or nothing.
    private void RunChoice<T>(string name, string description, T standard, Func<RunOptions, T, RunOptions> set)
    {
        var names = Enum.GetNames(Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T));
        Run(name, string.Join('|', names), description, standard, set)
            .RequireOneOf(names);
    }

    private Option<T> Run<T>(
        string name, string? value, string description, T standard, Func<RunOptions, T, RunOptions> set) =>
        Add(new Option<T>(name), value, description, standard, set);

    private Option<T> Add<T>(
        Option<T> option, string? value, string description, T standard, Func<RunOptions, T, RunOptions> set)
    {
        option.Description = description;
        option.HelpName = value;
        if (standard is not (null or false))
            option.DefaultValueFactory = _ => standard;

        if (!_hasClasses && OfClasses.Contains(option.Name))
            return option;

        _command.Add(option);
        _changes.Add((parsed, run) =>
            parsed.GetResult(option) is { Implicit: false } ? set(run, parsed.GetValue(option)!) : run);
        return option;
    }

    private static Device ParseDevice(ArgumentResult argument)
    {
        try
        {
            return Device.Parse(argument.Tokens.Single().Value);
        }
        catch (AlexNetException fault)
        {
            argument.AddError(fault.Message);
            return default;
        }
    }

    private static TrainingOptions SetClassWeights(TrainingOptions options, string[]? texts)
    {
        if (texts?.Contains(Balanced) != true)
        {
            var weights = Numbers("--class-weight", texts, $"a class and its weight, such as cat=2.5, or {Balanced}");
            return options with { ClassWeights = weights, BalancedClasses = false };
        }

        return texts is [_]
            ? options with { ClassWeights = null, BalancedClasses = true }
            : throw new AlexNetException($"--class-weight {Balanced} gives every class its weight; give it alone.");
    }

    private static Dictionary<string, double>? Numbers(string flag, string[]? texts, string what)
    {
        return texts is null ? null : NamedValues.Parse(flag, texts, what).ToDictionary(pair => pair.Key, Number);

        double Number(KeyValuePair<string, string> pair) =>
            FlagNumber.TryParse(pair.Value, out double number)
                ? number
                : throw new AlexNetException($"{flag} '{pair.Key}={pair.Value}' is not {what}.");
    }
}
