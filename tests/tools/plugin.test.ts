import { execa } from "execa";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { extract, list, type ReadEntry } from "tar";
import { writeArchive } from "../../tools/plugin/archive";
import { platforms, type Platform } from "../../tools/plugin/platforms";
import { makeStandalone } from "../../tools/plugin/standalone";
import { pluginFolder } from "../engine/harness/packed";
import { afterwards, scratchFolder } from "../engine/harness/scratch";
import { notRun } from "../report/atEnd";

jest.setTimeout(300_000);

const repository = resolve(__dirname, "../..");
const program = "pulumi-resource-disruptive";

async function archiveFor(platform: Platform): Promise<string> {
  const file = join(scratchFolder("archive"), "plugin.tar.gz");
  await writeArchive(join(await pluginFolder(), program), "0.1.0", platform, file);
  return file;
}

async function entriesOf(file: string): Promise<Record<string, ReadEntry>> {
  const entries: Record<string, ReadEntry> = {};
  await list({ file, onReadEntry: (entry) => (entries[entry.path] = entry) });
  return entries;
}

test.each(platforms)(
  "the archive for $os $arch has the executable at its root and is small",
  async (platform) => {
    const file = await archiveFor(platform);
    const entries = await entriesOf(file);
    const launcher = platform.os === "windows" ? [`${program}.cmd`] : [];
    expect(Object.keys(entries)).toEqual(["LICENSE", "package.json", program, ...launcher]);
    expect(entries[program]).toMatchObject({ mode: 0o755, uname: "", gname: "" });
    expect(entries[program]?.size).toBeLessThan(2_000_000);
    expect(statSync(file).size).toBeLessThan(1_000_000);
  },
);

test("the same plugin gives the same archive", async () => {
  const [first, second] = [await archiveFor(platforms[0]!), await archiveFor(platforms[0]!)];
  expect(readFileSync(first).equals(readFileSync(second))).toBe(true);
});

test("the plugin starts below a package.json that declares ES modules", async () => {
  const home = scratchFolder("home");
  writeFileSync(join(home, "package.json"), JSON.stringify({ type: "module" }));
  const folder = join(home, "plugins");
  mkdirSync(folder);
  await extract({ file: await archiveFor(platforms[0]!), cwd: folder });
  await expectPort(join(folder, program), {});
});

test("a standalone executable starts without Node.js", async () => {
  const folder = scratchFolder("standalone");
  try {
    await makeStandalone(join(await pluginFolder(), program), folder);
  } catch (error) {
    // The Node.js of some distributions can't be copied, because it loads parts of itself from elsewhere.
    notRun(`Not run: the standalone executable. ${(error as Error).message.split("\n")[0] ?? ""}`);
    return;
  }
  await expectPort(join(folder, "node"), { PATH: scratchFolder("empty") });
});

/** Starts a plugin, and expects that it prints a port, as the engine does. */
async function expectPort(executable: string, env: Record<string, string>): Promise<void> {
  const plugin = execa(executable, [], { env, reject: false });
  afterwards(() => plugin.kill("SIGKILL"));
  const printed = await new Promise<string>((done) => {
    plugin.stdout?.once("data", (data: Buffer) => done(data.toString()));
    void plugin.then(({ stderr }) => done(stderr));
  });
  expect(printed).toMatch(/^\d+\n$/);
  plugin.kill();
  await plugin;
}

const run = (script: string, ...args: string[]) =>
  execa("npm", ["run", "--silent", script, "--", ...args], { cwd: repository, all: true, reject: false });

test("a release has an archive for each system, and the checksum of each", async () => {
  const out = scratchFolder("assets");
  writeFileSync(join(out, "an-sdk.tgz"), "put here before");
  expect((await run("release:assets", "--out", out)).exitCode).toBe(0);
  const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as {
    version: string;
  };
  const archives = platforms.map(({ os, arch }) => `${program}-v${version}-${os}-${arch}.tar.gz`);
  expect(readdirSync(out)).toEqual(["SHA256SUMS", "an-sdk.tgz", ...archives].sort());
  const sums = readFileSync(join(out, "SHA256SUMS"), "utf8").trim().split("\n");
  expect(sums.map((line) => line.split("  ")[1])).toEqual(["an-sdk.tgz", ...archives.sort()]);
  for (const [sum, file = ""] of sums.map((line) => line.split("  ")))
    expect(sum).toBe(
      createHash("sha256")
        .update(readFileSync(join(out, file)))
        .digest("hex"),
    );
});

test("the assets need a folder", async () => {
  expect(await run("release:assets")).toMatchObject({
    exitCode: 1,
    all: "Name a folder: npm run release:assets -- --out FOLDER",
  });
});
