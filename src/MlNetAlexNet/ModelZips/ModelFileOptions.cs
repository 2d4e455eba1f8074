using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.ModelZips;

/// <summary>What a file of another framework does not say of its model. Immutable.</summary>
public sealed record ModelFileOptions
{
    /// <summary>
    /// The stack, for files that hold weights alone; with others it is refused. Default null: <see cref="Preset"/>, else
    /// the file's own or the one in the file beside it; of a state dict, torchvision's AlexNet with the file's widths.
    /// </summary>
    public Sequential? Network { get; init; }

    /// <summary>
    /// The stack by what makes it, with as many classes as the file has, for files that hold weights alone; with others
    /// it is refused. Its normalization is that of the file, unless <see cref="Mean"/> or
    /// <see cref="StandardDeviation"/> say otherwise. Default null: <see cref="Network"/>.
    /// </summary>
    public ModelPreset? Preset { get; init; }

    /// <summary>
    /// The stack as the configuration of a Keras model (<c>model.to_json()</c>), for files that hold weights alone; with
    /// others it is refused. Of a file of Keras' it says more than <see cref="Network"/>: what normalizes the values, and
    /// the models inside the model. Default null: <see cref="Network"/>.
    /// </summary>
    public string? KerasConfiguration { get; init; }

    /// <summary>
    /// What layers of the user's own compute, of which a file of Keras' has the name alone: by class or name, such as
    /// <c>LRN</c>, as <see cref="KerasConfig.ParseLayer"/> gives them. Default null: there are none.
    /// </summary>
    public IReadOnlyDictionary<string, Layer>? CustomLayers { get; init; }

    /// <summary>
    /// Class names, in the order of the last layer's units; of a file that knows the names of its classes, in any order:
    /// the units are then put into it. A name that comes twice gets a number. Default null: the file's own, else 0, 1, 2, ...
    /// </summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>
    /// New names for classes of a file that knows their names, by the old ones; the others keep theirs. Excludes
    /// <see cref="Classes"/>. Default null: all keep theirs.
    /// </summary>
    public IReadOnlyDictionary<string, string>? RenamedClasses { get; init; }

    /// <summary>
    /// Mean of the red, green and blue values, in this order whatever <see cref="ChannelOrder"/> is; one number is for all.
    /// Of values from 0 to 255; of values from 0 to 1 where <see cref="StandardDeviation"/> is so, too: each of its numbers
    /// below 1, each of these from 0 to 1 and not all 0. Where only one of the two looks so, they are refused. With a file
    /// whose own layers normalize it is refused, and it replaces a mean image of the file. Default null: the file's own, else the preset's, Caffe's for a network of
    /// Caffe's, ImageNet's for a stack laid out as torchvision's AlexNet, else 0.
    /// </summary>
    public IReadOnlyList<float>? Mean { get; init; }

    /// <summary>
    /// Deviation of the red, green and blue values, as <see cref="Mean"/>. Default null: the file's own, else the preset's,
    /// Caffe's (1), ImageNet's, else 255, which gives the network values from 0 to 1.
    /// </summary>
    public IReadOnlyList<float>? StandardDeviation { get; init; }

    /// <summary>
    /// In which order the file's network takes colours. One that takes blue first is made into one that takes red first, as
    /// all do here. Default null: red first, but for networks of Caffe's.
    /// </summary>
    public ChannelOrder? ChannelOrder { get; init; }

    /// <summary>
    /// How a picture becomes a square. Default null: the file's own, else as its framework's users do:
    /// <see cref="ImageResizeMode.Squash"/> for Keras and TensorFlow.js, <see cref="ImageResizeMode.Crop"/> for the others.
    /// </summary>
    public ImageResizeMode? ResizeMode { get; init; }

    /// <summary>
    /// Side of that square in pixels, of which the network gets the middle. Default null: the file's own, else the network's
    /// input; 256 for a crop of 200 to 256 (Krizhevsky 2012, section 2).
    /// </summary>
    public int? ImageSize { get; init; }

    /// <summary>
    /// Which views of a picture are scored and averaged. Default null: the file's own, else
    /// <see cref="ScoringViews.Middle"/>.
    /// </summary>
    public ScoringViews? Views { get; init; }

    /// <summary>
    /// The function that comes last, for a network that ends without one: <see cref="Activation.Sigmoid"/> for one output
    /// (two classes, the second of which has its probability), <see cref="Activation.Softmax"/> for several. Default null:
    /// the file's own, else the softmax; one output is refused then.
    /// </summary>
    public Activation? LastActivation { get; init; }

    /// <summary>As in <see cref="ImagePreprocessing"/>, with its means for <see cref="Mean"/>. Default null: the file's own, if any.</summary>
    internal IReadOnlyList<float>? MeanImage { get; init; }

    /// <summary>
    /// Whether the model is to be trained on: with the classes of the pictures, and crops out of pictures of
    /// <see cref="ImagePreprocessing.ChooseImageSize"/>. Default false.
    /// </summary>
    internal bool IsForTraining { get; init; }

    /// <summary>Two stacks, numbers that cannot be subtracted or divided by, and what is none of its kind.</summary>
    internal IEnumerable<string> ListFaults() =>
    [
        .. Network is not null && Preset is not null
            ? [$"Network and Preset '{Preset.Name}' exclude each other; give one of them."]
            : Array.Empty<string>(),
        .. KerasConfiguration is not null && (Network is not null || Preset is not null)
            ? ["KerasConfiguration is a stack, and another is given as Network or Preset; give one of them."]
            : Array.Empty<string>(),
        .. Classes is not null && RenamedClasses is not null
            ? [$"{nameof(Classes)} and {nameof(RenamedClasses)} exclude each other; give one of them."]
            : Array.Empty<string>(),
        .. ImagePreprocessing.ListFaults(Mean, StandardDeviation),
        .. ImageSize is < 1 or > ImagePreprocessing.MaximumImageSize
            ? [$"ImageSize is {ImageSize}; it must be from 1 to {ImagePreprocessing.MaximumImageSize} pixels."]
            : Array.Empty<string>(),
        .. ResizeMode is { } mode && !Enum.IsDefined(mode)
            ? [$"ResizeMode is {mode}; it must be one of {string.Join(", ", Enum.GetNames<ImageResizeMode>())}."]
            : Array.Empty<string>(),
        .. Views is { } views && !Enum.IsDefined(views)
            ? [$"Views is {views}; it must be one of {string.Join(", ", Enum.GetNames<ScoringViews>())}."]
            : Array.Empty<string>(),
        .. LastActivation is null or Activation.Softmax or Activation.Sigmoid
            ? Array.Empty<string>()
            : [$"LastActivation is {LastActivation}; classes come of Softmax or Sigmoid."],
    ];

    /// <summary>Whether nothing is said but perhaps the views, which the graph of any file of this library can be given.</summary>
    internal bool SayNothingButViews => this with { Views = null } == new ModelFileOptions();

    /// <summary>What a reader is told of these.</summary>
    internal KnownOfModel ToKnown() => new()
    {
        Stack = Network is { } network ? _ => network.Plan()
            : Preset is { } preset ? classes => preset.Network(classes, preset.Dropout).Plan()
            : KerasConfiguration is { } json ? _ => KerasConfig.Parse(json, CustomLayers).Plan()
            : null,
        KerasConfiguration = KerasConfiguration,
        CustomLayers = CustomLayers ?? new Dictionary<string, Layer>(),
    };
}
