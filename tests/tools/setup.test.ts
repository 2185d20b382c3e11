import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findBrowser } from "../../tools/setup/browser";
import { Machine } from "./standIns";

let machine: Machine;
beforeEach(() => (machine = new Machine()));
afterEach(() => machine.remove());

const there = { git: "", python3: "", script: "", chromium: "" };
type Name = keyof typeof there;

/** Puts all tools except these on PATH. */
function put(...hidden: Name[]): void {
  const left = Object.entries(there).filter(([name]) => !hidden.includes(name as Name));
  machine.onPath("bin", Object.fromEntries(left));
}

/**
 * A package manager that records its calls and, if it works, installs the tools for the tests. `sudo` is
 * there for users who are not root.
 */
function putAptGet(outcome = "works"): void {
  const log = join(machine.root, "apt-get.log");
  const bin = join(machine.root, "bin");
  const bring = Object.keys(there).map(
    (name) => `printf '#!/bin/sh\\n' > ${bin}/${name}; /bin/chmod +x ${bin}/${name}`,
  );
  machine.onPath("manager", {
    "apt-get": `echo "$*" >> ${log}\ncase $1 in install) ${outcome === "works" ? bring.join("; ") : "echo no network >&2; exit 1"};; esac`,
    sudo: 'shift; exec "$@"',
  });
}

const aptGetCalls = (): string => readFileSync(join(machine.root, "apt-get.log"), "utf8");

const setup = (env: Record<string, string> = {}) =>
  machine.run("tools/setup/main.ts", {
    // A test must not download anything.
    PLAYWRIGHT_DOWNLOAD_HOST: "http://127.0.0.1:9",
    PLAYWRIGHT_BROWSERS_PATH: join(machine.root, "browsers"),
    ...env,
  });

test("a machine that has everything gets no message", async () => {
  put();
  expect(await setup()).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
});

test.each<[Name, RegExp]>([
  ["git", /git: tests install the package/],
  ["python3", /Python 3 with venv: the vendor's Python client/],
  ["script", /script: lends a terminal/],
  ["chromium", /a browser \(Chromium, Chrome or Edge\): reads the HTML report/],
])("without %s and a package manager it says what is missing, and fails", async (name, message) => {
  put(name);
  const { exitCode, stdout, stderr } = await setup();
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(stderr).toMatch(message);
  expect(stderr).toContain("Install what is missing, and run it again.");
});

test("all missing tools are installed together, after a message", async () => {
  put("python3", "chromium");
  putAptGet();
  const { exitCode, stderr } = await setup();
  expect([exitCode, stderr]).toEqual([
    0,
    expect.stringMatching(
      /^installing python3, python3-venv, chromium with apt-get, which the tests need …\n/,
    ),
  ]);
  expect(aptGetCalls()).toContain("install -y -qq --no-install-recommends python3 python3-venv chromium\n");
});

test("if the package manager fails, its output and the command to run are shown", async () => {
  put("python3", "script");
  putAptGet("fails");
  const { exitCode, stderr } = await setup();
  expect(exitCode).toBe(1);
  expect(stderr).toContain("that failed: apt-get install -y -qq --no-install-recommends: no network");
  expect(stderr).toMatch(
    /Run this, then try again:\n {2}(sudo )?apt-get install -y -qq --no-install-recommends python3 python3-venv bsdutils/,
  );
});

test("if no package manager has a browser, it is downloaded", async () => {
  put("chromium");
  const { stderr } = await setup();
  expect(stderr).toMatch(
    /^downloading Chromium with playwright-core \(some \d+ MB\), which the tests need …/,
  );
  expect(stderr).toContain("that failed:");
});

test.each(["google-chrome", "microsoft-edge"])("%s is accepted as the browser", async (browser) => {
  put("chromium");
  machine.onPath("other", { [browser]: "" });
  expect(await setup()).toMatchObject({ exitCode: 0, stderr: "" });
});

test("CHROMIUM names the browser, and only that one is used", async () => {
  put();
  const folder = machine.folder("elsewhere", { mine: "" });
  expect(await setup({ CHROMIUM: join(folder, "mine") })).toMatchObject({ exitCode: 0, stderr: "" });
  expect(await setup({ CHROMIUM: join(folder, "none") })).toMatchObject({ exitCode: 1 });
});

test("a browser that exists but does not start is not used", async () => {
  put("chromium");
  machine.onPath("stub", { "chromium-browser": "echo needs a snap >&2; exit 1" });
  expect(await setup()).toMatchObject({ exitCode: 1 });
  expect(existsSync(join(machine.root, "apt-get.log"))).toBe(false);
});

test("the browser on PATH is named by its full path, because playwright requires it", async () => {
  const folder = machine.folder("bin", { chromium: "" });
  const { PATH } = process.env;
  try {
    process.env.PATH = folder;
    expect(await findBrowser()).toBe(join(folder, "chromium"));
  } finally {
    process.env.PATH = PATH;
  }
});
