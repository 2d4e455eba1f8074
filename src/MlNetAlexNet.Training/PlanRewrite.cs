using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Training;

/// <summary>A changed stack out of a resolved one.</summary>
internal static class PlanRewrite
{
    /// <summary>The stack with other layers; names are kept, since weights go by them.</summary>
    public static LayerPlan Rewrite(this LayerPlan plan, Func<PlannedLayer, Layer> change)
    {
        var stack = new Sequential(plan.Input);
        foreach (var planned in plan)
            stack.Add(change(planned) with { Name = planned.Name });

        return stack.Plan();
    }
}
