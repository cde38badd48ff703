import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createContext, runInContext } from 'node:vm';
import { expect, test } from 'vitest';
import { withoutEval } from '../src/gltf/no_eval';

const script = createRequire(import.meta.url).resolve('three/examples/jsm/libs/basis/basis_transcoder.js');

interface Transcoder {
  initializeBasis(): void;
  readonly KTX2File: new (bytes: Uint8Array) => { startTranscoding(): number; close(): void; delete(): void };
}

/** The transcoder as its worker sets it up, where text may not be compiled to code. */
async function setUp(before: string): Promise<Transcoder> {
  const scope: Record<string, unknown> = { console, performance, WebAssembly, TextDecoder };
  scope['self'] = scope;
  const context = createContext(scope, { codeGeneration: { strings: false, wasm: true } });
  const begin = runInContext(`${before}${readFileSync(script, 'utf8')}; BASIS`, context) as (
    options: object,
  ) => Promise<Transcoder>;
  return begin({ wasmBinary: readFileSync(script.replace(/js$/, 'wasm')) });
}

test('the transcoder works where text may not be compiled to code', async () => {
  const transcoder = await setUp(withoutEval());
  transcoder.initializeBasis();
  const file = new transcoder.KTX2File(new Uint8Array([1, 2, 3]));
  expect(file.startTranscoding()).toBe(0);
  file.close();
  file.delete();
});

test('as it comes, it does not', async () => {
  await expect(setUp('')).rejects.toThrow(/Code generation from strings/i);
});
