import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { packedProject } from "../engine/harness/packed";
import { scratchFolder } from "../engine/harness/scratch";
import { complaints, compiler, resolutions, versions } from "./compilers";

jest.setTimeout(180_000);

const program = `
import * as pulumi from "@pulumi/pulumi";
import { PolicyPack } from "@pulumi/policy";
import * as dt from "pulumi-dt";
import { startEmulator, type Emulator, type Seed } from "pulumi-dt/emulator";
import { accessPolicies } from "pulumi-dt/policy";
import * as provider from "pulumi-dt/provider";

const account = new dt.ServiceAccount("a", { project: "p", displayName: "A" });
export const secret: pulumi.Output<string> = new dt.ServiceAccountKey("a", { serviceAccount: account.id }).secret;
new dt.ProjectRoleBinding("a", { project: "p", member: account.email, role: "project.user" });
export const projects: Promise<dt.ProjectInfo[]> = dt.getProjects({ organization: "o" });
const seed: Seed = { organizations: [{ displayName: "A", projects: [{ displayName: "P" }] }] };
export const emulator: Promise<Emulator> = startEmulator({ seed });
new PolicyPack("p", { policies: accessPolicies({ program: ".", domains: ["example.com"] }) });
export const create = provider.serviceAccount.create({ project: "p" });
// @ts-expect-error an account needs a project: the types are there, and are not any
new dt.ServiceAccount("b", { displayName: "B" });
// @ts-expect-error as above
startEmulator({ seed: {} });
// @ts-expect-error as above
accessPolicies({});
`;

let file: string;
beforeAll(async () => {
  const folder = scratchFolder("program");
  symlinkSync(join(await packedProject(), "node_modules"), join(folder, "node_modules"));
  file = join(folder, "index.ts");
  writeFileSync(file, program);
});

const combinations = versions.flatMap((version) =>
  resolutions.map((resolution) => [version, resolution] as const),
);

test.each(combinations)(
  "a program compiles with TypeScript %s, moduleResolution %s and no skipLibCheck",
  async (version, resolution) => {
    expect(complaints(await compiler(version), file, resolution)).toEqual([]);
  },
);

/** The packages that the declarations of an entry refer to, each with the file that names it. */
function packagesBehind(entry: string, root: string, seen = new Set<string>()): string[] {
  if (seen.has(entry)) return [];
  seen.add(entry);
  const specifiers = readFileSync(entry, "utf8").matchAll(
    /(?:\bfrom|\bimport|\bimport\(|\brequire\(|<reference types=)\s*["']([^"']+)["']/g,
  );
  return [...specifiers].flatMap(([, specifier = ""]) => {
    if (!specifier.startsWith(".")) return [`${specifier} in ${relative(root, entry)}`];
    return packagesBehind(declarationOf(resolve(dirname(entry), specifier)), root, seen);
  });
}

function declarationOf(path: string): string {
  const candidates = [path.replace(/\.js$/, ".d.ts"), `${path}.d.ts`, join(path, "index.d.ts")];
  const found = candidates.find((name) => existsSync(name) && statSync(name).isFile());
  if (found === undefined) throw new Error(`there is no declaration of ${path}`);
  return found;
}

test("the types of every entry refer only to Pulumi's own libraries", async () => {
  const root = join(await packedProject(), "node_modules/pulumi-dt");
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    exports: Record<string, { types?: string }>;
  };
  const entries = Object.values(exports).flatMap(({ types }) => (types === undefined ? [] : [types]));
  expect(entries.length).toBeGreaterThan(3);
  const behind = entries.flatMap((entry) => packagesBehind(join(root, entry), root));
  expect(behind.filter((name) => !/^@pulumi\/(pulumi|policy)\b/.test(name))).toEqual([]);
  expect(behind).not.toEqual([]);
});
