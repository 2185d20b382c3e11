import { execFileSync, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import { dirname, join } from "node:path";
import type { Line } from "../../../provider/recovery/journalEvents";
import { appendPrivate, privateFolder, replacePrivate } from "../../../provider/machine/privateFiles";
import { scratchFolder } from "../../engine/harness/scratch";
import type { Handler } from "../stack";
import { printed, startWorld } from "../world";

const before = process.env.DT_JOURNAL;
let folder: string;
beforeEach(() => void (process.env.DT_JOURNAL = folder = join(scratchFolder(), "journal")));
afterEach(() => void (process.env.DT_JOURNAL = before));

const begin = (entry: string): Line => ({
  ...({
    event: "begin",
    entry,
    urn: "urn:pulumi:s::p::t::n",
    apiUrl: "https://api/v2",
    kind: "key",
  } as const),
  ...{ parent: "projects/p/serviceaccounts/s", label: "", startedAt: Date.now(), ahead: 0, before: [] },
  ...{ pid: 1, mark: "", run: "r", place: "here" },
});
const textOf = (...entries: string[]) => entries.map((entry) => `${JSON.stringify(begin(entry))}\n`).join("");

const { pid: endedProcess } = spawnSync("true");
/** Creates a file that an ended process has left. */
function leave(text: string, mode = 0o600): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `2026-01-01T00-00-00.000Z-${endedProcess}-${randomUUID()}.jsonl`);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

type JournalFile = typeof import("../../../provider/recovery/journalFile");

/** Uses the journal like a process that has just started. @returns everything that it prints */
const inNewProcess = (work: (journal: JournalFile) => unknown): Promise<string> =>
  printed(() =>
    jest.isolateModulesAsync(async () => {
      await work(await import("../../../provider/recovery/journalFile.js"));
    }),
  );

/** The intents that a new process finds open, and the text that it prints when it creates something. */
async function read(): Promise<{ open: string[]; text: string }> {
  let open: string[] = [];
  const text = await inNewProcess((journal) => {
    journal.beginCreating();
    open = [...journal.readJournal().open.keys()].sort();
  });
  return { open, text };
}

