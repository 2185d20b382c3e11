// Tags the Go SDK of this version: npm run release:go-tag
//
// Go reads a module from the repository, at a tag that begins with the module's folder. The SDK is not
// committed to any branch, so the tag names a commit that holds the SDK alone.
import { execa } from "execa";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { say } from "../say";
import { generateSdks } from "../sdkgen/sdks";

const repository = resolve(__dirname, "../..");
const place = "sdk/go/disruptive";

main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as {
    version: string;
  };
  const tag = `${place}/v${version}`;
  const folder = mkdtempSync(join(tmpdir(), "pulumi-dt-go-tag-"));
  try {
    const schema = join(repository, "dist/plugin/schema.json");
    await generateSdks({ schema, out: folder, languages: ["go"] });
    const tree = join(folder, "tree");
    cpSync(join(folder, "go"), join(tree, place), { recursive: true });
    const commit = await commitOf(tree, join(folder, "index"), `Go SDK ${version}`);
    await git({}, "tag", "--annotate", tag, commit, "--message", `Go SDK ${version}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
  console.log(tag);
}

/** Commits the files of a folder without a branch. The checkout and its index stay as they are. */
async function commitOf(folder: string, index: string, message: string): Promise<string> {
  const elsewhere = {
    GIT_INDEX_FILE: index,
    GIT_WORK_TREE: folder,
    GIT_DIR: await git({}, "rev-parse", "--absolute-git-dir"),
  };
  await git(elsewhere, "add", "--all", "--force", ".");
  return git({}, "commit-tree", await git(elsewhere, "write-tree"), "-m", message);
}

async function git(env: Record<string, string>, ...args: string[]): Promise<string> {
  const cwd = env.GIT_WORK_TREE ?? repository;
  return (await execa("git", args, { cwd, env })).stdout;
}
