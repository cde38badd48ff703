/** The phone's camera: opened after consent, pictures taken as small JPEGs, every track stopped at the end. */
import type { CameraPicture } from '../world/visitor';
import { fitted } from './rate';

const QUALITY = 0.7;

export class Camera {
  private readonly canvas = document.createElement('canvas');

  private constructor(
    readonly video: HTMLVideoElement,
    private readonly stream: MediaStream,
  ) {}

  /** Asks for the camera that looks away from the visitor. Rejects with the browser's own error. */
  static async open(video: HTMLVideoElement): Promise<Camera> {
    const media = navigator.mediaDevices as MediaDevices | undefined;
    if (!media) throw new DOMException('no camera on a page that is not secure', 'insecure');
    const wanted = { facingMode: { ideal: 'environment' }, width: { ideal: 1280 }, height: { ideal: 720 } };
    const stream = await media.getUserMedia({ video: wanted, audio: false });
    video.srcObject = stream;
    video.muted = true;
    video.playsInline = true;
    await video.play();
    return new Camera(video, stream);
  }

  /** A picture of now, its longer side at most `side` pixels; null while there is none. */
  async take(side: number): Promise<CameraPicture | null> {
    const { videoWidth, videoHeight } = this.video;
    if (!videoWidth || !videoHeight || !this.isOn) return null;
    const [width, height] = fitted(videoWidth, videoHeight, side);
    this.canvas.width = width;
    this.canvas.height = height;
    this.canvas.getContext('2d')?.drawImage(this.video, 0, 0, width, height);
    const blob = await new Promise<Blob | null>((done) => this.canvas.toBlob(done, 'image/jpeg', QUALITY));
    return blob && { jpeg: new Uint8Array(await blob.arrayBuffer()), width, height };
  }

  get isOn(): boolean {
    return this.stream.getVideoTracks().some((track) => track.readyState === 'live');
  }

  stop(): void {
    for (const track of this.stream.getTracks()) track.stop();
    this.video.srcObject = null;
    this.canvas.width = this.canvas.height = 0;
  }
}
