// Signatures of the engine that the package uses, written by hand from Unity's documented API so that the package
// can be compiled without Unity. Nothing here works, and nothing is copied. `python -m tests.unity.check_stubs`
// compares them with Unity's public reference source.
using System;
using System.Collections;
using System.Collections.Generic;

namespace UnityEngine
{
    public class Object
    {
        public string name { get; set; }
        public HideFlags hideFlags { get; set; }
        public static implicit operator bool(Object exists) => throw null;
        public static bool operator ==(Object x, Object y) => throw null;
        public static bool operator !=(Object x, Object y) => throw null;
        public override bool Equals(object other) => throw null;
        public override int GetHashCode() => throw null;
        public static void Destroy(Object obj) => throw null;
        public static void DestroyImmediate(Object obj) => throw null;
        public static void DontDestroyOnLoad(Object target) => throw null;
        public static T Instantiate<T>(T original, Transform parent) where T : Object => throw null;
    }

    [Flags]
    public enum HideFlags
    {
        None = 0,
        DontSave = 52,
    }

    public class Component : Object
    {
        public Transform transform => throw null;
        public GameObject gameObject => throw null;
        public T GetComponent<T>() => throw null;
        public T GetComponentInParent<T>() => throw null;
        public T[] GetComponentsInChildren<T>() => throw null;
    }

    public class Behaviour : Component
    {
        public bool enabled { get; set; }
        public bool isActiveAndEnabled => throw null;
    }

    public class MonoBehaviour : Behaviour
    {
    }

    public class ScriptableObject : Object
    {
    }

    public sealed class GameObject : Object
    {
        public GameObject(string name) => throw null;
        public Transform transform => throw null;
        public bool activeSelf => throw null;
        public void SetActive(bool value) => throw null;
        public T GetComponent<T>() => throw null;
        public T[] GetComponentsInChildren<T>(bool includeInactive) => throw null;
        public T AddComponent<T>() where T : Component => throw null;
        public static GameObject CreatePrimitive(PrimitiveType type) => throw null;
    }

    public enum PrimitiveType
    {
        Sphere,
        Capsule,
        Cylinder,
        Cube,
        Plane,
        Quad,
    }

    public class Transform : Component
    {
        public Vector3 position { get; set; }
        public Quaternion rotation { get; set; }
        public Vector3 localPosition { get; set; }
        public Quaternion localRotation { get; set; }
        public Vector3 localScale { get; set; }
        public Transform parent { get; set; }
        public Vector3 forward { get; set; }
        public Matrix4x4 localToWorldMatrix => throw null;
        public void SetParent(Transform parent, bool worldPositionStays) => throw null;
        public Vector3 TransformPoint(Vector3 position) => throw null;
        public Vector3 InverseTransformPoint(Vector3 position) => throw null;
        public Vector3 InverseTransformDirection(Vector3 direction) => throw null;
        public void SetPositionAndRotation(Vector3 position, Quaternion rotation) => throw null;
    }

    public struct Vector2
    {
        public float x;
        public float y;
        public Vector2(float x, float y) => throw null;
    }

    public struct Vector2Int
    {
        public Vector2Int(int x, int y) => throw null;
        public int x { get; set; }
        public int y { get; set; }
    }

    public struct RectInt
    {
        public RectInt(int xMin, int yMin, int width, int height) => throw null;
    }

    public enum TextureFormat
    {
        RGBA32 = 4,
    }

    public struct Vector3
    {
        public float x;
        public float y;
        public float z;
        public Vector3(float x, float y, float z) => throw null;
        public static Vector3 zero => throw null;
        public static Vector3 one => throw null;
        public static Vector3 up => throw null;
        public static Vector3 forward => throw null;
        public static Vector3 operator +(Vector3 a, Vector3 b) => throw null;
        public static Vector3 operator -(Vector3 a, Vector3 b) => throw null;
        public static Vector3 operator *(Vector3 a, float d) => throw null;
    }

