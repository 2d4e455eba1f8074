namespace MlNetAlexNet.Tests;

/// <summary>
/// Compares a text with the one approved in git, in the folder <c>Approved</c> of the test project. Run the test with
/// the environment variable <c>UPDATE_APPROVED=1</c> to approve what it gives now, then read the change in git.
/// </summary>
internal static class Approved
{
    public static void Equals(string name, string actual)
    {
        var project = typeof(Approved).Assembly.GetName().Name!;
        var path = Path.Combine(Repository.Root, "tests", project, "Approved", name);
        if (Environment.GetEnvironmentVariable("UPDATE_APPROVED") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        var approved = File.Exists(path) ? File.ReadAllText(path) : "";
        if (approved != actual)
        {
            Assert.Fail(
                $"{name} differs (- approved, + actual); run with UPDATE_APPROVED=1 to approve it:\n" +
                Difference(approved.Split('\n'), actual.Split('\n')));
        }
    }

    private static string Difference(string[] approved, string[] actual)
    {
        var lost = approved.Except(actual).Select(line => "- " + line);
        var gained = actual.Except(approved).Select(line => "+ " + line);
        return string.Join('\n', lost.Concat(gained));
    }
}
