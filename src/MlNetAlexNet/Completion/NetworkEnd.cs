using MlNetAlexNet.Formats;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Completion;

/// <summary>
/// Makes a network end in a softmax over its classes, as scoring needs it, without changing what it says: logits get
/// their softmax, and one sigmoid s becomes the softmax over 0 and what it was taken of, which is 1 - s and s.
/// </summary>
internal static class NetworkEnd
{
    private const string LastActivation = "LastActivation";

    /// <summary>Completes the end.</summary>
    /// <param name="file">The network as its file has it.</param>
    /// <param name="said">The function that the user says comes last. Null: not said.</param>
    /// <param name="isOfFile">Whether its last function is what its maker said, not that of a stack taken for it.</param>
    /// <exception cref="AlexNetException">It gives no probabilities of classes, or what it gives is not known.</exception>
    public static ModelFileContent Complete(ModelFileContent file, Activation? said, bool isOfFile)
    {
        var outputs = file.Plan.Output.Channels;
        var own = FunctionOf(FindEnd(file.Plan));
        if (!isOfFile && (outputs == 1 || said is not null))
            own = Activation.Linear;

        if (said is not null && own != Activation.Linear && own != said)
        {
            throw new AlexNetException(
                $"The network ends in a {Word(own)} of its own; {LastActivation} {said} is for one that ends without a function.")
            {
                Option = LastActivation,
            };
        }

        return (own == Activation.Linear ? said : own, outputs) switch
        {
            (null, 1) => throw new AlexNetException(
                "The network gives one number, and nothing says what becomes of it. If it was trained for two classes with a "
                + $"sigmoid in its loss (BCEWithLogitsLoss, from_logits=True), set {LastActivation} to {Activation.Sigmoid}. "
                + "A network that estimates a number is no classifier.")
            {
                Option = LastActivation,
            },
            (Activation.Softmax, 1) => throw new AlexNetException(
                "The network ends in a softmax over one output, which is 1 whatever the picture. A classifier of two classes "
                + "ends in a sigmoid, or in a softmax over two."),
            (Activation.Sigmoid, 1) => OfTwoClasses(file),
            (Activation.Sigmoid, _) => throw new AlexNetException(
                $"The network ends in a sigmoid over {outputs} outputs: any number of labels may fit a picture "
                + "(multi-label). This library names one class of each picture."),
            (null, _) => EndIn(Activation.Softmax, file) with
            {
                Assumed = [.. file.Assumed, "a softmax over what the last layer gives"],
            },
            (Activation.Softmax, _) => EndIn(Activation.Softmax, file),
            _ => throw new AlexNetException(
                $"The network ends in a {Word(FindEnd(file.Plan), own)}, which gives no probabilities of classes. It must end in a softmax, "
                + "in logits, or in one sigmoid."),
        };
    }

    // Two units, the first of which is 0: softmax(0, z) = (1 - s, s) with s = sigmoid(z).
    private static ModelFileContent OfTwoClasses(ModelFileContent file)
    {
        var ended = EndIn(Activation.Softmax, file);
        var (plan, weights) = LastUnits.Choose(ended.Plan, ended.Weights, [null, 0]);
        return ended with
        {
            Plan = plan,
            Weights = weights,
            Assumed = [.. file.Assumed, "the one output as the probability of the second of two classes"],
        };
    }

    // In place of the last function; a layer of its own where the last layer has none, or numbers are only laid out behind.
    private static ModelFileContent EndIn(Activation function, ModelFileContent file)
    {
        var end = FindEnd(file.Plan);
        if (end == file.Plan[^1] && FunctionOf(end) == function)
            return file;

        var behind = file.Plan.SkipWhile(planned => planned != end).Skip(1).ToHashSet();
        var isOfEnd = end.Layer is WeightedLayer or ActivationLayer && behind.All(IsNothing);
        return file with { Plan = file.Plan.Rewrite(Change) };

        IEnumerable<Layer> Change(PlannedLayer planned)
        {
            if (planned == end)
                yield return WithFunction(end.Layer, isOfEnd ? function : Activation.Linear) with { Name = end.Name };
            else if (!behind.Contains(planned) || !IsNothing(planned))
                yield return planned.Layer with { Name = planned.Name };
            if (planned == file.Plan[^1] && !isOfEnd)
                yield return new ActivationLayer(function) { Name = LayerNames.New(file.Plan, "softmax") };
        }
    }

    // The last layer that does something to a number.
    private static PlannedLayer FindEnd(LayerPlan plan) =>
        plan.LastOrDefault(planned => planned.Layer is not Flatten && !IsNothing(planned)) ?? plan[^1];

    // Keras' guide to mixed precision ends models in a linear activation of 32 bits.
    private static bool IsNothing(PlannedLayer planned) =>
        planned.Layer is Dropout or ActivationLayer { Activation: Activation.Linear };

    private static Layer WithFunction(Layer layer, Activation function) => layer switch
    {
        WeightedLayer weighted => weighted with { Activation = function },
        ActivationLayer => new ActivationLayer(function),
        _ => layer,
    };

    private static Activation FunctionOf(PlannedLayer planned) => planned.Layer switch
    {
        WeightedLayer weighted => weighted.Activation,
        ActivationLayer layer => layer.Activation,
        LeakyReLU => Activation.Relu,
        ELU => Activation.Elu,
        _ => Activation.Linear,
    };

    private static string Word(PlannedLayer end, Activation function) =>
        end.Layer is LeakyReLU or ELU ? end.Layer.TypeName : Word(function);

    private static string Word(Activation function) => function.ToString().ToLowerInvariant();
}
