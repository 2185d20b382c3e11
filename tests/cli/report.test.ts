import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { page as render } from "../../cli/html/page";
import { measured } from "../report/atEnd";
import { openBrowser } from "./browser";
import { cli, folder, matching } from "./command";
import { hostileName, startCompany, type Company } from "./company";
import { largeRecord } from "./largeRecord";
import { openReport, violations, type Opened } from "./reportPage";
import { exported } from "./state";

let browser: Browser;
let company: Company;
let text: string;
beforeAll(async () => {
  [browser, company] = await Promise.all([openBrowser(), startCompany()]);
  text = await companyReport();
});
afterAll(() => browser.close());

const at = folder();
const open = (html = text, options: object = {}): Promise<Opened> =>
  openReport(browser, html, { folder: at, ...options });

/** Writes the report of the company. The key of its ERP is 120 days old. */
async function companyReport(...args: string[]): Promise<string> {
  const { world, stack } = company;
  const asOf = new Date().toISOString();
  const earlier = new Date(Date.parse(asOf) - 120 * 24 * 3_600_000).toISOString();
  world.cloud.keys.update(stack.made.key!.id, { createTime: earlier });
  stack.made.cleoInStaging!.inputs.expires = new Date(Date.parse(asOf) + 5 * 24 * 3_600_000).toISOString();
  const [file, baseline] = [join(at, "access.html"), join(at, "baseline.json")];
  writeFileSync(baseline, JSON.stringify(company.baseline));
  const options = ["--html", file, "--baseline", baseline, "--domain", "example.com"];
  const run = await cli(["report", "--state", "-", ...options, ...args], {
    env: { ...world.settings, DT_AS_OF: asOf },
    input: JSON.stringify(exported(stack)),
  });
  expect(run).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  // It names people and what they can access.
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const html = readFileSync(file, "utf8");
  for (const secret of await world.secrets()) expect(html).not.toContain(secret);
  return html;
}

const shownRows = (page: Page): Promise<string[]> => page.locator("tbody tr .name:visible").allInnerTexts();
const filters = (page: Page) => page.getByRole("form", { name: "Filters" });

