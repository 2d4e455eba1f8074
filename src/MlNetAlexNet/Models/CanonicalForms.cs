using System.Globalization;
using System.Text;

namespace MlNetAlexNet.Models;

/// <summary>
/// Texts in Unicode's composed form, NFC (Unicode Standard Annex 15; The Unicode Standard, section 3.11). An app or a container
/// with invariant globalization has no tables for <see cref="string.Normalize()"/>, which then does nothing; these are our own,
/// made by scripts/canonical-forms.py.
/// </summary>
internal static class CanonicalForms
{
    // Letters below are themselves in every form; so are names of most languages.
    private const char FirstOfMarks = '\u0300';

    // Hangul syllables by arithmetic (The Unicode Standard, section 3.12).
    private const int FirstSyllable = 0xAC00, FirstLead = 0x1100, FirstVowel = 0x1161, BeforeFirstTail = 0x11A7;
    private const int Leads = 19, Vowels = 21, Tails = 28, Syllables = Leads * Vowels * Tails;

    private static readonly Lazy<Tables> s_tables = new(Tables.Read);

    /// <summary>Composes it.</summary>
    public static string Compose(string text)
    {
        if (text.AsSpan().IndexOfAnyExceptInRange('\0', (char)(FirstOfMarks - 1)) < 0)
            return text;

        var letters = new List<int>();
        foreach (var rune in text.EnumerateRunes())
            Decompose(rune.Value, letters);
        Order(letters);
        Compose(letters);
        var composed = new StringBuilder(text.Length);
        foreach (var letter in letters)
            composed.Append(char.ConvertFromUtf32(letter));
        return composed.ToString();
    }

    /// <summary>Composes names that differ; those that would not any more are left as they are.</summary>
    public static IReadOnlyList<string> Compose(IReadOnlyList<string> names)
    {
        string[] composed = [.. names.Select(Compose)];
        return composed.Distinct().Count() == names.Distinct().Count() ? composed : names;
    }

    private static void Decompose(int letter, List<int> into)
    {
        if (letter - FirstSyllable is >= 0 and < Syllables and var syllable)
        {
            into.Add(FirstLead + (syllable / (Vowels * Tails)));
            into.Add(FirstVowel + (syllable / Tails % Vowels));
            if (syllable % Tails > 0)
                into.Add(BeforeFirstTail + (syllable % Tails));
        }
        else if (s_tables.Value.Parts.TryGetValue(letter, out var parts))
        {
            foreach (var part in parts)
                Decompose(part, into);
        }
        else
        {
            into.Add(letter);
        }
    }

    // Marks that follow each other by their class, those of one class as they are.
    private static void Order(List<int> letters)
    {
        for (var start = 0; start < letters.Count; start++)
        {
            var marks = letters.Skip(start).TakeWhile(letter => ClassOf(letter) > 0).ToList();
            foreach (var mark in marks.OrderBy(ClassOf))
                letters[start++] = mark;
        }
    }

    // Each letter joins the last one of class 0 before it, unless one between them has its class or a higher one.
    private static void Compose(List<int> letters)
    {
        var (starter, kept, last) = (-1, 0, -1); // last: the class of what was kept last behind the starter; -1 for none
        for (var i = 0; i < letters.Count; i++)
        {
            var mark = ClassOf(letters[i]);
            if (starter >= 0 && last < mark && Pair(letters[starter], letters[i]) is { } composite)
            {
                letters[starter] = composite;
                continue;
            }

            (starter, last) = mark == 0 ? (kept, -1) : (starter, mark);
            letters[kept++] = letters[i];
        }

        letters.RemoveRange(kept, letters.Count - kept);
    }

    private static int? Pair(int first, int second)
    {
        if (first - FirstLead is >= 0 and < Leads and var lead && second - FirstVowel is >= 0 and < Vowels and var vowel)
            return FirstSyllable + (((lead * Vowels) + vowel) * Tails);

        if (first - FirstSyllable is >= 0 and < Syllables and var syllable && syllable % Tails == 0
            && second - BeforeFirstTail is > 0 and < Tails and var tail)
        {
            return first + tail;
        }

        return s_tables.Value.Composites.TryGetValue((first, second), out var composite) ? composite : null;
    }

    private static int ClassOf(int letter) => s_tables.Value.Classes.GetValueOrDefault(letter);

    private sealed record Tables(
        Dictionary<int, int[]> Parts, Dictionary<(int First, int Second), int> Composites, Dictionary<int, int> Classes)
    {
        public static Tables Read()
        {
            using var reader = new StreamReader(
                typeof(Tables).Assembly.GetManifestResourceStream("canonical-forms.txt")!, Encoding.ASCII);
            var tables = new Tables([], [], []);
            for (var sections = 0; reader.ReadLine() is { } line;)
            {
                if (line.StartsWith('#'))
                    sections++;
                else if (sections == 1)
                    tables.AddParts(line);
                else
                    tables.AddClass(line.Split(' '));
            }

            return tables;
        }

        private void AddParts(string line)
        {
            int[] letters = [.. line.TrimStart('!').Split(' ').Select(Hexadecimal)];
            Parts.Add(letters[0], letters[1..]);
            if (line[0] != '!')
                Composites.Add((letters[1], letters[2]), letters[0]);
        }

        private void AddClass(string[] words)
        {
            for (var letter = Hexadecimal(words[1]); letter <= Hexadecimal(words[2]); letter++)
                Classes.Add(letter, int.Parse(words[0], CultureInfo.InvariantCulture));
        }

        private static int Hexadecimal(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
