import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import type { Identity, Matrix, Standing } from "../../cli/html/matrix";
import { page as render } from "../../cli/html/page";
import type { Report } from "../../cli/formats/report";
import { startWorld } from "../provider/world";
import { openBrowser } from "./browser";
import { cli, folder } from "./command";
import { exported } from "./state";

let browser: Browser;
beforeAll(async () => (browser = await openBrowser()));
afterAll(() => browser.close());

const at = folder();

/** Opens a page. Counts and refuses its network requests. */
async function open(text: string): Promise<{ page: Page; asked: string[]; complaints: string[] }> {
  const file = join(at, `${Math.random()}.html`);
  writeFileSync(file, text);
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
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
async function violations(page: Page): Promise<string[]> {
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

const shownRows = (page: Page): Promise<string[]> =>
  page.locator(".matrix tbody tr:visible th small").allInnerTexts();

/** A company with an undeclared person, whose names try to break out of the page. */
async function companyReport(): Promise<string> {
  const world = await startWorld();
  const [, development, staging] = world.projects as [string, string, string];
  const stack = world.stack();
  await stack.up({
    erp: ["serviceAccount", { project: development, displayName: "ERP" }],
    key: ["serviceAccountKey", ({ erp }) => ({ serviceAccount: erp!.id })],
    erpRole: [
      "projectRoleBinding",
      ({ erp }) => ({ project: development, member: erp!.outs.email, role: "project.user" }),
    ],
    jane: ["projectRoleBinding", { project: staging, member: "jane@example.com", role: "project.admin" }],
  });
  world.cloud.users.create({
    email: "mallory@example.com",
    displayName: "</script><img src=http://127.0.0.1:9/x onerror=alert(1)>",
  });
  world.cloud.members.create({
    scope: development,
    email: "mallory@example.com",
    roles: ["roles/project.admin"],
  });
  world.cloud.accounts.create({ project: development, displayName: 'stray "quoted" & <b>' });
  const asOf = new Date().toISOString();
  const earlier = new Date(Date.parse(asOf) - 12 * 24 * 3_600_000).toISOString();
  world.cloud.keys.update(stack.made.key!.id, { createTime: earlier });
  world.cloud.keys.create({ account: stack.made.erp!.id });
  const file = join(at, "access.html");
  const run = await cli(["report", "--state", "-", "--html", file], {
    env: { ...world.settings, DT_AS_OF: asOf },
    input: JSON.stringify(exported(stack)),
  });
  expect(run).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  // It names people and what they can access.
  expect(statSync(file).mode & 0o777).toBe(0o600);
  for (const secret of await world.secrets()) expect(readFileSync(file, "utf8")).not.toContain(secret);
  return readFileSync(file, "utf8");
}

/** Saves a picture for a person to look at afterwards. */
async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

test("The page shows who can access what, sends no network request, and filters.", async () => {
  const { page, asked, complaints } = await open(await companyReport());
  await screenshot(page, "company");
  expect({ asked, complaints }).toEqual({ asked: [], complaints: [] });
  const everybody = await shownRows(page);
  expect(everybody).toHaveLength(4);
  const erp = page.locator(".matrix tbody tr", { hasText: "ERP" });
  expect(await erp.innerText()).toMatch(/key \w+: 12 days\s+key \w+: 0 days, undeclared/);

  await page.getByLabel("only undeclared").check();
  expect((await shownRows(page)).join()).toMatch(/mallory@example.com/);
  expect((await shownRows(page)).join()).not.toMatch(/jane@example.com/);
  expect(await page.getByRole("status").innerText()).toBe("3 of 3 shown, 1 filtered out");
  await page.getByRole("button", { name: "Clear" }).click();
  await page.getByText("4 of 4 shown").waitFor();

  await page.getByLabel("Name or email").fill("JANE");
  expect(await shownRows(page)).toEqual(["jane@example.com"]);
  await page.getByLabel("Name or email").fill("");
  await page.getByLabel("Role").selectOption("project.admin");
  expect(await shownRows(page)).toEqual(["jane@example.com", "mallory@example.com"]);
  await page.getByLabel("Where").selectOption({ label: "Development" });
  expect(await shownRows(page)).toEqual(["mallory@example.com"]);
  expect(await page.locator(".matrix thead th:visible").allInnerTexts()).toEqual([
    "Who",
    "Keys",
    "Development",
  ]);
  await page.getByLabel("Who", { exact: true }).selectOption("service accounts");
  expect(await shownRows(page)).toEqual([]);
});

test("Foreign text stays text.", async () => {
  const { page, complaints } = await open(await companyReport());
  expect(await page.locator("img").count()).toBe(0);
  expect(await page.getByText('stray "quoted" & <b>').first().isVisible()).toBe(true);
  expect(complaints).toEqual([]);
});

test("The page is accessible: no violation of WCAG 2.1 AA, every control by keyboard, and readable without its script.", async () => {
  const text = await companyReport();
  const { page } = await open(text);
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press("Tab");
  expect(await page.locator(":focus").innerText()).toBe("Skip to the access matrix");
  const reached = new Set<string>();
  for (let press = 0; press < 12; press++) {
    await page.keyboard.press("Tab");
    const focus = page.locator(":focus");
    if ((await focus.count()) > 0)
      reached.add((await focus.getAttribute("name")) ?? (await focus.getAttribute("class")) ?? "");
  }
  for (const control of ["text", "kind", "scope", "role", "undeclared", "scroll matrix"])
    expect([...reached]).toContain(control);

  const bare = await browser.newContext({ javaScriptEnabled: false });
  const plain = await bare.newPage();
  await plain.setContent(text);
  expect(await plain.locator(".matrix tbody tr:visible").count()).toBe(4);
  expect(await plain.locator("form").isVisible()).toBe(false);
  await bare.close();
});

test("On paper the page is a list of people and their access, as filtered.", async () => {
  const { page } = await open(await companyReport());
  await page.getByLabel("Name or email").fill("example.com");
  await page.emulateMedia({ media: "print" });
  expect(await page.locator(".matrix").first().isVisible()).toBe(false);
  const items = await page.locator("ul.list > li:visible").allInnerTexts();
  expect(items).toHaveLength(2);
  expect(items.join()).toMatch(/mallory@example.com\s+Development: project.admin, undeclared/);
  expect((await page.pdf()).subarray(0, 5).toString()).toBe("%PDF-");
});

test("A thousand people in a hundred projects open, filter and read quickly.", async () => {
  const text = render({
    report: emptyReport,
    matrix: large(),
    asOf: new Date("2026-11-24"),
    apiUrl: "https://api.example",
  });
  expect(text.length).toBeLessThan(12e6);
  const started = performance.now();
  const { page } = await open(text);
  expect(await page.locator(".matrix tbody tr").count()).toBe(1000);
  const opened = performance.now();
  await page.getByLabel("Name or email").fill("person-777");
  expect(await shownRows(page)).toEqual(["person-777@example.com"]);
  await screenshot(page, "large-filtered");
  await page.getByLabel("Name or email").fill("");
  await page.getByLabel("Where").selectOption({ index: 5 });
  expect(await page.locator(".matrix thead th:visible").count()).toBe(3);
  const filtered = performance.now();
  await page.getByRole("button", { name: "Clear" }).click();
  await page.getByText("200 of 1000 shown").waitFor();
  await page.getByRole("button", { name: "Show all" }).click();
  expect(await shownRows(page)).toHaveLength(1000);
  await page
    .locator(".scroll.matrix")
    .evaluate((box) => (box as unknown as { scrollTo(x: number, y: number): void }).scrollTo(2000, 4000));
  await screenshot(page, "large");
  process.stderr.write(
    `1,000 x 100: ${(text.length / 1e6).toFixed(1)} MB, opened in ${Math.round(opened - started)} ms, filtered in ${Math.round(filtered - opened)} ms\n`,
  );
  // The headings stay visible.
  const head = await page.locator(".matrix thead th").first().boundingBox();
  const box = await page.locator(".scroll.matrix").boundingBox();
  expect(Math.round(head!.y - box!.y)).toBeLessThan(3);
  // The limits are generous because machines differ. They still exclude seconds for each key stroke.
  expect(opened - started).toBeLessThan(30_000);
  expect(filtered - opened).toBeLessThan(10_000);
});

test("If something could not be read, the page and the exit code say so.", async () => {
  const world = await startWorld();
  const stack = world.stack();
  await stack.up({
    jane: [
      "projectRoleBinding",
      { project: world.projects[1], member: "jane@example.com", role: "project.user" },
    ],
  });
  world.faults.add({
    path: `/v2/${world.projects[1]}/serviceaccounts`,
    effect: { kind: "respond", status: 403 },
    times: "untilCleared",
  });
  const run = await cli(["report", "--state", "-", "--html"], {
    env: { ...world.settings },
    input: JSON.stringify(exported(stack)),
  });
  expect(run.exitCode).toBe(3);
  const { page } = await open(run.stdout);
  expect(await page.locator(".verdict.partial").innerText()).toMatch(/incomplete: 1 unread/);
});

const emptyReport: Report = {
  project: "access",
  stack: "large",
  findings: [],
  accepted: [],
  stale: [],
  counts: {
    unmanaged: 0,
    replaced: 0,
    changed: 0,
    missing: 0,
    unread: 0,
    "address-changed": 0,
    expired: 0,
    pending: 0,
    "rotation-due": 0,
    self: 0,
  },
  failOn: [],
  exitCode: 0,
  coverage: {
    declared: { resources: 0, projects: 100, organizations: 0, serviceAccounts: 0, keys: 0, memberships: 0 },
    lists: { read: 200, failed: 0 },
    seen: { projects: 100, organizations: 0, serviceAccounts: 0, keys: 0, memberships: 0 },
    byDefault: 0,
    notCompared: [],
    notLookedAt: [],
  },
};

function large(): Matrix {
  const scopes = Array.from({ length: 100 }, (_, index) => ({
    name: `projects/p${index}`,
    title: `Project ${index}`,
  }));
  const roles = ["project.user", "project.developer", "project.admin"];
  const standings: Standing[] = ["declared", "declared", "declared", "undeclared"];
  const identities = Array.from({ length: 1000 }, (_, row): Identity => ({
    email: `person-${row}@example.com`,
    displayName: `Person ${row}`,
    isAccount: row % 5 === 0,
    standing: "declared",
    keys: row % 5 === 0 ? [{ id: `k${row}`, days: row, standing: "declared" }] : [],
    access: new Map(
      scopes
        .filter((_, column) => (row * 7 + column * 13) % 9 < 4)
        .map(({ name }, column) => [
          name,
          {
            scope: name,
            role: roles[(row + column) % 3]!,
            standing: standings[(row + column) % 4]!,
            note: "",
          },
        ]),
    ),
  }));
  return { scopes, identities };
}
