import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { startEmulator } from "../../../emulator";
import { caller } from "../login";
import { type Path, places, replaced } from "../places";

let folder: string;
let dataFile: string;
let good: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pulumi-dt-damaged-"));
  dataFile = join(folder, "cloud.json");
  const emulator = await startEmulator({ dataFile });
  const call = await caller(emulator);
  const [project = ""] = emulator.cloud.projects.list().map(({ name }) => name);
  await call("POST", `${project}/serviceaccounts`, { displayName: "x" });
  await call("POST", `${project}/members`, { email: "a@x.no", roles: ["roles/project.user"] });
  emulator.cloud.keys.create({ account: emulator.admin.name, secret: "s3cret" });
  await emulator.close();
  good = readFileSync(dataFile, "utf8");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The error of a start with this content. */
async function failure(content: string): Promise<string> {
  writeFileSync(dataFile, content);
  const said = await startEmulator({ dataFile, port: 0 }).then(
    (emulator) => emulator.close().then(() => "started"),
    (error: unknown) => (error as Error).message,
  );
  if (said !== "started") expect(readFileSync(dataFile, "utf8")).toBe(content);
  return said;
}

/** The content with another value at a place; undefined removes the field. */
const damaged = (path: Path, value: unknown): string =>
  JSON.stringify(replaced(JSON.parse(good), path, value));

test.each<[Path, unknown]>([
  [["world", "clock"], null],
  [["world", "clock"], []],
  [["world", "clock", "offsetMs"], "0"],
  [["world", "clock"], { offsetMs: 1e20, frozenAt: null }],
  [["world", "clock"], { offsetMs: 0, frozenAt: -1 }],
  [["world", "members"], {}],
  [["world", "members", 0], null],
  [["world", "members", 0, "roles"], "roles/project.user"],
  [["world", "members", 0, "name"], "nobody"],
  [["world", "projects", 1, "location"], null],
  [["world", "projects", 1, "labels"], { a: 1 }],
  [["world", "accounts", 0, "email"], undefined],
  [["world", "users", 0, "known"], "yes"],
  [["world", "keys", 0, "secret"], 1],
  [["world", "tokens", 0], "token"],
  [["world", "mails"], undefined],
  [["world", "admin"], null],
  [["world", "nextUserId"], -1],
  [["world"], []],
  [["port"], 70_000],
  [["port"], "80"],
  [["format"], 2],
])(
  "if %j is %j, the error names the file and the place, and the file is not changed",
  async (path, value) => {
    const said = await failure(damaged(path, value));
    expect(said).toContain(`${dataFile} is not an emulator's data file: `);
    expect(said).toContain(path.join("."));
    expect(said).toMatch(/fix it, choose another file, or remove it to start over$/);
  },
);

test("two resources with the same name are an error", async () => {
  const { world } = JSON.parse(good) as { world: { projects: unknown[] } };
  const projects = [...world.projects, world.projects[0]];
  expect(await failure(damaged(["world", "projects"], projects))).toContain(
    "world.projects.4 is invalid (two resources have this name)",
  );
});

test("the error about a truncated file names the position and shows no secret", async () => {
  const said = await failure(`${good.slice(0, good.indexOf("s3cret") + 6)}}`);
  expect(said).toMatch(/it is not JSON( at line 1, column \d+)?; fix it/);
  expect(said).not.toContain("s3cret");
  expect(await failure("")).toContain("it is not JSON");
});

test("the error names a path that is not a file or cannot be read", async () => {
  const directory = join(folder, "directory");
  mkdirSync(directory);
  const loop = join(folder, "loop");
  symlinkSync(loop, loop);
  await expect(startEmulator({ dataFile: directory })).rejects.toThrow(`${directory} is not a file`);
  await expect(startEmulator({ dataFile: loop })).rejects.toThrow(/ELOOP.*loop/);
  expect(readdirSync(folder).filter((name) => name.includes(".lock-"))).toEqual([]);
});

test("with any value at any place of the file, the emulator works or the error names the file", () =>
  fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...places(JSON.parse(good)).filter(({ length }) => length > 0)),
      fc.jsonValue(),
      async (path, value) => {
        writeFileSync(dataFile, damaged(path, value));
        const emulator = await startEmulator({ dataFile, port: 0 }).catch((error: unknown) => {
          expect((error as Error).message).toContain(dataFile);
        });
        if (!emulator) return;
        try {
          const replies = ["roles", "projects", "projects/-/members", "organizations"].map((path) =>
            fetch(`${emulator.url}/${path}`, { headers: { authorization: `Basic ${btoa("a:b")}` } }),
          );
          replies.push(fetch(`${emulator.url.replace("/v2", "/_emulator")}/state`));
          for (const { status } of await Promise.all(replies)) expect(status).toBeLessThan(500);
        } finally {
          await emulator.close();
        }
      },
    ),
    { numRuns: 200 },
  ));
