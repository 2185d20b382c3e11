import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";

/** A page in a browser. */
export interface Opened {
  readonly page: Page;
  /** The network requests, which are refused. */
  readonly asked: string[];
  /** What the browser complains about. */
  readonly complaints: string[];
}

/** Opens a report in a browser. */
export async function openReport(
  browser: Browser,
  text: string,
  { folder, ...options }: { folder: string } & Parameters<Browser["newPage"]>[0],
): Promise<Opened> {
  const file = join(folder, `${Math.random()}.html`);
  writeFileSync(file, text);
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, ...options });
  const asked: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith("file:")) asked.push(request.url());
  });
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(`file://${file}`);
  return { page, asked, complaints };
}

/** The violations of WCAG 2.1 A and AA that an accessibility checker finds. */
export async function violations(page: Page): Promise<string[]> {
  // Not with a script element, which the page's own policy refuses.
  await page.evaluate(readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const result = await axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] });
    return result.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`);
  });
}
