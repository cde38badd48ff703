using System.Collections.Generic;
using MuseumTwin.Protocol;
using MuseumTwin.Unity;
using UnityEditor;
using UnityEngine;

namespace MuseumTwin.Editor
{
    /// <summary>
    /// In the scene view while playing: the boxes of all exhibits the server sends, by their level of detail
    /// (gray a glance, yellow the label, green all), their hotspots, and the bounds of the gallery's exhibits.
    /// </summary>
    internal static class InterestGizmo
    {
        private const float Spot = 0.02f;

        [DrawGizmo(GizmoType.NonSelected | GizmoType.Selected | GizmoType.Active)]
        private static void Draw(MuseumTwinClient client, GizmoType type)
        {
            if (!Application.isPlaying || client.Client == null)
            {
                return;
            }
            foreach (var pair in client.Views)
            {
                Draw(pair.Key, pair.Value.transform);
            }
            DrawGallery(client);
        }

        private static void Draw(Exhibit exhibit, Transform place)
        {
            Gizmos.matrix = place.localToWorldMatrix;
            Gizmos.color = exhibit.Detail >= Detail.Full ? Color.green
                : exhibit.Detail >= Detail.Label ? Color.yellow : Color.gray;
            Gizmos.DrawWireCube(EngineSpace.ToEngine(exhibit.Center), EngineSpace.Cast(exhibit.Bounds * 2));
            foreach (var note in exhibit.Annotations.Values)
            {
                Gizmos.DrawSphere(EngineSpace.ToEngine(note.Position), Spot);
            }
            Gizmos.matrix = Matrix4x4.identity;
        }

        private static void DrawGallery(MuseumTwinClient client)
        {
            var isFirst = true;
            var bounds = default(Bounds);
            foreach (var exhibit in client.Views.Keys)
            {
                var position = EngineSpace.ToEngine(exhibit.Position);
                if (isFirst)
                {
                    bounds = new Bounds(position, Vector3.zero);
                    isFirst = false;
                }
                bounds.Encapsulate(position);
            }
            if (isFirst)
            {
                return;
            }
            Gizmos.matrix = client.transform.localToWorldMatrix;
            Gizmos.color = Color.white;
            Gizmos.DrawWireCube(bounds.center, bounds.size);
            Gizmos.matrix = Matrix4x4.identity;
            Handles.Label(client.transform.TransformPoint(bounds.center), client.Client.World.Gallery);
        }
    }
}
