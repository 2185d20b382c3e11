import * as fc from "fast-check";
import { oneLine, printable, printableJson, printableLines } from "../../../../provider/api/text/foreignText";
import { redact, redactGiven } from "../../../../provider/api/text/redact";

test.each([
  ["an escape sequence", "a\u001b[31mred\u001b[0m", "a [31mred [0m"],
  ["another line", "Acme\nerror: the update failed\r\nas we say", "Acme error: the update failed as we say"],
  ["a separator of lines", "a\u2028b\u2029c\u0085d", "a b c d"],
  ["a turn of direction", "invoice\u202egnp.exe\u2066x\u2069", "invoice gnp.exe x"],
  ["what cannot be seen", "ad\u200bm\ufeffin\u{e0041}", "ad m in"],
  ["a workflow command", "::error file=a::gone", ": :error file=a::gone"],
  ["one amid text", "Acme ::add-mask::a", "Acme : :add-mask::a"],
  ["one behind a word", "Acme::stop-commands::a", "Acme: :stop-commands::a"],
  ["a command of the older form", "Acme ##[stop-commands]a", "Acme # #[stop-commands]a"],
  ["one of Azure Pipelines", "##vso[task.setvariable variable=a]b", "# #vso[task.setvariable variable=a]b"],
  ["half a character", "a\ud83d", "a\ufffd"],
])("%s in a name is not printed unchanged", (_, foreign, shown) => expect(printable(foreign)).toBe(shown));

test.each([
  "Åse Ødegård",
  "東京 営業所",
  "مكتب",
  "प्रोजेक्ट",
  "👩‍🔧 Service",
  "C# #1 [old]",
  "urn:pulumi:prod::acme::pulumi-nodejs:dynamic/dt:ServiceAccount::error",
  "GET http://[::1]:8080/v2/projects: 404",
  "a::b",
])("%s stays as it is", (text) => expect(printable(text)).toBe(text));

test("no text can control a terminal or a CI runner", () => {
  const signs = fc.constantFrom(
    "::",
    "##[",
    "##vso[",
    "error",
    "\u001b",
    "\n",
    " ",
    "\u202e",
    "a",
    ":",
    "#",
    "[",
  );
  const foreign = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.array(signs).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(foreign, (text) => {
      for (const shown of [oneLine(text), printable(text)]) {
        expect(shown).not.toMatch(
          /[\p{Cc}\u202a-\u202e\u2066-\u2069]|##[a-z]*\[|^\s*::[a-z]|::(error|add-mask)::/iu,
        );
        expect(shown.isWellFormed()).toBe(true);
      }
    }),
  );
});

test("our own lines stay separate lines, and each is printable", () => {
  expect(printableLines("one\u001b\n::error::two")).toBe("one\n: :error::two");
});

test("JSON means the same afterwards, and contains none of these characters", () => {
  const value = { name: "a\u001b\u009b\u202e##[group] ::error::x\n東京", list: ["::add-mask::y"] };
  const text = printableJson(JSON.stringify(value, undefined, 2));
  expect(JSON.parse(text)).toEqual(value);
  expect(text).not.toMatch(/[\u009b\u202e]|##\[|::(error|add-mask)::/);
  expect(text).toContain("東京");
});

describe("the time for text of any length grows in proportion:", () => {
  const pieces = [
    " ",
    "eyJ",
    "eyJ.",
    "eyJa.b",
    "secret",
    "secret ",
    "secret: ",
    "Bearer ",
    "Basic ",
    "basic",
    "=",
    "a",
    "-",
    ".",
    "::",
  ];
  const repeated = (piece: string, before: string) => (length: number) =>
    before + piece.repeat(Math.ceil(length / piece.length));
  const inputs = ["", "secret", "Bearer", "Basic", "secret:"].flatMap((before) =>
    pieces.map((piece) => [before, piece] as const),
  );

  /** Milliseconds of this process's own work, the least of several tries: other programs use the machine, too. */
  const timeOf = (work: () => unknown): number => {
    const times = Array.from({ length: 3 }, () => {
      const start = process.cpuUsage();
      work();
      return process.cpuUsage(start).user / 1000;
    });
    return Math.min(...times);
  };

  test.each(inputs)("%p, then %p without end", (before, piece) => {
    const text = repeated(piece, before);
    const [short, long] = [text(1 << 14), text(1 << 18)];
    for (const read of [redact, redactGiven, printable, printableJson]) {
      read(short);
      // Sixteen times the text: quadratic time would be 256 times as long. Times near zero can't be compared.
      const least = Math.max(
        timeOf(() => read(short)),
        1,
      );
      expect(timeOf(() => read(long))).toBeLessThan(64 * least);
    }
  });
});

test.each([
  ["token=eyJhbGciOi.eyJpc3M.c2ln, and more", "token=[secret], and more"],
  ["x.eyJhbGciOi.eyJpc3M.c2ln.y", "x.[secret].y"],
  ["a_eyJhbGciOi.eyJpc3M.", "a_[secret]"],
  ["eyJ is how it begins. See there.", "eyJ is how it begins. See there."],
])("a signed assertion is hidden in text of %p", (text, shown) => expect(redact(text)).toBe(shown));
