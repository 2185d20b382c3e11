import { execa } from "execa";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { list } from "tar";
import { scratchFolder } from "../engine/harness/scratch";
import { ifPossible, lackOfGenerator } from "../languages/sdk";
import { copyOfCheckout } from "./checkout";

jest.setTimeout(300_000);

let clone: string;
const git = async (...args: string[]): Promise<string> => (await execa("git", args, { cwd: clone })).stdout;
beforeAll(async () => {
  clone = await copyOfCheckout();
  await git("init", "--quiet");
  await git("config", "user.name", "t");
  await git("config", "user.email", "t@example.com");
  await git("add", "--all");
  await git("commit", "--quiet", "--message", "All");
});

const release = (...args: string[]) =>
  execa("npm", ["run", "--silent", "release", "--", ...args], { cwd: clone, all: true, reject: false });
const notes = (tag: string) =>
  execa("npm", ["run", "--silent", "release:notes", "--", tag], { cwd: clone, reject: false });
const read = (file: string): string => readFileSync(join(clone, file), "utf8");

test("a dry run shows the version, the changes and the size of the package, and changes nothing", async () => {
  const { exitCode, all } = await release("--dry-run");
  expect([exitCode, all]).toEqual([0, expect.stringMatching(/^pulumi-dt 0\.1\.0\n\n### Added\n/)]);
  expect(all).toMatch(/\n[1-9]\d+ files are in the package\.\nThis was a dry run: nothing has changed\.$/);
  expect([await git("status", "--porcelain"), await git("tag")]).toEqual(["", ""]);
});

test("a release is a commit and a tag, whose notes are its section of the changelog", async () => {
  expect(await release()).toMatchObject({
    exitCode: 0,
    all: expect.stringContaining("git push --follow-tags") as string,
  });
  expect([await git("tag"), await git("status", "--porcelain")]).toEqual(["v0.1.0", ""]);
  expect(read("CHANGELOG.md")).toMatch(/## \[Unreleased\]\n\n## \[0\.1\.0\] - \d{4}-\d\d-\d\d\n\n### Added/);
  expect(await notes("v0.1.0")).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^### Added/) as string,
  });
  expect(await notes("v9.9.9")).toMatchObject({
    exitCode: 1,
    stderr: "the tag is v9.9.9, and package.json says 0.1.0",
  });
});

test("without changes there is no release", async () => {
  const { exitCode, all } = await release("--dry-run");
  expect([exitCode, all]).toEqual([1, "CHANGELOG.md has nothing to say about Unreleased"]);
});

test("the next release is a minor one unless another is requested, and never an existing one", async () => {
  writeFileSync(
    join(clone, "CHANGELOG.md"),
    read("CHANGELOG.md").replace("[Unreleased]\n", "[Unreleased]\n\n- A thing.\n"),
  );
  expect((await release("--dry-run")).all).toMatch(/^pulumi-dt 0\.2\.0\n\n- A thing\.\n/);
  expect((await release("0.1.0", "--dry-run")).all).toBe("0.1.0 is released already");
  expect((await release("soon", "--dry-run")).all).toBe('"soon" is not patch, minor, major or a version');
  expect((await release("patch")).all).toContain("There are changes that are not committed");
});

test("the SDKs of a release are an npm package, a wheel, and sources for Go and .NET", async () => {
  await ifPossible("the packages of the SDKs", [await lackOfGenerator()], async () => {
    const out = scratchFolder("packages");
    await execa("npm", ["run", "--silent", "release:sdks", "--", "--out", out], { cwd: clone });
    expect(readdirSync(out)).toEqual([
      "pulumi-disruptive-0.1.0.tgz",
      "pulumi-disruptive-dotnet-0.1.0.tar.gz",
      "pulumi-disruptive-go-0.1.0.tar.gz",
      "pulumi_disruptive-0.1.0-py3-none-any.whl",
    ]);
    expect(await pathsIn(join(out, "pulumi-disruptive-0.1.0.tgz"))).toEqual(
      expect.arrayContaining(["package/bin/index.js", "package/bin/index.d.ts", "package/README.md"]),
    );
    expect(await pathsIn(join(out, "pulumi-disruptive-dotnet-0.1.0.tar.gz"))).toContain(
      "PulumiDt.Disruptive.csproj",
    );
  });
});

async function pathsIn(file: string): Promise<string[]> {
  const paths: string[] = [];
  await list({ file, onReadEntry: ({ path }) => paths.push(path) });
  return paths;
}

test("the Go SDK is a tag that Go downloads as a module, and is on no branch", async () => {
  await ifPossible("the tag of the Go SDK", [await lackOfGenerator()], async () => {
    const tag = await execa("npm", ["run", "--silent", "release:go-tag"], { cwd: clone });
    expect(tag.stdout).toBe("sdk/go/disruptive/v0.1.0");
    expect(await git("branch", "--all", "--contains", tag.stdout)).toBe("");
    const module = "github.com/pulumi-dt/pulumi-dt/sdk/go/disruptive";
    const { stdout } = await execa("go", ["mod", "download", "-json", `${module}@v0.1.0`], {
      cwd: scratchFolder("anywhere"),
      env: {
        ...{
          GOFLAGS: "-modcacherw",
          GOMODCACHE: scratchFolder("modules"),
          GOPRIVATE: "github.com/pulumi-dt",
        },
        // The repository is this clone.
        GIT_CONFIG_COUNT: "1",
        GIT_CONFIG_KEY_0: `url.file://${clone}.insteadOf`,
        GIT_CONFIG_VALUE_0: "https://github.com/pulumi-dt/pulumi-dt",
        GIT_ALLOW_PROTOCOL: "file",
      },
    });
    const { Dir = "" } = JSON.parse(stdout) as { Dir?: string };
    expect(readFileSync(join(Dir, "go.mod"), "utf8")).toContain(`module ${module}\n`);
    expect(readdirSync(Dir)).toEqual(expect.arrayContaining(["LICENSE", "README.md", "serviceAccount.go"]));
  });
});
