/** Light for an artifact without a room of its own: a bright one, so that metal has something to mirror. */
import { PMREMGenerator, type Texture, type WebGLRenderer } from 'three';
import { RoomEnvironment } from 'three/examples/jsm/environments/RoomEnvironment.js';

const BLUR = 0.04;

/** Give it back with `dispose`. */
export function roomLight(renderer: WebGLRenderer): Texture {
  const generator = new PMREMGenerator(renderer);
  const room = new RoomEnvironment();
  const { texture } = generator.fromScene(room, BLUR);
  room.dispose();
  generator.dispose();
  return texture;
}
