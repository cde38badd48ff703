using System.Globalization;
using UnityEngine;

namespace MuseumTwin.Unity
{
    /// <summary>The device's language as BCP 47.</summary>
    public static class DeviceLanguages
    {
        /// <summary>The device's language where it is known, then English.</summary>
        public static string[] Wished()
        {
            var found = Of(Application.systemLanguage);
            return found.Length == 0 || found == "en" ? new[] { "en" } : new[] { found, "en" };
        }

        // Android names cultures more finely than Unity's list; Chinese is told apart by script there.
        private static string Of(SystemLanguage language)
        {
            switch (language)
            {
                case SystemLanguage.ChineseSimplified:
                case SystemLanguage.Chinese:
                    return "zh-Hans";
                case SystemLanguage.ChineseTraditional:
                    return "zh-Hant";
                default:
                    return CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "iv"
                        ? ""
                        : CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;
            }
        }
    }
}
