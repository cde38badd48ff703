// Khronos glTF validator: reads GLB paths from the command line, prints one JSON report a line.
import { readFile } from 'node:fs/promises';
import { validateBytes } from 'gltf-validator';

for (const path of process.argv.slice(2)) {
  const report = await validateBytes(new Uint8Array(await readFile(path)), { maxIssues: 1000 });
  console.log(JSON.stringify({ path, issues: report.issues, info: report.info }));
}
