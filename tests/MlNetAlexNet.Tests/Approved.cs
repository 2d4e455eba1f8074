namespace MlNetAlexNet.Tests;

/// <summary>
/// Compares a text with the one approved in git under <c>Approved/</c>. Run the test with the environment variable
/// <c>UPDATE_APPROVED=1</c> to approve what it gives now, then read the change in git.
/// </summary>
internal static class Approved
{
    public static void Equals(string name, string actual)
    {
        var path = Path.Combine(Repository.Root, "tests", "MlNetAlexNet.Tests", "Approved", name);
        if (Environment.GetEnvironmentVariable("UPDATE_APPROVED") == "1")
        {
            File.WriteAllText(path, actual);
        }

        var approved = File.Exists(path) ? File.ReadAllText(path) : "";
        if (approved != actual)
        {
            Assert.Fail(
                $"{name} differs (- approved, + actual); run with UPDATE_APPROVED=1 to approve it:\n" +
                Difference(approved, actual));
        }
    }

    private static string Difference(string approved, string actual)
    {
        string[] before = approved.Split('\n'), after = actual.Split('\n');
        var lost = before.Except(after).Select(line => "- " + line);
        var gained = after.Except(before).Select(line => "+ " + line);
        return string.Join('\n', lost.Concat(gained));
    }
}
