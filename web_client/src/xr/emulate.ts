/**
 * A headset that is not there, for development and tests: `?emulate=1`. Loaded before three.js looks for one, and
 * never by a page without that wish. What it lacks against a real headset is in docs/clients.md.
 */
import { metaQuest3, XRDevice } from 'iwer';

type Room = NonNullable<XRDevice['sem']>;

/** Puts an emulated Quest 3 in place of the browser's own WebXR, and hands it to whoever drives it. */
export function emulateHeadset(): XRDevice {
  const device = new XRDevice(metaQuest3);
  // Chromium has an interface for WebXR even where no device stands behind it.
  device.installRuntime({ forceInstall: true });
  device.installSEM(BareRoom);
  Object.assign(window, { twinHeadset: device });
  return device;
}

/** The room around the headset: a floor, which rays hit. */
class BareRoom implements Room {
  readonly version = '1';
  planesVisible = false;
  boundingBoxesVisible = false;
  meshesVisible = false;
  readonly environmentCanvas = document.createElement('canvas');
  readonly trackedPlanes: Room['trackedPlanes'] = new Set();
  readonly trackedMeshes: Room['trackedMeshes'] = new Set();

  constructor() {
    Object.assign(this.environmentCanvas.style, {
      position: 'absolute', inset: '0', width: '100%', height: '100%',
      background: 'linear-gradient(#8f8b84, #b9b4aa 50%, #6d5a48 50%, #8a735c)',
    });
  }

  /** Column-major 4×4 matrices of where a ray along −Z of `ray` meets the floor at y = 0, +Y its normal. */
  computeHitTestResults(ray: ArrayLike<number>): Float32Array[] {
    const at = (index: number): number => ray[index] ?? 0;
    const [fall, height] = [at(9), at(13)];
    if (fall <= 1e-6 || height <= 0) return [];
    const along = height / fall;
    const [x, z] = [at(12) - at(8) * along, at(14) - at(10) * along];
    return [new Float32Array([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, x, 0, z, 1])];
  }

  computeDepthBuffer(): null {
    return null;
  }

  render(): void {}
  loadEnvironment(): void {}
  loadDefaultEnvironment(): void {}
  deleteAll(): void {}
}
