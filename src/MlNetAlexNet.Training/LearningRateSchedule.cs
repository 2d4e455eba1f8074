namespace MlNetAlexNet.Training;

/// <summary>How the learning rate goes on after the warm-up. Default <see cref="Cosine"/>.</summary>
public enum LearningRateSchedule
{
    /// <summary>Always <see cref="TrainingOptions.LearningRate"/>.</summary>
    Constant,

    /// <summary>Down to 0 along half a cosine (Loshchilov and Hutter 2017, equation 5).</summary>
    Cosine,

    /// <summary>Times <see cref="TrainingOptions.DecayFactor"/> after every <see cref="TrainingOptions.DecayEpochs"/> epochs.</summary>
    Step,

    /// <summary>
    /// Times <see cref="TrainingOptions.DecayFactor"/> when the validation loss has not fallen for
    /// <see cref="TrainingOptions.DecayEpochs"/> epochs (Krizhevsky 2012, section 5, did so by hand).
    /// </summary>
    ReduceOnPlateau,
}
