import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import * as fc from "fast-check";
import { replay, type ProcessJournal, type Line } from "../../../provider/recovery/journalEvents";
import { beginCreating, readJournal } from "../../../provider/recovery/journalFile";

const begin = (entry: string, changes: object = {}): Line => ({
  event: "begin",
  ...{
    entry,
    urn: `urn:pulumi:s::p::t::${entry}`,
    apiUrl: "https://api/v2",
    kind: "key",
    parent: "projects/p",
  },
  ...{ label: "", startedAt: Date.now(), ahead: 0, before: [], pid: 1, mark: "", run: "r", place: "here" },
  ...changes,
});
const diary = (isEnded: boolean, ...lines: Line[]): ProcessJournal => ({ text: textOf(lines), isEnded });
const textOf = (lines: readonly Line[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join("");
const openIn = (...diaries: ProcessJournal[]) => [...replay(diaries).open.keys()];

describe("the open intents in the journal's files", () => {
  test("are those that were begun and not closed, whichever file says so", () => {
    expect(
      openIn(diary(true, begin("a"), begin("b")), diary(false, { event: "closed", entry: "a" })),
    ).toEqual(["b"]);
    // A second process had carried over the same intent, and never saw its end.
    expect(openIn(diary(true, begin("a"), { event: "closed", entry: "a" }), diary(true, begin("a")))).toEqual(
      [],
    );
  });

  test("are carried over from ended processes, and so is a closing if a running one has the beginning", () => {
    const [living, ended] = [
      diary(false, begin("a")),
      diary(true, { event: "closed", entry: "a" }, begin("b"), { event: "made", entry: "b", name: "n" }),
    ];
    const { toCarryOver } = replay([living, ended]);
    expect(toCarryOver.map(({ event, entry }) => `${event} ${entry}`)).toEqual([
      "closed a",
      "begin b",
      "made b",
    ]);
    expect(replay([living, diary(false, ...toCarryOver)]).open).toEqual(replay([living, ended]).open);
  });

  test("do not depend on text inside a line", () => {
    const label = '","entry":"z","event":"closed"}';
    expect(openIn(diary(true, begin("a", { label, entry: "a" })))).toEqual(["a"]);
    expect(replay([diary(true, begin("a", { label }))]).open.get("a")?.label).toBe(label);
  });

  test("contain everything that any file excludes", () => {
    const { open } = replay([
      diary(true, begin("a", { before: ["x"] })),
      diary(false, begin("a", { before: ["y"] })),
    ]);
    expect(open.get("a")?.before).toHaveLength(2);
  });

  test("are forgotten if no run returns for them, sooner if nothing is known to have been created", () => {
    const month = Date.now() - 30 * 24 * 3_600_000;
    const made: Line = { event: "made", entry: "a", name: "n" };
    expect(
      openIn(diary(true, begin("a", { startedAt: month }), made, begin("b", { startedAt: month }))),
    ).toEqual(["a"]);
  });

  const entries = fc.constantFrom("a", "b", "c");
  const lines: fc.Arbitrary<Line> = fc.oneof(
    entries.map((entry) => begin(entry)),
    fc.record({
      event: fc.constant("isNot" as const),
      entry: entries,
      names: fc.array(fc.constantFrom("x", "y")),
    }),
    fc.record({ event: fc.constant("made" as const), entry: entries, name: fc.constantFrom("n", "m") }),
    fc.record({ event: fc.constant("ended" as const), entry: entries, handed: fc.boolean() }),
    fc.record({ event: fc.constant("closed" as const), entry: entries }),
  );
  const diaries = fc.array(fc.record({ text: fc.array(lines).map(textOf), isEnded: fc.boolean() }), {
    maxLength: 4,
  });

  test("are the same after the entries of ended processes were carried over", () => {
    fc.assert(
      fc.property(diaries, (all) => {
        const { open, toCarryOver } = replay(all);
        const living = all.filter(({ isEnded }) => !isEnded);
        const later = replay([...living, diary(false, ...toCarryOver)]).open;
        expect([...later.keys()].sort()).toEqual([...open.keys()].sort());
      }),
    );
  });

  test("skip a line that a kill has cut at any position", () => {
    fc.assert(
      fc.property(fc.array(lines, { minLength: 1 }), fc.nat(), (all, where) => {
        const text = textOf(all);
        const cut = text.slice(0, where % text.length);
        const whole = all.slice(0, cut.split("\n").length - 1);
        const last = all[whole.length];
        const isWhole = last !== undefined && cut.endsWith(JSON.stringify(last));
        expect(openIn({ text: cut, isEnded: true })).toEqual(
          openIn(diary(true, ...whole, ...(isWhole ? [last] : []))),
        );
      }),
    );
  });
});

describe("the journal's folder", () => {
  let folder: string;
  const before = process.env.DT_JOURNAL;
  beforeEach(() => (process.env.DT_JOURNAL = folder = mkdtempSync(join(tmpdir(), "pulumi-dt-journal-"))));
  afterEach(() => {
    process.env.DT_JOURNAL = before;
    rmSync(folder, { recursive: true, force: true });
  });

  test("keeps the entries of a killed process, in one file for each running process", () => {
    const { pid } = spawnSync("true");
    const left = `2026-01-01T00-00-00.000Z-${pid}-01234567-89ab-cdef-0123-456789abcdef.jsonl`;
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, left),
      `${textOf([begin("a"), begin("b"), { event: "closed", entry: "a" }])}{"event":"cl`,
    );
    writeFileSync(join(folder, "notes.txt"), "somebody else's");
    expect([...readJournal().open.keys()]).toEqual(["b"]);
    const names = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
    expect(names).toHaveLength(1);
    expect(names).not.toContain(left);
    expect(readFileSync(join(folder, names[0]!), "utf8")).toMatch(/^\{"event":"begin","entry":"b".*\n$/);
    expect([...readJournal().open.keys()]).toEqual(["b"]);
  });

  test("that can't be written is reported, and nothing else is lost", () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    process.env.DT_JOURNAL = join(file, "below");
    const print = jest.spyOn(process.stdout, "write").mockReturnValue(true);
    try {
      beginCreating();
      expect(readJournal().open.size).toBe(0);
      expect(String(print.mock.calls[0]?.[0])).toMatch(
        /can't be kept .*Set DT_JOURNAL to a folder that only you can write to/,
      );
    } finally {
      print.mockRestore();
    }
  });
});