    public struct Quaternion
    {
        public float x;
        public float y;
        public float z;
        public float w;
        public Quaternion(float x, float y, float z, float w) => throw null;
        public static Quaternion identity => throw null;
        public static Quaternion Euler(float x, float y, float z) => throw null;
        public static Quaternion Inverse(Quaternion rotation) => throw null;
        public static Quaternion operator *(Quaternion lhs, Quaternion rhs) => throw null;
        public static Vector3 operator *(Quaternion rotation, Vector3 point) => throw null;
    }

    public struct Matrix4x4
    {
        public static Matrix4x4 identity => throw null;
        public static Matrix4x4 TRS(Vector3 pos, Quaternion q, Vector3 s) => throw null;
        public static Matrix4x4 operator *(Matrix4x4 lhs, Matrix4x4 rhs) => throw null;
        public Vector3 MultiplyPoint3x4(Vector3 point) => throw null;
    }

    public struct Color
    {
        public float r;
        public float g;
        public float b;
        public float a;
        public Color(float r, float g, float b, float a) => throw null;
        public static Color white => throw null;
        public static Color gray => throw null;
        public static Color green => throw null;
        public static Color yellow => throw null;
    }

    public struct Bounds
    {
        public Bounds(Vector3 center, Vector3 size) => throw null;
        public Vector3 center { get; set; }
        public Vector3 size { get; set; }
        public void Encapsulate(Vector3 point) => throw null;
    }

    public struct Mathf
    {
        public static float Clamp(float value, float min, float max) => throw null;
        public static float Clamp01(float value) => throw null;
    }

    public static class Time
    {
        public static float deltaTime => throw null;
        public static float unscaledDeltaTime => throw null;
        public static float realtimeSinceStartup => throw null;
    }

    public class Debug
    {
        public static void Log(object message, Object context) => throw null;
        public static void LogWarning(object message, Object context) => throw null;
        public static void LogException(Exception exception, Object context) => throw null;
    }

    public class Application
    {
        public static string version => throw null;
        public static bool isPlaying => throw null;
        public static SystemLanguage systemLanguage => throw null;
        public static bool isMobilePlatform => throw null;
    }

    public enum SystemLanguage
    {
        Afrikaans = 0,
        Arabic = 1,
        Basque = 2,
        Belarusian = 3,
        Bulgarian = 4,
        Catalan = 5,
        Chinese = 6,
        Czech = 7,
        Danish = 8,
        Dutch = 9,
        English = 10,
        Estonian = 11,
        Faroese = 12,
        Finnish = 13,
        French = 14,
        German = 15,
        Greek = 16,
        Hebrew = 17,
        Hungarian = 18,
        Icelandic = 19,
        Indonesian = 20,
        Italian = 21,
        Japanese = 22,
        Korean = 23,
        Latvian = 24,
        Lithuanian = 25,
        Norwegian = 26,
        Polish = 27,
        Portuguese = 28,
        Romanian = 29,
        Russian = 30,
        SerboCroatian = 31,
        Slovak = 32,
        Slovenian = 33,
        Spanish = 34,
        Swedish = 35,
        Thai = 36,
        Turkish = 37,
        Ukrainian = 38,
        Vietnamese = 39,
        ChineseSimplified = 40,
        ChineseTraditional = 41,
        Hindi = 42,
        Unknown = 43,
    }

    public enum ScreenOrientation
    {
        Portrait = 1,
        PortraitUpsideDown = 2,
        LandscapeLeft = 3,
        LandscapeRight = 4,
        AutoRotation = 5,
    }

    public sealed class Screen
    {
        public static int width => throw null;
        public static int height => throw null;
        public static ScreenOrientation orientation { get; set; }
    }

    public sealed class Resources
    {
        public static T GetBuiltinResource<T>(string path) where T : Object => throw null;
    }

    public sealed class Font : Object
    {
        public Material material { get; set; }
    }

    public class JsonUtility
    {
        public static T FromJson<T>(string json) => throw null;
    }

