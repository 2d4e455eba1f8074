namespace MlNetAlexNet.Training;

/// <summary>The recipes, with what each has reached; docs/training.md says when to take which.</summary>
public static class Recipes
{
    /// <summary>
    /// Fewest training pictures for which <see cref="SmallData"/> is the default: fewer are three batches of 64 an epoch, and
    /// what a warm-up and a batch's statistics are worth then was not measured.
    /// </summary>
    public const int SmallDataFewest = 200;

    /// <summary>
    /// Most training pictures for which <see cref="SmallData"/> is the default: of a tenth of ImageNet and more, 15 epochs
    /// are hours on a processor, and what is best there was not measured.
    /// </summary>
    public const int SmallDataMost = 100_000;

    /// <summary>The defaults of <see cref="TrainingOptions"/>.</summary>
    public static Recipe Plain { get; } = new()
    {
        Name = "plain",
        Purpose = "The default options: SGD, crops and flips.",
        Reached = "Clothing (3,068 photographs of ten classes): 68.8 to 76.3% of the test, seven runs.",
        Training = new(),
    };

    /// <summary>
    /// For few pictures, from random weights; the default from <see cref="SmallDataFewest"/> to <see cref="SmallDataMost"/>.
    /// Each option was compared in docs/accuracy.md. The warm-up is in steps since what it waits for, the moments of
    /// AdamW, is; it is at most half of all steps.
    /// </summary>
    public static Recipe SmallData { get; } = new()
    {
        Name = "small-data",
        Purpose = "Few pictures, from random weights.",
        Reached = "Clothing: 80.1, 81.5 and 81.7% of the test, three seeds, half a minute an epoch on two cores with AVX-512 BF16.",
        Training = new()
        {
            Optimizer = OptimizerKind.AdamW,
            WarmUpSteps = 144,
            BatchNormalization = true,
            LabelSmoothing = 0.1,
            Augmentation = new() { SmallestArea = 0.35, ColorJitter = 0.2 },
        },
    };

    /// <summary>
    /// <see cref="SmallData"/> in four times the epochs, which is when mixing pictures is worth it (docs/accuracy.md): half of the
    /// batches, by Zhang et al. 2018, "mixup", or Yun et al. 2019, "CutMix".
    /// </summary>
    public static Recipe Thorough { get; } = new()
    {
        Name = "thorough",
        Purpose = "Few pictures, and time to learn them well.",
        Reached = "Clothing: 84.7 and 85.8% of the test, two seeds, half an hour on two cores with AVX-512 BF16.",
        Training = SmallData.Training with
        {
            Epochs = 60,
            Augmentation = SmallData.Training.Augmentation with { Mixup = 0.2, CutMix = 1, MixingProbability = 0.5 },
        },
    };

    /// <summary>
    /// Krizhevsky, Sutskever and Hinton 2012, sections 2, 4.1 and 5, of <c>paper</c>. Where it differs: biases start at 0.1, since with
    /// the paper's 1 thousands of pictures teach nothing for many epochs; a plateau is 5 epochs, where the authors looked.
    /// </summary>
    public static Recipe Paper { get; } = new()
    {
        Name = "paper",
        Purpose = "The paper's protocol, for a million pictures; biases start at 0.1.",
        Reached = "Clothing: 54.5% of the validation and 52.7% of the test (53.8% by ten crops) after 5 of the 90 epochs, one seed.",
        Preset = "paper",
        InitialBias = 0.1,
        Training = new()
        {
            Epochs = 90,
            BatchSize = 128,
            WarmUpSteps = 0,
            Schedule = LearningRateSchedule.ReduceOnPlateau,
            MeanImage = true,
            Augmentation = new() { Lighting = 0.1 },
        },
    };

    /// <summary>
    /// For a start from weights that have learnt something: few epochs. What was learnt before goes on at
    /// the whole rate: in as few steps lower ones lost (docs/accuracy.md).
    /// </summary>
    public static Recipe FineTune { get; } = new()
    {
        Name = "fine-tune",
        Purpose = "A start from weights that have learnt something like it.",
        Reached = "Clothing, 200 of its photographs, 40 epochs, from weights of 'pretrain': 54.3% of the test, from scratch 33.1%; one seed.",
        Training = SmallData.Training with { Epochs = 5, WarmUpSteps = 20 },
    };

    /// <summary><see cref="SmallData"/> in a third of the epochs, from small squares on.</summary>
    public static Recipe Fast { get; } = new()
    {
        Name = "fast",
        Purpose = "A first look within two minutes.",
        Reached = "Clothing: 65.3% of the test in a minute and a half on two cores with AVX-512 BF16, one seed.",
        Training = SmallData.Training with { Epochs = 5, WarmUpSteps = 48, InitialCropShare = 0.42 },
    };

    /// <summary>
    /// For <see cref="Runs.RunOptions.Pretrain"/>: <see cref="SmallData"/> without dropout, whose labels are the features of ResNet18.
    /// No recipe of a training, and so not in <see cref="All"/>.
    /// </summary>
    public static Recipe Pretrain { get; } = new()
    {
        Name = "pretrain",
        Purpose = "A teacher's features from photographs without labels.",
        Reached = "Clothing: 29% of the features explained after 15 epochs of 4 views each, one seed.",
        Training = SmallData.Training with { LabelSmoothing = 0, Dropout = 0, Teacher = new() { Model = "resnet18" } },
    };

    /// <summary>Every recipe of a training.</summary>
    public static IReadOnlyList<Recipe> All { get; } = [Plain, SmallData, Thorough, Paper, FineTune, Fast];

    /// <summary>The recipe of that name, in letters of any case.</summary>
    /// <exception cref="AlexNetException">There is none.</exception>
    public static Recipe Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(recipe => recipe.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new AlexNetException(
                $"The recipe is '{name}'; it must be one of {string.Join(", ", All.Select(recipe => recipe.Name))}.");
    }

    /// <summary>The recipe for random weights where none is named.</summary>
    /// <param name="pictures">How many there are to train on.</param>
    public static Recipe GetDefault(int pictures) => pictures is >= SmallDataFewest and <= SmallDataMost ? SmallData : Plain;
}
