using System;
using System.Text;

namespace MuseumTwin
{
    /// <summary>Breaks text into lines, at spaces, and between characters where a script has none.</summary>
    public static class TextWrap
    {
        /// <summary>Columns that a wide character (Chinese, Japanese, Korean) takes.</summary>
        private const int Wide = 2;

        /// <summary>
        /// <paramref name="text"/> with a line break at least every <paramref name="columns"/> columns; at most
        /// <paramref name="mostLines"/> lines, the last ending with an ellipsis where there was more.
        /// </summary>
        public static string Wrap(string text, int columns, int mostLines, out int lines)
        {
            var made = new StringBuilder(text.Length + 16);
            int width = 0, breakAt = -1, widthAtBreak = 0;
            lines = 1;
            for (var index = 0; index < text.Length; index++)
            {
                var one = text[index];
                if (one == '\n' || one == '\r')
                {
                    one = ' ';
                }
                var step = Step(one);
                if (width + step > columns)
                {
                    if (lines == mostLines)
                    {
                        made.Length = breakAt >= 0 ? breakAt : made.Length;
                        return made.Append('…').ToString();
                    }
                    lines++;
                    if (breakAt >= 0)
                    {
                        made[breakAt] = '\n';
                        width -= widthAtBreak;
                    }
                    else
                    {
                        made.Append('\n');
                        width = 0;
                    }
                    breakAt = -1;
                    if (one == ' ' && width == 0)
                    {
                        continue;
                    }
                }
                if (one == ' ')
                {
                    breakAt = made.Length;
                    widthAtBreak = width + 1;
                }
                else if (IsWide(one))
                {
                    breakAt = -1;
                }
                made.Append(one);
                width += step;
            }
            return made.ToString();
        }

        /// <summary>Columns of the widest line of <paramref name="text"/>; 1 where it is empty.</summary>
        public static int Widest(string text)
        {
            int width = 0, widest = 1;
            foreach (var one in text)
            {
                width = one == '\n' ? 0 : width + Step(one);
                widest = Math.Max(widest, width);
            }
            return widest;
        }

        private static int Step(char one) => IsWide(one) ? Wide : char.IsLowSurrogate(one) ? 0 : 1;

        private static bool IsWide(char one) => one >= '\u1100'
            && (one <= '\u115F' || (one >= '\u2E80' && one <= '\uD7A3') || (one >= '\uF900' && one <= '\uFAFF')
                || (one >= '\uFE30' && one <= '\uFE6F') || (one >= '\uFF00' && one <= '\uFF60'));
    }
}