    public class AsyncOperation
    {
        public event Action<AsyncOperation> completed;
    }

    public class Camera : Behaviour
    {
        public static Camera main => throw null;
    }

    public class Renderer : Component
    {
        public bool enabled { get; set; }
        public Material sharedMaterial { get; set; }
        public int sortingOrder { get; set; }
        public void SetPropertyBlock(MaterialPropertyBlock properties) => throw null;
        public void GetPropertyBlock(MaterialPropertyBlock properties) => throw null;
    }

    public class MeshRenderer : Renderer
    {
    }

    public sealed class LineRenderer : Renderer
    {
        public int positionCount { get; set; }
        public float startWidth { get; set; }
        public float endWidth { get; set; }
        public bool useWorldSpace { get; set; }
        public void SetPosition(int index, Vector3 position) => throw null;
    }

    public sealed class TextMesh : Component
    {
        public string text { get; set; }
        public Font font { get; set; }
        public bool richText { get; set; }
        public float characterSize { get; set; }
        public int fontSize { get; set; }
        public TextAnchor anchor { get; set; }
        public TextAlignment alignment { get; set; }
    }

    public enum TextAnchor
    {
        UpperLeft,
        UpperCenter,
        UpperRight,
        MiddleLeft,
        MiddleCenter,
        MiddleRight,
        LowerLeft,
        LowerCenter,
        LowerRight,
    }

    public enum TextAlignment
    {
        Left,
        Center,
        Right,
    }

    public class Material : Object
    {
        public Material(Shader shader) => throw null;
        public Shader shader { get; set; }
        public Color color { get; set; }
        public bool HasProperty(int nameID) => throw null;
    }

    public sealed class MaterialPropertyBlock
    {
        public MaterialPropertyBlock() => throw null;
        public void SetFloat(int nameID, float value) => throw null;
    }

    public sealed class Shader : Object
    {
        public static int PropertyToID(string name) => throw null;
        public static Shader Find(string name) => throw null;
    }

    public class Collider : Component
    {
    }

    public class Texture : Object
    {
    }

    public class Input
    {
        public static float GetAxis(string axisName) => throw null;
        public static bool GetMouseButton(int button) => throw null;
    }

    public static class ImageConversion
    {
        public static byte[] EncodeArrayToJPG(Array array, Experimental.Rendering.GraphicsFormat format, uint width, uint height, uint rowBytes = 0, int quality = 75) => throw null;
    }

    public static class Gizmos
    {
        public static Color color { get; set; }
        public static Matrix4x4 matrix { get; set; }
        public static void DrawWireCube(Vector3 center, Vector3 size) => throw null;
        public static void DrawSphere(Vector3 center, float radius) => throw null;
    }

    public class GUIContent
    {
        public GUIContent(string text) => throw null;
    }

    public class GUIUtility
    {
        public static void ExitGUI() => throw null;
    }

    public class GUILayoutOption
    {
    }

    public class GUILayout
    {
        public static bool Button(string text, params GUILayoutOption[] options) => throw null;
    }

    public sealed class SerializeField : Attribute
    {
    }

    public abstract class PropertyAttribute : Attribute
    {
    }

    public class TooltipAttribute : PropertyAttribute
    {
        public TooltipAttribute(string tooltip) => throw null;
    }

    public class HeaderAttribute : PropertyAttribute
    {
        public HeaderAttribute(string header) => throw null;
    }

    public sealed class RangeAttribute : PropertyAttribute
    {
        public RangeAttribute(float min, float max) => throw null;
    }

    public sealed class AddComponentMenu : Attribute
    {
        public AddComponentMenu(string menuName) => throw null;
    }

    public sealed class DisallowMultipleComponent : Attribute
    {
    }

    public class DefaultExecutionOrder : Attribute
    {
        public DefaultExecutionOrder(int order) => throw null;
    }

    public enum RuntimeInitializeLoadType
    {
        AfterSceneLoad = 0,
        BeforeSceneLoad,
        AfterAssembliesLoaded,
        BeforeSplashScreen,
        SubsystemRegistration,
    }

