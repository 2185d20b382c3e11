import { execa } from "execa";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { notRun } from "../report/atEnd";

const root = join(__dirname, "../..");
const json = (file: string): unknown => JSON.parse(readFileSync(join(root, file), "utf8"));

interface Locked {
  version?: string;
  integrity?: string;
  link?: boolean;
}

test("every installed package is pinned by version and checksum", () => {
  const { packages } = json("package-lock.json") as { packages: Record<string, Locked> };
  const installed = Object.entries(packages).filter(
    ([path, { link }]) => path.startsWith("node_modules/") && link !== true,
  );
  expect(installed.length).toBeGreaterThan(100);
  const loose = installed.filter(
    ([, { version = "", integrity = "" }]) => !/^\d/.test(version) || !integrity.startsWith("sha512-"),
  );
  expect(loose.map(([path]) => path)).toEqual([]);
});

test("the package and the examples run no script of their own on install", () => {
  const examples = readdirSync(join(root, "examples")).map((name) => `examples/${name}/package.json`);
  const manifests = ["package.json", ...examples].filter((file) => {
    try {
      return json(file) !== undefined;
    } catch {
      return false;
    }
  });
  expect(manifests.length).toBeGreaterThan(3);
  for (const file of manifests) {
    const { scripts = {} } = json(file) as { scripts?: Record<string, string> };
    // prepare and prepack run where the package is packed, and not where it is installed from a registry.
    const onInstall = /^(pre|post)?(install|prepublish)$/;
    expect([file, Object.keys(scripts).filter((name) => onInstall.test(name))]).toEqual([file, []]);
  }
});

test("every package that users install has a reason in CONTRIBUTING.md", () => {
  const { dependencies } = json("package.json") as { dependencies: Record<string, string> };
  const [, section = ""] = readFileSync(join(root, "CONTRIBUTING.md"), "utf8").split("## Dependencies");
  const rows = section.split("\n## ")[0]!.matchAll(/^\| `([^`]+)` +\| (\S.*\S) +\|$/gm);
  expect([...rows].map(([, name]) => name).sort()).toEqual(Object.keys(dependencies).sort());
});

test("npm knows of no high or critical vulnerability in our dependencies", async () => {
  const { stdout } = await execa("npm", ["audit", "--json", "--audit-level=high"], {
    cwd: root,
    reject: false,
  });
  const { metadata } = JSON.parse(stdout || "{}") as {
    metadata?: { vulnerabilities: { high: number; critical: number } };
  };
  if (metadata === undefined) {
    // A registry's mirror may not answer. Then the result is unknown, which must not look like a pass.
    notRun("Not run: npm audit, which got no answer from this registry.");
    return;
  }
  expect(metadata.vulnerabilities).toMatchObject({ high: 0, critical: 0 });
});
