// Prepares a release: npm run release -- [patch | minor | major | VERSION] [--dry-run]
//
// Needs no network. When you push the tag, .github/workflows/release.yml starts.
import { execa } from "execa";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { inc, valid, type ReleaseType } from "semver";
import { say } from "../say";
import { released, sectionOf } from "./changelog";

const repository = resolve(__dirname, "../..");
const changelogFile = join(repository, "CHANGELOG.md");

release().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});

async function release(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { "dry-run": { type: "boolean", default: false } },
    allowPositionals: true,
  });
  const isDryRun = values["dry-run"];
  const version = await versionFor(positionals[0]);
  const changelog = readFileSync(changelogFile, "utf8");
  const notes = sectionOf(changelog, "Unreleased");
  if (!isDryRun && (await git("status", "--porcelain")) !== "")
    throw new Error("There are changes that are not committed: commit or stash them first.");
  say(`pulumi-dt ${version}\n\n${notes}\n`);
  say(`${await filesInPackage()} files are in the package.`);
  if (isDryRun) {
    say("This was a dry run: nothing has changed.");
    return;
  }
  writeFileSync(changelogFile, released(changelog, version, new Date().toISOString().slice(0, 10)));
  await npm("version", version, "--no-git-tag-version", "--allow-same-version");
  await git("commit", "--all", "--quiet", "--message", `Release ${version}`);
  await git("tag", "--annotate", `v${version}`, "--message", `pulumi-dt ${version}`);
  say(`Now run: git push --follow-tags`);
}

/** The next version. The default is the present one if it was never released, otherwise the next minor one. */
async function versionFor(wish: string | undefined): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as {
    version: string;
  };
  const isTagged = async (name: string) => (await git("tag", "--list", `v${name}`)) !== "";
  const asked = wish ?? ((await isTagged(version)) ? "minor" : version);
  const next = valid(asked) ?? inc(version, asked as ReleaseType);
  if (next === null) throw new Error(`"${asked}" is not patch, minor, major or a version`);
  if (await isTagged(next)) throw new Error(`${next} is released already`);
  return next;
}

/** Builds and packs, as publishing does. @throws if that fails */
async function filesInPackage(): Promise<number> {
  const stdout = await npm("pack", "--dry-run", "--json");
  const [packed] = Object.values(JSON.parse(stdout) as Record<string, { files: object[] }>);
  return packed?.files.length ?? 0;
}

async function git(...args: string[]): Promise<string> {
  return (await execa("git", args, { cwd: repository })).stdout;
}

async function npm(...args: string[]): Promise<string> {
  return (await execa("npm", args, { cwd: repository, stdin: "ignore" })).stdout;
}
