/**
 * Reads published models: EXT_meshopt_compression always, KTX2 textures with a transcoder that is loaded with the
 * first one that needs it.
 */
import { type CompressedTexture, type Group, Loader, LoadingManager, type WebGLRenderer } from 'three';
import { GLTFLoader } from 'three/examples/jsm/loaders/GLTFLoader.js';
import type { KTX2Loader } from 'three/examples/jsm/loaders/KTX2Loader.js';
import { MeshoptDecoder } from 'three/examples/jsm/libs/meshopt_decoder.module.js';
import transcoder from 'three/examples/jsm/libs/basis/basis_transcoder.js?url';
import { withoutEval } from './no_eval';

/** What a file may need so that this reads it: the server's words, as the hello states them. */
export const READABLE = ['meshopt', 'ktx2'] as const;

export class GltfReader {
  private readonly textures: TexturesOnDemand;
  private readonly loader: GLTFLoader;

  /** Textures are transcoded to what the graphics card behind `renderer` holds compressed. */
  constructor(renderer: WebGLRenderer) {
    this.textures = new TexturesOnDemand(renderer);
    // GLTFLoader asks of its KTX2Loader only that it loads.
    const textures = this.textures as unknown as KTX2Loader;
    this.loader = new GLTFLoader().setMeshoptDecoder(MeshoptDecoder).setKTX2Loader(textures);
  }

  /** The file's scene, in metres. Rejects where the file cannot be had or read. */
  async read(url: string): Promise<Group> {
    return (await this.loader.loadAsync(url)).scene;
  }

  dispose(): void {
    this.textures.dispose();
  }
}

class TexturesOnDemand extends Loader<CompressedTexture> {
  private transcoder: Promise<KTX2Loader> | null = null;
  private isOver = false;

  constructor(private readonly renderer: WebGLRenderer) {
    super();
  }

  override load(
    url: string,
    onLoad: (texture: CompressedTexture) => void,
    onProgress?: (event: ProgressEvent) => void,
    onError?: (error: unknown) => void,
  ): void {
    this.transcoder ??= this.prepare();
    // The network may have failed the transcoder itself: the next texture loads it anew.
    const failed = (error: unknown): void => {
      this.transcoder = null;
      onError?.(error);
    };
    this.transcoder.then((loader) => loader.load(url, onLoad, onProgress, failed), failed);
  }

  dispose(): void {
    this.isOver = true;
    void this.transcoder?.then((loader) => loader.dispose(), () => undefined);
  }

  private async prepare(): Promise<KTX2Loader> {
    const { KTX2Loader } = await import('three/examples/jsm/loaders/KTX2Loader.js');
    if (this.isOver) throw new Error('the reader of models is closed');
    const answer = await fetch(transcoder);
    if (!answer.ok) throw new Error(`${transcoder}: the museum answered ${answer.status}`);
    const script = new Blob([withoutEval(), await answer.text()], { type: 'text/javascript' });
    const address = URL.createObjectURL(script);
    const manager = new LoadingManager();
    manager.setURLModifier((url) => (/basis_transcoder[^/]*\.js$/.test(url) ? address : url));
    return new KTX2Loader(manager).setWorkerLimit(1).detectSupport(this.renderer);
  }
}
