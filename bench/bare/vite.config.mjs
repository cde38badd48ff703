// Builds the bare page beside the web client, as the server expects files: all under /app/.
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const packages = fileURLToPath(new URL('../../web_client/node_modules', import.meta.url));

export default {
  root: here,
  base: './',
  resolve: {
    alias: [
      { find: /^three\/addons\//, replacement: `${packages}/three/examples/jsm/` },
      { find: /^three$/, replacement: `${packages}/three/build/three.module.js` },
    ],
  },
  build: { target: 'es2022', emptyOutDir: true, rollupOptions: { input: `${here}bare.html` } },
};
