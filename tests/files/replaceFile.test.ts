import { execa } from "execa";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { replaceFile } from "../../files/replaceFile";
import { scratchFolder } from "../engine/harness/scratch";

const repository = join(__dirname, "../..");
let folder: string;
beforeEach(() => (folder = scratchFolder("files")));

const modeOf = (file: string): string => (statSync(file).mode & 0o777).toString(8);

test("the file holds the new text, and no other file is left beside it", async () => {
  const file = join(folder, "a.json");
  await replaceFile(file, "one");
  await replaceFile(file, "two é😀");
  expect([readFileSync(file, "utf8"), readdirSync(folder)]).toEqual(["two é😀", ["a.json"]]);
});

test("a file keeps its permissions, unless others are requested", async () => {
  const file = join(folder, "a.json");
  writeFileSync(file, "");
  chmodSync(file, 0o640);
  await replaceFile(file, "one");
  expect(modeOf(file)).toBe("640");
  await replaceFile(file, "two", { mode: 0o600 });
  expect(modeOf(file)).toBe("600");
  await replaceFile(join(folder, "b.json"), "one", { mode: 0o600 });
  expect(modeOf(join(folder, "b.json"))).toBe("600");
});

test("a link stays a link, and its target is the new file", async () => {
  mkdirSync(join(folder, "elsewhere"));
  writeFileSync(join(folder, "elsewhere/a.json"), "one");
  symlinkSync("elsewhere/a.json", join(folder, "link"));
  await replaceFile(join(folder, "link"), "two");
  expect(lstatSync(join(folder, "link")).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(folder, "elsewhere/a.json"), "utf8")).toBe("two");
});

/** Runs a program whose files can't grow beyond 64 kB. As on a full disk, a write is short and the next one fails. */
const onFullDisk = (module: string, code: string, ...args: string[]) =>
  execa(
    "bash",
    ["-c", 'ulimit -f 64 && exec "$@"', "bash", process.execPath, "--require", "tsx/cjs", "-e"].concat(
      `(async (ours) => {${code}})(require(${JSON.stringify(join(repository, module))}))`,
      args,
    ),
    { cwd: repository, env: { TSX_DISABLE_CACHE: "1" }, reject: false, timeout: 30_000 },
  );

test("on a full disk the old text stays, the error gives the reason, and no half file is left", async () => {
  const file = join(folder, "a.json");
  await replaceFile(file, "good");
  const code = "await ours.replaceFile(process.argv[1], 'x'.repeat(200_000))";
  const { exitCode, stderr } = await onFullDisk("files/replaceFile.ts", code, file);
  expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/EFBIG|ENOSPC/)]);
  expect([readFileSync(file, "utf8"), readdirSync(folder)]).toEqual(["good", ["a.json"]]);
});

test("a baseline without room on the disk does not change", async () => {
  const file = join(folder, "dt-baseline.json");
  writeFileSync(file, '{"version":1}\n');
  const code = `const ignored = Array.from({ length: 2000 }, (_, n) => ({ pattern: "projects/" + n, reason: "x".repeat(60) }));
    await ours.writeBaseline(process.argv[1], { version: 1, accepted: [], ignored });`;
  const { exitCode, stderr } = await onFullDisk("cli/findings/baseline.ts", code, file);
  expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/EFBIG|ENOSPC/)]);
  expect(readFileSync(file, "utf8")).toBe('{"version":1}\n');
});

test("an emulator without room on the disk stops acknowledging writes, and its file stays readable", async () => {
  const file = join(folder, "dt.json");
  const code = `const emulator = await ours.startEmulator({ dataFile: process.argv[1] });
    let made = 0;
    for (; made < 500; made++) {
      const answer = await fetch(emulator.url.replace("/v2", "/_emulator/cloud/users"), { method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ email: "p" + made + "@example.com", displayName: "x".repeat(1000) }) });
      if (!answer.ok) break;
    }
    console.log(made);
    process.exit(0);`;
  const { stdout, stderr } = await onFullDisk("emulator/index.ts", code, file);
  const made = Number(stdout);
  expect(made > 5 && made < 500).toBe(true);
  expect(stderr).toContain("Changes are refused with 507 until the file can be written again");
  const { world } = JSON.parse(readFileSync(file, "utf8")) as { world: { users: object[] } };
  expect(JSON.stringify(world)).toContain(`p${made - 1}@example.com`);
  expect(existsSync(file)).toBe(true);
  expect(readdirSync(folder).filter((name) => !name.includes(".lock-"))).toEqual(["dt.json"]);
});
