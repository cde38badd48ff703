// Runs the viewer in a real headless Chromium: browser.mjs CHROMIUM PAGE, then one request a line on standard
// input, {"told": URL} or {"drawn": URL, "camera": {...}}; one JSON answer a line.
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const [executablePath, page] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath,
  headless: true,
  chromiumSandbox: false, // tests run as root in containers
  args: ['--use-angle=swiftshader', '--use-gl=angle', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'],
});
try {
  const tab = await browser.newPage();
  const complaints = [];
  tab.on('pageerror', (error) => complaints.push(String(error)));
  tab.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await tab.goto(page);
  await tab.waitForFunction('window.ready', null, { timeout: 60_000 });
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line);
    complaints.length = 0;
    let answer;
    try {
      answer = request.told
        ? await tab.evaluate((url) => window.told(url), request.told)
        : await tab.evaluate(([url, camera]) => window.drawn(url, camera), [request.drawn, request.camera]);
    } catch (error) {
      answer = { error: String(error) };
    }
    console.log(JSON.stringify({ ...answer, complaints }));
  }
} finally {
  await browser.close();
}
