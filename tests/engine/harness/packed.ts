import { execa } from "execa";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { alone, cacheFolder, moveTo } from "../../../tools/cache";
import { npm } from "./npm";

const REPOSITORY = resolve(__dirname, "../../..");
const SOURCES = ["access", "provider", "plugin", "sdk", "cli", "emulator", "policy", "files", "tools/schema"];
const BUILD_FILES = [
  ...["package.json", "tsconfig.json", "tsconfig.build.json", "tools/buildPlugin.mjs"],
  ...["tests/engine/harness/packed.ts", "tests/lazy/preload.cjs", "tests/lazy/resolutions.cjs"],
];
const PEERS = ["@pulumi/pulumi", "@pulumi/command", "@pulumi/policy", "typescript", "tsx"];
const LOADED_BY_ALL = [
  "@pulumi/pulumi/cmd/run",
  "@pulumi/pulumi/cmd/dynamic-provider",
  "pulumi-dt",
  "pulumi-dt/provider",
];
const KEPT = 4;

let pending: Promise<string> | undefined;

/**
 * A user's plain project, outside the checkout, with `pulumi-dt` installed from its npm tarball together with
 * the packages in `PEERS`. It is created once for each state of the sources and then shared, so write nothing
 * into it.
 *
 * @returns the project's folder; its `node_modules` holds everything that programs need
 */
export function packedProject(): Promise<string> {
  return (pending ??= find());
}

/** The folder of the provider plugin in the packed project. */
export const pluginFolder = async (): Promise<string> =>
  join(await packedProject(), "node_modules/pulumi-dt/dist/plugin");

async function find(): Promise<string> {
  const cache = cacheFolder("packed");
  const project = join(cache, hashOfSources());
  if (!existsSync(project)) {
    await alone(cache, async () => {
      if (existsSync(project)) return;
      await make(cache, project);
      removeOldest(cache);
    });
  }
  utimesSync(project, new Date(), new Date());
  return project;
}

async function make(cache: string, project: string): Promise<void> {
  const scratch = mkdtempSync(join(cache, "unfinished-"));
  try {
    const tarball = await pack(join(scratch, "package"));
    const unfinished = join(scratch, "project");
    const [newest] = projectsByAge(cache);
    // Most packages are the same as last time, so npm changes only the differences.
    if (newest !== undefined) linkTree(join(cache, newest, "node_modules"), join(unfinished, "node_modules"));
    await install(unfinished, tarball);
    await recordResolutions(unfinished);
    moveTo(project, unfinished);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Compiles into its own folder, so that it neither needs nor changes the checkout's dist. */
async function pack(folder: string): Promise<string> {
  const { files } = packageJson();
  for (const file of ["package.json", ...files.filter((name) => name !== "dist")]) {
    if (existsSync(join(REPOSITORY, file))) cpSync(join(REPOSITORY, file), join(folder, file));
  }
  const tsc = join(REPOSITORY, "node_modules/.bin/tsc");
  // `npm run check` checks the types.
  const options = ["-p", "tsconfig.build.json", "--noCheck", "--outDir", join(folder, "dist")];
  await execa(tsc, options, { cwd: REPOSITORY });
  const script = join(REPOSITORY, "tools/buildPlugin.mjs");
  const plugin = JSON.stringify(join(folder, "dist/plugin"));
  await execa(process.execPath, [
    "-e",
    `import(${JSON.stringify(script)}).then((m) => m.buildPlugin(${plugin}))`,
  ]);
  const { stdout } = await npm(folder, "pack", "--json", "--ignore-scripts");
  const [tarball] = Object.values(JSON.parse(stdout) as Record<string, { filename: string }>);
  if (tarball === undefined) throw new Error(`npm pack made nothing:\n${stdout}`);
  return join(folder, tarball.filename);
}

async function install(folder: string, tarball: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  cpSync(tarball, join(folder, "pulumi-dt.tgz"));
  const { devDependencies } = packageJson();
  const dependencies = Object.fromEntries(PEERS.map((name) => [name, devDependencies[name]]));
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name: "stranger", private: true, dependencies }),
  );
  await npm(folder, "install", "--no-audit", "--no-fund", "--prefer-offline", "./pulumi-dt.tgz");
}

/** Lets the processes of tests find at once what each of them loads. */
async function recordResolutions(folder: string): Promise<void> {
  const preloads = [require.resolve("../../lazy/preload.cjs"), require.resolve("../../lazy/record.cjs")];
  const env = { TEST_PACKED_PROJECT: folder };
  for (const name of LOADED_BY_ALL) {
    // The host of dynamic providers would serve if the process did not end. The one of programs ends by itself,
    // because it gets no program.
    const script = `require("${name}"); process.exit();`;
    const options = preloads.flatMap((file) => ["--require", file]);
    await execa(process.execPath, [...options, "-e", script], { cwd: folder, env, reject: false });
  }
}

/** Copies a folder with hard links to its files. */
function linkTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkTree(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else if (entry.name !== ".package-lock.json") linkSync(source, target);
  }
}

interface PackageJson {
  files: string[];
  devDependencies: Record<string, string>;
}

function packageJson(): PackageJson {
  return JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8")) as PackageJson;
}

function hashOfSources(): string {
  const hash = createHash("sha256");
  const folders = SOURCES.map((name) => join(REPOSITORY, name)).filter((folder) => existsSync(folder));
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  for (const file of [...files.sort(), ...BUILD_FILES.map((name) => join(REPOSITORY, name))]) {
    hash.update(file.slice(REPOSITORY.length)).update("\0").update(readFileSync(file)).update("\0");
  }
  return hash.digest("hex").slice(0, 20);
}

/** Each takes about 130 MB. Another run may still use one that was used recently. */
function removeOldest(cache: string): void {
  const old = projectsByAge(cache)
    .slice(KEPT)
    .filter((name) => age(join(cache, name)) > 1_200_000);
  for (const name of old) rmSync(join(cache, name), { recursive: true, force: true });
}

/** The newest comes first. */
function projectsByAge(cache: string): string[] {
  return readdirSync(cache)
    .filter((name) => !name.startsWith("unfinished-"))
    .sort((a, b) => age(join(cache, a)) - age(join(cache, b)));
}

const age = (folder: string): number => Date.now() - statSync(folder).mtimeMs;
