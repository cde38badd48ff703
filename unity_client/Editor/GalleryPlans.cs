using System;
using System.Collections.Generic;
using UnityEngine;
using UnityEngine.Networking;

namespace MuseumTwin.Editor
{
    /// <summary>
    /// The galleries of a museum as its server describes them (<c>/api/galleries</c>), for the scene view. Asked once
    /// for each address, when a person tests the connection or presses play.
    /// </summary>
    internal static class GalleryPlans
    {
        private const int Seconds = 5;
        private static readonly Dictionary<string, Plan[]> Known = new Dictionary<string, Plan[]>();

        /// <summary>Why the last museum that was asked told no galleries; empty where it did.</summary>
        internal static string Failure { get; private set; } = "";

        /// <summary>The galleries of the museum at <paramref name="address"/>; none until they came.</summary>
        internal static Plan[] Of(string address) =>
            Known.TryGetValue(address, out var found) ? found : Array.Empty<Plan>();

        /// <summary>Ask for them where that was not done yet.</summary>
        internal static void Want(string address)
        {
            if (!Known.ContainsKey(address))
            {
                Known[address] = Array.Empty<Plan>();
                Ask(address);
            }
        }

        /// <summary>Ask for them anew.</summary>
        internal static void Ask(string address)
        {
            try
            {
                var options = new TwinOptions { Address = TwinOptions.AddressOf(address) };
                var request = UnityWebRequest.Get(options.Locate("/api/galleries"));
                request.timeout = Seconds;
                request.SendWebRequest().completed += _ => Take(address, request);
            }
            catch (Exception error) when (error is FormatException || error is InvalidOperationException)
            {
                // Also where the project refuses http; the window offers to allow it.
                Fail(address, error.Message);
            }
        }

        private static void Take(string address, UnityWebRequest request)
        {
            using (request)
            {
                if (request.result != UnityWebRequest.Result.Success)
                {
                    Fail(address, request.error);
                    return;
                }
                try
                {
                    Known[address] = JsonUtility.FromJson<PlanList>(request.downloadHandler.text).galleries;
                    Failure = "";
                }
                catch (ArgumentException error)
                {
                    Fail(address, error.Message);
                }
            }
        }

        private static void Fail(string address, string why) => Failure = "no galleries from " + address + ": " + why;

        [Serializable]
        internal sealed class PlanList
        {
            public Plan[] galleries = Array.Empty<Plan>();
        }

        /// <summary>A gallery; names are those of the API.</summary>
        [Serializable]
        internal sealed class Plan
        {
            public string slug = "";
            public Frame site = new Frame();

            /// <summary>Width, height, depth in metres; the origin is in the middle of the floor.</summary>
            public float[] size = Array.Empty<float>();
        }

        /// <summary>Its place in the museum's space.</summary>
        [Serializable]
        internal sealed class Frame
        {
            public float[] position = Array.Empty<float>();
            public float[] rotation = Array.Empty<float>();
        }
    }
}
