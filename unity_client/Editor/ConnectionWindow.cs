using System;
using MuseumTwin.Protocol;
using MuseumTwin.Unity;
using UnityEditor;
using UnityEngine;
using UnityEngine.SceneManagement;

namespace MuseumTwin.Editor
{
    /// <summary>
    /// Window > Museum Twin: type an address, test the connection, put the museum into the scene, and set what a build
    /// needs to reach it.
    /// </summary>
    public sealed class ConnectionWindow : EditorWindow
    {
        private const string AddressKey = "MuseumTwin.Address";

        private string _address = "";
        private string _fault = "";
        private string _done = "";
        private TwinClient _client;

        [MenuItem("Window/Museum Twin")]
        private static void Open() => GetWindow<ConnectionWindow>("Museum Twin").minSize = new Vector2(320, 320);

        private void OnEnable()
        {
            _address = EditorPrefs.GetString(AddressKey, "localhost:8080");
            EditorApplication.update += Pump;
        }

        private void OnDisable()
        {
            EditorApplication.update -= Pump;
            Stop();
        }

        private void OnGUI()
        {
            _address = EditorGUILayout.TextField("Server", _address);
            using (new EditorGUI.DisabledScope(_client != null && _client.State != ClientState.Ended))
            {
                if (GUILayout.Button("Test connection"))
                {
                    Change(Test);
                }
            }
            if (_fault.Length > 0)
            {
                EditorGUILayout.HelpBox(_fault, MessageType.Error);
            }
            if (_client != null)
            {
                TellConnection();
            }
            EditorGUILayout.Space();
            if (GUILayout.Button("Use in the open scene"))
            {
                Change(UseInScene);
            }
            if (_done.Length > 0)
            {
                EditorGUILayout.HelpBox(_done, MessageType.Info);
            }
            OfferBuildSettings();
        }

        private void TellConnection()
        {
            EditorGUILayout.Space();
            EditorGUILayout.LabelField("State", _client.State.ToString());
            EditorGUILayout.LabelField("Last failure", _client.LastFailure);
            EditorGUILayout.LabelField("Gallery", _client.World.Gallery);
            EditorGUILayout.LabelField("Galleries", GalleriesTold());
            EditorGUILayout.LabelField("Exhibits in sight", _client.World.Exhibits.Count.ToString());
            EditorGUILayout.LabelField("Round trip", _client.Clock.Delay < 0 ? "" : _client.Clock.Delay / 1e6 + " ms");
            EditorGUILayout.LabelField("Offers", string.Join(", ", _client.Welcome.Capabilities));
            if (GUILayout.Button("Disconnect"))
            {
                Change(Stop);
            }
        }

        private string GalleriesTold() => GalleryPlans.Failure.Length > 0
            ? GalleryPlans.Failure : GalleryPlans.Of(_address).Length.ToString();

        // What the package's device checklist asks for and a setting can do.
        private void OfferBuildSettings()
        {
            EditorGUILayout.Space();
            if (!PlayerSettings.Android.forceInternetPermission)
            {
                EditorGUILayout.HelpBox(
                    "Android: Internet Access is Auto, which leaves the permission out of release builds.", MessageType.Warning);
                if (GUILayout.Button("Require Internet Access"))
                {
                    Change(() => PlayerSettings.Android.forceInternetPermission = true);
                }
            }
            if (!IsEncrypted() && PlayerSettings.insecureHttpOption != InsecureHttpOption.AlwaysAllowed)
            {
                EditorGUILayout.HelpBox(
                    "This address is not encrypted: models come over http, which Unity refuses, in the editor too. Allow it"
                    + " for a server in your own network; elsewhere use wss.", MessageType.Warning);
                if (GUILayout.Button("Allow downloads over HTTP"))
                {
                    Change(() => PlayerSettings.insecureHttpOption = InsecureHttpOption.AlwaysAllowed);
                }
            }
        }

        private bool IsEncrypted()
        {
            try
            {
                return TwinOptions.AddressOf(_address).Scheme == "wss";
            }
            catch (FormatException)
            {
                // While it is being typed; the test says what is wrong with it.
                return true;
            }
        }

        // What a button changes is drawn from the next pass on: within one, Unity counts on the same controls.
        private static void Change(Action change)
        {
            change();
            GUIUtility.ExitGUI();
        }

        private void Test()
        {
            Stop();
            _fault = "";
            try
            {
                var options = new TwinOptions
                {
                    Address = TwinOptions.AddressOf(_address), Kind = ClientKind.Desktop, MostAttempts = 1,
                    Software = "museum-twin-unity editor " + Package.Version,
                };
                EditorPrefs.SetString(AddressKey, _address);
                _client = new TwinClient(options);
                _client.Ended += (reason, words) => _fault = reason == EndReason.Left ? "" : words;
                _client.Start();
                GalleryPlans.Ask(_address);
            }
            catch (FormatException error)
            {
                _fault = error.Message;
            }
        }

        // Clients of the scene take the address; where there is none, one is made.
        private void UseInScene()
        {
            var found = 0;
            foreach (var root in SceneManager.GetActiveScene().GetRootGameObjects())
            {
                foreach (var one in root.GetComponentsInChildren<MuseumTwinClient>(true))
                {
                    Undo.RecordObject(one, "Museum Twin address");
                    one.Address = _address;
                    found++;
                }
            }
            if (found == 0)
            {
                var made = new GameObject("Museum Twin");
                Undo.RegisterCreatedObjectUndo(made, "Museum Twin");
                made.AddComponent<MuseumTwinClient>().Address = _address;
            }
            _done = found == 0 ? "A Museum Twin Client was added. Press play." : "The scene's client has this address.";
            EditorPrefs.SetString(AddressKey, _address);
        }

        private void Pump()
        {
            if (_client != null && _client.State != ClientState.Ended)
            {
                _client.Pump();
                Repaint();
            }
        }

        private void Stop()
        {
            _client?.Leave();
            _client?.Dispose();
            _client = null;
        }
    }
}
