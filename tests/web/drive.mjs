// A tab of a real headless Chromium, driven line by line: drive.mjs CHROMIUM PACKAGES OPTIONS, then one request a
// line on standard input, {"number": of the request, "method": name of a method of playwright's Page, "args":
// [...]}; one JSON answer a line with that number, what it returned and what the page complained of since the last.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const [executablePath, packages, options] = process.argv.slice(2);
const { chromium } = createRequire(`${packages}/`)('playwright-core');
const { flags, context } = JSON.parse(options);
const browser = await chromium.launch({
  executablePath,
  headless: true,
  chromiumSandbox: false, // tests run as root in containers
  args: ['--use-angle=swiftshader', '--use-gl=angle', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist', ...flags],
});
try {
  const tab = await (await browser.newContext(context)).newPage();
  tab.setDefaultTimeout(100_000);
  let complaints = [];
  tab.on('pageerror', (error) => complaints.push(String(error)));
  tab.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  // Playwright's own waiting evaluates in the page, which the server's content security policy forbids.
  async function until(page, script) {
    for (const end = Date.now() + 60_000; Date.now() < end; await new Promise((later) => setTimeout(later, 50))) {
      if (await page.evaluate(script).catch(ignoringNavigation)) return;
    }
    throw new Error(`still not so: ${script}; the page says: ${await page.evaluate('document.body.innerText')}`);
  }
  function ignoringNavigation(error) {
    if (!/context was destroyed|Cannot find context/.test(String(error))) throw error;
  }
  for await (const line of createInterface({ input: process.stdin })) {
    const { number, method, args } = JSON.parse(line);
    let answer;
    try {
      const value = method === 'until' ? await until(tab, args[0]) : await tab[method](...args);
      // What is no plain value (a response, a handle) is nothing that another process could use.
      answer = { value: ['evaluate', 'textContent', 'getAttribute', 'url', 'isVisible'].includes(method) ? value : null };
    } catch (error) {
      answer = { error: String(error) };
    }
    console.log(JSON.stringify({ number, ...answer, complaints }));
    complaints = [];
  }
} finally {
  await browser.close();
}
