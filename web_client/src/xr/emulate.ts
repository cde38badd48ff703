/**
 * A headset that is not there, for development and tests: `?emulate=1`. Loaded before three.js looks for one, and
 * never by a page without that wish. What it lacks against a real headset is in docs/clients.md.
 */
import { metaQuest3, XRDevice } from 'iwer';

/** Puts an emulated Quest 3 in place of the browser's own WebXR, and hands it to whoever drives it. */
export function emulateHeadset(): XRDevice {
  const device = new XRDevice(metaQuest3);
  // Chromium has an interface for WebXR even where no device stands behind it.
  device.installRuntime({ forceInstall: true });
  Object.assign(window, { twinHeadset: device });
  return device;
}
