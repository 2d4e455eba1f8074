using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Reports.Drawing;
using MlNetAlexNet.Reports.Records;

namespace MlNetAlexNet.Reports.Sections;

/// <summary>What the first layer looks for.</summary>
internal static class KernelsSection
{
    public static Markup Draw(RunRecords records)
    {
        if (!File.Exists(records.Model))
            return Markup.None;

        (string Png, string Layer, int Kernels, int Side) kernels;
        try
        {
            if (KernelPicture.Draw(ModelZip.Read(records.Model)) is not { } drawn)
                return Markup.None;

            kernels = drawn;
        }
        catch (AlexNetException fault)
        {
            return Markup.Write($"<p>{fault.Message}</p>"); // all else is of other files
        }

        return Markup.Write($"""
            <img class="kernels" src="{kernels.Png}" alt="{kernels.Kernels} kernels of the first layer">
            <p class="soft">The {kernels.Kernels} kernels of <span class="path">{kernels.Layer}</span>, {kernels.Side} pixels wide, each from its lowest weight to its highest, as in figure 3 of Krizhevsky et al. 2012. Edges and colours mean that it has learnt; grey noise in many of them that it has seen few pictures, or for a short time.</p>
            """);
    }
}
