using MuseumTwin.Protocol;
using MuseumTwin.Unity;
using UnityEditor;
using UnityEngine;

namespace MuseumTwin.Editor
{
    /// <summary>
    /// In the scene view: the galleries of the museum, the visitor's own in white, others in gray. While playing, also
    /// the boxes of all exhibits the server sends, by their level of detail (gray a glance, yellow the label, green
    /// all), and their hotspots.
    /// </summary>
    internal static class InterestGizmo
    {
        private const float Spot = 0.02f;

        [DrawGizmo(GizmoType.NonSelected | GizmoType.Selected | GizmoType.Active)]
        private static void Draw(MuseumTwinClient client, GizmoType type)
        {
            var live = Application.isPlaying ? client.Client : null;
            if (live != null && live.State == ClientState.Live)
            {
                GalleryPlans.Want(client.Address);
            }
            foreach (var plan in GalleryPlans.Of(client.Address))
            {
                Draw(plan, client.transform, live == null || live.World.Gallery == plan.slug);
            }
            if (live != null)
            {
                foreach (var pair in client.Views)
                {
                    Draw(pair.Key, pair.Value.transform);
                }
            }
        }

        private static void Draw(GalleryPlans.Plan plan, Transform museum, bool isHere)
        {
            if (plan.site.position.Length != 3 || plan.site.rotation.Length != 4 || plan.size.Length != 3)
            {
                return;
            }
            var (at, turn) = (plan.site.position, plan.site.rotation);
            var place = Matrix4x4.TRS(
                EngineSpace.ToEngine(new Vec3(at[0], at[1], at[2])),
                EngineSpace.ToEngine(new Quat(turn[0], turn[1], turn[2], turn[3])),
                Vector3.one);
            var middle = new Vector3(0, plan.size[1] / 2, 0);
            Gizmos.matrix = museum.localToWorldMatrix * place;
            Gizmos.color = isHere ? Color.white : Color.gray;
            Gizmos.DrawWireCube(middle, new Vector3(plan.size[0], plan.size[1], plan.size[2]));
            Handles.Label(Gizmos.matrix.MultiplyPoint3x4(middle), plan.slug);
            Gizmos.matrix = Matrix4x4.identity;
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
    }
}
