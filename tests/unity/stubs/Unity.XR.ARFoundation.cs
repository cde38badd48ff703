// Signatures of AR Foundation (com.unity.xr.arfoundation 5 and 6) that the package uses; see README.md.
using UnityEngine;
using UnityEngine.XR.ARSubsystems;

namespace UnityEngine.XR.ARFoundation
{
    public sealed class ARCameraManager : MonoBehaviour
    {
        public bool TryAcquireLatestCpuImage(out XRCpuImage cpuImage) => throw null;
        public bool TryGetIntrinsics(out XRCameraIntrinsics cameraIntrinsics) => throw null;
    }

    public sealed class ARAnchor : MonoBehaviour
    {
    }
}