/** Saves a picture for a person to look at afterwards. */
async function screenshot(page: Page, name: string): Promise<void> {
  const pictures = process.env.SCREENSHOTS;
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

test("The page shows who can access what, sends no network request, and filters.", async () => {
  const { page, asked, complaints } = await open();
  expect({ asked, complaints }).toEqual({ asked: [], complaints: [] });
  // The most dangerous row is the first.
  const everybody = await shownRows(page);
  expect(everybody[0]).toBe(hostileName);
  expect(everybody).toHaveLength(10);
  const erp = page.locator("tbody tr", { hasText: "Erp" });
  expect(await erp.innerText()).toMatch(/2 keys\s+oldest 120 days; not declared/);
  const cells = await page.locator("tbody td .clip").allInnerTexts();
  expect(cells).toEqual(expect.arrayContaining(["developer, declared user", "none, declared user\nmissing"]));

  await filters(page).getByLabel("Only").selectOption("undeclared");
  expect((await shownRows(page)).sort()).toEqual(
    [hostileName, 'stray "quoted" & <b>', "Eve Example", "Erp"].sort(),
  );
  await page.getByRole("button", { name: "Clear" }).click();
  await page.getByText("10 of 10 shown").waitFor();

  await filters(page).getByLabel("Name or email").fill("ANN");
  expect(await shownRows(page)).toEqual(["Ann Example"]);
  await filters(page).getByLabel("Name or email").fill("");
  await filters(page).getByLabel("Role").selectOption("admin");
  await filters(page).getByLabel("Where").selectOption({ label: "Plant Oslo (production)" });
  expect(await shownRows(page)).toEqual([hostileName, "Ann Example", "Pulumi"]);
  expect(await page.locator("thead tr:last-child th button").allInnerTexts()).toEqual([
    "Who",
    "Keys",
    "Plant Oslo",
  ]);
  // The filters survive a reload.
  await page.reload();
  expect(await shownRows(page)).toEqual([hostileName, "Ann Example", "Pulumi"]);
  await page.close();
});

test("The columns are grouped by environment, and sort the rows.", async () => {
  const { page } = await open();
  expect(await page.locator(".groups th").allInnerTexts()).toEqual([
    "Organizations",
    "development",
    "production",
    "staging",
    "Others",
  ]);
  await page.getByRole("button", { name: "Plant Bergen", exact: true }).click();
  expect((await shownRows(page))[0]).toMatch(/Ann|Pulumi|gus/);
  expect(await page.getByRole("columnheader", { name: /Plant Bergen/ }).getAttribute("aria-sort")).toBe(
    "descending",
  );
  await page.getByRole("button", { name: "Who", exact: true }).click();
  const names = await shownRows(page);
  expect(names).toEqual([...names].sort(new Intl.Collator().compare));
  await page.getByRole("button", { name: "Keys" }).click();
  expect((await shownRows(page))[0]).toBe("Erp");
  await page.close();
});

test("A finding leads to its cell and back, and the filters stay.", async () => {
  for (const width of [1440, 390]) {
    const { page } = await open(text, { viewport: { width, height: 800 } });
    const item = page.locator("[data-items=findings] > li", { hasText: "Bob Example" });
    await filters(page).getByLabel("Name or email").fill("ann");
    await item.getByRole("button", { name: /Show Bob Example in Plant Oslo/ }).click();
    const focus = page.locator(":focus");
    expect(await focus.innerText()).toMatch(/developer, declared user/);
    expect(await filters(page).getByLabel("Name or email").inputValue()).toBe("ann");
    await focus.getByRole("link").click();
    expect(await focus.innerText()).toMatch(/changed\s+Bob Example in Plant Oslo/);
    await page.close();
  }
});

test("Figures are at the top, and each one shows what it counts.", async () => {
  const { page } = await open();
  expect(
    await page
      .locator(".tiles li")
      .allInnerTexts()
      .then((all) => all.map((each) => each.replace(/\s+/g, " "))),
  ).toEqual([
    "4 undeclared",
    "4 administrators",
    "2 external to example.com",
    "1 key older than 90d",
    "1 ending within 14d",
    "6 people",
    "3 systems",
  ]);
  await page.getByRole("button", { name: "2 external" }).click();
  expect((await shownRows(page)).sort()).toEqual([hostileName, "gus@partner.example"].sort());
  await page.getByRole("button", { name: "1 ending" }).click();
  expect(await shownRows(page)).toEqual(["Cleo Example"]);
  await page.close();
});

test("The findings are sorted by danger: an undeclared administrator comes before a changed display name.", async () => {
  const { page } = await open();
  const tags = await page.locator("[data-items=findings] > li p:first-child").allInnerTexts();
  expect(tags.map((line) => line.replace(hostileName, "Mallory"))).toEqual([
    "unmanaged Mallory in Plant Oslo",
    matching(/^unmanaged key \w+ of Erp in Service accounts$/),
    "changed Bob Example in Plant Oslo",
    "unmanaged Eve Example in Plant Bergen",
    matching(/^unmanaged stray/),
    "missing dan@example.com in Plant Bergen",
    "changed Erp in Service accounts",
    "pending gus@partner.example in Plant Bergen",
  ]);
  await page.close();
});

test("Foreign text stays text, in every view.", async () => {
  const { page, complaints } = await open();
  await page.getByRole("button", { name: hostileName, exact: true }).click();
  expect(await page.getByRole("dialog").getByText(hostileName).isVisible()).toBe(true);
  await page.getByRole("button", { name: "Close" }).click();
  await filters(page).getByLabel("View").selectOption("list");
  await page.locator("summary").first().click();
  await page.emulateMedia({ media: "print" });
  expect(await page.locator("img").count()).toBe(0);
  expect(await page.getByText('stray "quoted" & <b>').first().isVisible()).toBe(true);
  expect(complaints).toEqual([]);
  await page.close();
});

describe("The page has no violation of WCAG 2.1 AA", () => {
  const schemes = ["light", "dark"] as const;
  const widths = [390, 800, 1440];
  test.each(widths.flatMap((width) => schemes.map((scheme) => ({ width, scheme }))))(
    "at $width pixels, $scheme.",
    async ({ width, scheme }) => {
      const { page } = await open(text, { viewport: { width, height: 900 }, colorScheme: scheme });
      expect(await violations(page)).toEqual([]);
      await screenshot(page, `${width}-${scheme}`);
      // Only the matrix scrolls sideways.
      const overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
      expect(await page.evaluate(overflow)).toBe(0);
      for (const view of ["list", "matrix"]) {
        await filters(page).getByLabel("View").selectOption(view);
        if (view === "list") await page.locator("summary").first().click();
        expect(await violations(page)).toEqual([]);
        await screenshot(page, `${width}-${scheme}-${view}`);
      }
      await page.close();
    },
  );

  test("in the dialog about a person, and on paper.", async () => {
    const { page } = await open();
    await page.getByRole("button", { name: "Ann Example", exact: true }).click();
    expect(await violations(page)).toEqual([]);
    await screenshot(page, "dialog");
    await page.getByRole("button", { name: "Close" }).click();
    await page.emulateMedia({ media: "print" });
    expect(await violations(page)).toEqual([]);
    await screenshot(page, "print");
    await page.close();
  });
});

test("Every control is reached by keyboard.", async () => {
  const { page } = await open();
  await page.keyboard.press("Tab");
  expect(await page.locator(":focus").innerText()).toBe("Skip to the access matrix");
  const reached = new Set<string>();
  for (let press = 0; press < 40; press++) {
    await page.keyboard.press("Tab");
    const focus = page.locator(":focus");
    if ((await focus.count()) > 0)
      reached.add((await focus.getAttribute("name")) ?? (await focus.innerText()).split("\n")[0]!);
  }
  const controls = ["text", "kind", "trait", "scope", "role", "sort", "view", "Show", "Clear", "Plant Oslo"];
  for (const control of controls) expect([...reached]).toContain(control);
  await page.close();
});

test("Without scripts, the page lists every finding and every person.", async () => {
  const bare = await browser.newContext({ javaScriptEnabled: false });
  const plain = await bare.newPage();
  await plain.setContent(text);
  expect(await plain.locator(".people > li:visible").count()).toBe(10);
  expect(await plain.locator(".items li:visible").count()).toBe(8);
  expect(await plain.locator(".people").innerText()).toMatch(/developer, declared user: Plant Oslo/);
  expect(await plain.getByRole("form").isVisible()).toBe(false);
  await screenshot(plain, "without-scripts");
  await bare.close();
});

test("On paper the page is a list of people and their access, as filtered.", async () => {
  const { page } = await open();
  await filters(page).getByLabel("Name or email").fill("partner.example");
  await page.emulateMedia({ media: "print" });
  expect(await page.locator(".scroll").isVisible()).toBe(false);
  const items = await page.locator(".paper > li:visible").allInnerTexts();
  expect(items).toHaveLength(2);
  expect(items.join()).toMatch(/mallory@partner.example \(external\)\s+admin \(not declared\): Plant Oslo/);
  expect((await page.pdf()).subarray(0, 5).toString()).toBe("%PDF-");
  await page.close();
});

test("A thousand people in a hundred projects need few elements and bytes, whatever is shown.", async () => {
  const record = largeRecord(1000, 100);
  const html = render(record);
  expect(html.length / record.access.length).toBeLessThan(110);
  const started = performance.now();
  const { page } = await open(html);
  const elements = () => page.locator("*").count();
  await page.getByText("1000 of 1000 shown").waitFor();
  const opened = performance.now();
  expect(await elements()).toBeLessThan(8000);
  await filters(page).getByLabel("Name or email").fill("person-777");
  expect(await shownRows(page)).toEqual(["Person 777"]);
  const filtered = performance.now();
  await filters(page).getByLabel("Name or email").fill("");
  await filters(page).getByLabel("Where").selectOption({ index: 5 });
  expect(await page.locator("thead tr:last-child th").count()).toBe(3);
  await page.getByRole("button", { name: "Clear" }).click();
  await page.getByText("1000 of 1000 shown").waitFor();
  // The last row is drawn when it comes into view.
  await filters(page).getByLabel("Sort by").selectOption("name");
  const box = page.getByRole("region", { name: "Access matrix" });
  await page.evaluate('document.querySelector(".scroll").scrollTo(0, 1e6)');
  await page.getByRole("button", { name: "Person 999" }).waitFor();
  expect(await elements()).toBeLessThan(8000);
  // The headings stay in view.
  const head = await page.getByRole("button", { name: "Who", exact: true }).boundingBox();
  const frame = await box.boundingBox();
  expect(head!.y - frame!.y).toBeLessThan(60);
  measured(
    `1,000 x 100: ${(html.length / 1e6).toFixed(1)} MB, opened in ${Math.round(opened - started)} ms, filtered in ${Math.round(filtered - opened)} ms`,
  );
  await filters(page).getByLabel("View").selectOption("list");
  expect(await elements()).toBeLessThan(8000);
  await page.close();
});

test("If something could not be read, the page and the exit code say so.", async () => {
  const { world, stack, production } = company;
  world.faults.add({
    path: `/v2/${production}/serviceaccounts`,
    effect: { kind: "respond", status: 403 },
    times: "untilCleared",
  });
  const run = await cli(["report", "--state", "-", "--html"], {
    env: { ...world.settings },
    input: JSON.stringify(exported(stack)),
  });
  world.faults.clear();
  expect(run.exitCode).toBe(3);
  const { page } = await open(run.stdout);
  expect(await page.locator(".verdict").innerText()).toMatch(/1 unread/);
  await page.close();
});