    public class RuntimeInitializeOnLoadMethodAttribute : Attribute
    {
        public RuntimeInitializeOnLoadMethodAttribute(RuntimeInitializeLoadType loadType) => throw null;
    }
}

namespace UnityEngine.Experimental.Rendering
{
    public enum GraphicsFormat
    {
        R8G8B8A8_UNorm = 8,
    }
}

namespace UnityEngine.Scripting
{
    [AttributeUsage(AttributeTargets.Assembly)]
    public class AlwaysLinkAssemblyAttribute : Attribute
    {
    }
}

namespace UnityEngine.SceneManagement
{
    public struct Scene
    {
        public GameObject[] GetRootGameObjects() => throw null;
    }

    public class SceneManager
    {
        public static Scene GetActiveScene() => throw null;
    }
}

namespace UnityEngine.Networking
{
    public class UnityWebRequest : IDisposable
    {
        public enum Result
        {
            InProgress = 0,
            Success = 1,
            ConnectionError = 2,
            ProtocolError = 3,
            DataProcessingError = 4,
        }

        public static UnityWebRequest Get(Uri uri) => throw null;
        public UnityWebRequestAsyncOperation SendWebRequest() => throw null;
        public int timeout { get; set; }
        public Result result => throw null;
        public string error => throw null;
        public DownloadHandler downloadHandler { get; set; }
        public void Dispose() => throw null;
    }

    public class UnityWebRequestAsyncOperation : AsyncOperation
    {
    }

    public class DownloadHandler
    {
        public string text => throw null;
    }
}

namespace UnityEngine.Events
{
    public abstract class UnityEventBase
    {
    }

    public class UnityEvent : UnityEventBase
    {
        public UnityEvent() => throw null;
        public void Invoke() => throw null;
    }

    public class UnityEvent<T0> : UnityEventBase
    {
        public UnityEvent() => throw null;
        public void Invoke(T0 arg0) => throw null;
    }
}

namespace UnityEngine.XR
{
    public enum XRNode
    {
        LeftEye,
        RightEye,
        CenterEye,
        Head,
        LeftHand,
        RightHand,
    }

    public struct InputFeatureUsage<T>
    {
    }

    public static class CommonUsages
    {
        public static InputFeatureUsage<bool> isTracked;
        public static InputFeatureUsage<Vector3> devicePosition;
        public static InputFeatureUsage<Quaternion> deviceRotation;
        public static InputFeatureUsage<Vector3> centerEyePosition;
        public static InputFeatureUsage<Quaternion> centerEyeRotation;
    }

    public struct InputDevice
    {
        public bool isValid => throw null;
        public bool TryGetFeatureValue(InputFeatureUsage<bool> usage, out bool value) => throw null;
        public bool TryGetFeatureValue(InputFeatureUsage<Vector3> usage, out Vector3 value) => throw null;
        public bool TryGetFeatureValue(InputFeatureUsage<Quaternion> usage, out Quaternion value) => throw null;
    }

    public class InputDevices
    {
        public static InputDevice GetDeviceAtXRNode(XRNode node) => throw null;
    }
}

namespace Unity.Collections
{
    public struct NativeArray<T> : IDisposable where T : struct
    {
        public NativeArray(int length, Allocator allocator, NativeArrayOptions options = NativeArrayOptions.ClearMemory) => throw null;
        public int Length => throw null;
        public void CopyTo(T[] array) => throw null;
        public void Dispose() => throw null;
    }

    public struct NativeSlice<T> where T : struct
    {
        public static implicit operator NativeSlice<T>(NativeArray<T> array) => throw null;
    }

    public enum Allocator
    {
        Invalid = 0,
        None = 1,
        Temp = 2,
        TempJob = 3,
        Persistent = 4,
    }

    public enum NativeArrayOptions
    {
        UninitializedMemory = 0,
        ClearMemory = 1,
    }
}
