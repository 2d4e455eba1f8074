using System.CommandLine;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Cli;

/// <summary>The flags that say which views of a picture a model scores, and the views in words.</summary>
internal static class ViewFlags
{
    /// <summary>The flag of the views that every picture has.</summary>
    public const string Mirrored = "--mirrored";

    /// <summary>A flag for each of the views, with what it does.</summary>
    public static IReadOnlyList<(string Name, string Description, ScoringViews Views)> All { get; } =
    [
        (Mirrored, "Score the middle crop and its mirror image, averaged, in twice the time. Not for arrows, hands, letters.",
            ScoringViews.Mirrored),
        ("--ten-crop", "Score the four corners, the middle, and the mirror images of the five, averaged, in ten times the time.",
            ScoringViews.TenCrops),
        ("--middle-crop", "Score the middle crop alone, also where the file says otherwise.", ScoringViews.Middle),
    ];

    /// <summary>A line on views that are averaged; null for the middle alone.</summary>
    public static string? Describe(ScoringViews views) => views switch
    {
        ScoringViews.Middle => null,
        ScoringViews.Mirrored => "Views      2 a picture, averaged: the middle crop and its mirror image",
        ScoringViews.TenCrops => "Views      10 a picture, averaged: four corners, the middle, and their mirror images",
        _ => throw new NotSupportedException($"No words for {views}."),
    };

    /// <summary>Refuses the command line if two of the flags are given.</summary>
    public static void RefuseTwo(Command command, IReadOnlyList<Option<bool>> flags)
    {
        foreach (var (one, other) in flags.SelectMany((one, i) => flags.Skip(i + 1).Select(other => (one, other))))
            command.Validators.Add(result => result.RefuseBoth(one, other));
    }
}
