// The camera manager hands out the sensor's pictures; an anchor is a place.
using UnityEngine.XR.ARSubsystems;

namespace UnityEngine.XR.ARFoundation
{
    public sealed class ARCameraManager : MonoBehaviour
    {
        public int Taken;

        public bool TryAcquireLatestCpuImage(out XRCpuImage cpuImage)
        {
            cpuImage = new XRCpuImage();
            XRCpuImage.Open++;
            Taken++;
            return true;
        }

        public bool TryGetIntrinsics(out XRCameraIntrinsics cameraIntrinsics)
        {
            cameraIntrinsics = new XRCameraIntrinsics
            {
                focalLength = new Vector2(1000, 960), principalPoint = new Vector2(620, 500),
                resolution = new Vector2Int(1280, 960),
            };
            return true;
        }
    }

    public sealed class ARAnchor : MonoBehaviour
    {
    }
}