describe("the journal's folder", () => {
  test("is created for the user alone", () => {
    expect(statSync(privateFolder("turns")).mode & 0o777).toBe(0o700);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  test.each([
    ["everybody", 0o777],
    ["a group", 0o770],
  ])("is not used if %s can write to it, and a notice gives the solution", async (_who, mode) => {
    leave(textOf("planted"));
    chmodSync(folder, mode);
    const { open, text } = await read();
    expect(open).toEqual([]);
    expect(text.split("\n")).toHaveLength(2);
    expect(text).toContain(`other users can write to ${folder}: run \`chmod 700 ${folder}\``);
    chmodSync(folder, 0o700);
    expect((await read()).open).toEqual(["planted"]);
  });

  test("is not used if it belongs to another user", async () => {
    leave(textOf("planted"));
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) chownSync(folder, 12345, 12345);
    else process.env.DT_JOURNAL = "/usr";
    const { open, text } = await read();
    expect(open).toEqual([]);
    expect(text).toMatch(/can't be kept \(.* belongs to another user\)/);
    if (isRoot) chownSync(folder, 0, 0);
  });

  test("that can't be kept is reported once, and only if something is created", async () => {
    writeFileSync(folder, "a file in its place");
    const lookOnly = await inNewProcess((journal) => {
      journal.readJournal();
      journal.write({ event: "closed", entry: "e" });
    });
    expect(lookOnly).toBe("");
    const creating = await inNewProcess((journal) => {
      journal.readJournal();
      for (let count = 0; count < 3; count++) {
        journal.beginCreating();
        journal.readJournal();
        journal.write(begin("e"));
      }
    });
    expect(creating).toMatch(/^pulumi-dt: the journal of creations can't be kept .*\n$/);
  });

  test("may be cleared in the middle of a run: open intents are then written again", async () => {
    leave(textOf("carried over"));
    const text = await inNewProcess((journal) => {
      journal.readJournal();
      journal.beginCreating();
      for (const entry of ["open", "closed"]) journal.write(begin(entry));
      journal.write({ event: "closed", entry: "closed" });
      rmSync(folder, { recursive: true });
      journal.write({ event: "made", entry: "open", name: "n" });
    });
    expect(text).toBe("");
    expect((await read()).open).toEqual(["carried over", "open"]);
  });
});

test("the provider loads and works if the user has no home folder", async () => {
  delete process.env.DT_JOURNAL;
  const { XDG_DATA_HOME } = process.env;
  delete process.env.XDG_DATA_HOME;
  // Node does this if neither HOME nor the user database names one.
  const homedir = jest.spyOn(os, "homedir").mockImplementation(() => {
    throw new Error("A system error occurred: uv_os_homedir returned ENOENT (no such file or directory)");
  });
  const world = await startWorld();
  try {
    let failure: unknown;
    const text = await printed(() =>
      jest.isolateModulesAsync(async () => {
        const { serviceAccount } = await import("../../../provider/index.js");
        const handler = serviceAccount as unknown as Handler;
        await handler.configure({ config: { get: (key) => world.settingsOf()[key as `dt:${string}`] } });
        const [project] = world.projects;
        const inputs = {
          project,
          displayName: "ERP",
          enableBasicAuth: false,
          __urn: "urn:pulumi:s::p::t::n",
        };
        failure = await handler.create(inputs).catch((error: unknown) => error);
      }),
    );
    expect(failure).toMatchObject({ id: expect.stringContaining("/serviceaccounts/") as string });
    expect(text).toContain("can't be kept (the user has no home folder)");
  } finally {
    homedir.mockRestore();
    Object.assign(process.env, XDG_DATA_HOME === undefined ? {} : { XDG_DATA_HOME });
  }
});

describe("a file of the journal", () => {
  const spoilt: Record<string, () => string> = {
    "that others can write": () => leave(textOf("planted"), 0o666),
    "that is a folder": () => {
      const path = leave("");
      rmSync(path);
      mkdirSync(path);
      return path;
    },
    "that is a pipe": () => {
      const path = leave("");
      rmSync(path);
      execFileSync("sh", ["-c", 'mkfifo -m 600 "$0"', path]);
      return path;
    },
    "that is a link": () => {
      const path = leave("");
      rmSync(path);
      const target = join(dirname(folder), "target");
      writeFileSync(target, textOf("planted"));
      symlinkSync(target, path);
      return path;
    },
  };
  test.each(Object.entries(spoilt))(
    "%s is named once and left out, and the others count",
    async (_what, spoil) => {
      leave(textOf("a"));
      const path = spoil();
      leave(textOf("b"));
      const { open, text } = await read();
      expect(open).toEqual(["a", "b"]);
      expect(text.split(path)).toHaveLength(2);
      expect(text.split("\n")).toHaveLength(2);
      expect(readdirSync(folder)).toContain(path.slice(folder.length + 1));
    },
  );

  test("with unreadable lines is named, and its other lines count", async () => {
    const path = leave(`\0\0\0\0\n${textOf("a")}<html>\n`);
    leave(textOf("b"));
    const { open, text } = await read();
    expect(open).toEqual(["a", "b"]);
    expect(text).toContain(`has lines that can't be read: ${path}`);
    expect(existsSync(path)).toBe(true);
  });
});

describe("a link instead of a file", () => {
  test("is never followed when writing", () => {
    const target = join(dirname(folder), "target");
    writeFileSync(target, "precious");
    const path = join(privateFolder("named"), "a.json");
    symlinkSync(target, path);
    expect(() => appendPrivate(path, "x")).toThrow();
    replacePrivate(path, "new");
    expect(readFileSync(target, "utf8")).toBe("precious");
    expect(readFileSync(path, "utf8")).toBe("new");
    expect(readdirSync(dirname(path))).toEqual(["a.json"]);
  });
});
