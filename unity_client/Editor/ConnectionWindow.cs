using System;
using MuseumTwin.Protocol;
using MuseumTwin.Unity;
using UnityEditor;
using UnityEngine;

namespace MuseumTwin.Editor
{
    /// <summary>Window > Museum Twin: type an address, test the connection, see what the server shows.</summary>
    public sealed class ConnectionWindow : EditorWindow
    {
        private const string AddressKey = "MuseumTwin.Address";

        private string _address = "";
        private string _fault = "";
        private TwinClient _client;

        [MenuItem("Window/Museum Twin")]
        private static void Open() => GetWindow<ConnectionWindow>("Museum Twin").minSize = new Vector2(320, 200);

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
                    Test();
                }
            }
            if (_fault.Length > 0)
            {
                EditorGUILayout.HelpBox(_fault, MessageType.Error);
            }
            if (_client == null)
            {
                return;
            }
            EditorGUILayout.Space();
            EditorGUILayout.LabelField("State", _client.State.ToString());
            EditorGUILayout.LabelField("Last failure", _client.LastFailure);
            EditorGUILayout.LabelField("Gallery", _client.World.Gallery);
            EditorGUILayout.LabelField("Exhibits in sight", _client.World.Exhibits.Count.ToString());
            EditorGUILayout.LabelField("Round trip", _client.Clock.Delay < 0 ? "" : _client.Clock.Delay / 1e6 + " ms");
            EditorGUILayout.LabelField("Offers", string.Join(", ", _client.Welcome.Capabilities));
            if (GUILayout.Button("Disconnect"))
            {
                Stop();
            }
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
            }
            catch (FormatException error)
            {
                _fault = error.Message;
            }
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
