using System.Text;

namespace MlNetAlexNet.Cli.Tests.Progress;

/// <summary>
/// A terminal as xterm draws it, of what the command may send: text, carriage return, line feed, cursor up, erasing. Whatever else
/// comes is a failure, so that nothing is shown otherwise than here unnoticed. Nothing of the command's own is used.
/// </summary>
internal sealed class Screen(int columns, int rows)
{
    private readonly List<StringBuilder> _lines = [new()]; // all that ever were, a cell a char; a wide sign is followed by WideRest
    private int _top;     // first line on the screen
    private int _row;     // of the screen
    private int _column;  // equal to columns: the next sign goes to the next row

    private const char WideRest = '\uFFFF';

    /// <summary>Whether the cursor is shown.</summary>
    public bool IsCursorVisible { get; private set; } = true;

    /// <summary>Whether any colour was set.</summary>
    public bool HasColours { get; private set; }

    /// <summary>What has scrolled away, and what is on the screen, without the spaces at the ends of lines.</summary>
    public IReadOnlyList<string> Lines =>
        [.. _lines.Select(line => line.ToString().Replace($"{WideRest}", "", StringComparison.Ordinal).TrimEnd())];

    /// <summary>Cells of each line that are taken.</summary>
    public IReadOnlyList<int> Widths => [.. _lines.Select(line => line.ToString().TrimEnd().Length)];

    public override string ToString() => string.Join('\n', Lines).TrimEnd('\n');

    /// <summary>Shows a text.</summary>
    /// <returns>How much of it; the rest is the beginning of a sequence.</returns>
    public int Write(string text)
    {
        var i = 0;
        while (i < text.Length)
        {
            var used = text[i] == '\e' ? Obey(text, i) : char.IsHighSurrogate(text[i]) ? (i + 1 < text.Length ? 2 : 0) : 1;
            if (used == 0)
                return i;

            if (text[i] != '\e')
                Put(text.Substring(i, used));
            i += used;
        }

        return i;
    }

    private int Obey(string text, int start)
    {
        if (start + 1 == text.Length)
            return 0;
        if (text[start + 1] is '=' or '>')
            return 2; // keypad
        if (text[start + 1] != '[')
            throw new InvalidDataException($"ESC {text[start + 1]} is not known here.");

        var end = start + 2;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] is ';' or '?'))
            end++;
        if (end == text.Length)
            return 0;

        var parameters = text[(start + 2)..end];
        switch ((text[end], parameters))
        {
            case ('A', _):
                _row = Math.Max(0, _row - Math.Max(1, parameters == "" ? 1 : int.Parse(parameters)));
                _column = Math.Min(_column, columns - 1);
                break;
            case ('J', "" or "0"):
                Cut(_column);
                _lines.RemoveRange(_top + _row + 1, _lines.Count - _top - _row - 1);
                break;
            case ('K', "2"):
                Line.Clear();
                break;
            case ('m', _):
                HasColours |= parameters is not ("" or "0");
                break;
            case ('h' or 'l', "?25"):
                IsCursorVisible = text[end] == 'h';
                break;
            case ('h' or 'l', "?1"):
                break; // cursor keys
            default:
                throw new InvalidDataException($"CSI {parameters}{text[end]} is not known here.");
        }

        return end + 1 - start;
    }

    private StringBuilder Line
    {
        get
        {
            while (_lines.Count <= _top + _row)
                _lines.Add(new());
            return _lines[_top + _row];
        }
    }

    private void Put(string sign)
    {
        switch (sign)
        {
            case "\r":
                _column = 0;
                return;
            case "\n":
                if (++_row == rows)
                    (_row, _top) = (rows - 1, _top + 1);
                _ = Line;
                return;
            case "\a":
                return;
        }

        if (char.IsControl(sign[0]))
            throw new InvalidDataException($"U+{(int)sign[0]:X4} is not known here.");

        var cells = CountCells(char.ConvertToUtf32(sign, 0));
        if (cells == 0)
            return;
        if (_column + cells > columns)
        {
            Put("\r");
            Put("\n");
        }

        while (Line.Length < _column + cells)
            Line.Append(' ');
        Line[_column] = sign[0];
        if (cells == 2)
            Line[_column + 1] = sign.Length == 2 ? sign[1] : WideRest; // both take the cells they have
        _column += cells;
    }

    private void Cut(int length)
    {
        if (Line.Length > length)
            Line.Length = length;
    }

    // East Asian Width (UAX 11) of what the tests draw.
    private static int CountCells(int sign) => sign switch
    {
        >= 0x0300 and <= 0x036F or 0x200D or >= 0xFE00 and <= 0xFE0F => 0,
        >= 0x1100 and <= 0x115F or >= 0x2E80 and <= 0xA4CF or >= 0xAC00 and <= 0xD7A3 or >= 0xFF00 and <= 0xFF60 or >= 0x1F300 and <= 0x1FAFF => 2,
        _ => 1,
    };
}
