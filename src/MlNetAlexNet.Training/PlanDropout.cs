using MlNetAlexNet.Layers;
using static System.FormattableString;

namespace MlNetAlexNet.Training;

/// <summary>The rates of dropout in a stack.</summary>
internal static class PlanDropout
{
    /// <summary>The rates above 0 by layer.</summary>
    /// <param name="plan">The stack.</param>
    /// <param name="frozen">Layers, from the first, that compute as in scoring.</param>
    public static IReadOnlyDictionary<string, double> ListDropout(this LayerPlan plan, int frozen) => plan.Skip(frozen)
        .Where(planned => planned.Layer is Dropout { Rate: > 0 })
        .ToDictionary(planned => planned.Name, planned => ((Dropout)planned.Layer).Rate);

    /// <param name="plan">The stack.</param>
    /// <param name="rate">Of every dropout layer; null to keep their own.</param>
    /// <exception cref="AlexNetException">There is a rate above 0, and no layer that could have it.</exception>
    public static LayerPlan WithDropout(this LayerPlan plan, double? rate)
    {
        if (rate is not { } given)
            return plan;

        if (given > 0 && !plan.Any(planned => planned.Layer is Dropout))
        {
            throw new AlexNetException(
                Invariant($"Dropout is {given}, but the stack to start from has no dropout layer to set. ")
                + "Leave Dropout out, or add such layers.")
            {
                Option = nameof(TrainingOptions.Dropout),
            };
        }

        return plan.Rewrite(planned => planned.Layer is Dropout dropout ? dropout with { Rate = given } : planned.Layer);
    }
}
